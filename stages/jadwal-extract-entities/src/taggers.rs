//! The models of the languages, and which of them reads which part of a text.
//!
//! Models are part of the binary. One is unpacked when the first text of its language comes, and
//! kept. Text in a language without a model has no tagger; where no stage told the language, the script
//! decides between Arabic and English.

use std::ops::Range;
use std::sync::OnceLock;

use jadwal_core::StageResult;
use jadwal_core::facts::{Facts, Segment};

use crate::options::TaggerBalance;
use crate::tagger::{TaggedSpan, Tagger};

/// Languages with a model, and the model files.
const MODELS: &[(&str, &[u8])] = &[
    ("ar", include_bytes!("../models/ar.model")),
    ("da", include_bytes!("../models/da.model")),
    ("en", include_bytes!("../models/en.model")),
    ("fa", include_bytes!("../models/fa.model")),
    ("fr", include_bytes!("../models/fr.model")),
    ("hu", include_bytes!("../models/hu.model")),
    ("pt", include_bytes!("../models/pt.model")),
    ("ru", include_bytes!("../models/ru.model")),
    ("sv", include_bytes!("../models/sv.model")),
    ("tr", include_bytes!("../models/tr.model")),
];

/// Varieties of Arabic that the Arabic model reads.
const ARABIC: [&str; 9] = ["ar", "arb", "arz", "apc", "ajp", "ary", "acm", "afb", "aeb"];

/// What is known of a text's languages.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Languages<'a> {
    /// BCP 47 tag of the whole text, or empty.
    pub(crate) whole: &'a str,
    /// Its parts, if they are known.
    pub(crate) segments: &'a [Segment],
}

impl<'a> Languages<'a> {
    /// Takes over what earlier stages found out.
    pub(crate) fn of(facts: &'a Facts) -> Self {
        Self {
            whole: facts.language.as_ref().map_or("", |language| &language.tag),
            segments: &facts.segments,
        }
    }
}

/// A tagger in the place of the built-in ones.
pub(crate) trait NameTagger: Send + Sync {
    /// Whether it reads the language with this BCP 47 tag.
    fn reads(&self, tag: &str) -> bool;

    /// Appends the names in `text[range]`, by start, without overlaps.
    ///
    /// # Errors
    /// A document error, when the model can't compute them.
    fn tag(
        &self,
        text: &str,
        range: Range<usize>,
        balance: TaggerBalance,
        spans: &mut Vec<TaggedSpan>,
    ) -> StageResult<()>;
}

/// All models.
pub struct Taggers {
    /// A model of the user's.
    own: Option<Box<dyn NameTagger>>,
    /// By index of the model; `None` inside for a file that is not understood, which a test rules out.
    read: Vec<OnceLock<Option<Tagger>>>,
}

impl Default for Taggers {
    fn default() -> Self {
        Self::new()
    }
}

impl Taggers {
    /// Returns the models, none of them unpacked yet.
    #[must_use]
    pub fn new() -> Self {
        Self::with(None)
    }

    /// Returns the models with one of the user's, which comes first.
    pub(crate) fn with(own: Option<Box<dyn NameTagger>>) -> Self {
        Self {
            own,
            read: MODELS.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// Returns the tagger for a BCP 47 tag, if there is a model.
    #[must_use]
    pub fn for_language(&self, tag: &str) -> Option<&Tagger> {
        let primary = tag.split('-').next().unwrap_or("");
        let name = if ARABIC.contains(&primary) {
            "ar"
        } else {
            primary
        };
        let index = MODELS.iter().position(|(language, _)| *language == name)?;
        self.read[index]
            .get_or_init(|| Tagger::read(MODELS[index].1).ok())
            .as_ref()
    }

    /// Returns what the taggers find in `text`.
    ///
    /// # Errors
    /// A document error, when a model of the user's fails.
    pub(crate) fn tagged(
        &self,
        text: &str,
        languages: &Languages<'_>,
        balance: TaggerBalance,
    ) -> StageResult<Tagged> {
        let mut tagged = Tagged::default();
        let bias = match balance {
            TaggerBalance::Off => return Ok(tagged),
            TaggerBalance::Precision => 0,
            TaggerBalance::Balanced => 1,
            TaggerBalance::Recall => 2,
        };
        for (range, tag) in parts(text, languages) {
            let spans = &mut tagged.spans;
            if let Some(own) = self.own.as_ref().filter(|own| own.reads(tag)) {
                own.tag(text, range.clone(), balance, spans)?;
            } else if let Some(tagger) = self.for_language(tag) {
                tagger.tag(text, range.clone(), tagger.biases()[bias], spans);
            } else {
                continue;
            }
            tagged.parts.push(range);
        }
        Ok(tagged)
    }
}

/// What the taggers found in a text.
#[derive(Debug, Default)]
pub(crate) struct Tagged {
    /// The names, in order.
    pub(crate) spans: Vec<TaggedSpan>,
    /// The parts of the text that a tagger has read, in order.
    pub(crate) parts: Vec<Range<usize>>,
}

/// Returns the parts of `text` with their languages.
fn parts<'a>(text: &str, languages: &Languages<'a>) -> Vec<(Range<usize>, &'a str)> {
    if !languages.segments.is_empty() {
        let whole = |segment: &&Segment| text.get(segment.range.clone()).is_some();
        return languages
            .segments
            .iter()
            .filter(whole)
            .map(|segment| (segment.range.clone(), segment.language.tag.as_str()))
            .collect();
    }
    let tag = match languages.whole {
        "" => by_script(text),
        tag => tag,
    };
    vec![(0..text.len(), tag)]
}

/// Letters that are looked at to tell the script.
const LOOKED_AT: usize = 2000;

fn by_script(text: &str) -> &'static str {
    // Most letters are told without the tables of Unicode.
    let plain = |letter: &char| matches!(letter, 'a'..='z' | 'A'..='Z' | '\u{620}'..='\u{64A}');
    let letters = text
        .chars()
        .filter(|letter| plain(letter) || letter.is_alphabetic());
    let (mut arabic, mut latin) = (0, 0);
    for letter in letters.take(LOOKED_AT) {
        match letter {
            '\u{620}'..='\u{64A}' => arabic += 1,
            'a'..='z' | 'A'..='Z' => latin += 1,
            _ => {}
        }
    }
    match (arabic, latin) {
        (0, 0) => "",
        _ if arabic >= latin => "ar",
        _ => "en",
    }
}
