//! Rows of weights as they are stored, and sums of them, two weights in one number.
//!
//! A stored row is four bytes, each of them two weights of sixteen levels. What a byte stands for is looked
//! up: two lanes of 16 bits, each with a weight raised by 128, so that no lane is below 0 and rows can be
//! added side by side without a carry from one lane into the next.

use crate::tagger::labels::LABELS;

/// Weights of one row as they are in the file: one a label but for `OUTSIDE`, whose weight is taken off the
/// others', and so 0.
pub(crate) type Packed = u32;

/// In place of a row that says nothing. No row with weights is written like this.
pub(crate) const NO_ROW: Packed = u32::MAX;

/// Bytes of a row in the file.
pub(crate) const ROW_BYTES: usize = (LABELS - 1) / 2;

/// Sums of weights, one a label but for `OUTSIDE`.
pub(crate) type Sums = [i16; LABELS - 1];

/// Bits of a level's number in a row.
pub(crate) const LEVEL_BITS: u32 = 4;
/// Levels of the weights.
pub(crate) const LEVELS: usize = 1 << LEVEL_BITS;

/// What a lane is more than the weight that it stands for.
const RAISED: u16 = 128;

/// The two raised weights of each byte of a row.
pub(crate) struct Lanes([u32; LEVELS * LEVELS]);

impl Lanes {
    /// Returns the weights for these levels.
    pub(crate) fn new(levels: [i8; LEVELS]) -> Self {
        let raised = |level: usize| u32::from(RAISED.wrapping_add_signed(levels[level].into()));
        Self(std::array::from_fn(|byte| {
            raised(byte % LEVELS) | raised(byte >> LEVEL_BITS) << 16
        }))
    }
}

/// Rows that can be added without a carry and with sums in range.
pub(crate) const MOST_ADDED: usize = 255;

/// Returns the sums of the weights of `rows`, at most [`MOST_ADDED`].
#[inline]
pub(crate) fn sums(rows: &[Packed], lanes: &Lanes) -> Sums {
    let mut sums = [0_u32; ROW_BYTES];
    let mut missing: u16 = 0;
    for row in rows {
        for (sum, byte) in sums.iter_mut().zip(row.to_le_bytes()) {
            *sum = sum.wrapping_add(lanes.0[usize::from(byte)]);
        }
        missing += u16::from(*row == NO_ROW);
    }
    // A row that says nothing was added as one of the last level, which is cheaper than a look before.
    let last = (lanes.0[usize::from(u8::MAX)] & 0xffff) as u16;
    let more = (rows.len() as u16 - missing)
        .wrapping_mul(RAISED)
        .wrapping_add(missing.wrapping_mul(last));
    std::array::from_fn(|label| {
        let lane = (sums[label / 2] >> (16 * (label % 2))) as u16;
        lane.wrapping_sub(more).cast_signed()
    })
}

const _: () = assert!(LABELS == 9 && LEVEL_BITS == 4);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_added_label_by_label() {
        let mut levels = [0; LEVELS];
        levels[..4].copy_from_slice(&[-128, 127, 3, 0]);
        levels[15] = -5;
        let lanes = Lanes::new(levels);
        let rows = [0x3333_2210, 0x3333_2210, NO_ROW, 0x3333_330f];
        let expected = [-5 - 256, 254 - 128, 6, 6, 0, 0, 0, 0];
        assert_eq!(sums(&rows, &lanes), expected);
        assert_eq!(sums(&[], &lanes), [0; 8]);
    }

    #[test]
    fn as_many_as_are_allowed_can_be_added() {
        for weight in [-128, 127] {
            let lanes = Lanes::new([weight; LEVELS]);
            let all = |row| sums(&[row; MOST_ADDED], &lanes);
            let most = i16::from(weight) * MOST_ADDED as i16;
            assert_eq!(all(0x1234_5678), [most; 8]);
            assert_eq!(all(NO_ROW), [0; 8]);
        }
    }
}
