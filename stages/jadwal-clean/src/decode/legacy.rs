//! Reads the encodings from before Unicode, as the bytes themselves suggest.
//!
//! Readings compete: the one that a statistical detector (`chardetng`) names, code page 720, the
//! other Arabic code pages where one of them is in play, and the one that the page declares. A
//! declaration is a vote and no order: it decides between readings that are equally good.

mod charset;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use charset::{Charset, Family};

use super::declared::declared_label;
use super::{DecodeError, Decoded, cp720, utf8};

/// What a declaration is worth beside the marks of [`Reading::merit`].
const DECLARED_BONUS: f32 = 0.08;

/// What the detector's word is worth: it knows of letters what the marks don't.
const GUESS_BONUS: f32 = 0.04;

/// The score from which on a reading is taken.
const EVEN: f32 = 0.5;

/// Reads `raw` in the encoding that fits best.
///
/// # Errors
/// When more than a tiny share of the bytes spells nothing in it.
pub(super) fn decode(raw: &[u8]) -> Result<Decoded, DecodeError> {
    let start = raw.len() - utf8::strip_mark(raw).len();
    let body = &raw[start..];
    let mut best = best_reading(body, start);
    let bad = best.bad_bytes();
    if bad == 0 && has_few_signs(&best.edited.text) {
        best.score = best.score.max(EVEN);
    }
    if best.edited.text.is_empty() || bad > (body.len() / 100).max(1) || best.score < EVEN {
        return Err(DecodeError::Unknown {
            closest: best.encoding,
            bad,
        });
    }
    Ok(best)
}

fn best_reading(raw: &[u8], start: usize) -> Decoded {
    let sample = sample(raw);
    let mut best: Option<(f32, Charset)> = None;
    for (charset, bonus) in candidates(raw) {
        let merit = merit(&charset.read(sample, 0), charset.family()) + bonus;
        if best.is_none_or(|(most, _)| merit > most) {
            best = Some((merit, charset));
        }
    }
    best.map_or_else(Decoded::default, |(_, charset)| charset.read(raw, start))
}

/// Returns the part of `raw` that readings are compared on: from a little before the first byte past
/// ASCII.
fn sample(raw: &[u8]) -> &[u8] {
    const LEAD: usize = 4 * 1024;
    const LENGTH: usize = 64 * 1024;
    let first = raw.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let rest = &raw[first.saturating_sub(LEAD)..];
    &rest[..rest.len().min(LENGTH)]
}

/// Returns the encodings to try, each with its bonus, the detector's first.
fn candidates(raw: &[u8]) -> Vec<(Charset, f32)> {
    let guess = guess(raw);
    let mut all = vec![(guess, GUESS_BONUS)];
    let mut add =
        |charset: Charset, bonus: f32| match all.iter_mut().find(|(known, _)| *known == charset) {
            Some((_, known)) => *known += bonus,
            None => all.push((charset, bonus)),
        };
    if cp720::fits(raw) {
        add(Charset::Cp720, GUESS_BONUS);
    }
    let declared = declared_label(raw).and_then(|label| Charset::for_label(&label));
    if let Some(declared) = declared {
        add(declared, DECLARED_BONUS);
    }
    if guess.family() == Family::Arabic {
        add(Charset::Standard(encoding_rs::WINDOWS_1256), 0.0);
        add(Charset::Standard(encoding_rs::ISO_8859_6), 0.0);
    }
    all
}

fn guess(raw: &[u8]) -> Charset {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(raw, true);
    Charset::Standard(detector.guess(None, Utf8Detection::Deny))
}

/// How good a reading is: its score, and in Arabic how much it has of the commonest words.
fn merit(decoded: &Decoded, family: Family) -> f32 {
    let text = &decoded.edited.text;
    match family {
        Family::Arabic => decoded.score + arabic_words(text).min(0.5),
        Family::Latin if !is_latin(text) => decoded.score - 0.5,
        Family::Latin | Family::Other => decoded.score,
    }
}

/// The share of the words in Arabic letters that are function words, or start with an article.
fn arabic_words(text: &str) -> f32 {
    const WORDS: [&str; 24] = [
        "في", "من", "على", "إلى", "الى", "أن", "ان", "إن", "عن", "ما", "لا", "هذا", "هذه", "التي",
        "الذي", "از", "در", "به", "كه", "که", "اين", "را", "با", "است",
    ];
    const URDU: [&str; 8] = ["كا", "كي", "كے", "سے", "نے", "ميں", "ہے", "اور"];
    let (mut all, mut known) = (0usize, 0usize);
    for word in text.split(|c: char| !('\u{600}'..='\u{6FF}').contains(&c)) {
        if word.is_empty() {
            continue;
        }
        all += 1;
        let has_article = word.len() > 6
            && ["ال", "وال", "بال", "لل"]
                .iter()
                .any(|article| word.starts_with(article));
        known += usize::from(has_article || WORDS.contains(&word) || URDU.contains(&word));
    }
    known as f32 / all.max(1) as f32
}

/// Whether what is not ASCII in a text is a sign or two among plain letters (`5 × 7`): they say little of
/// the encoding, and whatever they are, the text is one.
fn has_few_signs(text: &str) -> bool {
    let plain = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let signs = text.chars().filter(|c| !c.is_ascii()).count();
    signs * 50 <= plain
}

/// Whether a text is what Latin script is in an old code page: plain letters, with some others
/// strewn in.
fn is_latin(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (mut plain, mut other) = (0usize, 0usize);
    for letter in letters {
        match letter.is_ascii() {
            true => plain += 1,
            false => other += 1,
        }
    }
    other * 2 <= plain || other < 4
}
