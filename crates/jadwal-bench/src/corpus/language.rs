//! What the generator knows of one language: words, sentences with gaps, web leftovers.

use std::fmt;
use std::str::FromStr;

use crate::corpus::{arabic, english, french};

/// A language that documents are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `ar`
    Arabic,
    /// `en`
    English,
    /// `fr`
    French,
}

impl Language {
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::Arabic => &arabic::WORDS,
            Self::English => &english::WORDS,
            Self::French => &french::WORDS,
        }
    }

    fn tag(self) -> &'static str {
        match self {
            Self::Arabic => "ar",
            Self::English => "en",
            Self::French => "fr",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(tag: &str) -> Result<Self, Self::Err> {
        let all = [Self::Arabic, Self::English, Self::French];
        all.into_iter()
            .find(|language| language.tag() == tag)
            .ok_or_else(|| format!("`{tag}` is not one of ar, en, fr"))
    }
}

/// The lists of one language. A sentence has gaps: `{country}`, `{city}`, `{person}`, `{body}`,
/// `{topic}`, `{thing}`, `{money}`, `{percent}`, `{date}`, `{number}`, `{year}`.
pub(crate) struct Words {
    pub(crate) titles: &'static [&'static str],
    pub(crate) sentences: &'static [&'static str],
    pub(crate) countries: &'static [&'static str],
    pub(crate) cities: &'static [&'static str],
    pub(crate) first_names: &'static [&'static str],
    pub(crate) last_names: &'static [&'static str],
    /// Ministries, companies, clubs.
    pub(crate) bodies: &'static [&'static str],
    pub(crate) topics: &'static [&'static str],
    pub(crate) things: &'static [&'static str],
    pub(crate) months: &'static [&'static str],
    /// What stands behind an amount.
    pub(crate) currencies: &'static [&'static str],
    /// What stands behind a percentage.
    pub(crate) percent: &'static str,
    /// Lines that sites print before an article.
    pub(crate) chrome_before: &'static [&'static str],
    /// Lines that sites print after one.
    pub(crate) chrome_after: &'static [&'static str],
    /// Whether some numbers are written in Arabic-Indic digits.
    pub(crate) arabic_digits: bool,
}
