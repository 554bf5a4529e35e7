//! What each character is to the detector: a letter of a script, a part of a word, or none of it.
//!
//! The Basic Multilingual Plane is a table built once; the rest is looked up. A letter's folded form
//! is its lower case; tatweel, harakat and invisible joiners are no letters and don't end a word.

use unicode_script::{Script, UnicodeScript};

/// What a character is to the detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A letter of the script with this number.
    Letter(ScriptId),
    /// Belongs to the word around it and says nothing: tatweel, harakat, joiners, bidi controls.
    Silent,
    /// A figure. A word beside it is an identifier or a unit.
    Digit,
    /// A mark that ties addresses and identifiers together: `@`, `/`, `_`.
    Glue,
    /// A full stop, which ends a sentence or ties an address together.
    Dot,
    /// A mark that program code has and prose has not.
    Code,
    /// Anything else.
    Other,
}

/// The number of a script in [`SCRIPTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScriptId(pub(crate) u8);

/// A script, as the detector knows it.
#[derive(Debug)]
pub struct ScriptInfo {
    /// ISO 15924.
    pub code: &'static str,
    /// BCP 47 tag of the one language that it decides for; empty where a model decides.
    pub alone: &'static str,
    /// Whether blanks stand between words.
    pub spaced: bool,
    script: Script,
}

const fn spaced(script: Script, code: &'static str, alone: &'static str) -> ScriptInfo {
    ScriptInfo {
        code,
        alone,
        spaced: true,
        script,
    }
}

const fn unspaced(script: Script, code: &'static str, alone: &'static str) -> ScriptInfo {
    ScriptInfo {
        code,
        alone,
        spaced: false,
        script,
    }
}

/// All scripts; those that no rule and no model covers share the last one.
pub const SCRIPTS: [ScriptInfo; 35] = [
    spaced(Script::Arabic, "Arab", ""),
    spaced(Script::Latin, "Latn", ""),
    spaced(Script::Cyrillic, "Cyrl", ""),
    spaced(Script::Devanagari, "Deva", ""),
    spaced(Script::Hebrew, "Hebr", ""),
    spaced(Script::Bengali, "Beng", ""),
    spaced(Script::Ethiopic, "Ethi", ""),
    spaced(Script::Greek, "Grek", "el"),
    spaced(Script::Hangul, "Hang", "ko"),
    spaced(Script::Georgian, "Geor", "ka"),
    spaced(Script::Armenian, "Armn", "hy"),
    spaced(Script::Tamil, "Taml", "ta"),
    spaced(Script::Telugu, "Telu", "te"),
    spaced(Script::Kannada, "Knda", "kn"),
    spaced(Script::Malayalam, "Mlym", "ml"),
    spaced(Script::Gujarati, "Gujr", "gu"),
    spaced(Script::Gurmukhi, "Guru", "pa"),
    spaced(Script::Oriya, "Orya", "or"),
    spaced(Script::Sinhala, "Sinh", "si"),
    spaced(Script::Thaana, "Thaa", "dv"),
    spaced(Script::Syriac, "Syrc", "syr"),
    spaced(Script::Tifinagh, "Tfng", "zgh"),
    spaced(Script::Cherokee, "Cher", "chr"),
    spaced(Script::Mongolian, "Mong", "mn"),
    spaced(Script::Ol_Chiki, "Olck", "sat"),
    spaced(Script::Nko, "Nkoo", "nqo"),
    spaced(Script::Adlam, "Adlm", "ff"),
    unspaced(Script::Thai, "Thai", "th"),
    unspaced(Script::Lao, "Laoo", "lo"),
    unspaced(Script::Khmer, "Khmr", "km"),
    unspaced(Script::Myanmar, "Mymr", "my"),
    unspaced(Script::Tibetan, "Tibt", ""),
    unspaced(Script::Han, "Hani", "zh"),
    unspaced(Script::Hiragana, "Jpan", "ja"),
    spaced(Script::Unknown, "Zzzz", "und"),
];

/// Chinese characters, which Japanese uses too.
pub(crate) const HAN: ScriptId = id_of(Script::Han);
/// Hiragana and katakana.
pub(crate) const KANA: ScriptId = id_of(Script::Hiragana);
const LATIN: ScriptId = id_of(Script::Latin);
const HANGUL: ScriptId = id_of(Script::Hangul);
const UNKNOWN: ScriptId = id_of(Script::Unknown);

const fn id_of(script: Script) -> ScriptId {
    let mut index = 0;
    while SCRIPTS[index].script as u8 != script as u8 {
        index += 1;
    }
    ScriptId(index as u8)
}

impl ScriptId {
    /// Returns the script with this ISO 15924 code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let index = SCRIPTS.iter().position(|script| script.code == code)?;
        u8::try_from(index).ok().map(Self)
    }

    /// Returns what is known of the script.
    #[must_use]
    pub fn info(self) -> &'static ScriptInfo {
        &SCRIPTS[usize::from(self.0)]
    }

    /// Whether texts mix the two scripts within one language.
    pub(crate) fn writes_with(self, other: Self) -> bool {
        self == other || (self.is_east_asian() && other.is_east_asian())
    }

    pub(crate) fn is_latin(self) -> bool {
        self == LATIN
    }

    /// Returns what a letter weighs where scripts compete for a text. Names and titles stand in Latin
    /// letters in texts of every script and seldom the other way round; a sign of Chinese, Japanese
    /// or Korean says as much as two or three letters.
    pub(crate) fn weight(self) -> u64 {
        match self {
            LATIN => 1,
            HAN | KANA | HANGUL => 5,
            _ => 2,
        }
    }

    /// Whether figures stand beside words without a blank: `2018年`, `5월`.
    pub(crate) fn touches_figures(self) -> bool {
        self == HANGUL || !self.info().spaced
    }

    fn is_east_asian(self) -> bool {
        self == HAN || self == KANA
    }
}

/// A character's kind and folded form, packed.
#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: Kind,
    folded: u16,
}

/// The table of characters.
#[derive(Debug)]
pub struct Alphabet {
    basic: Vec<Entry>,
}

impl Default for Alphabet {
    fn default() -> Self {
        Self::new()
    }
}

impl Alphabet {
    /// Builds the table; takes a few milliseconds.
    #[must_use]
    pub fn new() -> Self {
        let entry = |code| char::from_u32(code).map_or(OUTSIDE, entry_of);
        Self {
            basic: (0..=0xFFFF).map(entry).collect(),
        }
    }

    /// Returns what `character` is, and its folded form.
    #[inline]
    #[must_use]
    pub fn look_up(&self, character: char) -> (Kind, u16) {
        let entry = match self.basic.get(character as usize) {
            Some(entry) => *entry,
            None => entry_of(character),
        };
        (entry.kind, entry.folded)
    }
}

const OUTSIDE: Entry = Entry {
    kind: Kind::Other,
    folded: 0,
};

fn entry_of(character: char) -> Entry {
    let lower = character.to_lowercase().next().unwrap_or(character);
    Entry {
        kind: kind_of(character),
        // Letters past the basic plane only need to differ from each other.
        folded: (lower as u32 & 0xFFFF) as u16,
    }
}

fn kind_of(character: char) -> Kind {
    match character {
        'ـ' | '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' => Kind::Silent,
        '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => Kind::Silent,
        '@' | '/' | '_' | '\\' => Kind::Glue,
        '.' => Kind::Dot,
        '{' | '}' | '=' | ';' | '<' | '>' | '^' | '~' => Kind::Code,
        _ if character.is_numeric() => Kind::Digit,
        _ => letter_kind(character),
    }
}

fn letter_kind(character: char) -> Kind {
    // Signs that join Indic letters are no letters by themselves, and yet part of the word.
    let joins = matches!(character, '\u{93C}' | '\u{94D}' | '\u{9BC}' | '\u{9CD}');
    match character.script() {
        Script::Inherited => Kind::Silent,
        Script::Common => Kind::Other,
        script if joins || character.is_alphabetic() => Kind::Letter(script_id(script)),
        _ => Kind::Other,
    }
}

fn script_id(script: Script) -> ScriptId {
    let script = match script {
        Script::Katakana => Script::Hiragana,
        Script::Bopomofo => Script::Han,
        other => other,
    };
    SCRIPTS
        .iter()
        .position(|info| info.script == script)
        .and_then(|index| u8::try_from(index).ok())
        .map_or(UNKNOWN, ScriptId)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_the_kind_that_words_need() {
        let alphabet = Alphabet::new();
        let letter = |code| Kind::Letter(ScriptId::from_code(code).unwrap());
        let cases = [
            ('ب', letter("Arab")),
            ('É', letter("Latn")),
            ('カ', letter("Jpan")),
            ('न', letter("Deva")),
            ('\u{94D}', letter("Deva")),
            ('𐒰', letter("Zzzz")),
            ('𞤀', letter("Adlm")),
            ('ـ', Kind::Silent),
            ('\u{64E}', Kind::Silent),
            ('\u{200C}', Kind::Silent),
            ('٣', Kind::Digit),
            ('7', Kind::Digit),
            ('۔', Kind::Other),
            ('،', Kind::Other),
            ('@', Kind::Glue),
            ('.', Kind::Dot),
            ('{', Kind::Code),
        ];
        for (character, kind) in cases {
            assert_eq!(alphabet.look_up(character).0, kind, "{character}");
        }
        assert_eq!(alphabet.look_up('É').1, 'é' as u16);
    }

    #[test]
    fn each_script_has_a_number_of_its_own() {
        for (index, info) in SCRIPTS.iter().enumerate() {
            let id = ScriptId::from_code(info.code).unwrap();
            assert_eq!(usize::from(id.0), index, "{}", info.code);
        }
    }
}
