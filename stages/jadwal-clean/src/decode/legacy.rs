//! Reads the encodings from before Unicode, as the bytes themselves suggest.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding};

use super::{DecodeError, Decoded, utf8};

/// How far into a page a declared charset is looked for.
const DECLARATION_WINDOW: usize = 1024;

/// Reads `raw` in the encoding that fits best.
///
/// # Errors
/// When more than a tiny share of the bytes spells nothing in it.
pub(super) fn decode(raw: &[u8]) -> Result<Decoded, DecodeError> {
    let start = raw.len() - utf8::strip_mark(raw).len();
    let body = &raw[start..];
    let guess = guess(body);
    let mut best = read(body, start, guess);
    // A declared charset is a vote: it counts where it reads the bytes better than the guess does.
    if let Some(declared) = declared(body).filter(|declared| *declared != guess) {
        let voted = read(body, start, declared);
        if voted.score > best.score && voted.bad.len() <= best.bad.len() {
            best = voted;
        }
    }
    let bad = best.bad_bytes();
    if best.edited.text.is_empty() || bad > (body.len() / 100).max(1) || best.score < 0.5 {
        return Err(DecodeError::Unknown {
            closest: best.encoding,
            bad,
        });
    }
    Ok(best)
}

fn guess(raw: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(raw, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Returns the encoding that a page names in its head.
fn declared(raw: &[u8]) -> Option<&'static Encoding> {
    let head = &raw[..raw.len().min(DECLARATION_WINDOW)].to_ascii_lowercase();
    let at = memchr::memmem::find(head, b"charset=")? + b"charset=".len();
    let label = head[at..].trim_ascii_start();
    let label = label
        .strip_prefix(b"\"")
        .or(label.strip_prefix(b"'"))
        .unwrap_or(label);
    let end = label
        .iter()
        .position(|byte| !(byte.is_ascii_alphanumeric() || b"-_:".contains(byte)))
        .unwrap_or(label.len());
    let encoding = Encoding::for_label(&label[..end])?;
    let reads_bytes = encoding.is_ascii_compatible() && encoding != encoding_rs::UTF_8;
    reads_bytes.then_some(encoding)
}

fn read(raw: &[u8], start: usize, encoding: &'static Encoding) -> Decoded {
    let mut decoded = Decoded::new(&encoding.name().to_ascii_lowercase(), 1.0);
    if encoding.is_single_byte() {
        read_single_bytes(raw, start, encoding, &mut decoded);
    } else {
        read_sequences(raw, start, encoding, &mut decoded);
    }
    decoded.score = plausibility(&decoded);
    decoded
}

fn read_single_bytes(raw: &[u8], start: usize, encoding: &'static Encoding, decoded: &mut Decoded) {
    let table = single_byte_table(encoding);
    for (offset, byte) in raw.iter().enumerate() {
        let at = start + offset;
        match table[usize::from(*byte)] {
            Some(character) => {
                decoded.edited.text.push(character);
                decoded.edited.map.push(character.len_utf8(), at, 1, 1);
            }
            None => decoded.bad.push(at..at + 1),
        }
    }
}

fn single_byte_table(encoding: &'static Encoding) -> [Option<char>; 256] {
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
fn read_sequences(raw: &[u8], start: usize, encoding: &'static Encoding, decoded: &mut Decoded) {
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
            DecoderResult::InputEmpty if last => return,
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
