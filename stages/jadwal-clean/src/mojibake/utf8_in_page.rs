//! UTF-8 that was read as a single-byte code page.

use std::ops::Range;

use jadwal_core::TextEditor;

use super::Evidence;
use super::pages::CodePage;

/// Characters that bytes of UTF-8 were read as.
struct Sequence {
    /// Where they lie in the line.
    range: Range<usize>,
    /// How many they are.
    length: usize,
    /// What the bytes spell.
    character: char,
    /// Whether sound text could have these characters side by side.
    is_doubtful: bool,
}

/// Says whether `line` is UTF-8 that was read as `page`.
pub(super) fn judge(line: &str, page: &CodePage) -> Option<Evidence> {
    let (mut sequences, mut covered, mut certain) = (0usize, 0usize, 0usize);
    for sequence in Sequences::new(line, page) {
        sequences += 1;
        covered += sequence.length;
        certain += usize::from(!sequence.is_doubtful);
    }
    if sequences == 0 {
        return None;
    }
    let all = line.chars().filter(|character| !character.is_ascii());
    let all = all.count();
    let is_covered = covered * 10 >= all * 8;
    let is_mixed = covered * 10 >= all * 3 || certain >= 4;
    if (certain >= 2 && is_covered) || (certain >= 1 && is_western(page) && is_mixed) {
        return Some(Evidence::Proof);
    }
    is_covered.then_some(Evidence::Hint)
}

/// In Windows-1252 a pair such as `Ã©` says all; letters of Arabic are never so sure.
fn is_western(page: &CodePage) -> bool {
    page.byte('Ã').is_some()
}

/// Writes what the bytes of each sequence spell.
pub(super) fn rewrite(line: &str, start: usize, page: &CodePage, editor: &mut TextEditor<'_>) {
    let mut buffer = [0; 4];
    let sequences = Sequences {
        is_proved: true,
        ..Sequences::new(line, page)
    };
    for sequence in sequences {
        let range = start + sequence.range.start..start + sequence.range.end;
        editor.replace(range, sequence.character.encode_utf8(&mut buffer));
    }
}

/// Finds the sequences of a line from left to right.
struct Sequences<'a> {
    line: &'a str,
    page: &'a CodePage,
    at: usize,
    /// Whether the line is known to be damaged.
    is_proved: bool,
}

impl<'a> Sequences<'a> {
    fn new(line: &'a str, page: &'a CodePage) -> Self {
        Self {
            line,
            page,
            at: 0,
            is_proved: false,
        }
    }

    /// Reads the sequence at the start of `rest`, if there is one.
    fn read(&self, rest: &str) -> Option<Sequence> {
        // The no-break space that is half of an `à` becomes a plain one, or none, on many ways.
        let is_a_grave = || rest == "Ã" || rest.starts_with("Ã ");
        if self.is_proved && is_western(self.page) && is_a_grave() {
            // Of two blanks the first was the other half.
            let length = 'Ã'.len_utf8() + usize::from(rest.starts_with("Ã  "));
            return Some(Sequence {
                range: self.at..self.at + length,
                length: 1,
                character: 'à',
                is_doubtful: true,
            });
        }
        let mut characters = rest.char_indices();
        let lead = self.page.byte(characters.next()?.1)?;
        let length = match lead {
            0xC2..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0..=0xF4 => 4,
            _ => return None,
        };
        let is_tilde = rest.starts_with('Ã');
        let mut bytes = [lead, 0, 0, 0];
        let mut is_doubtful = length == 2;
        for byte in &mut bytes[1..length] {
            let (_, character) = characters.next()?;
            if character.is_ascii() {
                return None;
            }
            *byte = self.page.byte(character)?;
            // `Ã` before a letter or a no-break space is half an `à` or `ß`, wherever it stands.
            let is_letter = character.is_alphabetic() || character == '\u{A0}';
            is_doubtful &= is_common_after_a_letter(character) && !(is_tilde && is_letter);
        }
        let character = std::str::from_utf8(&bytes[..length]).ok()?.chars().next()?;
        let end = characters.next().map_or(rest.len(), |(at, _)| at);
        is_plausible(character).then_some(Sequence {
            range: self.at..self.at + end,
            length,
            character,
            is_doubtful,
        })
    }
}

impl Iterator for Sequences<'_> {
    type Item = Sequence;

    fn next(&mut self) -> Option<Sequence> {
        loop {
            let rest = &self.line[self.at..];
            let plain = rest.bytes().position(|byte| byte >= 0x80)?;
            self.at += plain;
            let rest = &rest[plain..];
            if let Some(sequence) = self.read(rest) {
                self.at = sequence.range.end;
                return Some(sequence);
            }
            self.at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
}

/// Quotation marks, dashes and the like, and the letters that code pages have among them: they
/// follow letters in sound text too.
fn is_common_after_a_letter(character: char) -> bool {
    matches!(character,
        'š' | 'ž' | 'œ' | 'Š' | 'Ž' | 'Œ' | 'Ÿ' | 'ƒ' | '‘'..='„' | '«' | '»' | '‹' | '›' | '…' | '–' | '—' | '\u{A0}' | '،' | '؛' | '؟'
        | '\u{200C}' | '\u{200D}' | '\u{621}'..='\u{64A}' | '\u{671}'..='\u{6D3}')
}

/// Whether texts that are misread are made of such characters.
fn is_plausible(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{17F}' | 'ƒ' | '\u{2C6}' | '\u{2DC}' | '\u{370}'..='\u{52F}' | '\u{591}'..='\u{5F4}'
        | '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{900}'..='\u{DFF}'
        | '\u{1E00}'..='\u{1EFF}' | '\u{200B}'..='\u{206F}' | '\u{20A0}'..='\u{20BF}'
        | '\u{2100}'..='\u{27BF}' | '\u{3000}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{FB50}'..='\u{FDFF}' | '\u{FE00}'..='\u{FEFF}' | '\u{1F300}'..='\u{1FAFF}')
}
