//! Brings Arabic spelling into one form, for users who ask for it. Off unless they do: output keeps
//! what the author wrote.

use std::borrow::Cow;

use jadwal_core::{Edited, TextEditor};

use crate::options::Spelling;
use crate::unicode::Repairs;

/// Returns the text with what `spelling` names in one form, or `None` where it is so already.
pub(crate) fn fold(text: &str, spelling: &Spelling, repairs: &mut Repairs) -> Option<Edited> {
    let mut editor = TextEditor::new(text);
    for (at, character) in text.char_indices() {
        if character.is_ascii() {
            continue;
        }
        let Some((rule, with)) = change(character, spelling) else {
            continue;
        };
        let mut buffer = [0; 4];
        let with = with.map_or("", |with| with.encode_utf8(&mut buffer));
        editor.replace(at..at + character.len_utf8(), with);
        *repairs.entry(Cow::Borrowed(rule)).or_default() += 1;
    }
    (editor.changes() > 0).then(|| editor.finish())
}

/// Returns the rule that changes `character`, and what is written for it, if anything is.
fn change(character: char, spelling: &Spelling) -> Option<(&'static str, Option<char>)> {
    let (wanted, rule, with) = match character {
        'أ' | 'إ' | 'آ' | 'ٱ' => (spelling.alef, "spelling:alef", Some('ا')),
        'ى' => (spelling.ya, "spelling:ya", Some('ي')),
        'ة' => (spelling.ta_marbuta, "spelling:ta-marbuta", Some('ه')),
        '٠'..='٩' => (spelling.digits, "spelling:digits", digit(character, '٠')),
        '۰'..='۹' => (spelling.digits, "spelling:digits", digit(character, '۰')),
        _ if is_diacritic(character) => (spelling.diacritics, "spelling:diacritics", None),
        _ => return None,
    };
    wanted.then_some((rule, with))
}

fn digit(character: char, zero: char) -> Option<char> {
    char::from_digit(character as u32 - zero as u32, 10)
}

/// Vowel marks and the signs of recitation.
fn is_diacritic(character: char) -> bool {
    matches!(character,
        '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E4}' | '\u{6E7}' | '\u{6E8}' | '\u{6EA}'..='\u{6ED}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "إلى الأُمّة في ٢٠١٦ و۱۲، على آخرٍ";

    #[track_caller]
    fn check(spelling: &Spelling, expected: &str, rule: &str, count: u64) {
        let mut repairs = Repairs::new();
        let edited = fold(TEXT, spelling, &mut repairs).expect("there is something to change");
        assert_eq!(edited.text, expected);
        assert_eq!(
            repairs.into_iter().collect::<Vec<_>>(),
            [(rule.into(), count)]
        );
        let two = edited
            .text
            .find("على")
            .or(edited.text.find("علي"))
            .expect("it is there");
        let source = edited.map.source_range(two..two + "على".len());
        assert_eq!(&TEXT[source], "على");
    }

    #[test]
    fn each_switch_changes_its_own_letters() {
        let off = Spelling::default;
        check(
            &Spelling {
                alef: true,
                ..off()
            },
            "الى الاُمّة في ٢٠١٦ و۱۲، على اخرٍ",
            "spelling:alef",
            3,
        );
        check(
            &Spelling { ya: true, ..off() },
            "إلي الأُمّة في ٢٠١٦ و۱۲، علي آخرٍ",
            "spelling:ya",
            2,
        );
        check(
            &Spelling {
                ta_marbuta: true,
                ..off()
            },
            "إلى الأُمّه في ٢٠١٦ و۱۲، على آخرٍ",
            "spelling:ta-marbuta",
            1,
        );
        check(
            &Spelling {
                diacritics: true,
                ..off()
            },
            "إلى الأمة في ٢٠١٦ و۱۲، على آخر",
            "spelling:diacritics",
            3,
        );
        check(
            &Spelling {
                digits: true,
                ..off()
            },
            "إلى الأُمّة في 2016 و12، على آخرٍ",
            "spelling:digits",
            6,
        );
        assert_eq!(fold(TEXT, &off(), &mut Repairs::new()), None);
    }
}
