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

/// Options of the stage `clean`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CleanOptions {
    /// What is done with web leftovers: `remove`, `mark` or `keep`. Default: `remove`.
    pub chrome: Chrome,
    /// Blank lines kept between two lines of text, at most. Default: 1.
    pub max_blank_lines: usize,
    /// When a text is read as HTML: `auto`, `never` or `always`. Default: `auto`.
    pub html: Html,
    /// Pages longer than this many bytes are judged line by line, without building a tree of their
    /// elements. Default: 2097152 (2 MiB).
    pub max_html_bytes: usize,
    /// Whether Unicode is brought into one form: NFC, Arabic letters in place of presentation
    /// forms, no invisible marks. Default: true.
    pub normalize_unicode: bool,
    /// Whether tatweel (`ـ`), the stretching of Arabic letters, stays. Default: false.
    pub keep_tatweel: bool,
    /// Whether title, date and author are looked for in the lines of the text. Default: true.
    pub metadata: bool,
    /// Documents with fewer words than this are dropped. Default: 0, none.
    pub min_words: usize,
}

impl Default for CleanOptions {
    fn default() -> Self {
        Self {
            chrome: Chrome::Remove,
            max_blank_lines: 1,
            html: Html::Auto,
            max_html_bytes: 2 * 1024 * 1024,
            normalize_unicode: true,
            keep_tatweel: false,
            metadata: true,
            min_words: 0,
        }
    }
}
