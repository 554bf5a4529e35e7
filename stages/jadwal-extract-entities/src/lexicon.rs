//! The phrases that patterns and names are made of, in one trie over folded words.
//!
//! Every table of `data/` ends here: months, number words, currencies, cues, places. A phrase can
//! mean several things at once (`مارس` is March and a verb); the patterns choose.

use std::collections::{HashMap, HashSet};

use jadwal_core::facts::Label;

pub(crate) use crate::cues::Cues;
use crate::hashing::pair_key;
use crate::key_map::KeyMap;
use crate::letters::{Class, Letters};
use crate::tokens::{ALL_CAPITALS, CAPITAL, Token, Vocabulary, tokenize, with_article};

/// A month's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Month {
    /// 1 to 12.
    pub(crate) number: u8,
    /// Of the Islamic calendar.
    pub(crate) hijri: bool,
    /// Also another word: counts only with a day, a year or a cue.
    pub(crate) weak: bool,
}

/// A number word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NumberWord {
    /// Is added (`five`, `مئتان`).
    Small(u64),
    /// Multiplies what is below 100 before it (`hundred`).
    Hundred,
    /// Multiplies all before it (`million`).
    Scale(u64),
    /// Two of a scale in one word (`مليونان`).
    Dual(u64),
    /// Multiplies figures it is written on to (`5bn`), only in amounts of money.
    Abbreviation(u64),
}

/// A span of time in one word: how many of which unit (`D W M Y`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) count: u8,
    pub(crate) unit: char,
}

/// When a name counts as a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Always.
    #[default]
    Plain,
    /// Beside a cue or another place.
    Cue,
    /// As `Cue`, and no capitalised word follows.
    Person,
    /// Not after a definite noun.
    Adjective,
    /// Never.
    Never,
}

/// A name: which entity, and how it must be written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameSense {
    /// Index into the targets.
    pub(crate) target: u32,
    pub(crate) rule: Rule,
    /// `CAPITAL` or `ALL_CAPITALS` where the first word must be written so; 0 for Arabic.
    pub(crate) writing: u8,
}

/// An entity that names lead to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) label: Label,
    /// Canonical English name.
    pub(crate) norm: String,
    /// Authority and key, or empty.
    pub(crate) link: String,
    /// It comes from a list of the user's.
    pub(crate) own: bool,
}

/// All that a phrase can mean.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phrase {
    pub(crate) cues: Cues,
    pub(crate) month: Option<Month>,
    /// 1 (Monday) to 7; weak ones count only with a date behind them.
    pub(crate) weekday: Option<(u8, bool)>,
    pub(crate) number: Option<NumberWord>,
    /// Day as an ordinal, 1 to 31.
    pub(crate) ordinal: Option<u8>,
    /// Hour as an ordinal, 1 to 12.
    pub(crate) hour: Option<u8>,
    /// First year of a decade.
    pub(crate) decade: Option<u16>,
    /// ISO 4217 code.
    pub(crate) currency: Option<&'static str>,
    /// ISO 4217 code that must be in capitals.
    pub(crate) iso: Option<&'static str>,
    /// Symbol of the unit.
    pub(crate) unit: Option<&'static str>,
    /// ISO 8601 duration from the document's date.
    pub(crate) relative: Option<&'static str>,
    pub(crate) span: Option<Span>,
    /// ISO 3166 code of the country whose adjective it is.
    pub(crate) demonym: Option<&'static str>,
    pub(crate) name: Option<NameSense>,
    /// Something can start here: it is more than a word that only the rules for persons ask for.
    pub(crate) speaks: bool,
}

impl Phrase {
    /// Returns the cues, and the marks of what else it is.
    fn marked(&self) -> Cues {
        let mark = |is: bool, mark: Cues| if is { mark } else { Cues::default() };
        self.cues
            .and(mark(self.speaks, Cues::SPEAKS))
            .and(mark(self.name.is_some(), Cues::NAMED))
            .and(mark(self.demonym.is_some(), Cues::DEMONYM))
    }

    /// Whether a pattern or a name can start with this phrase.
    fn can_start(&self) -> bool {
        let silent = Cues::COMMON
            .and(Cues::GIVEN)
            .and(Cues::NAME)
            .and(Cues::NAME_LINK)
            .and(Cues::HONORIFIC)
            .and(Cues::OFFICE)
            .and(Cues::OF_OFFICE)
            .and(Cues::FUNCTION)
            .and(Cues::FREQUENT);
        let word = self.month.is_some()
            || self.weekday.is_some()
            || self.number.is_some()
            || self.ordinal.is_some()
            || self.hour.is_some()
            || self.decade.is_some()
            || self.relative.is_some()
            || self.span.is_some();
        let of_amount = self.currency.is_some() || self.iso.is_some() || self.unit.is_some();
        word || of_amount || self.name.is_some() || !self.cues.within(silent)
    }
}

#[derive(Clone, Copy, Default)]
struct Node {
    phrase: u32,
    has_children: bool,
}

/// The phrases and the trie that finds them. Number 0 is the empty phrase, word, and node.
pub(crate) struct Lexicon {
    letters: Letters,
    words: KeyMap<u64>,
    word_count: u32,
    /// By word: the node of the phrases that start with it.
    roots: Vec<u32>,
    nodes: Vec<Node>,
    edges: KeyMap<u64>,
    phrases: Vec<Phrase>,
    /// By phrase, once sealed: its cues with their marks, close together.
    cues: Vec<Cues>,
    targets: Vec<Target>,
    /// Targets by link and name; countries by code.
    target_numbers: HashMap<Target, u32>,
    countries: HashMap<String, u32>,
    /// GeoNames ids of capitals by the code of their country.
    capitals: HashMap<&'static str, u32>,
    not_before: HashSet<(u32, u32)>,
    not_after: HashSet<(u32, u32)>,
}

impl Lexicon {
    /// Returns a lexicon without phrases.
    pub(crate) fn empty() -> Self {
        Self {
            letters: Letters::new(),
            words: KeyMap::with_room(ROOM),
            word_count: 0,
            roots: first_of_many(0),
            nodes: first_of_many(Node::default()),
            edges: KeyMap::with_room(ROOM),
            phrases: first_of_many(Phrase::default()),
            cues: Vec::new(),
            targets: Vec::new(),
            target_numbers: HashMap::new(),
            countries: HashMap::new(),
            capitals: HashMap::new(),
            not_before: HashSet::new(),
            not_after: HashSet::new(),
        }
    }

    /// Notes which phrases patterns and names can start with; the last step of making a lexicon.
    pub(crate) fn seal(&mut self) {
        for phrase in &mut self.phrases {
            phrase.speaks = phrase.can_start();
        }
        self.cues = self.phrases.iter().map(Phrase::marked).collect();
    }

    /// Cuts `text` into tokens.
    pub(crate) fn tokenize(&self, text: &str) -> Vec<Token> {
        let known = Vocabulary {
            letters: &self.letters,
            words: &self.words,
            roots: &self.roots,
        };
        tokenize(text, known)
    }

    /// Returns the hash of a word's folded letters.
    pub(crate) fn hash(&self, word: &str) -> u64 {
        self.letters.hash(word)
    }

    /// Returns the hash of a word's folded letters with the article before them.
    pub(crate) fn hash_with_article(&self, word: &str) -> u64 {
        self.letters.grown(with_article(), word)
    }

    /// Returns the phrase with this number.
    #[inline]
    pub(crate) fn phrase(&self, number: u32) -> &Phrase {
        &self.phrases[number as usize]
    }

    /// Returns the cues of the phrase with this number, and the marks of what else it is.
    #[inline]
    pub(crate) fn cues(&self, number: u32) -> Cues {
        let cues = self.cues.get(number as usize);
        cues.map_or_else(|| self.phrase(number).marked(), |cues| *cues)
    }

    /// Returns the entity with this index.
    pub(crate) fn target(&self, index: u32) -> &Target {
        &self.targets[index as usize]
    }

    /// Whether the name never stands before the word.
    pub(crate) fn never_before(&self, phrase: u32, word: u32) -> bool {
        word != 0 && self.not_before.contains(&(phrase, word))
    }

    /// Whether the name never stands after the word.
    pub(crate) fn never_after(&self, phrase: u32, word: u32) -> bool {
        word != 0 && self.not_after.contains(&(phrase, word))
    }

    /// Returns the longest phrase that starts at the first of `tokens`: its number and how many
    /// tokens it has; number 0 with one token where there is none.
    #[inline]
    pub(crate) fn longest(&self, text: &str, tokens: &[Token]) -> (u32, usize) {
        let Some(first) = tokens.first().filter(|first| is_word(first)) else {
            return (0, 1);
        };
        let mut node = self.roots[first.word as usize];
        let mut best = (self.node(node).phrase, 1);
        let mut length = 1;
        while self.node(node).has_children && length < tokens.len() {
            let (before, next) = (&tokens[length - 1], &tokens[length]);
            let usable = is_word(next) && next.whole != 0;
            if !usable || !joins(text, before, next) {
                break;
            }
            let Some(child) = self.edges.get(pair_key(node, next.whole)) else {
                break;
            };
            node = child;
            length += 1;
            if self.node(node).phrase != 0 {
                best = (self.node(node).phrase, length);
            }
        }
        best
    }

    /// Adds a target; the same one again keeps its number.
    pub(crate) fn add_target(&mut self, target: Target) -> u32 {
        if let Some(known) = self.target_numbers.get(&target) {
            return *known;
        }
        let number = self.targets.len() as u32;
        if let Some(code) = target.link.strip_prefix("iso3166:") {
            self.countries.entry(code.to_owned()).or_insert(number);
        }
        self.target_numbers.insert(target.clone(), number);
        self.targets.push(target);
        number
    }

    /// Notes the GeoNames id of a country's capital.
    pub(crate) fn add_capital(&mut self, code: &'static str, id: u32) -> Option<()> {
        self.capitals.insert(code, id).is_none().then_some(())
    }

    /// Returns the link that stands in records for a link of the tables: a capital's is that of
    /// GeoNames, where it is known.
    pub(crate) fn authority(&self, link: &str) -> String {
        let capital = link
            .strip_prefix("capital:")
            .and_then(|code| self.capitals.get(code));
        capital.map_or_else(|| link.to_owned(), |id| format!("geonames:{id}"))
    }

    /// Returns the English name of the country with this ISO 3166 code.
    pub(crate) fn country_name(&self, code: &str) -> Option<&str> {
        let number = self.countries.get(code)?;
        Some(&self.targets[*number as usize].norm)
    }

    /// Returns the phrase written `form` for changing, made if need be; `None` where `form` has no
    /// word.
    pub(crate) fn phrase_mut(&mut self, form: &str) -> Option<&mut Phrase> {
        let words = self.word_numbers(form);
        let (first, rest) = words.split_first()?;
        let mut node = self.root_of(*first);
        for word in rest {
            node = self.child_of(node, *word);
        }
        if self.nodes[node as usize].phrase == 0 {
            self.phrases.push(Phrase::default());
            self.nodes[node as usize].phrase = (self.phrases.len() - 1) as u32;
        }
        let phrase = self.nodes[node as usize].phrase;
        self.phrases.get_mut(phrase as usize)
    }

    /// Returns how `form`, a name in Latin letters, has to be written; 0 for other scripts.
    pub(crate) fn writing_of(&self, form: &str) -> u8 {
        let tokens = self.tokenize(form);
        match tokens.first() {
            Some(first) if first.class == Class::Latin => {
                let acronym = tokens
                    .iter()
                    .all(|token| token.flags & ALL_CAPITALS != 0 && token.length <= 6);
                if acronym { ALL_CAPITALS } else { CAPITAL }
            }
            _ => 0,
        }
    }

    /// As `writing_of`, but a name that is given in small letters may be written so.
    pub(crate) fn writing_as_given(&self, form: &str) -> u8 {
        let tokens = self.tokenize(form);
        let capital = tokens
            .first()
            .is_some_and(|first| first.flags & CAPITAL != 0);
        if capital { self.writing_of(form) } else { 0 }
    }

    /// Forbids `words` right after (or, with `after`, right before) the name `form`. Returns false
    /// where there is no such name.
    pub(crate) fn forbid(&mut self, form: &str, words: &str, after: bool) -> bool {
        let tokens = self.tokenize(form);
        let (phrase, length) = self.longest(form, &tokens);
        if length != tokens.len() || self.phrase(phrase).name.is_none() {
            return false;
        }
        for word in words.split('|') {
            // Of a phrase only the first word is seen.
            let Some(word) = self.word_numbers(word).first().copied() else {
                return false;
            };
            // So that it is known behind `و` too.
            self.root_of(word);
            let set = if after {
                &mut self.not_after
            } else {
                &mut self.not_before
            };
            set.insert((phrase, word));
        }
        true
    }

    #[inline]
    fn node(&self, number: u32) -> Node {
        self.nodes[number as usize]
    }

    fn word_numbers(&mut self, form: &str) -> Vec<u32> {
        let arabic = |letter| self.letters.get(letter).class == Class::Arabic;
        if !form.is_empty() && form.chars().all(arabic) {
            return vec![self.word_of(form)];
        }
        // With an empty table nothing is known, so nothing is cut off either.
        let nothing = Vocabulary {
            letters: &self.letters,
            words: &KeyMap::default(),
            roots: &[],
        };
        let tokens = tokenize(form, nothing);
        let slices: Vec<_> = tokens
            .iter()
            .filter(|token| is_word(token))
            .map(|token| &form[token.start as usize..token.end as usize])
            .collect();
        slices.into_iter().map(|word| self.word_of(word)).collect()
    }

    fn word_of(&mut self, word: &str) -> u32 {
        let hash = self.letters.hash(word);
        self.words.get(hash).unwrap_or_else(|| {
            self.word_count += 1;
            self.words.insert(hash, self.word_count);
            self.roots.push(0);
            self.word_count
        })
    }

    fn root_of(&mut self, word: u32) -> u32 {
        if self.roots[word as usize] == 0 {
            self.roots[word as usize] = self.new_node();
        }
        self.roots[word as usize]
    }

    fn child_of(&mut self, node: u32, word: u32) -> u32 {
        let key = pair_key(node, word);
        if let Some(child) = self.edges.get(key) {
            return child;
        }
        let child = self.new_node();
        self.edges.insert(key, child);
        self.nodes[node as usize].has_children = true;
        child
    }

    fn new_node(&mut self) -> u32 {
        self.nodes.push(Node::default());
        (self.nodes.len() - 1) as u32
    }
}

/// Phrases and words that there is room for at first: a little more than the tables have.
const ROOM: usize = 1 << 15;

/// Returns a list with room, and `first` in it.
fn first_of_many<T>(first: T) -> Vec<T> {
    let mut list = Vec::with_capacity(ROOM);
    list.push(first);
    list
}

fn is_word(token: &Token) -> bool {
    matches!(token.class, Class::Arabic | Class::Latin | Class::Other)
}

/// Whether two tokens can be words of one phrase: blanks, a hyphen or an apostrophe between them,
/// or a full stop after a letter or two (`U.S.`, `St. Lucia`). A line break ends every phrase.
fn joins(text: &str, before: &Token, after: &Token) -> bool {
    let gap = &text[before.end as usize..after.start as usize];
    match gap {
        " " | "-" | "'" | "’" | " - " | "\u{2011}" => true,
        "" => false,
        "." | ". " => before.class == Class::Latin && before.length <= 2,
        _ => gap.chars().all(is_blank),
    }
}

/// Whether the character is a blank inside a line.
pub(crate) fn is_blank(character: char) -> bool {
    matches!(
        character,
        ' ' | '\t' | '\u{00A0}' | '\u{202F}' | '\u{2009}' | '\u{200B}'..='\u{200F}'
            | '\u{2066}'..='\u{2069}' | '\u{202A}'..='\u{202E}'
    )
}
