//! Finds persons by rule: a title, an office or a known given name, and the words of a name behind it.
//!
//! The rules are careful: without a title a name needs a word that is known to begin names
//! (`data/arabic_words.tsv`); with one, words that no table knows are taken up to the next
//! punctuation or common word. What they find is a candidate with a score, weaker than a table's.

use jadwal_core::facts::Label;

use crate::found::{Found, Source};
use crate::items::Items;
use crate::letters::Class;
use crate::lexicon::Cues;
use crate::titles::{Kind, Title};
use crate::tokens::CONJUNCTION;

/// Words of one name; longer rows are lists.
const WORDS_MAX: usize = 8;

pub(crate) const TITLED: f32 = 0.85;
const TITLED_UNKNOWN: f32 = 0.7;
const BY_GIVEN_NAME: f32 = 0.7;

/// Words that end a name.
const NO_NAME: Cues = Cues::COMMON
    .and(Cues::FUNCTION)
    .and(Cues::HONORIFIC)
    .and(Cues::OFFICE)
    .and(Cues::OF_OFFICE);

/// What a word can be in a name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// `بن`, `آل`, `von`: more follows.
    Link,
    /// Begins names.
    Given,
    /// Is part of names.
    Known,
    /// `الخليفي`: a word with article that no table knows, or a nationality.
    Family,
    /// A word that no table knows.
    Unknown,
}

/// Finds the persons of a text with these titles.
pub(crate) fn people(items: &Items<'_>, titles: &[Title]) -> Vec<Found> {
    let mut people = Vec::new();
    let mut titles = titles.iter().peekable();
    let mut free = 0;
    let mut at = 0;
    while at < items.len() {
        if let Some(title) = titles.next_if(|title| title.first == at) {
            at = title.last + 1;
            if let Some((found, last)) = behind_title(items, title) {
                people.push(found);
                at = last + 1;
            }
            free = at;
            continue;
        }
        match without_title(items, at).filter(|_| at >= free) {
            Some((found, last)) => {
                people.push(found);
                at = last + 1;
            }
            None => at += 1,
        }
    }
    people
}

/// `سعادة الدكتور محمد بن عبدالعزيز الخليفي`, `وزير الخارجية الكوري، تشو هيون،`.
fn behind_title(items: &Items<'_>, title: &Title) -> Option<(Found, usize)> {
    let comma = matches!(items.gap(title.last).trim(), "،" | ",");
    let apart = comma && title.kind == Kind::Office;
    let first = title.last + 1;
    let direct = items.near(title.last) || items.gap_is(title.last, ".");
    let joined = items.get(first)?.token.clitics & CONJUNCTION != 0;
    if joined || !(direct || apart) {
        return None;
    }
    let name = Name::at(items, first, true)?;
    let known = matches!(name.begins, Part::Given | Part::Known);
    let enough = match (known, apart) {
        // Behind a comma a new part of the sentence may begin.
        (true, true) => name.words >= 2,
        (true, false) => name.words >= 2 || items.slice(first) != "علي",
        (false, true) => name.begins == Part::Unknown && name.words >= 2 && name.closed,
        // A word with the article is an adjective as often as a name.
        (false, false) => {
            let latin = items.get(first)?.token.class == Class::Latin;
            let long = name.words >= 2 || before_family_names(items.slice(title.last));
            // Behind an office a verb may follow as well: `وزير الخارجية ناقش ملفات في`.
            let closed = title.kind == Kind::Title || latin || !items.near(name.last);
            name.begins == Part::Unknown && long && name.closed && closed
        }
    };
    let score = if known { TITLED } else { TITLED_UNKNOWN };
    enough.then(|| name.found(items, score))
}

/// Titles that stand before a family name alone.
fn before_family_names(title: &str) -> bool {
    matches!(
        title,
        "Mr" | "Mrs" | "Ms" | "Dr" | "Mme" | "Mlle" | "Senator" | "Sheikh"
    )
}

fn without_title(items: &Items<'_>, at: usize) -> Option<(Found, usize)> {
    let servant = || items.definite(at + 1) && items.slice(at) == "عبد";
    if !items.is(at, Cues::GIVEN) && !servant() {
        return None;
    }
    let name = Name::at(items, at, false)?;
    (name.words >= 2).then(|| name.found(items, BY_GIVEN_NAME))
}

/// A row of words that can be a person's name.
struct Name {
    first: usize,
    last: usize,
    words: usize,
    begins: Part,
    /// Punctuation, a line's end or a common word follows.
    closed: bool,
}

impl Name {
    fn at(items: &Items<'_>, first: usize, titled: bool) -> Option<Self> {
        let begins = part(items, first, true)?;
        let mut name = Self {
            first,
            last: first,
            words: usize::from(begins != Part::Link),
            begins,
            closed: false,
        };
        let mut before = begins;
        let mut end = first;
        while end - first < WORDS_MAX && in_one_name(items, end) {
            // What `بن` and `آل` join may be any word (`آل ثاني`).
            let joined = (before == Part::Link).then(|| any_word(items, end + 1));
            let next = part(items, end + 1, false).or(joined.flatten());
            let Some(next) = next else {
                break;
            };
            if !follows(items, before, next, titled, end + 1) {
                break;
            }
            end += 1;
            if next != Part::Link {
                (name.last, name.words) = (end, name.words + 1);
            }
            // The family name ends the name, but for a second one (`آل ثاني`, `العلي الصباح`).
            before = next;
        }
        let latin = items.get(name.last)?.token.class == Class::Latin;
        // `عبد الرحمن`, `أبو بكر` begin names as given names do.
        if begins == Part::Link && !latin && name.words > 0 {
            name.begins = Part::Given;
        }
        name.closed = !items.near(name.last)
            || items.is(name.last + 1, NO_NAME.and(Cues::SPEAKS))
            || latin && !items.capital(name.last + 1);
        (name.words > 0).then_some(name)
    }

    fn found(&self, items: &Items<'_>, score: f32) -> (Found, usize) {
        let range = items.range(self.first, self.last);
        let found = Found::name(range, Label::Per, score, Source::Rule);
        (found, self.last)
    }
}

/// Whether blanks or a hyphen, as in names, lie between item `at` and the next one.
fn in_one_name(items: &Items<'_>, at: usize) -> bool {
    items.spaced(at) || items.gap(at) == "-" || items.gap(at) == "\u{2011}"
}

/// Returns what item `at` can be in a name.
fn part(items: &Items<'_>, at: usize, first: bool) -> Option<Part> {
    let item = items.get(at)?;
    let class = item.token.class;
    let cues = items.cues(at);
    let has = |other| cues.has(other);
    if !matches!(class, Class::Arabic | Class::Latin) {
        return None;
    }
    if item.token.clitics != 0 && !(first && item.token.clitics == CONJUNCTION) {
        return None;
    }
    if has(Cues::NAME_LINK) {
        return Some(Part::Link);
    }
    if class == Class::Latin && !items.capital(at) {
        return None;
    }
    if has(Cues::GIVEN) {
        return Some(Part::Given);
    }
    if has(Cues::NAME) {
        return Some(Part::Known);
    }
    // Folded it is the preposition `على`; written so it is the name.
    if items.slice(at) == "علي" {
        return Some(Part::Known);
    }
    let definite = class == Class::Arabic && items.definite(at);
    // Frequent words are names only where a name goes on.
    let frequent = has(Cues::FREQUENT) && (first || !definite);
    if has(NO_NAME.and(Cues::SPEAKS)) || frequent {
        return None;
    }
    // A preposition and the article: a name does not begin or go on so.
    let slice = items.slice(at);
    let prefixed = ["لل", "بال", "وال", "فال", "كال", "ول", "وب"];
    if prefixed.iter().any(|prefix| slice.starts_with(prefix)) {
        return None;
    }
    match (definite, has(Cues::DEMONYM)) {
        (true, _) => Some(Part::Family),
        (false, true) => None,
        (false, false) => Some(Part::Unknown),
    }
}

/// Whether a name goes on with a part of the kind `next`, at item `at`, behind one of `before`.
fn follows(items: &Items<'_>, before: Part, next: Part, titled: bool, at: usize) -> bool {
    let latin = items
        .get(at)
        .is_some_and(|item| item.token.class == Class::Latin);
    match (before, next) {
        // What `بن` joins may be any word.
        (Part::Link, Part::Link) => latin || begins_a_part(items, at),
        (Part::Link, _) => true,
        // The family name ends it, but for what belongs to it.
        (Part::Family, Part::Family) => !items.is(at, Cues::DEMONYM),
        (Part::Family, next) => next == Part::Link,
        (_, Part::Given | Part::Known | Part::Link) => true,
        (_, Part::Family) => looks_like_family(items, at),
        (_, Part::Unknown) => latin || titled && !looks_like_verb(items, at),
    }
}

/// `عبد` and `أبو` begin a part of a name, also behind `بن`.
fn begins_a_part(items: &Items<'_>, at: usize) -> bool {
    matches!(items.slice(at), "عبد" | "أبو" | "ابو" | "أبي" | "ابي")
}

/// Family names with the article mostly end in `ي` or are names already known; nationalities only
/// where nothing but a name stands before them.
fn looks_like_family(items: &Items<'_>, at: usize) -> bool {
    let slice = items.slice(at);
    slice.ends_with('ي')
        || slice.ends_with('ى')
        || !items.near(at)
        || items.is(at + 1, Cues::COMMON)
}

/// The imperfect and the words that join sentences: `يبحث`, `تبحث`, `سيبحث`.
fn looks_like_verb(items: &Items<'_>, at: usize) -> bool {
    let slice = items.slice(at);
    let closed = !items.near(at);
    let verb = ["ي", "ت", "سي", "ست", "سن"];
    verb.iter().any(|prefix| slice.starts_with(prefix)) && !closed
}

/// Returns a word of Arabic with nothing written on to it as a part of a name.
fn any_word(items: &Items<'_>, at: usize) -> Option<Part> {
    let token = items.get(at)?.token;
    (token.class == Class::Arabic && token.clitics == 0).then_some(Part::Unknown)
}
