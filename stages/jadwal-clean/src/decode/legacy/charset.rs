//! One encoding from before Unicode, and how it is read with the place of every byte.

use encoding_rs::{DecoderResult, Encoding};

use crate::decode::{Decoded, cp720};

/// An encoding that is tried.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Charset {
    /// One of the Encoding Standard.
    Standard(&'static Encoding),
    /// Code page 720, which the standard leaves out.
    Cp720,
}

/// What an encoding is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Arabic,
    Latin,
    Other,
}

impl Charset {
    /// Returns the encoding that pages name `label`, if its bytes below `80` are ASCII.
    pub(super) fn for_label(label: &[u8]) -> Option<Self> {
        if cp720::LABELS.iter().any(|known| known.as_bytes() == label) {
            return Some(Self::Cp720);
        }
        let encoding = Encoding::for_label(label)?;
        let reads_bytes = encoding.is_ascii_compatible() && encoding != encoding_rs::UTF_8;
        reads_bytes.then_some(Self::Standard(encoding))
    }

    pub(super) fn family(self) -> Family {
        match self {
            Self::Cp720 => Family::Arabic,
            Self::Standard(encoding) => match encoding.name() {
                "windows-1256" | "ISO-8859-6" => Family::Arabic,
                "windows-1250" | "windows-1252" | "windows-1254" | "windows-1257"
                | "windows-1258" | "ISO-8859-2" | "ISO-8859-3" | "ISO-8859-4" | "ISO-8859-10"
                | "ISO-8859-13" | "ISO-8859-14" | "ISO-8859-15" | "ISO-8859-16" | "macintosh" => {
                    Family::Latin
                }
                _ => Family::Other,
            },
        }
    }

    /// Reads `raw`, which lies at `start` in the document.
    pub(super) fn read(self, raw: &[u8], start: usize) -> Decoded {
        let mut decoded = match self {
            Self::Cp720 => read_single_bytes(raw, start, cp720::NAME, &cp720::table()),
            Self::Standard(encoding) => {
                let name = encoding.name().to_ascii_lowercase();
                match encoding.is_single_byte() {
                    true => read_single_bytes(raw, start, &name, &table(encoding)),
                    false => read_sequences(raw, start, &name, encoding),
                }
            }
        };
        decoded.score = plausibility(&decoded);
        decoded
    }
}

fn read_single_bytes(raw: &[u8], start: usize, name: &str, table: &[Option<char>; 256]) -> Decoded {
    let mut decoded = Decoded::new(name, 1.0);
    decoded.edited.text.reserve(raw.len() * 2);
    let width = |byte: u8| table[usize::from(byte)].map_or(0, char::len_utf8);
    // Bytes side by side whose characters are of one width make one run of the map.
    let mut at = 0;
    for run in raw.chunk_by(|left, right| width(*left) == width(*right)) {
        let characters = run.iter().filter_map(|byte| table[usize::from(*byte)]);
        decoded.edited.text.extend(characters);
        match width(run[0]) {
            0 => decoded
                .bad
                .extend((start + at..start + at + run.len()).map(|at| at..at + 1)),
            width => decoded.edited.map.push(width, start + at, 1, run.len()),
        }
        at += run.len();
    }
    decoded
}

/// Returns the character of each byte in a single-byte encoding of the standard.
fn table(encoding: &'static Encoding) -> [Option<char>; 256] {
    let mut table = [None; 256];
    for (byte, entry) in (0..=u8::MAX).zip(&mut table) {
        let bytes = [byte];
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes);
        let character = text.and_then(|text| text.chars().next());
        // The Encoding Standard fills the holes of a table with C1 controls; no text has them, so
        // they speak against the encoding.
        *entry = character.filter(|character| !('\u{80}'..='\u{9F}').contains(character));
    }
    table
}

/// Feeds the decoder byte by byte, so that each output leads to the bytes that made it.
fn read_sequences(raw: &[u8], start: usize, name: &str, encoding: &'static Encoding) -> Decoded {
    let mut decoded = Decoded::new(name, 1.0);
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = [0u8; 32];
    let mut unit_start = 0;
    let mut at = 0;
    loop {
        let end = (at + 1).min(raw.len());
        let last = at >= raw.len();
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(&raw[at..end], &mut buffer, last);
        at += read;
        if written > 0 {
            let text = std::str::from_utf8(&buffer[..written])
                .expect("the decoder writes whole characters of UTF-8");
            decoded
                .edited
                .push_unit(text, start + unit_start..start + at);
            unit_start = at;
        }
        match result {
            DecoderResult::Malformed(bad, after) => {
                let bad_end = at.saturating_sub(usize::from(after)).max(unit_start);
                let bad_start = bad_end.saturating_sub(usize::from(bad)).max(unit_start);
                decoded.bad.push(start + bad_start..start + bad_end);
                unit_start = bad_end;
            }
            DecoderResult::InputEmpty if last => return decoded,
            DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
        }
    }
}

/// The share of the characters outside ASCII that a text would have: letters, marks, digits and
/// common punctuation. A wrong guess fills a text with symbols.
fn plausibility(decoded: &Decoded) -> f32 {
    let (mut good, mut all) = (0usize, decoded.bad.len());
    for character in decoded.edited.text.chars().filter(|c| !c.is_ascii()) {
        all += 1;
        good += usize::from(is_common(character) || character.is_alphanumeric());
    }
    if all == 0 {
        return 1.0;
    }
    good as f32 / all as f32
}

fn is_common(character: char) -> bool {
    matches!(character,
        '\u{621}'..='\u{64A}' | '\u{A0}' | '«' | '»' | '°' | '£' | '€' | '©' | '®' | '·'
        | '\u{60C}' | '\u{61B}' | '\u{61F}' | '\u{640}'..='\u{65F}' | '\u{66A}'..='\u{66C}'
        | '\u{200C}'..='\u{200F}' | '\u{2010}'..='\u{2026}' | '\u{3000}'..='\u{303F}' | '\u{FF00}'..='\u{FF65}')
}
