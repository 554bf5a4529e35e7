//! What a document is about: the content words of its running text.

use std::collections::HashSet;

use jadwal_core::shingle::{word_hash, words};

/// Words that stand in every text, folded, of four letters and more (three in Arabic).
const FUNCTION_WORDS: &str = "الي علي هذا هذه ذلك تلك التي الذي الذين بين بعد قبل حول عند عنه منه منذ كان \
    كانت كما لكن حيث حتي غير ليس قال اكثر خلال that with from this have been were they their \
    which will would about more than into over also dans pour avec plus sont nous vous cette \
    como para pero este esta";

/// Content words, as hashes of what spelling variants and Arabic prefixes leave.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    words: HashSet<u64>,
    function_words: HashSet<u64>,
}

impl Vocabulary {
    /// Returns the words of these lines, which were folded.
    pub(crate) fn of<'t>(lines: impl Iterator<Item = &'t str>) -> Self {
        let mut vocabulary = Self {
            words: HashSet::new(),
            function_words: words(FUNCTION_WORDS).map(word_hash).collect(),
        };
        for line in lines {
            for word in vocabulary.content_words(line) {
                vocabulary.words.insert(word);
            }
        }
        vocabulary
    }

    /// Whether a line, `folded`, says what the text says: at least half of its content words are known,
    /// and it has three words.
    pub(crate) fn covers(&self, folded: &str) -> bool {
        let content = self.content_words(folded);
        let known = content.iter().filter(|word| self.words.contains(word));
        let (all, known) = (content.len(), known.count());
        all >= 2 && known * 2 >= all && words(folded).count() >= 3
    }

    fn content_words(&self, folded: &str) -> Vec<u64> {
        let stems = words(folded).filter_map(stem);
        let hashes = stems.map(word_hash);
        hashes
            .filter(|hash| !self.function_words.contains(hash))
            .collect()
    }
}

/// Returns what a content word leaves; `None` for a word that is too short to be one.
fn stem(word: &str) -> Option<&str> {
    let is_arabic = word.starts_with(|letter| ('ء'..='ي').contains(&letter));
    let least = if is_arabic { 3 } else { 4 };
    let stem = if is_arabic {
        without_prefix(word)
    } else {
        word
    };
    (stem.chars().nth(least - 1).is_some()).then_some(stem)
}

/// Takes `و ف ب ك ل` and `ال` off an Arabic word where three letters are left.
fn without_prefix(word: &str) -> &str {
    let article = ["وال", "فال", "بال", "كال", "لل", "ال"];
    let prefix = article.iter().find_map(|prefix| word.strip_prefix(prefix));
    let stem = prefix.or_else(|| {
        let rest = word.strip_prefix(['و', 'ب', 'ل'])?;
        (rest.chars().nth(3).is_some()).then_some(rest)
    });
    match stem {
        Some(stem) if stem.chars().nth(2).is_some() => stem,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use jadwal_core::fold::fold;

    use super::*;

    #[test]
    fn a_headline_about_the_text_is_known() {
        let text = "أعلن وزير الصحة أمس أن المستشفى الجديد في المدينة سيفتح أبوابه للمرضى قبل نهاية الشهر.";
        let vocabulary = Vocabulary::of([fold(text).as_str()].into_iter());
        for (line, is_known) in [
            ("وزير الصحة: مستشفى جديد بالمدينة", true),
            ("الأكثر قراءة هذا الأسبوع", false),
            ("الصحة", false),
            ("شارك على فيسبوك", false),
            ("", false),
        ] {
            assert_eq!(vocabulary.covers(&fold(line)), is_known, "{line}");
        }
        let text =
            "The harbour council opened the new ferry terminal on Monday after two years of work.";
        let vocabulary = Vocabulary::of([fold(text).as_str()].into_iter());
        assert!(vocabulary.covers(&fold("Council opens ferry terminal in harbour")));
        assert!(!vocabulary.covers(&fold("Sign up for our daily newsletter")));
        assert!(!vocabulary.covers(&fold("More than this")));
    }
}
