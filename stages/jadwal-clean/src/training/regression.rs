//! Logistic regression with weights and a ridge, by Newton's method.

/// Rows with labels.
#[derive(Debug, Default)]
pub(super) struct Problem {
    width: usize,
    values: Vec<f32>,
    labels: Vec<bool>,
    weights: Vec<f64>,
}

/// Enough: the steps shrink quadratically.
const STEPS: usize = 12;

impl Problem {
    /// Adds a row.
    pub(super) fn add(&mut self, row: &[f32], label: bool, weight: f64) {
        self.width = row.len();
        self.values.extend_from_slice(row);
        self.labels.push(label);
        self.weights.push(weight);
    }

    /// Returns the weights of the `width` features; zeros where there are no rows.
    pub(super) fn solve(&self, ridge: f64, width: usize) -> Vec<f64> {
        let mut solution = vec![0.0; width];
        if self.labels.is_empty() {
            return solution;
        }
        let mut last = f64::INFINITY;
        for _ in 0..STEPS {
            let (loss, gradient, hessian) = self.slopes(&solution, ridge);
            if (last - loss).abs() < 1e-7 * loss.abs() {
                break;
            }
            last = loss;
            let step = cholesky(hessian, gradient, self.width);
            for (value, step) in solution.iter_mut().zip(step) {
                *value -= step;
            }
        }
        solution
    }

    /// Loss, gradient and lower triangle of the Hessian at `solution`.
    fn slopes(&self, solution: &[f64], ridge: f64) -> (f64, Vec<f64>, Vec<f64>) {
        let width = self.width;
        let mut loss = 0.0;
        let mut gradient: Vec<f64> = solution.iter().map(|value| value * ridge).collect();
        let mut hessian = vec![0.0; width * width];
        for index in 0..width {
            hessian[index * width + index] = ridge;
            loss += 0.5 * ridge * solution[index] * solution[index];
        }
        let mut row = Vec::with_capacity(width);
        let rows = self.values.chunks_exact(width.max(1));
        for ((values, label), weight) in rows.zip(&self.labels).zip(&self.weights) {
            row.clear();
            row.extend(
                values
                    .iter()
                    .enumerate()
                    .filter(|(_, v)| **v != 0.0)
                    .map(|(i, v)| (i, f64::from(*v))),
            );
            let score: f64 = row
                .iter()
                .map(|(index, value)| value * solution[*index])
                .sum();
            let share = 1.0 / (1.0 + (-score).exp());
            let target = f64::from(u8::from(*label));
            let odds = if *label { share } else { 1.0 - share };
            loss -= weight * odds.max(1e-12).ln();
            let slope = weight * (share - target);
            let bend = (weight * share * (1.0 - share)).max(1e-9);
            for (at, (index, value)) in row.iter().enumerate() {
                gradient[*index] += slope * value;
                let scaled = bend * value;
                let line = &mut hessian[index * width..index * width + width];
                for (other, with) in &row[..=at] {
                    line[*other] += scaled * with;
                }
            }
        }
        (loss, gradient, hessian)
    }
}

/// Solves `matrix * x = right` for a positive definite matrix, of which the lower triangle is read.
fn cholesky(mut matrix: Vec<f64>, right: Vec<f64>, width: usize) -> Vec<f64> {
    for column in 0..width {
        for row in column..width {
            let mut sum = matrix[row * width + column];
            for k in 0..column {
                sum -= matrix[row * width + k] * matrix[column * width + k];
            }
            matrix[row * width + column] = if row == column {
                sum.max(1e-12).sqrt()
            } else {
                sum / matrix[column * width + column]
            };
        }
    }
    let mut x = right;
    for row in 0..width {
        for k in 0..row {
            x[row] -= matrix[row * width + k] * x[k];
        }
        x[row] /= matrix[row * width + row];
    }
    for row in (0..width).rev() {
        for k in row + 1..width {
            x[row] -= matrix[k * width + row] * x[k];
        }
        x[row] /= matrix[row * width + row];
    }
    x
}
