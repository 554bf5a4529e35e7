//! Tells files that hold no text.

/// Control bytes that a text of any length may hold.
const FORGIVEN_CONTROLS: usize = 2;

/// First bytes of formats that people drop by mistake.
const FORMATS: [(&[u8], &str); 16] = [
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"PK\x05\x06", "a ZIP archive or office document"),
    (b"\x7FELF", "an ELF program"),
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "an old office document",
    ),
    (b"Rar!\x1A\x07", "a RAR archive"),
    (b"7z\xBC\xAF\x27\x1C", "a 7z archive"),
    (b"\x1F\x8B\x08", "gzip data"),
    (b"\x28\xB5\x2F\xFD", "zstd data"),
    (b"BZh", "bzip2 data"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
];

/// Returns the name of the format that the first bytes announce.
pub(super) fn known_format(raw: &[u8]) -> Option<&'static str> {
    let (magic, name) = FORMATS.iter().find(|(magic, _)| raw.starts_with(magic))?;
    // `BZh` may start a word; the real thing goes on with a level and a magic number.
    let is_word = *magic == b"BZh" && raw.get(4..10) != Some(b"\x31\x41\x59\x26\x53\x59");
    (!is_word).then_some(*name)
}

/// Whether zero bytes (over one in a thousand) or control bytes (over one in twenty, a few are
/// forgiven) say that this is no text in any encoding with bytes for letters.
pub(super) fn is_binary(raw: &[u8]) -> bool {
    let mut zeros = 0;
    let mut controls = 0;
    for byte in raw {
        match byte {
            0 => zeros += 1,
            b'\t' | b'\n' | b'\r' | 0x0C | 0x1B => {}
            0x01..=0x1F | 0x7F => controls += 1,
            _ => {}
        }
    }
    zeros * 1000 > raw.len() || (controls > FORGIVEN_CONTROLS && controls * 20 > raw.len())
}
