//! Writes numbers of a few bits each: the counterpart of `tagger::bits`.

/// Bytes that grow bit by bit, the low bits of each first.
#[derive(Default)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits of the last byte that are used.
    used: u32,
}

impl BitWriter {
    /// Writes a number of `count` bits.
    pub(crate) fn bits(&mut self, number: u32, count: u32) {
        for bit in 0..count {
            self.bit(number >> bit & 1 != 0);
        }
    }

    fn bit(&mut self, set: bool) {
        if self.used.is_multiple_of(8) {
            self.bytes.push(0);
            self.used = 0;
        }
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(set) << self.used;
        }
        self.used += 1;
    }

    fn zeros(&mut self, count: u32) {
        (0..count).for_each(|_| self.bit(false));
        self.bit(true);
    }

    /// Writes a number below 2^31 - 1 in few bits where it is small.
    pub(crate) fn small(&mut self, number: u32) {
        let length = (number + 1).ilog2();
        self.zeros(length);
        self.bits(number + 1, length);
    }

    /// Writes a number in few bits where it is not far above two to the power of `low`.
    pub(crate) fn near(&mut self, number: u32, low: u32) {
        self.zeros(number >> low);
        self.bits(number, low);
    }

    /// Writes a floating-point number.
    pub(crate) fn float(&mut self, value: f32) {
        self.bits(value.to_bits(), 32);
    }

    /// Writes floating-point numbers.
    pub(crate) fn floats(&mut self, values: &[f32]) {
        for value in values {
            self.float(*value);
        }
    }

    /// Returns the bytes; the bits of the last one that nothing was written to are 0.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tagger::bits::BitReader;

    #[test]
    fn what_is_written_is_read() {
        let numbers: Vec<u32> = (0..2000_u32)
            .map(|at| at.wrapping_mul(0x9e37_79b9))
            .collect();
        let mut writer = BitWriter::default();
        for (at, number) in numbers.iter().enumerate() {
            let width = at as u32 % 33;
            writer.bits((u64::from(*number) % (1 << width)) as u32, width);
            writer.small(number >> 2 >> width.min(29));
            writer.near(number >> 12, width % 12 + 12);
            writer.near(at as u32 % 150, 0);
        }
        let bytes = writer.into_bytes();
        let mut reader = BitReader::new(&bytes);
        for (at, number) in numbers.iter().enumerate() {
            let width = at as u32 % 33;
            let cut = (u64::from(*number) % (1 << width)) as u32;
            assert_eq!(reader.bits(width), Ok(cut), "{at}");
            assert_eq!(reader.small(), Ok(number >> 2 >> width.min(29)), "{at}");
            assert_eq!(reader.near(width % 12 + 12), Ok(number >> 12), "{at}");
            assert_eq!(reader.near(0), Ok(at as u32 % 150), "{at}");
        }
        assert!(reader.bits(8).is_err());
    }

    #[test]
    fn the_rest_begins_behind_the_last_number() {
        for count in 0..70 {
            let mut writer = BitWriter::default();
            (0..count).for_each(|_| writer.bits(1, 1));
            let mut bytes = writer.into_bytes();
            let begins = bytes.len();
            bytes.extend(1..=20);
            let mut reader = BitReader::new(&bytes);
            (0..count).for_each(|_| assert_eq!(reader.bits(1), Ok(1)));
            assert_eq!(reader.rest(&bytes), &bytes[begins..], "{count}");
        }
    }

    #[test]
    fn what_can_not_be_is_an_error() {
        for bytes in [&[][..], &[0; 3], &[0; 40], &[0, 0, 0, 0, 1, 0]] {
            assert!(BitReader::new(bytes).small().is_err());
            assert!(BitReader::new(bytes).near(31).is_err());
        }
    }
}
