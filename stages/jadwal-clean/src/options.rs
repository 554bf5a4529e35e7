//! The options of the stage, as in `[stages.clean.options]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is done with web leftovers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chrome {
    /// They are taken out of the text and listed in `removed`.
    #[default]
    Remove,
    /// They stay in the text and are listed in `removed` with rules that start with `mark:`.
    Mark,
    /// They are not looked for.
    Keep,
}

/// When a text is read as HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Html {
    /// When the file's name or its first lines say so.
    #[default]
    Auto,
    /// Never: tags stay in the text.
    Never,
    /// Always.
    Always,
}

/// What is done with lines of Arabic presentation forms that are stored from left to right, as old
/// programs drew them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisualOrder {
    /// They stay as they are, and are counted as `unicode:visual-order-kept`.
    #[default]
    Keep,
    /// They are turned round, and counted as `unicode:visual-order`. What lies in such a line leads
    /// to the whole line in the source.
    Reverse,
}

/// What is done with the quality of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum QualityLabels {
    /// It is not looked at.
    #[default]
    Off,
    /// `extra` gets a label with its reasons and measures.
    Label,
    /// The same; documents that break a rule are dropped.
    Drop,
}

/// Which letters of Arabic are brought into one form. All are off: output keeps the author's
/// spelling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Spelling {
    /// Alef without hamza or madda: `أ إ آ ٱ` become `ا`. Default: false.
    pub alef: bool,
    /// `ى` becomes `ي`. Default: false.
    pub ya: bool,
    /// `ة` becomes `ه`. Default: false.
    pub ta_marbuta: bool,
    /// Vowel marks are taken off. Default: false.
    pub diacritics: bool,
    /// `٠` to `٩` and `۰` to `۹` become ASCII digits. Default: false.
    pub digits: bool,
}

impl Spelling {
    /// Whether nothing is changed.
    #[must_use]
    pub fn is_off(&self) -> bool {
        *self == Self::default()
    }
}

/// Options of the stage `clean`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CleanOptions {
    /// Step `decode`: whether the encoding is found out. Otherwise files must be UTF-8. Default: true.
    pub decode: bool,
    /// Step `mojibake`: whether lines that were read in the wrong encoding on their way are repaired.
    /// Default: true.
    pub mojibake: bool,
    /// Step `controls`: whether control characters are removed, line ends made one, and character
    /// references that were left in text (`&nbsp;`) written as characters. Default: true.
    pub controls: bool,
    /// Step `classify`: what is done with web leftovers: `remove`, `mark` or `keep`. Default: `remove`.
    pub chrome: Chrome,
    /// Blank lines kept between two lines of text, at most. Default: 1.
    pub max_blank_lines: usize,
    /// Step `html`: when a text is read as HTML: `auto`, `never` or `always`. Default: `auto`.
    pub html: Html,
    /// Pages longer than this many bytes are judged line by line, without building a tree of their
    /// elements. Default: 2097152 (2 MiB).
    pub max_html_bytes: usize,
    /// Step `unicode`: whether Unicode is brought into one form: NFC, Arabic letters in place of
    /// presentation forms, no invisible marks. Default: true.
    pub unicode: bool,
    /// Whether tatweel (`ـ`), the stretching of Arabic letters, stays. Default: false.
    pub keep_tatweel: bool,
    /// What is done with lines of presentation forms in visual order: `keep` or `reverse`. Default:
    /// `keep`.
    pub visual_order: VisualOrder,
    /// Spelling that is brought into one form: `alef`, `ya`, `ta_marbuta`, `diacritics`, `digits`.
    /// Default: none.
    pub spelling: Spelling,
    /// Step `lines`: whether lines that were wrapped at a fixed width are joined. Default: true.
    pub join_lines: bool,
    /// Step `metadata`: whether title, date and author are looked for in the lines of the text. Default: true.
    pub metadata: bool,
    /// Step `whitespace`: whether blanks between words and blank lines are tidied. Default: true.
    pub whitespace: bool,
    /// Whether the quality of texts is judged by the published rules of large corpora: `off`, `label`
    /// (label, reasons and measures in `extra`), `drop`. Default: `off`.
    pub quality: QualityLabels,
    /// Documents with fewer words than this are dropped. Default: 0, none.
    pub min_words: usize,
}

impl Default for CleanOptions {
    fn default() -> Self {
        Self {
            decode: true,
            mojibake: true,
            controls: true,
            chrome: Chrome::Remove,
            max_blank_lines: 1,
            html: Html::Auto,
            max_html_bytes: 2 * 1024 * 1024,
            unicode: true,
            keep_tatweel: false,
            visual_order: VisualOrder::Keep,
            spelling: Spelling::default(),
            join_lines: true,
            metadata: true,
            whitespace: true,
            quality: QualityLabels::Off,
            min_words: 0,
        }
    }
}
