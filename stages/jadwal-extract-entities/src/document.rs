//! The document pass: which names mean one thing.
//!
//! Names go into chains, one chain an entity: by link, by normal form, by folded name, by the
//! acronym that a bracket gave, and persons and organisations also by a shorter form of their name
//! (`الهاشمي` after `إبراهيم الهاشمي`). The first of a chain is the entity, the rest are its
//! mentions. A shorter form that fits two of them is left alone.

use std::collections::HashMap;

use jadwal_core::facts::{Entity, Label};
use jadwal_core::fold::fold;

use crate::found::{Found, NATIONAL, Source, is_name};
use crate::identity::parts;

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
    /// Parts of the longest name.
    parts: Vec<String>,
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
    agree_on_labels(text, &mut found);
    let mut linking = Linking {
        acronyms,
        chains: Vec::new(),
        by_key: HashMap::new(),
        by_part: HashMap::new(),
    };
    let mut chain_of = Vec::with_capacity(found.len());
    for (index, found) in found.iter_mut().enumerate() {
        let anyones = found.link == NATIONAL;
        if anyones {
            found.link.clear();
        }
        let chain = linking.place(index, found, &text[found.range.clone()]);
        if let Some(chain) = chain {
            linking.chains[chain].anyones &= anyones;
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

/// Gives a name that no table knows the label that most of its mentions have.
fn agree_on_labels(text: &str, found: &mut [Found]) {
    let open = |found: &Found| {
        is_name(found.label) && found.link.is_empty() && found.source <= Source::Tagger
    };
    let mut votes: HashMap<String, Vec<(Label, f32)>> = HashMap::new();
    for found in found.iter().filter(|found| open(found)) {
        let votes = votes.entry(fold(&text[found.range.clone()])).or_default();
        match votes.iter_mut().find(|(label, _)| *label == found.label) {
            Some((_, sum)) => *sum += found.score,
            None => votes.push((found.label, found.score)),
        }
    }
    votes.retain(|_, votes| votes.len() > 1);
    if votes.is_empty() {
        return;
    }
    for found in found.iter_mut().filter(|found| open(found)) {
        let Some(votes) = votes.get(&fold(&text[found.range.clone()])) else {
            continue;
        };
        let mut best = votes[0];
        for vote in votes {
            if vote.1 > best.1 {
                best = *vote;
            }
        }
        found.label = best.0;
    }
}

struct Linking<'a> {
    acronyms: &'a Acronyms,
    chains: Vec<Chain>,
    by_key: HashMap<(Label, String), usize>,
    /// Chains of persons and organisations by a part of their name.
    by_part: HashMap<(Label, String), Vec<usize>>,
}

impl Linking<'_> {
    /// Returns the chain of the entity with this index, made if need be.
    fn place(&mut self, index: usize, found: &Found, name: &str) -> Option<usize> {
        let keys = self.keys(found, name);
        if keys.is_empty() {
            return None;
        }
        let parts = match found.label {
            Label::Per | Label::Org => parts(name),
            _ => Vec::new(),
        };
        let known = keys
            .iter()
            .find_map(|key| self.by_key.get(&(found.label, key.clone())).copied());
        let chain = known
            .or_else(|| self.by_shorter_name(found, &parts))
            .unwrap_or_else(|| self.begin(found, name));
        self.join(chain, index, found, name, parts);
        for key in keys {
            self.by_key.entry((found.label, key)).or_insert(chain);
        }
        Some(chain)
    }

    /// Returns what the entity can be found under. Patterns have a normal form and nothing else.
    fn keys(&self, found: &Found, name: &str) -> Vec<String> {
        let mut keys = Vec::new();
        if !found.link.is_empty() {
            // Two places may share the link of their country.
            keys.push(format!("{} {}", found.link, found.norm));
        } else if !found.norm.is_empty() {
            keys.push(found.norm.clone());
        }
        if is_name(found.label) && found.link.is_empty() {
            let folded = match found.label {
                Label::Per => parts(name).join(" "),
                _ => fold(name),
            };
            if let Some(full) = self.acronyms.get(&folded) {
                keys.push(format!("name {full}"));
            }
            keys.push(format!("name {folded}"));
        } else if is_name(found.label) {
            keys.push(format!("name {}", fold(name)));
        }
        keys
    }

    fn begin(&mut self, found: &Found, name: &str) -> usize {
        self.chains.push(Chain {
            label: found.label,
            norm: found.norm.clone(),
            link: found.link.clone(),
            mentions: Vec::new(),
            parts: Vec::new(),
            name: name.to_owned(),
            anyones: true,
        });
        self.chains.len() - 1
    }

    fn join(&mut self, at: usize, index: usize, found: &Found, name: &str, parts: Vec<String>) {
        let chain = &mut self.chains[at];
        chain.mentions.push(index);
        if chain.link.is_empty() && !found.link.is_empty() {
            chain.link.clone_from(&found.link);
            chain.norm.clone_from(&found.norm);
        }
        if parts.len() > chain.parts.len() {
            for part in &parts {
                let chains = self.by_part.entry((chain.label, part.clone())).or_default();
                if !chains.contains(&at) && chains.len() < CHAINS_OF_A_PART {
                    chains.push(at);
                }
            }
            // `وزارة الخارجية القطرية` says whose the `وزارة الخارجية` of the headline is.
            let told = chain.label == Label::Org && chain.link.is_empty();
            if told && !found.norm.is_empty() {
                chain.norm.clone_from(&found.norm);
            }
            chain.parts = parts;
            name.clone_into(&mut chain.name);
        }
        // A person's normal form is the fullest name that the document gives.
        let by_name = chain.label == Label::Per && chain.link.is_empty();
        if by_name && found.source != Source::List {
            chain.norm = chain.name.split_whitespace().collect::<Vec<_>>().join(" ");
        }
    }

    /// Returns the one chain whose name this one shortens, or which shortens this one.
    fn by_shorter_name(&self, found: &Found, parts: &[String]) -> Option<usize> {
        let last = parts.last()?;
        let first = parts.first()?;
        if !found.link.is_empty() {
            return None;
        }
        let mut fitting = None;
        for part in [last, first] {
            let chains = self.by_part.get(&(found.label, part.clone()));
            for at in chains.into_iter().flatten().copied() {
                let chain = &self.chains[at];
                let fits = match found.label {
                    Label::Per => shortens(parts, &chain.parts) || shortens(&chain.parts, parts),
                    _ => {
                        parts.len() >= 2 && chain.parts.starts_with(parts)
                            || completes(parts, chain)
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

/// Whether the organisation's name `full` says whose the chain's is.
fn completes(full: &[String], chain: &Chain) -> bool {
    chain.anyones && chain.parts.len() >= 2 && full.starts_with(&chain.parts)
}

/// Whether `short` is a shorter form of the person's name `full`: the family name with or without
/// some of the others, in order, or the first name alone.
fn shortens(short: &[String], full: &[String]) -> bool {
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
        let parts = |name: &str| parts(name);
        let full = parts("محمد بن عبدالعزيز بن صالح الخليفي");
        for (short, expected) in [
            ("الخليفي", true),
            ("محمد الخليفي", true),
            ("محمد بن عبد العزيز", true),
            ("عبدالعزيز", false),
            ("صالح محمد", false),
            ("محمد بن عبدالعزيز بن صالح الخليفي", false),
        ] {
            assert_eq!(shortens(&parts(short), &full), expected, "{short}");
        }
    }
}
