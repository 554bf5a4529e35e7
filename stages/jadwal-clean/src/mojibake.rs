//! Repairs text that was read in the wrong encoding somewhere on its way.
//!
//! Three misreadings, each undone line by line, as often as it was done: UTF-8 read as Windows-1256
//! (`ط§ظ„`), UTF-8 read as Windows-1252 or Latin-1 (`Ø§Ù„`, `Ã©`), and Windows-1256 read as
//! Windows-1252 (`ÇáÎÈÑ`). A line is touched only where it proves itself damaged, or where another
//! line of the document does and this one fits. Sound text is never changed: the tests hold pages
//! of five languages against that. What was lost on the way (bytes without a character) stays lost.

mod arabic_in_western;
mod pages;
mod utf8_in_page;

use std::borrow::Cow;
use std::ops::Range;

use jadwal_core::{Edited, TextEditor};

use crate::scan::count_pairs;
use crate::unicode::Repairs;
use pages::Pages;

/// How often one text is misread at most.
const MAX_ROUNDS: usize = 4;

/// A way to misread a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Misreading {
    Utf8AsWindows1256,
    Utf8AsWindows1252,
    Windows1256AsWindows1252,
}

impl Misreading {
    fn rule(self) -> &'static str {
        match self {
            Self::Utf8AsWindows1256 => "mojibake:utf-8-as-windows-1256",
            Self::Utf8AsWindows1252 => "mojibake:utf-8-as-windows-1252",
            Self::Windows1256AsWindows1252 => "mojibake:windows-1256-as-windows-1252",
        }
    }
}

/// How much a line says for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Evidence {
    /// It can't be anything else.
    Proof,
    /// It would fit beside a proof.
    Hint,
}

/// A line that may be damaged.
struct Suspect {
    line: Range<usize>,
    misreading: Misreading,
    evidence: Evidence,
}

/// Undoes misreadings.
#[derive(Debug)]
pub(crate) struct Mojibake {
    pages: Pages,
}

impl Mojibake {
    /// Returns the repairer with its tables.
    pub(crate) fn new() -> Self {
        Self {
            pages: Pages::new(),
        }
    }

    /// Returns the texts of the rounds of repair, each made of the one before, none for a sound
    /// text. `repairs` counts the repaired lines.
    pub(crate) fn repair(&self, text: &str, repairs: &mut Repairs) -> Vec<Edited> {
        let mut rounds: Vec<Edited> = Vec::new();
        while rounds.len() < MAX_ROUNDS {
            let text = rounds.last().map_or(text, |edited| edited.text.as_str());
            match self.round(text, repairs) {
                Some(edited) => rounds.push(edited),
                None => break,
            }
        }
        rounds
    }

    fn round(&self, text: &str, repairs: &mut Repairs) -> Option<Edited> {
        let suspects = self.suspects(text);
        let is_proved = |misreading: Misreading| {
            let mut all = suspects.iter();
            all.any(|other| other.evidence == Evidence::Proof && other.misreading == misreading)
        };
        let proved = [
            Misreading::Utf8AsWindows1256,
            Misreading::Utf8AsWindows1252,
            Misreading::Windows1256AsWindows1252,
        ]
        .map(|misreading| is_proved(misreading).then_some(misreading));
        let mut editor = TextEditor::new(text);
        for suspect in suspects {
            if proved.contains(&Some(suspect.misreading)) {
                let before = editor.changes();
                self.rewrite(text, &suspect, &mut editor);
                if editor.changes() > before {
                    let rule = Cow::Borrowed(suspect.misreading.rule());
                    *repairs.entry(rule).or_default() += 1;
                }
            }
        }
        (editor.changes() > 0).then(|| editor.finish())
    }

    fn suspects(&self, text: &str) -> Vec<Suspect> {
        let mut suspects = Vec::new();
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]) {
            let line = start..end;
            start = end + 1;
            if is_worth_a_look(&text.as_bytes()[line.clone()])
                && let Some((misreading, evidence)) = self.judge(&text[line.clone()])
            {
                suspects.push(Suspect {
                    line,
                    misreading,
                    evidence,
                });
            }
        }
        suspects
    }

    fn judge(&self, line: &str) -> Option<(Misreading, Evidence)> {
        let western = utf8_in_page::judge(line, &self.pages.windows_1252)
            .map(|evidence| (Misreading::Utf8AsWindows1252, evidence));
        let arabic = utf8_in_page::judge(line, &self.pages.windows_1256)
            .map(|evidence| (Misreading::Utf8AsWindows1256, evidence));
        let letters = arabic_in_western::judge(line, &self.pages)
            .map(|evidence| (Misreading::Windows1256AsWindows1252, evidence));
        // Letters that make words are the strongest proof.
        let found = [letters, western, arabic].into_iter().flatten();
        let is_proof = |found: &(Misreading, Evidence)| found.1 == Evidence::Proof;
        found
            .clone()
            .find(is_proof)
            .or_else(|| found.clone().next())
    }

    fn rewrite(&self, text: &str, suspect: &Suspect, editor: &mut TextEditor<'_>) {
        let line = &text[suspect.line.clone()];
        let start = suspect.line.start;
        match suspect.misreading {
            Misreading::Utf8AsWindows1256 => {
                utf8_in_page::rewrite(line, start, &self.pages.windows_1256, editor);
            }
            Misreading::Utf8AsWindows1252 => {
                utf8_in_page::rewrite(line, start, &self.pages.windows_1252, editor);
            }
            Misreading::Windows1256AsWindows1252 => {
                arabic_in_western::rewrite(line, start, &self.pages, editor);
            }
        }
    }
}

/// Whether a line has what all damaged lines have: Latin letters with marks, each with another
/// character outside ASCII after it, far too many `ط` and `ظ`, or an alef with a sign for a letter. One quick look at the bytes lets nearly all sound
/// Arabic and English pass.
fn is_worth_a_look(line: &[u8]) -> bool {
    // U+00C0 to U+00FF: in sound text ASCII nearly always follows.
    let mut letters = memchr::memchr_iter(0xC3, line);
    let is_joined = |byte: u8| byte >= 0x80 || byte.is_ascii_digit();
    if letters.any(|at| line.get(at + 2).copied().is_some_and(is_joined)) {
        return true;
    }
    let signs = count_pairs(line, |lead, rest| {
        (lead == 0xD8) & ((rest == 0xB7) | (rest == 0xB8))
    });
    if signs * 10 > count_pairs(line, |lead, _| lead >= 0x80) {
        return true;
    }
    let mut signs = memchr::memchr_iter(0xC2, line);
    signs.any(|at| at >= 2 && line[at - 2] == 0xD8 && matches!(line[at - 1], 0xA2 | 0xA3))
}

#[cfg(test)]
mod tests;
