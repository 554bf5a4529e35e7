//! Cuts a text into pieces that are likely in one language: at line ends, sentence marks, quotation
//! marks and changes of script.
//!
//! The pieces cover the text in order, without a gap. Blanks and closing marks go with the piece
//! before them, opening marks with the piece after.

use std::ops::Range;

use crate::alphabet::{Alphabet, Kind, ScriptId};

/// Returns the pieces of `text`.
pub(crate) fn pieces(alphabet: &Alphabet, text: &str) -> Vec<Range<usize>> {
    let mut cutter = Cutter::default();
    for (at, character) in text.char_indices() {
        match alphabet.look_up(character).0 {
            Kind::Letter(script) if cutter.goes_on(script) => {}
            Kind::Letter(script) => cutter.letter(at, script),
            Kind::Silent => {}
            _ => cutter.mark(at, character),
        }
    }
    cutter.cut(text.len());
    cutter.pieces
}

#[derive(Debug, Default)]
struct Cutter {
    pieces: Vec<Range<usize>>,
    /// Where the piece that is being read starts.
    start: usize,
    /// The script of its last letter.
    script: Option<ScriptId>,
    /// Where the next piece would start if the next letter began one.
    next_start: usize,
    /// A mark that ends a piece was passed since the last letter.
    ended: bool,
    /// The last character was a full stop; whether it ends a piece depends on the next one.
    after_dot: bool,
    in_word: bool,
}

impl Cutter {
    /// Whether a letter of `script` goes on with the word before it, as most do; then all stays as it is.
    #[inline]
    fn goes_on(&self, script: ScriptId) -> bool {
        self.in_word && self.script == Some(script)
    }

    fn letter(&mut self, at: usize, script: ScriptId) {
        let changes = self
            .script
            .is_some_and(|before| !before.writes_with(script));
        if changes && self.in_word {
            self.cut(at);
        } else if changes || self.ended {
            self.cut(self.next_start);
        }
        self.script = Some(script);
        self.ended = false;
        // A letter right after a full stop: an address or an abbreviation goes on.
        self.after_dot = false;
        self.in_word = true;
    }

    fn mark(&mut self, at: usize, character: char) {
        let end = at + character.len_utf8();
        if self.in_word {
            self.next_start = at;
        }
        if character.is_whitespace() || closes(character) {
            self.next_start = end;
        }
        self.ended |= self.after_dot && !character.is_numeric();
        self.ended |= ends_piece(character);
        self.after_dot = character == '.';
        self.in_word = false;
    }

    fn cut(&mut self, at: usize) {
        if at > self.start {
            self.pieces.push(self.start..at);
            self.start = at;
        }
    }
}

/// Whether a new piece may start after `character`.
fn ends_piece(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r'
            | '!'
            | '?'
            | '؟'
            | '۔'
            | '…'
            | '。'
            | '！'
            | '？'
            | '।'
            | '«'
            | '»'
            | '“'
            | '”'
            | '„'
    )
}

/// Whether `character` belongs to the words before it.
fn closes(character: char) -> bool {
    matches!(
        character,
        '.' | '!'
            | '?'
            | '؟'
            | '۔'
            | '…'
            | '。'
            | '！'
            | '？'
            | '।'
            | '»'
            | '”'
            | ')'
            | ']'
            | ','
            | '،'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        pieces(&Alphabet::new(), text)
            .into_iter()
            .map(|piece| &text[piece])
            .collect()
    }

    #[test]
    fn pieces_end_where_a_language_may_end() {
        let cases: [(&str, &[&str]); 11] = [
            ("", &[]),
            ("12 % — 7", &["12 % — 7"]),
            ("One. Two! Three", &["One. ", "Two! ", "Three"]),
            ("جاء أمس. ثم مضى؟ نعم", &["جاء أمس. ", "ثم مضى؟ ", "نعم"]),
            ("one\ntwo\n", &["one\n", "two\n"]),
            (
                "قال «Bonjour le monde» ثم",
                &["قال ", "«Bonjour le monde» ", "ثم"],
            ),
            (
                "سعر 3.5 و www.example.com",
                &["سعر 3.5 و ", "www.example.com"],
            ),
            ("الـAI جديد", &["الـ", "AI ", "جديد"]),
            ("東京でカメラ。次", &["東京でカメラ。", "次"]),
            ("He said “no” twice", &["He said ", "“no” ", "twice"]),
            ("«…»", &["«…»"]),
        ];
        for (text, wanted) in cases {
            assert_eq!(cut(text), wanted, "{text}");
        }
    }
}
