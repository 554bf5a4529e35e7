//! Decides whether a name of the tables is a name in this text.
//!
//! Letters written on to an Arabic name (`و ف ب ل ك`, and `لل` with the article) are not part of the
//! entity. A name in Latin letters must start with a capital, an acronym must be all capitals.
//! Spellings that are common words too are held to the rules of `data/rules.tsv`. Nationalities
//! (`القطرية`, `French`) are other words and never match.

use jadwal_core::facts::Label;

use crate::amounts::amount_entity;
use crate::found::{Found, NATIONAL, Source};
use crate::items::Items;
use crate::letters::Class;
use crate::lexicon::{Cues, NameSense, Rule, is_blank};
use crate::tokens::{ALL_CAPITALS, CAPITAL, CONJUNCTION, PREPOSITION, SHADDA, TANWIN};

const CERTAIN: f32 = 0.9;
const BY_RULE: f32 = 0.75;
const LINKED_TO_NOTHING: f32 = 0.7;
const EITHER: f32 = 0.6;

/// What the whole document says about a spelling that two places share.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Evidence {
    /// Jordan is named and Oman is not told otherwise: `عمان` is Amman.
    pub(crate) jordan: bool,
    /// Lebanon is named and Libya is not: `طرابلس` is the Lebanese town.
    pub(crate) lebanon: bool,
}

impl Evidence {
    /// Reads the names in `items`.
    pub(crate) fn of(items: &Items<'_>) -> Self {
        let (mut jordan, mut oman, mut lebanon, mut libya) = (false, false, false, false);
        for at in 0..items.len() {
            let named = Some(at).filter(|at| items.is(*at, Cues::NAMED));
            let Some(name) = named.and_then(|at| items.phrase(at).name) else {
                continue;
            };
            let link = items.lexicon.target(name.target).link.as_str();
            let Some((_, "JO" | "OM" | "LB" | "LY")) = link.split_once(':') else {
                continue;
            };
            jordan |= link == "iso3166:JO";
            oman |= link == "capital:OM" || link == "iso3166:OM" && items.slice(at).contains(' ');
            lebanon |= link == "iso3166:LB" || link == "capital:LB";
            libya |= link == "iso3166:LY";
        }
        Self {
            jordan: jordan && !oman,
            lebanon: lebanon && !libya,
        }
    }
}

/// Finds the name at item `at`. `named` is the last item of the name found before, if any.
pub(crate) fn name_at(
    items: &Items<'_>,
    evidence: Evidence,
    at: usize,
    named: Option<usize>,
) -> Option<Found> {
    let item = items.get(at)?;
    let name = items.phrase(at).name?;
    let flags = item.token.flags;
    if items.lexicon.target(name.target).own {
        return own(items, at, name);
    }
    if name.writing != 0 && flags & name.writing == 0 || flags & TANWIN != 0 {
        return None;
    }
    if with_zeal(items, at) || forbidden(items, at, item.phrase) || in_capitals(items, at, name) {
        return None;
    }
    if accusative(items, at) || part_of_new_name(items, at) || is_diameter(items, at) {
        return None;
    }
    let score = allowed(items, at, name, named)?;
    let found = resolved(items, at, name, evidence, score);
    // `البرلمان` alone is a common noun, `البرلمان العراقي` a name.
    let common = found.link == NATIONAL && !items.text[found.range.clone()].contains(is_blank);
    (!common).then_some(found)
}

/// A name of the user's own lists: taken as it stands, if it is written as the list has it.
fn own(items: &Items<'_>, at: usize, name: NameSense) -> Option<Found> {
    let target = items.lexicon.target(name.target);
    let flags = items.get(at)?.token.flags;
    let written = name.writing == 0 || flags & name.writing != 0;
    written.then(|| Found {
        norm: target.norm.clone(),
        link: target.link.clone(),
        ..Found::name(
            items.with_last_stop(at, at),
            target.label,
            1.0,
            Source::List,
        )
    })
}

/// `بحماس` is "with zeal" more often than "by Hamas".
fn with_zeal(items: &Items<'_>, at: usize) -> bool {
    let prefixed = items
        .get(at)
        .is_some_and(|item| item.token.clitics & PREPOSITION != 0);
    prefixed && items.slice(at) == "حماس"
}

fn forbidden(items: &Items<'_>, at: usize, phrase: u32) -> bool {
    let next = items
        .get(at + 1)
        .filter(|_| items.near(at) || items.gap(at) == "-");
    let before = at
        .checked_sub(1)
        .filter(|before| items.near(*before))
        .and_then(|before| items.get(before));
    next.is_some_and(|next| items.lexicon.never_before(phrase, next.token.word))
        || before.is_some_and(|before| items.lexicon.never_after(phrase, before.last_word))
}

/// In a line of capitals an acronym may be any word (`LES EAU`, `UN HOMME`).
fn in_capitals(items: &Items<'_>, at: usize, name: NameSense) -> bool {
    let loud = |at: usize| {
        items.get(at).is_some_and(|item| {
            item.token.class == Class::Latin
                && item.token.flags & ALL_CAPITALS != 0
                && item.token.length >= 4
                && item.phrase == 0
        })
    };
    name.writing == ALL_CAPITALS && (at > 0 && loud(at - 1) || loud(at + 1))
}

/// `مواطنا بريطانيا` is "a British citizen": after a noun in the accusative the spelling is the
/// adjective.
fn accusative(items: &Items<'_>, at: usize) -> bool {
    items.slice(at).ends_with("يا")
        && items.get(at).is_some_and(|item| item.token.clitics == 0)
        && items.after(at, Cues::ACCUSATIVE_NOUN)
}

/// `New Mexico`, `New England`.
fn part_of_new_name(items: &Items<'_>, at: usize) -> bool {
    at > 0 && items.slice(at - 1) == "New" && items.near(at - 1)
}

/// `بقطر 5 سنتيمترات` is a diameter.
fn is_diameter(items: &Items<'_>, at: usize) -> bool {
    let measured =
        || amount_entity(items, at + 1).is_some_and(|found| found.label == Label::Quantity);
    items.slice(at) == "قطر" && items.near(at) && measured()
}

/// Returns how sure the name is by its rule, `None` where the rule refuses it.
fn allowed(items: &Items<'_>, at: usize, name: NameSense, named: Option<usize>) -> Option<f32> {
    match name.rule {
        Rule::Plain => Some(CERTAIN),
        Rule::Never => None,
        Rule::Cue => has_cue(items, at, named).then_some(BY_RULE),
        Rule::Person => {
            let surname =
                items.near(at) && items.capital(at + 1) && items.phrase(at + 1).month.is_none();
            let given = at > 0
                && items.near(at - 1)
                && items.capital(at - 1)
                && !items.is(at - 1, Cues::PLACE.and(Cues::YEAR));
            let alone = is_capital_city(items, name) && !given;
            (!surname && (alone || has_cue(items, at, named))).then_some(BY_RULE)
        }
        Rule::Adjective => {
            let adjective = at > 0
                && items.near(at - 1)
                && items.definite(at - 1)
                && items.get(at).is_some_and(|item| item.token.clitics == 0)
                && named != Some(at - 1);
            (!adjective).then_some(BY_RULE)
        }
    }
}

fn is_capital_city(items: &Items<'_>, name: NameSense) -> bool {
    items
        .lexicon
        .target(name.target)
        .link
        .starts_with("capital:")
}

/// Whether a word for a place stands before the name, or another place right beside it.
fn has_cue(items: &Items<'_>, at: usize, named: Option<usize>) -> bool {
    let clitics = items.get(at).map_or(0, |item| item.token.clitics);
    if clitics & PREPOSITION != 0 || items.after(at, Cues::PLACE) {
        return true;
    }
    let listed = |gap: &str| matches!(gap.trim(), "" | "," | "،" | "-" | "/");
    // `لبنان وسورية`, `Mali, Chad`.
    let before = named.is_some_and(|named| {
        named + 1 == at
            && listed(items.gap(named))
            && (clitics & CONJUNCTION != 0 || !items.near(named))
    });
    let next = items.get(at + 1);
    let next_joined = next.is_some_and(|next| next.token.clitics & CONJUNCTION != 0)
        || matches!(items.gap(at).trim(), "," | "،" | "-" | "/");
    let behind = next_joined && listed(items.gap(at)) && is_plain_name(items, at + 1);
    before || behind
}

fn is_plain_name(items: &Items<'_>, at: usize) -> bool {
    let written = |name: NameSense| {
        let flags = items.get(at).map_or(0, |item| item.token.flags);
        name.rule == Rule::Plain && (name.writing == 0 || flags & (CAPITAL | name.writing) != 0)
    };
    items.phrase(at).name.is_some_and(written)
}

/// Returns the entity; a spelling that two places share goes by the rest of the document.
fn resolved(
    items: &Items<'_>,
    at: usize,
    name: NameSense,
    evidence: Evidence,
    score: f32,
) -> Found {
    let target = items.lexicon.target(name.target);
    let range = items.with_last_stop(at, at);
    let found = |norm: &str, link: &str, score: f32| Found {
        norm: norm.to_owned(),
        link: items.lexicon.authority(link),
        ..Found::name(range.clone(), target.label, score, Source::Table)
    };
    match target.link.as_str() {
        // `عمان` is Oman or, with a doubled m that nobody writes, Amman.
        "iso3166:OM" | "capital:JO" if is_bare_oman(items, at) => {
            let flags = items.get(at).map_or(0, |item| item.token.flags);
            match flags & SHADDA != 0 || evidence.jordan {
                true => found("Amman", "capital:JO", EITHER),
                false => found("Oman", "iso3166:OM", EITHER),
            }
        }
        "capital:LY" if evidence.lebanon => found("Tripoli", "", EITHER),
        NATIONAL => national(items, at, found(&target.norm, NATIONAL, score)),
        "" => found(&target.norm, "", score.min(LINKED_TO_NOTHING)),
        link => found(&target.norm, link, score),
    }
}

/// Adds the nationality beside a ministry, a parliament and the like: `وزارة الخارجية القطرية`, `Qatari Foreign
/// Ministry`.
fn national(items: &Items<'_>, at: usize, mut found: Found) -> Found {
    let code = |at: usize| items.phrase(at).demonym;
    let arabic = items
        .get(at)
        .is_some_and(|item| item.token.class == Class::Arabic);
    let country = if arabic {
        let behind = items.near(at) && items.definite(at + 1);
        let country = code(at + 1).filter(|_| behind);
        if country.is_some() {
            found.range.end = items.end(at + 1);
        }
        country
    } else {
        let before = at.checked_sub(1).filter(|before| items.near(*before));
        let country = before.and_then(code);
        if let (Some(_), Some(before)) = (country, before) {
            found.range.start = items.start(before);
        }
        country
    };
    if let Some(name) = country.and_then(|code| items.lexicon.country_name(code)) {
        found.norm = format!("{} of {name}", found.norm);
        found.link.clear();
    }
    found
}

/// Whether the name is `عمان` alone.
fn is_bare_oman(items: &Items<'_>, at: usize) -> bool {
    let arabic = items
        .get(at)
        .is_some_and(|item| item.token.class == Class::Arabic);
    arabic && !items.slice(at).contains(' ')
}
