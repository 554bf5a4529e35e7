//! Cuts a text into windows that a model can take at once: whole sentences, where they are short
//! enough; never across a line break.

use std::ops::Range;

/// Bytes of a window, at first: about 400 tokens of Arabic or English.
const BYTES: usize = 1_800;

/// The windows of a text, in order; [`Windows::halve`] gives one back in smaller parts. Each byte is
/// looked at a bounded number of times.
pub(crate) struct Windows<'a> {
    text: &'a str,
    rest: Range<usize>,
    /// Parts of a window that was too long, the next one last.
    parts: Vec<Range<usize>>,
}

impl<'a> Windows<'a> {
    /// Returns the windows of `text[range]`, which lies on character boundaries.
    pub(crate) fn of(text: &'a str, range: Range<usize>) -> Self {
        Self {
            text,
            rest: range,
            parts: Vec::new(),
        }
    }

    /// Gives back `window` in two parts. A single character is gone: one that is too much for a
    /// model is no part of a name.
    pub(crate) fn halve(&mut self, window: Range<usize>) {
        let half = window.start + end_of(&self.text[window.clone()], window.len() / 2);
        if half < window.end {
            self.parts.push(half..window.end);
            self.parts.push(window.start..half);
        }
    }
}

impl Iterator for Windows<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        if let Some(part) = self.parts.pop() {
            return Some(part);
        }
        loop {
            let rest = &self.text[self.rest.clone()];
            let blank = rest.len() - rest.trim_start().len();
            let start = self.rest.start + blank;
            let rest = &rest[blank..];
            if rest.is_empty() {
                return None;
            }
            let near = &rest[..rest.floor_char_boundary(BYTES + 1)];
            let line = near.find('\n').unwrap_or(rest.len());
            let length = end_of(&rest[..line], BYTES);
            self.rest.start = start + length;
            if length > 0 {
                return Some(start..start + length);
            }
        }
    }
}

/// Returns where the first part of `text` ends that is at most `limit` bytes long: at its end, or behind
/// the last sentence, blank or character before.
fn end_of(text: &str, limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    let most = text.floor_char_boundary(limit);
    let first = text.chars().next().map_or(0, char::len_utf8);
    let near = &text[..most.max(first)];
    let blanks = || {
        near.char_indices()
            .rev()
            .filter(|(_, sign)| sign.is_whitespace())
    };
    let ends = |(at, _): &(usize, char)| near[..*at].ends_with(['.', '!', '?', '؟', '۔', '…']);
    let cut = blanks().find(ends).or_else(|| blanks().next());
    cut.map_or(near.len(), |(at, blank)| at + blank.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let windows = Windows::of(text, 0..text.len());
        windows.map(|window| &text[window]).collect()
    }

    #[test]
    fn windows_are_lines_sentences_words_or_characters() {
        assert_eq!(cut("One. Two.\n\n Three \n"), ["One. Two.", "Three "]);
        let sentence = format!("{}. ", "w ".repeat(500).trim());
        let text = sentence.repeat(3);
        assert_eq!(cut(&text), [sentence.as_str(); 3]);
        let words = "word ".repeat(1000);
        let lengths: Vec<_> = cut(&words).iter().map(|window| window.len()).collect();
        assert_eq!(lengths, [BYTES, BYTES, 5000 - 2 * BYTES]);
        let long = "س".repeat(2000);
        let windows = cut(&long);
        assert_eq!(windows.concat(), long);
        assert!(windows.iter().all(|window| window.len() <= BYTES));
        assert!(cut("  \n ").is_empty());
    }

    #[test]
    fn halves_come_in_order_down_to_a_character() {
        let text = "ab cd سن";
        let mut windows = Windows::of(text, 0..text.len());
        let mut seen = Vec::new();
        while let Some(window) = windows.next() {
            if text[window.clone()].chars().count() == 1 {
                seen.push(&text[window.clone()]);
            }
            windows.halve(window);
        }
        assert_eq!(seen.concat(), text);
        assert_eq!(seen.len(), text.chars().count());
    }
}
