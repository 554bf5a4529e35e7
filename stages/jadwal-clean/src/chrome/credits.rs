//! Finds who sent a story and from where: the place line (`القاهرة – رويترز:`, `PARIS (AFP) —`), the
//! line that names an agency, the credit behind the last sentence.
//!
//! The text stays as it is; what is found goes into the facts. Only names that are known count as
//! agencies, so that a dash after a place is no proof.

use jadwal_core::fold::fold;

use super::Judge;

/// Names of agencies, folded, parted by commas: Arabic, Persian, Latin script.
const AGENCIES: &str = "رويترز,ا ف ب,اف ب,افب,فرانس برس,وكاله فرانس برس,وكاله الصحافه الفرنسيه,قنا,\
    وكاله الانباء القطريه,واس,وكاله الانباء السعوديه,وام,كونا,بنا,سانا,واع,بترا,وفا,ا ش ا,اشا,\
    وكاله انباء الشرق الاوسط,د ب ا,دبا,الاناضول,وكاله الاناضول,سبوتنيك,شينخوا,تاس,اسوشيتد برس,\
    اسوشييتد برس,اسوشيتدبرس,ا ب,يو بي اي,وكالات,وكالات الانباء,ايرنا,ايسنا,تسنيم,مهر,فارس,ايلنا,\
    خبرگزاري فارس,خبرگزاري مهر,afp,reuters,rtr,ap,associated press,the associated press,\
    agence france presse,dpa,afp dpa,aa,anadolu,anadolu agency,anadolu ajansi,anadolu ajansı,dha,iha,\
    efe,ansa,tass,xinhua,upi,irna,isna,tasnim,mehr,qna,wam,spa,kuna,petra,wafa,sana,belga,sid,epd,kna";

/// Longest place in words, and where a place line ends at the latest, in characters.
const MAX_PLACE_WORDS: usize = 4;
const MAX_LENGTH: usize = 80;

/// Longest line that is nothing but a place line.
const MAX_LINE_WORDS: usize = 9;

/// Labels of a line that names the source, folded.
const LABELS: [&str; 9] = [
    "المصدر",
    "مصدر",
    "وكاله",
    "منبع",
    "source",
    "quelle",
    "fuente",
    "kaynak",
    "sources",
];

/// Who sent a story, and from where; empty where it does not say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Credit<'t> {
    pub(super) place: &'t str,
    pub(super) agency: &'t str,
}

/// Reads the lines above the body, its first one, its last one, and the lines right below it.
pub(super) fn read(judge: &mut Judge<'_>, head: &std::ops::Range<usize>) {
    let lines = judge.lines;
    let body = judge.body.clone();
    let title = judge.verdict.title;
    let mut found = Credit::default();
    let mut add = |credit: Credit<'_>| {
        if found.place.is_empty() && !credit.place.is_empty() {
            judge.verdict.place = credit.place.to_owned();
            found.place = " ";
        }
        if found.agency.is_empty() && !credit.agency.is_empty() {
            judge.verdict.agency = credit.agency.to_owned();
            found.agency = " ";
        }
    };
    let is_other = |index: &usize| title != Some(*index);
    let after_title = title.map_or(head.start, |title| title + 1).max(head.start);
    if let Some(first) = lines.get(body.start).filter(|_| is_other(&body.start)) {
        add(place_line(first.text));
    }
    let below = body.end..(body.end + 2).min(lines.len());
    for index in (after_title..head.end).chain(below) {
        if lines[index].words <= MAX_LINE_WORDS && is_other(&index) {
            add(whole_line(lines[index].text));
        }
    }
    if let Some(last) = body.end.checked_sub(1).filter(|last| *last >= body.start) {
        add(closing(lines[last].text));
    }
}

/// Reads a line that is nothing but a credit: a place line, an agency, a label with one.
fn whole_line(line: &str) -> Credit<'_> {
    let line = line.trim_matches(|c: char| is_dash(c) || matches!(c, ':' | '.' | ' '));
    let value = match line.split_once(':') {
        Some((label, value)) if LABELS.contains(&fold(label).as_str()) => value.trim(),
        _ => line,
    };
    let inner = value
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'));
    let agency = inner.unwrap_or(value).trim();
    if is_agency(agency) {
        return Credit { place: "", agency };
    }
    match value.split_once(['-', '–', '—', '/', '،', ',']) {
        Some((place, agency)) if is_place(place) && is_agency(agency) => Credit {
            place: place.trim(),
            agency: agency.trim(),
        },
        _ => match place_line(line) {
            credit if credit.agency.is_empty() => Credit::default(),
            credit => credit,
        },
    }
}

/// Reads the place line at the start of a paragraph.
fn place_line(text: &str) -> Credit<'_> {
    let end = text
        .char_indices()
        .nth(MAX_LENGTH)
        .map_or(text.len(), |(at, _)| at);
    let start = &text[..end];
    bracketed(start)
        .or_else(|| dashed(start))
        .or_else(|| in_capitals(start))
        .unwrap_or_default()
}

/// `PARIS, 3 mai (AFP) -`, `واشنطن (رويترز) -`.
fn bracketed(text: &str) -> Option<Credit<'_>> {
    let (place, rest) = text.split_once('(')?;
    let (agency, _) = rest.split_once(')')?;
    let place = without_date(place);
    let fits = is_agency(agency) && (place.is_empty() || is_place(place));
    fits.then_some(Credit {
        place,
        agency: agency.trim(),
    })
}

/// `القاهرة – رويترز:`, `الدوحة - قنا -`, `الدوحة/قنا/`, `رويترز - القاهرة:`.
fn dashed(text: &str) -> Option<Credit<'_>> {
    let is_parting = |c: char| is_dash(c) || matches!(c, ':' | '/');
    let mut parts = text.splitn(3, is_parting).map(str::trim);
    let (first, second) = (parts.next()?, parts.next()?);
    parts.next()?;
    let place = without_date(first);
    if is_place(place) && is_agency(second) {
        return Some(Credit {
            place,
            agency: second,
        });
    }
    (is_agency(first) && is_place(second)).then_some(Credit {
        place: second,
        agency: first,
    })
}

/// `DOHA, May 3 -`, `LONDON —`: a place in capitals needs no agency.
fn in_capitals(text: &str) -> Option<Credit<'_>> {
    let at = text.find(|c: char| is_dash(c))?;
    let is_apart = text[..at].ends_with(' ') && text[at..].contains(' ');
    let place = without_date(&text[..at]);
    let capitals = place.chars().filter(|c| c.is_uppercase()).count();
    let is_loud = capitals >= 3 && !place.contains(char::is_lowercase);
    (is_apart && is_loud && is_place(place)).then_some(Credit { place, agency: "" })
}

/// `… . (رويترز)` at the end of the last paragraph.
fn closing(text: &str) -> Credit<'_> {
    let text = text.trim_end_matches(['.', ' ']);
    let inner = text
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('));
    match inner {
        Some((_, agency)) if is_agency(agency) => Credit {
            place: "",
            agency: agency.trim(),
        },
        _ => Credit::default(),
    }
}

/// Cuts `, 3 mai` off a place.
fn without_date(place: &str) -> &str {
    let (name, _) = place.split_once([',', '،']).unwrap_or((place, ""));
    name.trim()
}

fn is_place(place: &str) -> bool {
    let words = place.split_whitespace().count();
    let is_mark = |c: char| c.is_numeric() || matches!(c, '.' | ':' | '"' | '«' | '؟' | '!' | '(');
    (1..=MAX_PLACE_WORDS).contains(&words) && !place.contains(is_mark) && !is_agency(place)
}

fn is_agency(name: &str) -> bool {
    let folded = fold(name);
    !folded.is_empty() && AGENCIES.split(',').any(|agency| agency.trim() == folded)
}

fn is_dash(character: char) -> bool {
    matches!(character, '-' | '–' | '—' | '−' | 'ـ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agencies_are_written_folded() {
        for agency in AGENCIES.split(',') {
            assert_eq!(fold(agency), agency.trim());
        }
    }

    #[test]
    fn place_lines_are_read() {
        for (line, place, agency) in [
            (
                "القاهرة – رويترز: قال مسؤول إن السوق فتح",
                "القاهرة",
                "رويترز",
            ),
            ("الدوحة - قنا - افتتح الوزير المعرض", "الدوحة", "قنا"),
            ("الدوحة /قنا/ افتتح الوزير المعرض", "الدوحة", "قنا"),
            ("واشنطن (أ ف ب) - أعلنت الإدارة", "واشنطن", "أ ف ب"),
            ("غزة، 3 أيار (وفا) – قالت البلدية", "غزة", "وفا"),
            ("تهران (ایسنا) - رئیس اتحادیه گفت", "تهران", "ایسنا"),
            ("PARIS (AFP) — The museum opened", "PARIS", "AFP"),
            ("LONDON, Oct 3 (Reuters) - Shares fell", "LONDON", "Reuters"),
            ("Paris, 3 mai (AFP) - Le musée", "Paris", "AFP"),
            ("Ankara (AA) - Belediye başkanı", "Ankara", "AA"),
            ("Berlin (dpa) - Der Senat hat", "Berlin", "dpa"),
            ("NEW YORK — The city said", "NEW YORK", ""),
        ] {
            assert_eq!(place_line(line), Credit { place, agency }, "{line}");
        }
        for line in [
            "قال الوزير - وهو عائد من السفر - إن الطريق مفتوح",
            "أعلنت الشركة الكبيرة في المدينة (قنا) أن السوق فتح",
            "He said - and meant it - that",
            "well-known as it is",
            "A - B",
        ] {
            assert_eq!(place_line(line), Credit::default(), "{line}");
        }
    }

    #[test]
    fn lines_that_are_credits_are_read() {
        for (line, place, agency) in [
            ("رويترز", "", "رويترز"),
            ("(أ ف ب)", "", "أ ف ب"),
            ("المصدر: وكالات", "", "وكالات"),
            ("الدوحة - قنا", "الدوحة", "قنا"),
            ("Source : Reuters", "", "Reuters"),
            ("Kaynak: AA", "", "AA"),
            ("Quelle: dpa", "", "dpa"),
        ] {
            assert_eq!(whole_line(line), Credit { place, agency }, "{line}");
        }
        for line in [
            "الدوحة - السوق",
            "المصدر: مراسلنا",
            "Reuters and others said",
        ] {
            assert_eq!(whole_line(line), Credit::default(), "{line}");
        }
        assert_eq!(closing("وانتهى الاجتماع أمس. (رويترز)").agency, "رويترز");
        assert_eq!(closing("It ended on Monday (again)."), Credit::default());
    }
}
