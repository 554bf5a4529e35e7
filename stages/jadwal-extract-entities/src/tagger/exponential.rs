//! The exponential function, with the same bits on every platform.
//!
//! `f32::exp` calls the platform's mathematical library, whose last bits differ from one to the next;
//! scores and trained weights must not. Only additions and multiplications in a fixed order are used here,
//! which IEEE 754 fixes to the bit. Coefficients: Cephes, `expf` (Moshier), error below two units in the
//! last place.

/// Adding this rounds a small number to a whole one.
pub(crate) const ROUNDER: f32 = 12_582_912.0;
/// The logarithm of 2 in two parts, the first one with so few bits that its products are exact.
const LOG_2_HIGH: f32 = 0.693_359_4;
const LOG_2_LOW: f32 = -2.121_944_4e-4;
/// Below it the result is 0, above it as for the limit itself.
const LEAST: f32 = -87.0;
const MOST: f32 = 88.0;

/// Returns e to the power of `value`, without branches so that it can be vectorised.
#[inline]
pub(crate) fn exp(value: f32) -> f32 {
    let inside = value.clamp(LEAST, MOST);
    let rounded = inside * std::f32::consts::LOG2_E + ROUNDER;
    let whole = rounded - ROUNDER;
    let rest = inside - whole * LOG_2_HIGH - whole * LOG_2_LOW;
    let mut sum = 1.987_569_1e-4;
    for coefficient in [
        1.398_2e-3,
        8.333_452e-3,
        4.166_579_6e-2,
        1.666_666_5e-1,
        0.5,
    ] {
        sum = sum * rest + coefficient;
    }
    let part = sum * rest * rest + rest + 1.0;
    // The whole number stands in the low bits of what was rounded; a conversion would look for numbers that
    // do not fit.
    let exponent = rounded
        .to_bits()
        .wrapping_sub(ROUNDER.to_bits())
        .wrapping_add(127);
    let power = f32::from_bits(exponent << 23);
    if value < LEAST { 0.0 } else { part * power }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Guarantees: a score is the same to the last bit, whatever the platform's library does.
    #[test]
    fn the_bits_are_fixed() {
        let values = [0.0, 1.0, -1.0, -0.1, 3.7, -12.345, -86.9, f32::NEG_INFINITY];
        let bits = values.map(|value| exp(value).to_bits());
        assert_eq!(
            format!("{bits:x?}"),
            "[3f800000, 402df854, 3ebc5ab2, 3f67a36d, 4221ca0b, 369202b7, c60f89, 0]"
        );
    }

    #[test]
    fn it_is_the_exponential_function() {
        for step in -8_700_i16..8_800 {
            let value = f32::from(step) / 100.0;
            let (ours, exact) = (f64::from(exp(value)), f64::from(value).exp());
            assert!((ours / exact - 1.0).abs() < 3e-7, "{value}: {ours} {exact}");
        }
    }
}
