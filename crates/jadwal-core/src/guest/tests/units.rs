//! Offsets in each unit, with emoji and combining marks.

use crate::guest::{OffsetUnit, Offsets};

/// One of each width, a joined emoji, a mark on its letter: 1 + 2 + 3 + 4, 4+3+4, 1+2 bytes.
const TEXT: &str = "aب€🙂👩\u{200d}👧e\u{301}";

#[test]
fn each_unit_counts_its_own_way() {
    let cases = [
        (OffsetUnit::Bytes, [0, 1, 3, 6, 10, 14, 17, 21, 22, 24]),
        (OffsetUnit::CodePoints, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (OffsetUnit::Utf16, [0, 1, 2, 3, 5, 7, 8, 10, 11, 12]),
    ];
    let boundaries: Vec<_> = TEXT
        .char_indices()
        .map(|(at, _)| at)
        .chain([TEXT.len()])
        .collect();
    for (unit, expected) in cases {
        let offsets = Offsets::new(TEXT, unit);
        assert_eq!(offsets.len(), expected[9], "{}", unit.name());
        for (byte, count) in boundaries.iter().zip(expected) {
            assert_eq!(
                offsets.unit_at(*byte),
                count,
                "byte {byte} in {}",
                unit.name()
            );
            assert_eq!(
                offsets.byte_at(count as u64),
                Ok(*byte),
                "{count} {}",
                unit.name()
            );
        }
    }
}

#[test]
fn what_lies_between_two_units_of_a_character_is_refused() {
    let cases = [
        (
            OffsetUnit::Bytes,
            2,
            "offset 2 (bytes) lies inside a character",
        ),
        (
            OffsetUnit::Utf16,
            4,
            "offset 4 (UTF-16 units) lies inside a character",
        ),
        (
            OffsetUnit::CodePoints,
            10,
            "offset 10 lies past the end of the text (9 code points)",
        ),
        (
            OffsetUnit::Utf16,
            13,
            "offset 13 lies past the end of the text (12 UTF-16 units)",
        ),
        (
            OffsetUnit::Bytes,
            25,
            "offset 25 lies past the end of the text (24 bytes)",
        ),
        (
            OffsetUnit::Bytes,
            u64::MAX,
            "offset 18446744073709551615 lies past the end of the text (24 bytes)",
        ),
    ];
    for (unit, offset, expected) in cases {
        assert_eq!(
            Offsets::new(TEXT, unit).byte_at(offset).unwrap_err(),
            expected
        );
    }
    let backwards = Offsets::new(TEXT, OffsetUnit::CodePoints).bytes_of(3, 2);
    assert_eq!(backwards.unwrap_err(), "the end 2 lies before the start 3");
}
