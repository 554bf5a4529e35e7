//! Clusters of words by their vectors: spherical k-means, seeded.

use crate::training::vectors::{SIZE, Vector, dot};

/// Fine, middle and coarse clusters.
const SIZES: [usize; 3] = [1024, 256, 64];
const ROUNDS: usize = 10;

/// The cluster of each word, and of each cluster the middle and the coarse one it is in.
pub(crate) struct Clusters {
    pub(crate) of_words: Vec<u16>,
    pub(crate) parents: Vec<(u16, u16)>,
}

/// Puts words with like vectors together; the first words are the most frequent.
pub(crate) fn cluster(vectors: &[Vector], mut progress: impl FnMut(&str)) -> Clusters {
    let mut unit: Vec<Vector> = vectors.to_vec();
    unit.iter_mut().for_each(normalise);
    let (of_words, centres) = k_means(&unit, SIZES[0]);
    progress("fine clusters");
    let (middle, _) = k_means(&centres, SIZES[1]);
    let (coarse, _) = k_means(&centres, SIZES[2]);
    Clusters {
        of_words,
        parents: middle.into_iter().zip(coarse).collect(),
    }
}

fn normalise(vector: &mut Vector) {
    let length = dot(vector, vector).sqrt().max(1e-9);
    vector.iter_mut().for_each(|value| *value /= length);
}

fn k_means(points: &[Vector], count: usize) -> (Vec<u16>, Vec<Vector>) {
    let count = count.min(points.len()).max(1);
    // Spread over the ranks of frequency, dense where words are frequent.
    let start = |index: usize| {
        let share = index as f64 / count as f64;
        points[((share * share) * points.len() as f64) as usize % points.len()]
    };
    if points.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let mut centres: Vec<Vector> = (0..count).map(start).collect();
    let mut of_points = vec![0_u16; points.len()];
    for _ in 0..ROUNDS {
        for (point, of_point) in points.iter().zip(&mut of_points) {
            *of_point = nearest(point, &centres);
        }
        let mut sums = vec![[0.0; SIZE]; count];
        for (point, of_point) in points.iter().zip(&of_points) {
            let sum = &mut sums[usize::from(*of_point)];
            for (sum, value) in sum.iter_mut().zip(point) {
                *sum += value;
            }
        }
        for (centre, mut sum) in centres.iter_mut().zip(sums) {
            if dot(&sum, &sum) > 0.0 {
                normalise(&mut sum);
                *centre = sum;
            }
        }
    }
    (of_points, centres)
}

fn nearest(point: &Vector, centres: &[Vector]) -> u16 {
    let mut best = (0, f32::NEG_INFINITY);
    for (index, centre) in centres.iter().enumerate() {
        let likeness = dot(point, centre);
        if likeness > best.1 {
            best = (index as u16, likeness);
        }
    }
    best.0
}
