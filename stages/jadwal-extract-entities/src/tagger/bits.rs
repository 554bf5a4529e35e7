//! Reads numbers of a few bits each, one behind the other, the low bits first.

use crate::tagger::model::ModelError;

/// Reads a row of numbers; past its end every read is an error.
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    /// Bits that were taken from `bytes` and not yet read; zero above them.
    window: u64,
    ready: u32,
}

impl<'a> BitReader<'a> {
    /// Starts at the first bit.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            window: 0,
            ready: 0,
        }
    }

    /// Takes over whole bytes while there is room for one.
    #[inline]
    fn fill(&mut self) {
        if let Some((eight, _)) = self.bytes.split_first_chunk() {
            // What does not fit is shifted out, and read again the next time.
            self.window |= u64::from_le_bytes(*eight) << self.ready;
            let taken = (63 - self.ready) / 8;
            self.bytes = &self.bytes[taken as usize..];
            self.ready += 8 * taken;
            self.window &= u64::MAX >> (64 - self.ready.max(1));
            return;
        }
        while self.ready < 56
            && let Some((byte, rest)) = self.bytes.split_first()
        {
            self.window |= u64::from(*byte) << self.ready;
            self.ready += 8;
            self.bytes = rest;
        }
    }

    /// Reads a number of `count` bits, at most 32.
    #[inline]
    pub(crate) fn bits(&mut self, count: u32) -> Result<u32, ModelError> {
        if self.ready < count {
            self.fill();
        }
        if self.ready < count {
            return Err(ModelError::Damaged);
        }
        let number = self.window & ((1 << count) - 1);
        self.window >>= count;
        self.ready -= count;
        Ok(number as u32)
    }

    /// Reads a count of zeros with a one behind them.
    #[inline]
    fn zeros(&mut self) -> Result<u32, ModelError> {
        let mut zeros = 0;
        while self.window == 0 {
            zeros += self.ready;
            self.ready = 0;
            self.fill();
            if self.ready == 0 {
                return Err(ModelError::Damaged);
            }
        }
        let more = self.window.trailing_zeros();
        self.window >>= more + 1;
        self.ready -= more + 1;
        Ok(zeros + more)
    }

    /// Reads a number that is mostly small (Elias's gamma code of the number and one).
    #[inline]
    pub(crate) fn small(&mut self) -> Result<u32, ModelError> {
        let length = self.zeros()?;
        if length > 30 {
            return Err(ModelError::Damaged);
        }
        Ok((1 << length | self.bits(length)?) - 1)
    }

    /// Reads a number that is mostly not far above two to the power of `low` (Rice's code).
    #[inline]
    pub(crate) fn near(&mut self, low: u32) -> Result<u32, ModelError> {
        let high = self.zeros()?;
        if u64::from(high) << low > u64::from(u32::MAX) {
            return Err(ModelError::Damaged);
        }
        Ok(high << low | self.bits(low)?)
    }

    /// Reads a floating-point number.
    pub(crate) fn float(&mut self) -> Result<f32, ModelError> {
        let value = f32::from_bits(self.bits(32)?);
        match value.is_nan() {
            true => Err(ModelError::Damaged),
            false => Ok(value),
        }
    }

    /// Returns the bytes behind the one that the last number ended in.
    pub(crate) fn rest(mut self, whole: &'a [u8]) -> &'a [u8] {
        self.ready /= 8;
        &whole[whole.len() - self.bytes.len() - self.ready as usize..]
    }
}
