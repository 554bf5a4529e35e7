//! Completes dates and amounts from what stands around them.
//!
//! Two dates with a word for `to` between them become one range; the first takes the year of the second.
//! A currency whose country the words do not name (`5 ملايين جنيه`) becomes that of the country that
//! the document speaks of most among those that have it; where it speaks of none, it stays `XXX`.

use std::ops::Range;

use jadwal_core::facts::Label;

use crate::found::Found;
use crate::items::Items;
use crate::lexicon::Cues;

/// A country and the code of its currency.
type Issuer = (&'static str, &'static str);

/// Currencies that share a name: stems of the name, and who has them.
#[rustfmt::skip]
const SHARED: [(&[&str], &[Issuer]); 8] = [
    (&["ريال", "riyal", "rial"], &[("SA", "SAR"), ("QA", "QAR"), ("OM", "OMR"), ("YE", "YER"), ("IR", "IRR")]),
    (&["دينار", "دنانير", "dinar"], &[("KW", "KWD"), ("BH", "BHD"), ("JO", "JOD"), ("IQ", "IQD"), ("DZ", "DZD"), ("TN", "TND"), ("LY", "LYD"), ("RS", "RSD")]),
    (&["درهم", "دراهم", "dirham"], &[("AE", "AED"), ("MA", "MAD")]),
    (&["جنيه", "pound"], &[("EG", "EGP"), ("SD", "SDG"), ("GB", "GBP"), ("SS", "SSP"), ("SY", "SYP"), ("LB", "LBP")]),
    (&["ليرة", "ليرات", "lira", "livre"], &[("TR", "TRY"), ("SY", "SYP"), ("LB", "LBP"), ("IT", "ITL")]),
    (&["روبي", "rupee", "roupie"], &[("IN", "INR"), ("PK", "PKR"), ("LK", "LKR"), ("NP", "NPR")]),
    (&["فرنك", "franc"], &[("CH", "CHF"), ("DJ", "DJF"), ("KM", "KMF"), ("SN", "XOF"), ("CM", "XAF")]),
    (&["peso"], &[("MX", "MXN"), ("AR", "ARS"), ("PH", "PHP"), ("CL", "CLP"), ("CO", "COP")]),
];

/// Joins dates that are the two ends of a range; `found` is in order.
pub(crate) fn join_ranges(text: &str, found: Vec<Found>) -> Vec<Found> {
    let mut joined: Vec<Found> = Vec::with_capacity(found.len());
    for later in found {
        let range = joined
            .last()
            .and_then(|first| range_of(text, first, &later));
        match (range, joined.last_mut()) {
            (Some(norm), Some(first)) => {
                first.range.end = later.range.end;
                first.score = first.score.min(later.score);
                first.norm = norm;
            }
            _ => joined.push(later),
        }
    }
    joined
}

/// Returns the normal form of the range from `first` to `later`, if they are one.
fn range_of(text: &str, first: &Found, later: &Found) -> Option<String> {
    if first.label != Label::Date || later.label != Label::Date {
        return None;
    }
    let between = text.get(first.range.end..later.range.start)?;
    let word = between.trim_matches(crate::lexicon::is_blank);
    if !matches!(
        word,
        "إلى" | "الى" | "حتى" | "وحتى" | "to" | "until" | "till" | "au" | "-" | "–" | "—"
    ) {
        return None;
    }
    let to = &later.norm;
    let from = match first.norm.strip_prefix("--") {
        // `21 نوفمبر إلى 3 ديسمبر 2016`.
        Some(day) if to.len() == 10 && day.len() == 5 => format!("{}-{day}", &to[..4]),
        Some(day) if to.len() == 7 && day.len() == 2 => format!("{}-{day}", &to[..4]),
        _ => first.norm.clone(),
    };
    let plain = |norm: &str| {
        norm.bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    let without_year = from.starts_with("--") && to.starts_with("--");
    let comparable = from.len() == to.len() && plain(&from) && plain(to) && from < *to;
    let dated = without_year || from.as_bytes().first() != Some(&b'-');
    (comparable && dated).then(|| format!("{from}/{to}"))
}

/// Names the country of currencies that the words leave open.
pub(crate) fn name_currencies(items: &Items<'_>, found: &mut [Found]) {
    let open = |found: &Found| found.label == Label::Money && found.norm.ends_with(" XXX");
    if !found.iter().any(open) {
        return;
    }
    let countries = Countries::of(items, found);
    let norm = |money: &Found| {
        let code = countries.currency(&items.text[money.range.clone()])?;
        let amount = money.norm.trim_end_matches("XXX");
        Some(format!("{amount}{code}"))
    };
    let norms: Vec<_> = found
        .iter()
        .map(|found| Some(found).filter(|found| open(found)).and_then(norm))
        .collect();
    for (money, norm) in found.iter_mut().zip(norms) {
        money.norm = norm.unwrap_or(std::mem::take(&mut money.norm));
    }
}

/// How often a document speaks of each country, by name, nationality or currency.
struct Countries<'a> {
    counts: Vec<(&'a str, usize)>,
}

impl<'a> Countries<'a> {
    fn of(items: &Items<'a>, found: &'a [Found]) -> Self {
        let mut countries = Self { counts: Vec::new() };
        let tell = Cues::DEMONYM.and(Cues::NAMED);
        for at in (0..items.len()).filter(|at| items.is(*at, tell)) {
            let phrase = items.phrase(at);
            // `السعودية` is counted as the name that it is too.
            if let Some(code) = phrase.demonym.filter(|_| phrase.name.is_none()) {
                countries.add(code, 1);
            }
            let name = phrase.name.map(|name| items.lexicon.target(name.target));
            if let Some(code) = name.and_then(|name| name.link.strip_prefix("capital:")) {
                countries.add(code, 1);
            }
        }
        for found in found {
            if let Some(code) = found.link.strip_prefix("iso3166:") {
                countries.add(&code[..code.len().min(2)], 1);
            }
            if found.label == Label::Money {
                let code = found.norm.rsplit(' ').next().unwrap_or("");
                let country = SHARED.iter().flat_map(|(_, all)| all.iter());
                for (country, _) in country.filter(|(_, other)| *other == code) {
                    // An amount that does name it says more than a mention.
                    countries.add(country, 5);
                }
            }
        }
        countries
    }

    fn add(&mut self, code: &'a str, count: usize) {
        match self.counts.iter_mut().find(|(other, _)| *other == code) {
            Some((_, known)) => *known += count,
            None => self.counts.push((code, count)),
        }
    }

    /// Returns the code of the currency that `money` names without its country. Of two countries
    /// that are spoken of as often neither is taken.
    fn currency(&self, money: &str) -> Option<&'static str> {
        let lower = money.to_lowercase();
        let named = |stems: &[&str]| stems.iter().any(|stem| lower.contains(stem));
        let (_, countries) = SHARED.iter().find(|(stems, _)| named(stems))?;
        let count_of = |country: &str| {
            let known = self.counts.iter().find(|(other, _)| *other == country);
            known.map_or(0, |(_, count)| *count)
        };
        let best = countries
            .iter()
            .max_by_key(|(country, _)| count_of(country))?;
        let most = count_of(best.0);
        let alone = countries
            .iter()
            .filter(|(country, _)| count_of(country) == most)
            .count()
            == 1;
        (most > 0 && alone).then_some(best.1)
    }
}

/// Returns `range` with the bracket that was opened right before it and closed in it: `(+974) 4412`.
pub(crate) fn with_open_bracket(text: &str, range: Range<usize>) -> Range<usize> {
    let inside = &text[range.clone()];
    let closed = inside.contains(')') && !inside.contains('(');
    match text[..range.start].ends_with('(') && closed {
        true => range.start - 1..range.end,
        false => range,
    }
}
