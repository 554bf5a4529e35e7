//! Which languages are told, by which tag, and which are expected.

use std::collections::BTreeMap;

use crate::detector::UNDETERMINED;

/// Varieties that are told only if asked for, and what they are told as otherwise.
const VARIETIES: [(&str, &str); 5] = [
    ("apc", "ar"),
    ("arz", "ar"),
    ("arq", "ar"),
    ("mey", "ar"),
    ("fa-AF", "fa"),
];
/// What may be told as Serbo-Croatian.
const SERBO_CROATIAN: [&str; 4] = ["bs", "hr", "sr-Cyrl", "sr-Latn"];

/// How a detector names languages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Naming {
    /// Tags of the only languages that are told; all if it is empty. `sr` stands for `sr-Latn` too.
    pub allowed: Vec<String>,
    /// How much likelier than others languages are before the text is read.
    pub weights: BTreeMap<String, f32>,
    /// Whether dialects of Arabic and Persian have tags of their own.
    pub varieties: bool,
    /// Whether Bosnian, Croatian and Serbian are all told as `sh`.
    pub serbo_croatian: bool,
}

impl Naming {
    /// Returns the tag that a label of the model is told as.
    pub(crate) fn told<'t>(&self, tag: &'t str) -> &'t str {
        if self.serbo_croatian && SERBO_CROATIAN.contains(&tag) {
            return "sh";
        }
        let variety = VARIETIES.iter().find(|(variety, _)| *variety == tag);
        match variety {
            Some((_, language)) if !self.varieties => language,
            _ => tag,
        }
    }

    /// Whether `tag` may be told.
    pub(crate) fn allows(&self, tag: &str) -> bool {
        let listed = self.allowed.iter().any(|range| covers(range, tag));
        tag == UNDETERMINED || self.allowed.is_empty() || listed
    }

    /// Returns what is added to the value of a label that is told as `tag`.
    pub(crate) fn leaning(&self, tag: &str) -> f32 {
        if !self.allows(tag) {
            return f32::NEG_INFINITY;
        }
        let weights = self.weights.iter().filter(|(range, _)| covers(range, tag));
        // The longest range is the most exact one.
        let weight = weights.max_by_key(|(range, _)| range.len());
        weight.map_or(0.0, |(_, weight)| weight.ln())
    }
}

/// Whether the tag is the range or begins with all subtags of it, as in RFC 4647.
pub(crate) fn covers(range: &str, tag: &str) -> bool {
    let rest = tag.strip_prefix(range);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_covers_its_scripts_and_regions() {
        let cases = [
            ("sr", "sr-Latn", true),
            ("sr", "sr", true),
            ("sr-Latn", "sr", false),
            ("s", "sr", false),
            ("ar", "arz", false),
            ("", "ar", false),
        ];
        for (range, tag, wanted) in cases {
            assert_eq!(covers(range, tag), wanted, "{range} {tag}");
        }
    }

    #[test]
    fn varieties_are_told_as_their_language_unless_asked_for() {
        let plain = Naming::default();
        let exact = Naming {
            varieties: true,
            serbo_croatian: true,
            ..Naming::default()
        };
        let cases = [
            ("apc", "ar", "apc"),
            ("fa-AF", "fa", "fa-AF"),
            ("hr", "hr", "sh"),
            ("sr-Cyrl", "sr-Cyrl", "sh"),
            ("en", "en", "en"),
        ];
        for (tag, by_default, asked) in cases {
            assert_eq!((plain.told(tag), exact.told(tag)), (by_default, asked));
        }
    }

    #[test]
    fn the_most_exact_weight_counts() {
        let naming = Naming {
            allowed: vec!["sr".to_owned(), "en".to_owned()],
            weights: BTreeMap::from([("sr".to_owned(), 2.0), ("sr-Latn".to_owned(), 8.0)]),
            ..Naming::default()
        };
        let cases = [
            ("sr-Cyrl", 2.0_f32.ln()),
            ("sr-Latn", 8.0_f32.ln()),
            ("en", 0.0),
            ("fr", f32::NEG_INFINITY),
            ("und", 0.0),
        ];
        for (tag, wanted) in cases {
            assert_eq!(naming.leaning(tag), wanted, "{tag}");
        }
    }
}
