//! Reads corpora of one token a line, and writes clitics back on to their words.

use crate::tagger::labels::{LABELS, first_of};

/// A sentence of a corpus: tokens, and the name that each is part of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sentence {
    /// The tokens.
    pub tokens: Vec<String>,
    /// One label a token: 0 outside, then first and later token of PER, LOC, ORG, MISC.
    pub labels: Vec<u8>,
}

/// A line that is not `TOKEN<TAB>TAG`.
#[derive(Debug, thiserror::Error)]
#[error("line {line} is not a token and a BIO tag over PER, LOC, ORG, MISC: `{text}`")]
pub struct ConllError {
    line: usize,
    text: String,
}

impl Sentence {
    /// Returns the tokens with a blank between two, and where each is.
    #[must_use]
    pub fn text(&self) -> (String, Vec<std::ops::Range<usize>>) {
        let mut text = String::new();
        let mut places = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(token);
            places.push(start..text.len());
        }
        (text, places)
    }
}

/// Reads sentences: `TOKEN<TAB>TAG`, further columns are passed over, a blank line between two.
///
/// # Errors
/// A line has no tag, or one that is not known.
pub fn read_conll(content: &str) -> Result<Vec<Sentence>, ConllError> {
    let mut sentences = Vec::new();
    let mut sentence = Sentence::default();
    let mut before = 0;
    for (index, line) in content.lines().chain([""]).enumerate() {
        if line.trim().is_empty() {
            if !sentence.tokens.is_empty() {
                sentences.push(std::mem::take(&mut sentence));
            }
            before = 0;
            continue;
        }
        let mut columns = line.split(['\t', ' ']);
        let token = columns.next().unwrap_or("");
        let tag = columns.next().unwrap_or("");
        let label = label_of(tag, before).ok_or_else(|| ConllError {
            line: index + 1,
            text: line.chars().take(80).collect(),
        })?;
        before = label;
        sentence.tokens.push(token.to_owned());
        sentence.labels.push(label);
    }
    Ok(sentences)
}

/// A later token with no name before it starts one.
fn label_of(tag: &str, before: u8) -> Option<u8> {
    if tag == "O" {
        return Some(0);
    }
    let (place, kind) = tag.split_once('-')?;
    let kind = ["PER", "LOC", "ORG", "MISC"]
        .iter()
        .position(|known| *known == kind)?;
    let first = first_of(kind) as u8;
    match place {
        "B" => Some(first),
        "I" if before == first || before == first + 1 => Some(first + 1),
        "I" => Some(first),
        _ => None,
    }
}

const _: () = assert!(LABELS == 9);

/// Writes Arabic clitics that a corpus splits off (`و`, `ب`, `ها`) back on to their words.
///
/// A word made of several tokens is part of the first name among them.
#[must_use]
pub fn rejoin_clitics(sentence: &Sentence) -> Sentence {
    let mut joined = Sentence::default();
    let mut open: Option<(String, u8)> = None;
    for (at, (token, label)) in sentence.tokens.iter().zip(&sentence.labels).enumerate() {
        let next = sentence.tokens.get(at + 1);
        let starts_word = matches!(token.as_str(), "و" | "ف" | "ب" | "ل" | "ك" | "س")
            && next.is_some_and(|next| is_arabic(next) && next.chars().count() > 1);
        let ends_word = matches!(
            token.as_str(),
            "ه" | "ها" | "هم" | "هما" | "هن" | "نا" | "كم"
        ) && open.is_none()
            && joined
                .tokens
                .last()
                .is_some_and(|last| is_arabic(last) && last.chars().count() > 1);
        if ends_word {
            if let Some(last) = joined.tokens.last_mut() {
                if last.ends_with('ة') {
                    last.pop();
                    last.push('ت');
                }
                last.push_str(token);
            }
            continue;
        }
        let (mut word, mut kept) = open.take().unwrap_or_default();
        if word.ends_with('ل') && token.starts_with("ال") {
            word.push_str(&token["ا".len()..]);
        } else {
            word.push_str(token);
        }
        if kept == 0 {
            kept = *label;
        }
        if starts_word {
            open = Some((word, kept));
        } else {
            joined.tokens.push(word);
            joined.labels.push(kept);
        }
    }
    mend(&mut joined.labels);
    joined
}

fn is_arabic(token: &str) -> bool {
    token
        .chars()
        .all(|character| ('\u{620}'..='\u{6FF}').contains(&character) && character.is_alphabetic())
}

/// Makes a later token without its name before it the first one.
pub(crate) fn mend(labels: &mut [u8]) {
    let mut before = 0;
    for label in labels {
        let orphan =
            *label != 0 && label.is_multiple_of(2) && before != *label && before + 1 != *label;
        if orphan {
            *label -= 1;
        }
        before = *label;
    }
}
