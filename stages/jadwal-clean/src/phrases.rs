//! The phrases that web pages leave around an article, and how a line is compared with them.
//!
//! The lists are text files beside this one; their heads say what the columns mean. A match is a
//! hint: what becomes of the line depends on where it stands.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use jadwal_core::fold::fold;

const LISTS: [&str; 37] = [
    include_str!("phrases/ar.txt"),
    include_str!("phrases/en.txt"),
    include_str!("phrases/fr.txt"),
    include_str!("phrases/fa.txt"),
    include_str!("phrases/ur.txt"),
    include_str!("phrases/de.txt"),
    include_str!("phrases/es.txt"),
    include_str!("phrases/tr.txt"),
    include_str!("phrases/ru.txt"),
    include_str!("phrases/it.txt"),
    include_str!("phrases/pt.txt"),
    include_str!("phrases/nl.txt"),
    include_str!("phrases/pl.txt"),
    include_str!("phrases/uk.txt"),
    include_str!("phrases/sv.txt"),
    include_str!("phrases/da.txt"),
    include_str!("phrases/no.txt"),
    include_str!("phrases/fi.txt"),
    include_str!("phrases/cs.txt"),
    include_str!("phrases/sk.txt"),
    include_str!("phrases/hu.txt"),
    include_str!("phrases/ro.txt"),
    include_str!("phrases/el.txt"),
    include_str!("phrases/bg.txt"),
    include_str!("phrases/hr.txt"),
    include_str!("phrases/lt.txt"),
    include_str!("phrases/ca.txt"),
    include_str!("phrases/he.txt"),
    include_str!("phrases/hi.txt"),
    include_str!("phrases/bn.txt"),
    include_str!("phrases/id.txt"),
    include_str!("phrases/vi.txt"),
    include_str!("phrases/th.txt"),
    include_str!("phrases/ja.txt"),
    include_str!("phrases/ko.txt"),
    include_str!("phrases/zh.txt"),
    include_str!("phrases/sw.txt"),
];

/// What a leftover is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Category {
    Login,
    Share,
    Comments,
    Related,
    Nav,
    Date,
    Copyright,
    Cookie,
    Subscribe,
    Byline,
    Ad,
    Image,
}

impl Category {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "login" => Self::Login,
            "share" => Self::Share,
            "comments" => Self::Comments,
            "related" => Self::Related,
            "nav" => Self::Nav,
            "date" => Self::Date,
            "copyright" => Self::Copyright,
            "cookie" => Self::Cookie,
            "subscribe" => Self::Subscribe,
            "byline" => Self::Byline,
            "ad" => Self::Ad,
            "image" => Self::Image,
            _ => return None,
        })
    }

    /// Returns the rule that records name.
    pub(crate) fn rule(self) -> &'static str {
        match self {
            Self::Login => "phrase:login",
            Self::Share => "phrase:share",
            Self::Comments => "phrase:comments",
            Self::Related => "phrase:related",
            Self::Nav => "phrase:nav",
            Self::Date => "phrase:date",
            Self::Copyright => "phrase:copyright",
            Self::Cookie => "phrase:cookie",
            Self::Subscribe => "phrase:subscribe",
            Self::Byline => "phrase:byline",
            Self::Ad => "phrase:ad",
            Self::Image => "phrase:image",
        }
    }

    /// Whether leftovers of this category come as whole sentences (policies, notices).
    pub(crate) fn has_sentences(self) -> bool {
        matches!(
            self,
            Self::Comments | Self::Copyright | Self::Cookie | Self::Subscribe
        )
    }
}

/// Where in the line a phrase stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Inside,
    Start,
    Whole,
}

/// A phrase that a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    pub(crate) category: Category,
    pub(crate) place: Place,
    /// Articles say this too.
    pub(crate) weak: bool,
    /// After the body, everything from here on is not the article.
    pub(crate) tail: bool,
    /// The short line after it is its value.
    pub(crate) label: bool,
    /// The phrase ends with `:` or `*`, and so does the line's part.
    pub(crate) marked: bool,
}

#[derive(Debug)]
struct Phrase {
    folded: String,
    hit: Hit,
    mark: Option<char>,
}

/// All phrases, by their first word.
#[derive(Debug)]
pub(crate) struct Phrases {
    by_first_word: HashMap<String, Vec<Phrase>, BuildHasherDefault<Quick>>,
    /// The first words of all phrases, and of those that may stand inside a line.
    starts: Sieve,
    inside: Sieve,
}

/// Words that may be known: those that are not are told at one glance.
#[derive(Debug)]
struct Sieve(Vec<bool>);

impl Sieve {
    const BITS: u32 = 13;

    fn new() -> Self {
        Self(vec![false; 1 << Self::BITS])
    }

    /// Where the word of `text` from `at` to `end` stands: by its first bytes and its length.
    fn place(text: &[u8], at: usize, end: usize) -> usize {
        let length = end - at;
        let first = match text.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()) {
            Some(bytes) => u64::from_le_bytes(bytes),
            None => {
                let bytes = text[at..].iter().rev();
                bytes.fold(0, |word, byte| word << 8 | u64::from(*byte))
            }
        };
        let word = first & (u64::MAX >> (64 - 8 * length.clamp(1, 8)));
        let mixed = (word ^ (length as u64) << 56).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> (u64::BITS - Self::BITS)) as usize
    }

    fn add(&mut self, word: &str) {
        self.0[Self::place(word.as_bytes(), 0, word.len())] = true;
    }

    fn may_hold(&self, text: &[u8], at: usize, end: usize) -> bool {
        self.0[Self::place(text, at, end)]
    }
}

/// A quick hash for words. The words in the table are our own: nobody can make them collide.
#[derive(Debug, Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            let product = u128::from(self.0 ^ u64::from_le_bytes(word)) * 0x9E37_79B9_7F4A_7C15;
            self.0 = (product as u64 ^ (product >> 64) as u64).wrapping_add(1);
        }
    }
}

impl Phrases {
    /// Reads the lists.
    pub(crate) fn load() -> Self {
        let mut phrases = Self::none();
        for phrase in LISTS.iter().flat_map(|list| list.lines()).filter_map(parse) {
            let first = first_word(&phrase.folded).to_owned();
            phrases.starts.add(&first);
            if phrase.hit.place == Place::Inside {
                phrases.inside.add(&first);
            }
            phrases.by_first_word.entry(first).or_default().push(phrase);
        }
        phrases
    }

    /// Knows none.
    pub(crate) fn none() -> Self {
        Self {
            by_first_word: HashMap::default(),
            starts: Sieve::new(),
            inside: Sieve::new(),
        }
    }

    /// Returns the strongest phrase in `line`, whose folded form is `folded`.
    pub(crate) fn find(&self, line: &str, folded: &str) -> Option<Hit> {
        let mut best: Option<Hit> = None;
        let mut at = 0;
        let ends = memchr::memchr_iter(b' ', folded.as_bytes()).chain([folded.len()]);
        for end in ends {
            let sieve = if at == 0 { &self.starts } else { &self.inside };
            if sieve.may_hold(folded.as_bytes(), at, end) {
                let known = self.by_first_word.get(&folded[at..end]);
                for phrase in known.into_iter().flatten() {
                    if phrase.stands_in(line, &folded[at..], at == 0) {
                        best = Some(stronger(best, phrase.hit));
                    }
                }
            }
            at = end + 1;
        }
        best
    }
}

impl Phrase {
    /// Whether it stands at the start of `rest`, the folded line from one of its words on.
    fn stands_in(&self, line: &str, rest: &str, at_start: bool) -> bool {
        let Some(after) = rest.strip_prefix(self.folded.as_str()) else {
            return false;
        };
        let fits = match self.hit.place {
            Place::Whole => at_start && after.is_empty(),
            Place::Start => at_start && (after.is_empty() || after.starts_with(' ')),
            Place::Inside => after.is_empty() || after.starts_with(' '),
        };
        fits && self.mark.is_none_or(|mark| self.is_marked(line, mark))
    }

    /// Whether `mark` follows the phrase in the line as it stands. Folding loses it.
    fn is_marked(&self, line: &str, mark: char) -> bool {
        match line.split_once(mark) {
            Some((head, _)) => fold(head) == self.folded,
            None => false,
        }
    }
}

fn stronger(best: Option<Hit>, hit: Hit) -> Hit {
    let rank = |hit: &Hit| (!hit.weak, hit.place, hit.tail, hit.label);
    match best {
        Some(best) if rank(&best) >= rank(&hit) => best,
        _ => hit,
    }
}

fn first_word(folded: &str) -> &str {
    folded.split(' ').next().unwrap_or(folded)
}

/// Parses a line of a list; `None` for comments.
fn parse(line: &str) -> Option<Phrase> {
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let mut columns = line.split('\t');
    let category = Category::parse(columns.next()?)?;
    let text = columns.next()?.trim();
    let flags = columns.next().unwrap_or("=");
    let mark = text.chars().next_back().filter(|c| matches!(c, ':' | '*'));
    let place = match flags.chars().next()? {
        '=' => Place::Whole,
        '^' => Place::Start,
        '~' => Place::Inside,
        _ => return None,
    };
    let hit = Hit {
        category,
        place,
        weak: flags.contains('w'),
        tail: flags.contains('t'),
        label: flags.contains('l'),
        marked: mark.is_some(),
    };
    let folded = fold(text);
    (!folded.is_empty()).then_some(Phrase { folded, hit, mark })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_lists_is_read() {
        for list in LISTS {
            for line in list
                .lines()
                .filter(|l| !l.starts_with('#') && !l.is_empty())
            {
                assert!(parse(line).is_some(), "`{line}` is not read");
                let flags = line.split('\t').nth(2).unwrap_or_default();
                assert!(flags.chars().skip(1).all(|c| "wtl".contains(c)), "`{line}`");
            }
        }
    }

    #[test]
    fn no_phrase_falls_through_the_sieves() {
        let phrases = Phrases::load();
        let all = phrases.by_first_word.values().flatten();
        for phrase in all.filter(|phrase| phrase.mark.is_none()) {
            let folded = &phrase.folded;
            assert!(phrases.find(folded, folded).is_some(), "{folded}");
            if phrase.hit.place == Place::Inside {
                let line = format!("zz {folded} zz");
                assert!(phrases.find(&line, &line).is_some(), "{line}");
            }
        }
    }

    #[test]
    fn spelling_and_marks_decide() {
        let phrases = Phrases::load();
        let find = |line: &str| {
            phrases
                .find(line, &fold(line))
                .map(|hit| (hit.category, hit.weak))
        };
        for (line, expected) in [
            ("اتركْ تعليقـــا", Some((Category::Comments, false))),
            ("تسجيل الدخول »", Some((Category::Login, false))),
            ("الاسم *", Some((Category::Comments, false))),
            ("الاسم", Some((Category::Comments, true))),
            ("بقلم: سعاد الهاشمي", Some((Category::Byline, false))),
            ("Leave a Comment", Some((Category::Comments, false))),
            (
                "© 2020 – All rights reserved.",
                Some((Category::Copyright, false)),
            ),
            ("الدخول إلى المدينة صعب", None),
            ("homework", None),
        ] {
            assert_eq!(find(line), expected, "{line}");
        }
    }
}
