//! The document pass: which names mean one thing.
//!
//! Names go into chains, one chain an entity: by link, by normal form, by folded name, by the
//! acronym that a bracket gave, and persons and organisations also by a shorter form of their name
//! (`الهاشمي` after `إبراهيم الهاشمي`). The first of a chain is the entity, the rest are its
//! mentions. A shorter form that fits two of them is left alone.

use std::borrow::Cow;
use std::collections::HashMap;

use jadwal_core::facts::{Entity, Label};
use jadwal_core::fold::fold;

use crate::found::{Found, NATIONAL, Source, is_name};
use crate::hashing::Seeded;
use crate::identity::parts_of;

/// Chains remembered for one part of a name; a document with more people of one name is a list.
const CHAINS_OF_A_PART: usize = 8;

/// An entity of the document with all that mentions it.
#[derive(Clone, Debug)]
pub(crate) struct Chain {
    pub(crate) label: Label,
    pub(crate) norm: String,
    pub(crate) link: String,
    /// Indices of the entities, rising.
    pub(crate) mentions: Vec<usize>,
    /// The longest name as it is written.
    pub(crate) name: String,
    /// Every state has one, and no mention says whose this is.
    pub(crate) anyones: bool,
}

/// The entities of a document and the chains they form.
#[derive(Debug)]
pub(crate) struct Linked {
    pub(crate) entities: Vec<Entity>,
    pub(crate) chains: Vec<Chain>,
}

/// Short forms that the document itself explained: folded acronym to folded name.
pub(crate) type Acronyms = HashMap<String, String>;

/// Links what was found in `text`; `found` is in order and without overlaps.
pub(crate) fn linked(text: &str, mut found: Vec<Found>, acronyms: &Acronyms) -> Linked {
    let folded: Vec<String> = found.iter().map(|found| folded(text, found)).collect();
    agree_on_labels(&folded, &mut found);
    let anyones: Vec<bool> = found.iter_mut().map(is_anyones).collect();
    let names: Vec<Name<'_>> = found
        .iter()
        .zip(&folded)
        .map(|(found, folded)| Name::of(found, &text[found.range.clone()], folded))
        .collect();
    let mut linking = Linking {
        acronyms,
        chains: Vec::new(),
        parts: Vec::new(),
        by_key: HashMap::with_capacity_and_hasher(2 * found.len(), Seeded::default()),
        by_part: HashMap::with_capacity_and_hasher(found.len(), Seeded::default()),
    };
    let mut chain_of = Vec::with_capacity(found.len());
    for (index, (found, name)) in found.iter().zip(&names).enumerate() {
        let chain = linking.place(index, found, name);
        if let Some(chain) = chain {
            linking.chains[chain].anyones &= anyones[index];
        }
        chain_of.push(chain);
    }
    let chains = linking.chains;
    let mut entities = Vec::with_capacity(found.len());
    for (index, (found, chain)) in found.into_iter().zip(chain_of).enumerate() {
        let chain = chain.map(|chain| &chains[chain]);
        let first = chain.and_then(|chain| chain.mentions.first().copied());
        // Also of `Ministry of Foreign Affairs` that is told to be Qatar's.
        let fuller = |own: &str, whole: &str| {
            let rest = whole.strip_prefix(own);
            own.is_empty() || rest.is_some_and(|rest| rest.starts_with(" of "))
        };
        let inherited = |own: String, chain_has: fn(&Chain) -> &String| match chain {
            Some(chain) if fuller(&own, chain_has(chain)) => chain_has(chain).clone(),
            _ => own,
        };
        entities.push(Entity {
            range: found.range,
            label: found.label,
            norm: inherited(found.norm, |chain| &chain.norm),
            link: inherited(found.link, |chain| &chain.link),
            mention_of: first.filter(|first| *first != index),
            score: found.score,
        });
    }
    let chains = chains
        .into_iter()
        .filter(|chain| is_name(chain.label))
        .collect();
    Linked { entities, chains }
}

/// Returns the name in its folded form; nothing for what a pattern found.
fn folded(text: &str, found: &Found) -> String {
    match is_name(found.label) {
        true => fold(&text[found.range.clone()]),
        false => String::new(),
    }
}

/// Whether every state has one; the mark that says so is taken out.
fn is_anyones(found: &mut Found) -> bool {
    let anyones = found.link == NATIONAL;
    if anyones {
        found.link.clear();
    }
    anyones
}

/// Gives a name that no table knows the label that most of its mentions have. `folded` are the folded names.
fn agree_on_labels(folded: &[String], found: &mut [Found]) {
    let open = |found: &Found| {
        is_name(found.label) && found.link.is_empty() && found.source <= Source::Tagger
    };
    // Where every name has the label that it had first, there is nothing to settle.
    let mut first: HashMap<&str, Label, Seeded> =
        HashMap::with_capacity_and_hasher(found.len(), Seeded::default());
    let mut divided = false;
    for (found, folded) in found.iter().zip(folded).filter(|(found, _)| open(found)) {
        divided |= *first.entry(folded).or_insert(found.label) != found.label;
    }
    if !divided {
        return;
    }
    let mut votes: HashMap<&str, Vec<(Label, f32)>> = HashMap::new();
    for (found, folded) in found.iter().zip(folded).filter(|(found, _)| open(found)) {
        let votes = votes.entry(folded).or_default();
        match votes.iter_mut().find(|(label, _)| *label == found.label) {
            Some((_, sum)) => *sum += found.score,
            None => votes.push((found.label, found.score)),
        }
    }
    let open = found
        .iter_mut()
        .zip(folded)
        .filter(|(found, _)| open(found));
    for (found, folded) in open {
        let votes = &votes[folded.as_str()];
        let mut best = votes[0];
        for vote in votes {
            if vote.1 > best.1 {
                best = *vote;
            }
        }
        found.label = best.0;
    }
}

/// A name as it is written and as names are compared.
struct Name<'a> {
    written: &'a str,
    /// Of a person that no table knows: the parts alone.
    folded: Cow<'a, str>,
    /// Parts of the name of a person or an organisation.
    parts: Vec<&'a str>,
}

impl<'a> Name<'a> {
    fn of(found: &Found, written: &'a str, folded: &'a str) -> Self {
        let parts = match found.label {
            Label::Per | Label::Org => parts_of(folded),
            _ => Vec::new(),
        };
        let by_parts = found.label == Label::Per && found.link.is_empty();
        Self {
            written,
            folded: match by_parts {
                true => parts.join(" ").into(),
                false => folded.into(),
            },
            parts,
        }
    }
}

/// What an entity can be found under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key<'a> {
    /// Link and normal form: two places may share the link of their country.
    Link(&'a str, &'a str),
    /// The normal form: patterns have nothing else.
    Norm(&'a str),
    /// The folded name.
    Name(&'a str),
}

struct Linking<'a> {
    acronyms: &'a Acronyms,
    chains: Vec<Chain>,
    /// By chain: the parts of its longest name.
    parts: Vec<&'a [&'a str]>,
    by_key: HashMap<(Label, Key<'a>), usize, Seeded>,
    /// Chains of persons and organisations by a part of their name.
    by_part: HashMap<(Label, &'a str), Few, Seeded>,
}

/// Chains of one part of a name, as many as are remembered.
#[derive(Default)]
struct Few {
    chains: [u32; CHAINS_OF_A_PART],
    count: usize,
}

impl Few {
    fn all(&self) -> &[u32] {
        &self.chains[..self.count]
    }

    /// Adds a chain that is not there yet, if there is room.
    fn add(&mut self, chain: u32) {
        if self.count < CHAINS_OF_A_PART && !self.all().contains(&chain) {
            self.chains[self.count] = chain;
            self.count += 1;
        }
    }
}

impl<'a> Linking<'a> {
    /// Returns the chain of the entity with this index, made if need be.
    fn place(&mut self, index: usize, found: &'a Found, name: &'a Name<'a>) -> Option<usize> {
        let keys = self.keys(found, name);
        let keys = || keys.into_iter().flatten().map(|key| (found.label, key));
        keys().next()?;
        let known = keys().find_map(|key| self.by_key.get(&key).copied());
        let chain = known
            .or_else(|| self.by_shorter_name(found, &name.parts))
            .unwrap_or_else(|| self.begin(found, name));
        self.join(chain, index, found, name);
        for key in keys() {
            self.by_key.entry(key).or_insert(chain);
        }
        Some(chain)
    }

    /// Returns what the entity can be found under. Patterns have a normal form and nothing else.
    fn keys(&self, found: &'a Found, name: &'a Name<'a>) -> [Option<Key<'a>>; 3] {
        let told = match (found.link.as_str(), found.norm.as_str()) {
            ("", "") => None,
            ("", norm) => Some(Key::Norm(norm)),
            (link, norm) => Some(Key::Link(link, norm)),
        };
        if !is_name(found.label) {
            return [told, None, None];
        }
        let full = match found.link.is_empty() {
            true => self.acronyms.get(name.folded.as_ref()),
            false => None,
        };
        let full = full.map(|full| Key::Name(full));
        [told, full, Some(Key::Name(&name.folded))]
    }

    fn begin(&mut self, found: &Found, name: &Name<'_>) -> usize {
        self.chains.push(Chain {
            label: found.label,
            norm: found.norm.clone(),
            link: found.link.clone(),
            mentions: Vec::new(),
            name: name.written.to_owned(),
            anyones: true,
        });
        self.parts.push(&[]);
        self.chains.len() - 1
    }

    fn join(&mut self, at: usize, index: usize, found: &Found, name: &'a Name<'a>) {
        let chain = &mut self.chains[at];
        chain.mentions.push(index);
        if chain.link.is_empty() && !found.link.is_empty() {
            chain.link.clone_from(&found.link);
            chain.norm.clone_from(&found.norm);
        }
        if name.parts.len() > self.parts[at].len() {
            for part in &name.parts {
                let few = self.by_part.entry((chain.label, *part)).or_default();
                few.add(at as u32);
            }
            // `وزارة الخارجية القطرية` says whose the `وزارة الخارجية` of the headline is.
            let told = chain.label == Label::Org && chain.link.is_empty();
            if told && !found.norm.is_empty() {
                chain.norm.clone_from(&found.norm);
            }
            self.parts[at] = &name.parts;
            name.written.clone_into(&mut chain.name);
        }
        // A person's normal form is the fullest name that the document gives.
        let by_name = chain.label == Label::Per && chain.link.is_empty();
        if by_name && found.source != Source::List {
            let words = chain.name.split_whitespace();
            if !chain.norm.split(' ').eq(words.clone()) {
                chain.norm = words.collect::<Vec<_>>().join(" ");
            }
        }
    }

    /// Returns the one chain whose name this one shortens, or which shortens this one.
    fn by_shorter_name(&self, found: &Found, parts: &[&str]) -> Option<usize> {
        let last = parts.last()?;
        let first = parts.first()?;
        if !found.link.is_empty() {
            return None;
        }
        let mut fitting = None;
        for part in [last, first] {
            let chains = self.by_part.get(&(found.label, *part));
            for at in chains.into_iter().flat_map(Few::all) {
                let at = *at as usize;
                let known = self.parts[at];
                let fits = match found.label {
                    Label::Per => shortens(parts, known) || shortens(known, parts),
                    _ => {
                        // It may say whose the chain's is.
                        let completes = self.chains[at].anyones && known.len() >= 2;
                        parts.len() >= 2 && known.starts_with(parts)
                            || completes && parts.starts_with(known)
                    }
                };
                match fitting {
                    _ if !fits => {}
                    Some(other) if other != at => return None,
                    _ => fitting = Some(at),
                }
            }
        }
        fitting
    }
}

/// Whether `short` is a shorter form of the person's name `full`: the family name with or without
/// some of the others, in order, or the first name alone.
fn shortens(short: &[&str], full: &[&str]) -> bool {
    if short.is_empty() || short.len() >= full.len() {
        return false;
    }
    let mut rest = full.iter();
    let in_order = short.iter().all(|part| rest.any(|other| other == part));
    let family = short.last() == full.last();
    // Of two names or more the first ones do too: `محمد بن عبدالعزيز` of the example above.
    let first = short.first() == full.first();
    in_order && (family || first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, name: &str, nth: usize, label: Label, score: f32) -> Found {
        let (start, _) = text.match_indices(name).nth(nth).unwrap();
        Found::name(start..start + name.len(), label, score, Source::Tagger)
    }

    #[test]
    fn most_mentions_decide_the_label() {
        let text = "Aster said. Aster left. Aster fell.";
        let names = vec![
            found(text, "Aster", 0, Label::Org, 0.9),
            found(text, "Aster", 1, Label::Per, 0.6),
            found(text, "Aster", 2, Label::Per, 0.6),
        ];
        let linked = linked(text, names, &Acronyms::new());
        assert!(
            linked
                .entities
                .iter()
                .all(|entity| entity.label == Label::Per)
        );
        assert_eq!(linked.chains.len(), 1);
    }

    #[test]
    fn a_fuller_name_may_come_later() {
        let text = "Haddad spoke. Karim Haddad left.";
        let names = vec![
            found(text, "Haddad", 0, Label::Per, 0.8),
            found(text, "Karim Haddad", 0, Label::Per, 0.9),
        ];
        let linked = linked(text, names, &Acronyms::new());
        assert_eq!(linked.entities[1].mention_of, Some(0));
        assert_eq!(linked.entities[0].norm, "Karim Haddad");
    }

    #[test]
    fn shorter_names_keep_order_and_one_end() {
        let full = fold("محمد بن عبدالعزيز بن صالح الخليفي");
        for (short, expected) in [
            ("الخليفي", true),
            ("محمد الخليفي", true),
            ("محمد بن عبد العزيز", true),
            ("عبدالعزيز", false),
            ("صالح محمد", false),
            ("محمد بن عبدالعزيز بن صالح الخليفي", false),
        ] {
            let folded = fold(short);
            let shorter = shortens(&parts_of(&folded), &parts_of(&full));
            assert_eq!(shorter, expected, "{short}");
        }
    }
}
