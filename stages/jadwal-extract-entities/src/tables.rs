//! Reads the tables of `data/` into the lexicon.
//!
//! They are part of the binary. A broken line is a mistake of ours, and is told with its place.

use jadwal_core::facts::Label;

use crate::lexicon::{Cues, Lexicon, Month, NameSense, NumberWord, Rule, Span, Target};

const WORDS: &str = include_str!("../data/words.tsv");
const COUNTRIES: &str = include_str!("../data/countries.tsv");
const PLACES: &str = include_str!("../data/places.tsv");
const CAPITALS: &str = include_str!("../data/capitals.tsv");
const ORGANISATIONS: &str = include_str!("../data/organisations.tsv");
const RULES: &str = include_str!("../data/rules.tsv");
const OFFICES: &str = include_str!("../data/offices.tsv");
const DEMONYMS: &str = include_str!("../data/demonyms.tsv");
const ARABIC_WORDS: &str = include_str!("../data/arabic_words.tsv");

/// A line of a table that says nothing.
#[derive(Debug, thiserror::Error)]
#[error("line {line} of `{table}` is not understood: `{text}`")]
pub(crate) struct TableError {
    table: &'static str,
    line: usize,
    text: String,
}

/// Returns the lexicon of all tables, still to be sealed.
pub(crate) fn read_all() -> Result<Lexicon, TableError> {
    let mut lexicon = Lexicon::empty();
    each_row("words.tsv", WORDS, |row| add_words(&mut lexicon, row))?;
    each_row("offices.tsv", OFFICES, |row| add_words(&mut lexicon, row))?;
    each_row("arabic_words.tsv", ARABIC_WORDS, |[class, word, _]| {
        add_words(&mut lexicon, ["cue", class, word])
    })?;
    each_row("demonyms.tsv", DEMONYMS, |row| {
        add_demonyms(&mut lexicon, row)
    })?;
    let mut countries = Vec::new();
    each_row("countries.tsv", COUNTRIES, |row| {
        add_country(&mut lexicon, &mut countries, row)
    })?;
    each_row("capitals.tsv", CAPITALS, |[code, id, _]| {
        lexicon.add_capital(code, id.parse().ok()?)
    })?;
    each_row("places.tsv", PLACES, |row| {
        add_names(&mut lexicon, Label::Loc, &countries, row)
    })?;
    each_row("organisations.tsv", ORGANISATIONS, |row| {
        add_names(&mut lexicon, Label::Org, &[], row)
    })?;
    each_row("rules.tsv", RULES, |row| add_rule(&mut lexicon, row))?;
    Ok(lexicon)
}

/// Calls `add` with the three columns of each row; `None` from it is an error.
fn each_row(
    table: &'static str,
    content: &'static str,
    mut add: impl FnMut([&'static str; 3]) -> Option<()>,
) -> Result<(), TableError> {
    for (index, line) in content.lines().enumerate() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut columns = line.split('\t');
        let row = [(); 3].map(|()| columns.next().unwrap_or(""));
        add(row).ok_or_else(|| TableError {
            table,
            line: index + 1,
            text: line.to_owned(),
        })?;
    }
    Ok(())
}

fn add_words(lexicon: &mut Lexicon, [class, value, forms]: [&'static str; 3]) -> Option<()> {
    for form in written_out(forms) {
        add_word(lexicon, class, value, &form)?;
    }
    Some(())
}

/// Returns every form: `a|b + c|d` gives `a c`, `a d`, `b c`, `b d`.
fn written_out(forms: &str) -> Vec<String> {
    let mut parts = forms.split(" + ");
    let first = parts.next().unwrap_or("");
    let mut written: Vec<String> = first.split('|').map(str::to_owned).collect();
    for part in parts {
        let longer = written
            .iter()
            .flat_map(|left| part.split('|').map(move |right| format!("{left} {right}")));
        written = longer.collect();
    }
    written
}

fn add_word(lexicon: &mut Lexicon, class: &str, value: &'static str, form: &str) -> Option<()> {
    let phrase = lexicon.phrase_mut(form)?;
    let month = |hijri, weak| {
        let number = value
            .parse()
            .ok()
            .filter(|number| (1..=12).contains(number))?;
        Some(Month {
            number,
            hijri,
            weak,
        })
    };
    let small = || value.parse::<u8>().ok();
    match class {
        "month" => phrase.month = Some(month(false, false)?),
        "weakmonth" => phrase.month = Some(month(false, true)?),
        "hijri" => phrase.month = Some(month(true, true)?),
        "weekday" => phrase.weekday = Some((small()?, false)),
        "weakweekday" => phrase.weekday = Some((small()?, true)),
        "today" => {
            phrase.relative = Some(value);
            phrase.cues = phrase.cues.and(Cues::TODAY);
        }
        "relative" => phrase.relative = Some(value),
        "span" => phrase.span = Some(span(value)?),
        "small" | "hundred" | "scale" | "dual" | "abbreviation" => {
            phrase.number = Some(number_word(class, value.parse().ok()?)?);
        }
        "ordinal" => phrase.ordinal = Some(small()?),
        "hour" => phrase.hour = Some(small()?),
        "decade" => phrase.decade = Some(value.parse().ok()?),
        "currency" => phrase.currency = Some(value),
        "iso" => phrase.iso = Some(value),
        "unit" => phrase.unit = Some(value),
        "cue" => phrase.cues = phrase.cues.and(Cues::by_name(value)?),
        _ => return None,
    }
    Some(())
}

fn number_word(class: &str, value: u64) -> Option<NumberWord> {
    Some(match class {
        "small" => NumberWord::Small(value),
        "hundred" => NumberWord::Hundred,
        "scale" => NumberWord::Scale(value),
        "dual" => NumberWord::Dual(value),
        "abbreviation" => NumberWord::Abbreviation(value),
        _ => return None,
    })
}

fn span(value: &str) -> Option<Span> {
    let unit = value.chars().last().filter(|unit| "DWMY".contains(*unit))?;
    let count = value.strip_suffix(unit)?.parse().ok()?;
    Some(Span { count, unit })
}

/// Adds a country's adjectives: those of Arabic in every gender, number and definiteness.
fn add_demonyms(lexicon: &mut Lexicon, [code, arabic, latin]: [&'static str; 3]) -> Option<()> {
    (code.len() == 2).then_some(())?;
    let forms = arabic
        .split('|')
        .filter(|form| !form.is_empty())
        .flat_map(inflected)
        .chain(latin.split('|').map(str::to_owned));
    for form in forms {
        lexicon.phrase_mut(&form)?.demonym.get_or_insert(code);
    }
    Some(())
}

/// Returns the forms of an Arabic adjective of one or two words, given in the masculine.
fn inflected(adjective: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for article in ["", "ال"] {
        for ending in ["", "ة", "ا", "ين", "ون", "ات"] {
            let words = adjective
                .split(' ')
                .map(|word| format!("{article}{word}{ending}"));
            forms.push(words.collect::<Vec<_>>().join(" "));
        }
    }
    forms
}

/// Rows of one country stand together, English first: its first name is the canonical one.
fn add_country(
    lexicon: &mut Lexicon,
    countries: &mut Vec<Target>,
    [code, language, name]: [&'static str; 3],
) -> Option<()> {
    let authority = match code.bytes().next()? {
        b'0'..=b'9' => "m49",
        _ => "iso3166",
    };
    let link = format!("{authority}:{code}");
    if countries.last().is_none_or(|last| last.link != link) {
        (language == "en").then_some(())?;
        countries.push(Target {
            label: Label::Loc,
            norm: name.to_owned(),
            link,
            own: false,
        });
    }
    let target = lexicon.add_target(countries.last()?.clone());
    add_name(lexicon, target, name)
}

fn add_names(
    lexicon: &mut Lexicon,
    label: Label,
    countries: &[Target],
    [link, norm, names]: [&'static str; 3],
) -> Option<()> {
    let norm = match norm {
        "" => &countries.iter().find(|country| country.link == link)?.norm,
        norm => norm,
    };
    let target = lexicon.add_target(Target {
        label,
        norm: norm.to_owned(),
        link: link.to_owned(),
        own: false,
    });
    names
        .split('|')
        .try_for_each(|name| add_name(lexicon, target, name))
}

/// The first table that has a spelling keeps it.
fn add_name(lexicon: &mut Lexicon, target: u32, name: &str) -> Option<()> {
    let writing = lexicon.writing_of(name);
    let phrase = lexicon.phrase_mut(name)?;
    phrase.name.get_or_insert(NameSense {
        target,
        rule: Rule::Plain,
        writing,
    });
    Some(())
}

fn add_rule(lexicon: &mut Lexicon, [rule, names, words]: [&'static str; 3]) -> Option<()> {
    let rule = match rule {
        "never" => Rule::Never,
        "cue" => Rule::Cue,
        "person" => Rule::Person,
        "adjective" => Rule::Adjective,
        "not_before" | "not_after" => {
            let known = |name| {
                lexicon
                    .forbid(name, words, rule == "not_after")
                    .then_some(())
            };
            return names.split('|').try_for_each(known);
        }
        _ => return None,
    };
    for name in names.split('|') {
        if let Some(sense) = &mut lexicon.phrase_mut(name)?.name {
            sense.rule = rule;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_understood() {
        if let Err(error) = read_all() {
            panic!("{error}");
        }
    }

    #[test]
    fn adjectives_are_inflected() {
        let forms = inflected("كوري جنوبي");
        assert!(forms.contains(&"الكورية الجنوبية".to_owned()), "{forms:?}");
        assert_eq!(forms.len(), 12);
    }

    #[test]
    fn products_are_written_out() {
        assert_eq!(written_out("a|b + c|d"), ["a c", "a d", "b c", "b d"]);
        assert_eq!(written_out("a|b"), ["a", "b"]);
    }
}
