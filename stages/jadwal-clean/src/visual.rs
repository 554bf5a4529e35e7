//! Tells whether Arabic presentation forms are stored in the order of reading, and turns them round
//! where they are not.
//!
//! Old programs drew right-to-left text by storing its shapes from left to right. The shapes give
//! it away: in the order of reading a word goes from an initial through medial to a final form.

use std::borrow::Cow;

use jadwal_core::{Edited, TextEditor};

use crate::unicode::{Repairs, is_invisible};

/// Shape of a presentation form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Isolated,
    /// The letter joins on both sides elsewhere.
    Final,
    /// The letter never joins the next one, so that a word goes on after it.
    FinalOnly,
    Initial,
    Medial,
}

/// First forms of letters with two shapes: isolated and final.
const PAIRS: [(u32, u32); 14] = [
    (0xFB50, 0xFB50),
    (0xFB82, 0xFB8C),
    (0xFB9E, 0xFB9E),
    (0xFBA4, 0xFBA4),
    (0xFBAE, 0xFBB0),
    (0xFBD7, 0xFBE2),
    (0xFBEA, 0xFBF4),
    (0xFE81, 0xFE87),
    (0xFE8D, 0xFE8D),
    (0xFE93, 0xFE93),
    (0xFEA9, 0xFEAF),
    (0xFEED, 0xFEEF),
    (0xFEF5, 0xFEFB),
    (0xFBF6, 0xFBF6),
];

/// First forms of letters with four shapes: isolated, final, initial, medial.
const QUADS: [(u32, u32); 10] = [
    (0xFB52, 0xFB7E),
    (0xFB8E, 0xFB9A),
    (0xFBA0, 0xFBA0),
    (0xFBA6, 0xFBAA),
    (0xFBD3, 0xFBD3),
    (0xFBE4, 0xFBE4),
    (0xFBFC, 0xFBFC),
    (0xFE89, 0xFE8F),
    (0xFE95, 0xFEA5),
    (0xFEB1, 0xFEF1),
];

fn shape(character: char) -> Option<Shape> {
    let code = character as u32;
    if !(0xFB50..=0xFEFC).contains(&code) {
        return None;
    }
    let place = |runs: &[(u32, u32)], size: u32| {
        let within = |(first, last): &&(u32, u32)| (*first..last + size).contains(&code);
        runs.iter()
            .find(within)
            .map(|(first, _)| (code - first) % size)
    };
    // Letters with two forms lie among those with four: they come first.
    let shape = match place(&PAIRS, 2) {
        Some(0) => Shape::Isolated,
        Some(_) => Shape::FinalOnly,
        None => match place(&QUADS, 4)? {
            0 => Shape::Isolated,
            1 => Shape::Final,
            2 => Shape::Initial,
            _ => Shape::Medial,
        },
    };
    Some(shape)
}

/// Whether a line holds its presentation forms from left to right. A line that does not say is in
/// the order of reading.
pub(crate) fn is_visual(line: &str) -> bool {
    use Shape::{Final, FinalOnly, Initial, Medial};
    let (mut reading, mut visual, mut weak_reading, mut weak_visual) = (0u32, 0u32, 0u32, 0u32);
    let mut before = None;
    // What the tidying takes out joins nothing.
    let seen = line.chars().filter(|character| !is_invisible(*character));
    for shape in seen.map(shape) {
        match (before, shape) {
            (Some(Initial), Some(Medial | Final)) | (Some(Medial), Some(Final | FinalOnly)) => {
                reading += 1;
            }
            (Some(Final), Some(Medial | Initial)) | (Some(FinalOnly), Some(Medial)) => visual += 1,
            (Some(Medial), Some(Initial)) => visual += 1,
            // A letter that never joins the next one ends a group in the midst of a word.
            (Some(Initial), Some(FinalOnly)) => weak_reading += 1,
            (Some(FinalOnly), Some(Initial)) => weak_visual += 1,
            _ => {}
        }
        before = shape;
    }
    match visual.cmp(&reading) {
        std::cmp::Ordering::Equal => weak_visual > weak_reading,
        order => order.is_gt(),
    }
}

/// Returns the text with its visual lines turned round, or `None` where there are none. Each turned
/// line is one unit of the map: its parts lead to the whole line.
pub(crate) fn turn(text: &str, repairs: &mut Repairs) -> Option<Edited> {
    // The first byte of all presentation forms.
    memchr::memchr(0xEF, text.as_bytes())?;
    let mut editor = TextEditor::new(text);
    let mut start = 0;
    for line in text.split('\n') {
        let trimmed = line.trim();
        if is_visual(trimmed) {
            let from = start + line.len() - line.trim_start().len();
            editor.replace(from..from + trimmed.len(), &reversed(trimmed));
        }
        start += line.len() + 1;
    }
    let changes = editor.changes();
    if changes == 0 {
        return None;
    }
    let rule = Cow::Borrowed("unicode:visual-order");
    *repairs.entry(rule).or_default() += changes as u64;
    Some(editor.finish())
}

/// Returns a line in the order of reading. Numbers and words in Latin letters keep theirs.
fn reversed(line: &str) -> String {
    let mut turned = String::with_capacity(line.len());
    let mut end = line.len();
    while let Some(last) = line[..end].chars().next_back() {
        let mut start = end - last.len_utf8();
        if is_left_to_right(last) {
            start = left_to_right_start(line, end);
            turned.push_str(&line[start..end]);
        } else if is_mark(last) {
            // Marks follow their letter in either order.
            let run = line[..end].trim_end_matches(is_mark);
            let base = run.chars().next_back().map_or(0, char::len_utf8);
            start = run.len() - base;
            turned.push_str(&line[start..end]);
        } else {
            turned.push(mirrored(last));
        }
        end = start;
    }
    turned
}

fn is_left_to_right(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '٠'..='٩' | '۰'..='۹' | '\u{C0}'..='\u{24F}')
}

/// Returns where the run of left-to-right characters that ends at `end` starts: their inner
/// punctuation and the blanks between Latin words belong to it.
fn left_to_right_start(line: &str, end: usize) -> usize {
    let mut start = end;
    for (at, character) in line[..end].char_indices().rev() {
        match character {
            _ if is_left_to_right(character) => start = at,
            '.' | ',' | ':' | '/' | '-' | '\'' | '@' | '_' | ' ' => {}
            _ => break,
        }
    }
    start
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{FE70}'..='\u{FE7F}')
}

fn mirrored(character: char) -> char {
    match character {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '«' => '»',
        '»' => '«',
        '<' => '>',
        '>' => '<',
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: &str = "ﺍﻓﺘﺘﺢ ﻭﺯﻳﺮ ﺍﻟﻨﻘﻞ (ﺃﻣﺲ) 37 ﻣﺪﺭﺳﺔ.";
    const VISUAL: &str = ".ﺔﺳﺭﺪﻣ 37 (ﺲﻣﺃ) ﻞﻘﻨﻟﺍ ﺮﻳﺯﻭ ﺢﺘﺘﻓﺍ";

    #[test]
    fn the_shapes_tell_the_order() {
        // Marks that go say nothing.
        assert_eq!(is_visual("ﮗﺣ\u{61C}ﺜaa"), is_visual("ﮗﺣﺜaa"));
        assert!(!is_visual(READING));
        assert!(is_visual(VISUAL));
        for word in ["ﺑﺎﺑﻨﺎ", "ﻻ", "ﺩﺍﺭ", "ﺑﺎ", "", "دار", "ﭼﺎﭖ"] {
            assert!(!is_visual(word), "{word}");
        }
        for word in ["ﺎﻨﺑﺎﺑ", "ﺔﻨﻳﺪﻣ", "ﺦﻳﺭﺎﺗ"] {
            assert!(is_visual(word), "{word}");
        }
    }

    #[test]
    fn a_turned_line_reads_as_it_should() {
        assert_eq!(reversed(VISUAL), READING);
        assert_eq!(reversed("ﺔﻨﺳ 2016 BBC News ﺔﻜﺒﺷ"), "ﺷﺒﻜﺔ 2016 BBC News ﺳﻨﺔ");
        assert_eq!(reversed(""), "");
    }
}
