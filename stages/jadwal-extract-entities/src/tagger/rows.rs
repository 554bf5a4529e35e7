//! Rows of weights, and sums of them, eight weights in one number.
//!
//! A weight is a byte, 128 more than what it is worth, so that no weight is below 0 and the bytes of two
//! rows can be added side by side without a carry from one into the next.

use crate::tagger::labels::LABELS;

/// Weights of one row: one a label but for `OUTSIDE`, whose weight is taken off the others', and so 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Row(u64);

/// Sums of weights, one a label but for `OUTSIDE`.
pub(crate) type Sums = [i16; LABELS - 1];

/// What a byte is more than the weight that it stands for.
const RAISED: u8 = 128;
/// Every other byte.
const EVEN: u64 = 0x00ff_00ff_00ff_00ff;

impl Row {
    /// The row of a feature that says nothing.
    pub(crate) const NOTHING: Self = Self(u64::from_le_bytes([RAISED; LABELS - 1]));

    /// Returns the row of four pairs of weights, each as [`pair`] gives it.
    #[inline]
    pub(crate) fn of(pairs: [u16; 4]) -> Self {
        let places = pairs.into_iter().zip([0, 16, 32, 48]);
        Self(places.fold(0, |row, (pair, place)| row | u64::from(pair) << place))
    }
}

/// Returns two weights in one number.
pub(crate) fn pair(first: i8, second: i8) -> u16 {
    u16::from_le_bytes([first, second].map(|weight| weight.cast_unsigned().wrapping_add(RAISED)))
}

/// A sum of rows, at most [`MOST_ADDED`].
#[derive(Clone, Copy, Default)]
pub(crate) struct RowSum {
    even: u64,
    odd: u64,
    rows: u16,
}

/// Rows that can be added without a carry and with sums in range.
pub(crate) const MOST_ADDED: u16 = 255;

impl RowSum {
    /// Adds a row.
    #[inline]
    pub(crate) fn add(&mut self, row: Row) {
        self.even += row.0 & EVEN;
        self.odd += row.0 >> 8 & EVEN;
        self.rows += 1;
    }

    /// Returns the sums of the weights.
    #[inline]
    pub(crate) fn sums(self) -> Sums {
        let raised = self.rows * u16::from(RAISED);
        std::array::from_fn(|label| {
            let lanes = if label % 2 == 0 { self.even } else { self.odd };
            let sum = (lanes >> (16 * (label / 2))) as u16;
            sum.wrapping_sub(raised).cast_signed()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_added_label_by_label() {
        let rows: [[i8; 8]; 3] = [
            [-128, 127, 0, 1, -1, 5, 100, -100],
            [-128, 127, 3, -4, 0, 0, 100, -100],
            [0; 8],
        ];
        let mut sum = RowSum::default();
        for row in rows {
            let pairs = [0, 2, 4, 6].map(|at| pair(row[at], row[at + 1]));
            sum.add(Row::of(pairs));
        }
        sum.add(Row::NOTHING);
        assert_eq!(sum.sums(), [-256, 254, 3, -3, -1, 5, 200, -200]);
    }

    #[test]
    fn as_many_as_are_allowed_can_be_added() {
        for weight in [-128, 127] {
            let mut sum = RowSum::default();
            for _ in 0..MOST_ADDED {
                sum.add(Row::of([pair(weight, weight); 4]));
            }
            assert_eq!(sum.sums(), [i16::from(weight) * MOST_ADDED as i16; 8]);
        }
    }
}
