//! Exact decimal numbers.

use std::fmt;

/// A decimal number: `mantissa` × 10^-`places`; displays without needless zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    mantissa: u128,
    places: u32,
}

impl Decimal {
    /// Returns `mantissa` × 10^-`places`.
    pub(crate) fn new(mantissa: u64, places: u32) -> Self {
        Self {
            mantissa: mantissa.into(),
            places,
        }
    }

    pub(crate) fn whole(value: u64) -> Self {
        Self {
            mantissa: value.into(),
            places: 0,
        }
    }

    pub(crate) fn times(self, factor: u64) -> Option<Self> {
        let mantissa = self.mantissa.checked_mul(factor.into())?;
        Some(Self { mantissa, ..self })
    }

    pub(crate) fn plus(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        let widen = |number: Self| {
            let factor = 10u128.checked_pow(places - number.places)?;
            number.mantissa.checked_mul(factor)
        };
        let mantissa = widen(self)?.checked_add(widen(other)?)?;
        Some(Self { mantissa, places })
    }

    /// Returns `hundredths` percent of the number.
    pub(crate) fn part(self, hundredths: u64) -> Option<Self> {
        let whole = self.times(hundredths)?;
        Some(Self {
            places: whole.places + 2,
            ..whole
        })
    }

    /// Returns the number as a small whole one.
    pub(crate) fn small(self) -> Option<u64> {
        (self.places == 0).then(|| u64::try_from(self.mantissa).ok())?
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut mantissa, mut places) = (self.mantissa, self.places as usize);
        while places > 0 && mantissa.is_multiple_of(10) {
            mantissa /= 10;
            places -= 1;
        }
        let digits = format!("{mantissa:0width$}", width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        f.write_str(whole)?;
        if places > 0 {
            write!(f, ".{fraction}")?;
        }
        Ok(())
    }
}
