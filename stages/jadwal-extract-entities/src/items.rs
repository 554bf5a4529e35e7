//! The text as a row of items: phrases of the tables, unknown words, numbers and signs.
//!
//! Patterns and names read items and the gaps between them, and never cut the text themselves.

use std::ops::Range;

use crate::letters::Class;
use crate::lexicon::{Cues, Lexicon, Phrase, is_blank};
use crate::tokens::{ARTICLE, CAPITAL, Token};

/// A phrase, word, number or sign.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    /// The first token; `end` is that of the last one.
    pub(crate) token: Token,
    /// Number of the phrase, 0 for none.
    pub(crate) phrase: u32,
    /// The last word of the phrase.
    pub(crate) last_word: u32,
}

/// How the document's language writes figures.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Habits {
    /// `12.500` is twelve thousand and a half, not twelve and a half.
    pub(crate) dot_groups: bool,
    /// `billion` is a million millions.
    pub(crate) long_scale: bool,
    /// Of `3/4/2014` the first is the month.
    pub(crate) month_first: bool,
}

/// A text with its items.
pub(crate) struct Items<'a> {
    pub(crate) text: &'a str,
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) habits: Habits,
    items: Vec<Item>,
    /// By item: its phrase's cues, with the marks of what else it is. Apart from the items, for many walks look at
    /// nothing else of most of them.
    cues: Vec<Cues>,
}

impl<'a> Items<'a> {
    /// Cuts `text` into items, the longest phrase first.
    pub(crate) fn of(text: &'a str, lexicon: &'a Lexicon, habits: Habits) -> Self {
        let tokens = lexicon.tokenize(text);
        let mut items = Vec::with_capacity(tokens.len());
        let mut cues = Vec::with_capacity(tokens.len());
        let mut at = 0;
        while at < tokens.len() {
            let mut token = tokens[at];
            let (phrase, length) = match token.word {
                0 => (0, 1),
                _ => lexicon.longest(text, &tokens[at..]),
            };
            let last = tokens[at + length - 1];
            token.end = last.end;
            items.push(Item {
                token,
                phrase,
                last_word: last.word,
            });
            cues.push(lexicon.cues(phrase));
            at += length;
        }
        Self {
            text,
            lexicon,
            habits,
            items,
            cues,
        }
    }

    /// Returns how many items there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns item `at`.
    #[inline]
    pub(crate) fn get(&self, at: usize) -> Option<&Item> {
        self.items.get(at)
    }

    /// Returns what item `at` can mean; the empty phrase where there is none.
    #[inline]
    pub(crate) fn phrase(&self, at: usize) -> &'a Phrase {
        let number = self.items.get(at).map_or(0, |item| item.phrase);
        self.lexicon.phrase(number)
    }

    /// Returns the cues of item `at`, with the marks of what else it is; none where there is no item.
    #[inline]
    pub(crate) fn cues(&self, at: usize) -> Cues {
        self.cues.get(at).copied().unwrap_or_default()
    }

    /// Whether item `at` is a phrase with one of `cues`.
    #[inline]
    pub(crate) fn is(&self, at: usize, cues: Cues) -> bool {
        self.cues(at).has(cues)
    }

    /// Whether the item before `at` has one of `cues`, blanks between them.
    pub(crate) fn after(&self, at: usize, cues: Cues) -> bool {
        at > 0 && self.is(at - 1, cues) && self.near(at - 1)
    }

    /// Returns the number at `at`: its value and how many digits it has.
    #[inline]
    pub(crate) fn figures(&self, at: usize) -> Option<(u64, u8)> {
        let token = &self.items.get(at)?.token;
        (token.class == Class::Digit && token.length <= 18).then_some((token.value, token.length))
    }

    /// Returns the sign at `at`.
    pub(crate) fn symbol(&self, at: usize) -> Option<char> {
        let token = &self.items.get(at)?.token;
        match token.class {
            Class::Symbol => char::from_u32(token.word),
            _ => None,
        }
    }

    /// Returns a number that spellings of one word or phrase share.
    pub(crate) fn key(&self, at: usize) -> u64 {
        match self.items.get(at) {
            Some(item) if item.phrase != 0 => item.phrase.into(),
            Some(item) => item.token.value,
            None => 0,
        }
    }

    /// Returns the hash of item `at`, a word by itself; `None` for numbers, signs and phrases of several words.
    #[inline]
    pub(crate) fn whole_word(&self, at: usize) -> Option<u64> {
        let item = self.items.get(at)?;
        let word = !matches!(item.token.class, Class::Digit | Class::Symbol);
        let single =
            item.phrase == 0 || item.token.word == item.last_word && !self.slice(at).contains(' ');
        (word && single).then_some(item.token.value)
    }

    /// Returns the keys of item `at`, a word of Arabic that no table knows, without the letters that may
    /// be written on to it, and where what is left starts.
    pub(crate) fn cut_keys(&self, at: usize) -> impl Iterator<Item = (u64, usize)> {
        let item = self.items.get(at).filter(|item| {
            item.phrase == 0 && item.token.class == Class::Arabic && item.token.length > 3
        });
        let word = item.map_or("", |item| {
            &self.text[item.token.start as usize..item.token.end as usize]
        });
        let start = item.map_or(0, |item| item.token.start as usize);
        let conjunction = word.starts_with(['و', 'ف']).then(|| 'و'.len_utf8());
        let rest = &word[conjunction.unwrap_or(0)..];
        let preposition = rest
            .starts_with(['ب', 'ل', 'ك'])
            .then(|| conjunction.unwrap_or(0) + 'ب'.len_utf8());
        let cuts = conjunction.into_iter().chain(preposition);
        let with_article = preposition.filter(|_| rest.starts_with("لل"));
        let plain = cuts.map(move |cut| (self.lexicon.hash(&word[cut..]), start + cut));
        let article = with_article.map(move |cut| {
            let stem = &word[cut + 'ل'.len_utf8()..];
            (self.lexicon.hash_with_article(stem), start + cut)
        });
        plain.chain(article)
    }

    /// Returns the first byte of item `at` after the letters that are written on to it.
    pub(crate) fn start(&self, at: usize) -> usize {
        self.items[at].token.inner as usize
    }

    /// Returns the byte after item `at`.
    pub(crate) fn end(&self, at: usize) -> usize {
        self.items[at].token.end as usize
    }

    /// Returns the bytes of items `first` to `last`.
    pub(crate) fn range(&self, first: usize, last: usize) -> Range<usize> {
        self.start(first)..self.end(last)
    }

    /// Returns the bytes of items `first` to `last`, with the last full stop of `U.S.` or `a.m.`.
    pub(crate) fn with_last_stop(&self, first: usize, last: usize) -> Range<usize> {
        let mut range = self.range(first, last);
        if self.slice(last).contains('.') && self.gap(last).starts_with('.') {
            range.end += 1;
        }
        range
    }

    /// Returns the text of item `at` after what is written on to it; past the end nothing.
    pub(crate) fn slice(&self, at: usize) -> &'a str {
        match self.items.get(at) {
            Some(_) => &self.text[self.range(at, at)],
            None => "",
        }
    }

    /// Returns the text between item `at` and the next one, or to the end of the text; past the end
    /// nothing.
    #[inline]
    pub(crate) fn gap(&self, at: usize) -> &'a str {
        let Some(item) = self.items.get(at) else {
            return "";
        };
        let end = self
            .items
            .get(at + 1)
            .map_or(self.text.len(), |next| next.token.start as usize);
        &self.text[item.token.end as usize..end]
    }

    /// Whether nothing lies between item `at` and the next one.
    #[inline]
    pub(crate) fn glued(&self, at: usize) -> bool {
        at + 1 < self.items.len() && self.gap(at).is_empty()
    }

    /// Whether at most blanks lie between item `at` and the next one.
    #[inline]
    pub(crate) fn near(&self, at: usize) -> bool {
        let blank = |gap: &str| gap == " " || gap.chars().all(is_blank);
        at + 1 < self.items.len() && blank(self.gap(at))
    }

    /// Whether blanks and nothing else lie between item `at` and the next one.
    pub(crate) fn spaced(&self, at: usize) -> bool {
        self.near(at) && !self.gap(at).is_empty()
    }

    /// Whether `mark` and blanks lie between item `at` and the next one.
    pub(crate) fn gap_is(&self, at: usize, mark: &str) -> bool {
        at + 1 < self.items.len() && self.gap(at).trim_matches(is_blank) == mark
    }

    /// Whether a dash lies between item `at` and the next one, with or without blanks.
    pub(crate) fn dashed(&self, at: usize) -> bool {
        at + 1 < self.items.len()
            && matches!(
                self.gap(at).trim_matches(is_blank),
                "-" | "–" | "—" | "\u{2011}"
            )
    }

    /// Returns the character before item `at`.
    pub(crate) fn char_before(&self, at: usize) -> Option<char> {
        self.text[..self.start(at)].chars().next_back()
    }

    /// Whether item `at`, a number, does not continue another word or number on its left.
    pub(crate) fn opens(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1).and_then(|before| self.get(before)) else {
            return !matches!(self.char_before(at), Some('_' | '#'));
        };
        match self.gap(at - 1) {
            "" if self.slice(at - 1) == "T" => at > 1 && self.glued(at - 2),
            "" => !matches!(
                before.token.class,
                Class::Latin | Class::Digit | Class::Other
            ),
            "." | "," | ":" | "/" | "٫" | "٬" => before.token.class != Class::Digit,
            gap => !gap.ends_with(['_', '#']),
        }
    }

    /// Whether item `at`, a number, is not continued on its right by a letter of a word, an
    /// underscore, or a separator and more digits.
    pub(crate) fn closes(&self, at: usize) -> bool {
        let gap = self.gap(at);
        let Some(after) = self.get(at + 1) else {
            return !gap.starts_with('_');
        };
        match gap {
            "" => !matches!(
                after.token.class,
                Class::Latin | Class::Digit | Class::Other
            ),
            "." | "," | ":" | "/" | "٫" | "٬" => after.token.class != Class::Digit,
            gap => !gap.starts_with('_'),
        }
    }

    /// Whether item `at` starts with an upper-case letter.
    pub(crate) fn capital(&self, at: usize) -> bool {
        self.get(at)
            .is_some_and(|item| item.token.flags & CAPITAL != 0)
    }

    /// Whether item `at` is an Arabic word with the article.
    pub(crate) fn definite(&self, at: usize) -> bool {
        self.get(at)
            .is_some_and(|item| item.token.flags & ARTICLE != 0 && item.token.length > 3)
    }

    /// Returns the first item that starts at byte `end` or later, from item `from` on.
    pub(crate) fn first_from(&self, from: usize, end: usize) -> usize {
        // Mostly it is one of the next.
        let near = (from..self.items.len().min(from + 4))
            .find(|at| self.items[*at].token.start as usize >= end);
        if let Some(near) = near {
            return near;
        }
        let rest = &self.items[from..];
        from + rest.partition_point(|item| (item.token.start as usize) < end)
    }
}
