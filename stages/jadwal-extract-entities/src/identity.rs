//! What makes two spellings one name: folded parts, and the consonants that scripts share.
//!
//! Parts are folded as in the core (`عبد الرحمن` and `عبدالرحمن` are one part); what only joins names
//! (`بن`, `bin`, `al-`, the article) is left out. A skeleton is what is left of a part when vowels go and the
//! letters that transcriptions mix up fall together: `الخليفي` and `Al-Khulaifi` are both `xlf`. Equal
//! skeletons are a reason to compare two persons, not a proof.

use jadwal_core::facts::Label;
use jadwal_core::fold::fold;

/// Joins the parts of a name and is not one of them.
const LINKS: [&str; 14] = [
    "بن", "ابن", "بنت", "ال", "ولد", "bin", "ben", "ibn", "bint", "al", "el", "ould", "de", "von",
];

/// A key under which spellings of one person can be looked up, and how much it says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Key {
    pub(crate) key: String,
    pub(crate) score: f32,
}

/// Returns the folded parts of a name.
pub(crate) fn parts(name: &str) -> Vec<String> {
    parts_of(&fold(name))
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// Returns the parts of a name that is folded already.
pub(crate) fn parts_of(folded: &str) -> Vec<&str> {
    let all = || folded.split(' ').filter(|part| !part.is_empty());
    let kept: Vec<&str> = all()
        .filter(|part| !LINKS.contains(part))
        .map(without_article)
        .collect();
    // A name of nothing but links (`Al`) is kept as it is.
    match kept.is_empty() {
        true => all().collect(),
        false => kept,
    }
}

/// `الهاشمي` and `هاشمي` are one name, as `للهاشمي` swallows the article.
fn without_article(part: &str) -> &str {
    part.strip_prefix("ال")
        .filter(|rest| rest.chars().count() > 2)
        .unwrap_or(part)
}

/// Returns the id that an entity has in every document: its link, or label and folded name.
pub(crate) fn entity_id(label: Label, link: &str, name: &str) -> String {
    if !link.is_empty() {
        return link.to_owned();
    }
    let label = match label {
        Label::Per => "per",
        Label::Loc => "loc",
        Label::Org => "org",
        Label::Event => "event",
        _ => "misc",
    };
    let name = match label {
        "per" => parts(name).join(" "),
        _ => fold(name),
    };
    format!("{label}:{name}")
}

/// Returns the keys of a person's name, the surest first; none for a single name.
pub(crate) fn candidate_keys(name: &str) -> Vec<Key> {
    let skeletons: Vec<String> = with_joined_servant(parts(name))
        .iter()
        .map(|part| skeleton(part))
        .filter(|skeleton| !skeleton.is_empty())
        .collect();
    let [first, middle @ .., last] = &skeletons[..] else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    let mut add = |names: &[&str], score: f32| {
        let key = format!("per~{}", names.join("-"));
        // Of one or two consonants a pair of names says next to nothing.
        let says = names.iter().map(|name| name.len()).sum::<usize>() >= 4;
        if says && keys.iter().all(|known: &Key| known.key != key) {
            keys.push(Key { key, score });
        }
    };
    let all: Vec<&str> = skeletons.iter().map(String::as_str).collect();
    add(&all, if middle.is_empty() { 0.6 } else { 0.9 });
    if let Some(second) = middle.first() {
        add(&[first, second, last], 0.8);
    }
    add(&[first, last], 0.6);
    keys
}

/// Joins `abd`, `abdel`, `abdul` and what follows them: Arabic writes them as one part.
fn with_joined_servant(parts: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(parts.len());
    let mut open = false;
    for part in parts {
        let servant = matches!(part.as_str(), "abd" | "abdel" | "abdul" | "abdal" | "عبد");
        match joined.last_mut().filter(|_| open) {
            Some(last) => last.push_str(&part),
            None => joined.push(if part == "abd" {
                "abdal".to_owned()
            } else {
                part
            }),
        }
        open = servant;
    }
    joined
}

/// Returns the consonants of a folded part, in classes that Arabic and Latin writing share.
fn skeleton(part: &str) -> String {
    let letters: Vec<char> = part.chars().collect();
    let mut skeleton = String::new();
    let mut at = 0;
    while at < letters.len() {
        let (class, length) = class_at(&letters, at);
        if let Some(class) = class.filter(|class| !skeleton.ends_with(*class)) {
            skeleton.push(class);
        }
        at += length;
    }
    skeleton
}

/// Returns the class of the letter or pair of letters at `at`, and its length.
fn class_at(letters: &[char], at: usize) -> (Option<char>, usize) {
    let next = letters.get(at + 1).copied();
    let last = at + 1 == letters.len();
    let pair = match (letters[at], next) {
        ('k', Some('h')) => Some('x'),
        ('s' | 'c', Some('h')) => Some('c'),
        ('t' | 'd', Some('h')) => Some(if letters[at] == 't' { 't' } else { 'd' }),
        ('g' | 'q', Some('h' | 'u')) => Some('k'),
        ('p', Some('h')) => Some('f'),
        ('d', Some('j')) | ('ت', Some('ش')) => Some(if letters[at] == 'd' { 'k' } else { 'c' }),
        _ => None,
    };
    if pair.is_some() {
        return (pair, 2);
    }
    let class = match letters[at] {
        'b' | 'p' | 'ب' | 'پ' => 'b',
        't' | 'ت' | 'ط' | 'ث' => 't',
        'd' | 'z' | 'د' | 'ذ' | 'ض' | 'ظ' | 'ز' => 'd',
        'r' | 'ر' => 'r',
        's' | 'س' | 'ص' => 's',
        'ش' | 'چ' | 'ş' | 'š' => 'c',
        'خ' => 'x',
        'k' | 'q' | 'g' | 'j' | 'c' | 'ك' | 'ق' | 'ج' | 'غ' | 'گ' | 'ڭ' => 'k',
        'f' | 'v' | 'ف' | 'ڤ' => 'f',
        'l' | 'ل' => 'l',
        'm' | 'م' => 'm',
        'n' | 'ن' => 'n',
        // At the end it is not heard, or it is the feminine ending.
        'h' | 'ه' | 'ح' if !last => 'h',
        'w' | 'و' if at == 0 => 'w',
        'y' | 'ي' if at == 0 => 'y',
        'x' => 'k',
        'ء'..='ي' | 'a'..='z' => return (None, 1),
        other if other.is_ascii() => return (None, 1),
        // Other scripts have no classes: the letter stands for itself.
        other if !other.is_alphabetic() || is_vowel_sign(other) => return (None, 1),
        other => other,
    };
    (Some(class), 1)
}

fn is_vowel_sign(letter: char) -> bool {
    matches!(letter, '\u{0610}'..='\u{065F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether two names share a key, and the best score of those they share.
    fn shared(left: &str, right: &str) -> f32 {
        let right = candidate_keys(right);
        let mut best = 0.0f32;
        for key in candidate_keys(left) {
            if right.iter().any(|other| other.key == key.key) {
                best = best.max(key.score);
            }
        }
        best
    }

    #[test]
    fn spellings_of_one_person_share_a_key() {
        for (arabic, latin) in [
            (
                "محمد بن عبدالعزيز بن صالح الخليفي",
                "Mohammed bin Abdulaziz Al-Khulaifi",
            ),
            ("معمر القذافي", "Muammar Gaddafi"),
            ("بشار الأسد", "Bachar al-Assad"),
            ("عبد الفتاح السيسي", "Abdel Fattah el-Sisi"),
            ("سكوت جيلمور", "Scott Gilmore"),
            ("حسن نصر الله", "Hassan Nasr Allah"),
            ("تميم بن حمد آل ثاني", "Tamim bin Hamad Al Thani"),
            ("راشد الغنوشي", "Rached Ghannouchi"),
            ("خالد مشعل", "Khaled Mashal"),
        ] {
            assert!(
                shared(arabic, latin) > 0.5,
                "{arabic} {latin}: {:?} {:?}",
                candidate_keys(arabic),
                candidate_keys(latin)
            );
        }
    }

    #[test]
    fn other_persons_share_none() {
        for (left, right) in [
            ("محمد الخليفي", "Mohammed Al-Attiyah"),
            ("أحمد حسن", "Mahmoud Hassan"),
            ("علي", "Ali"),
        ] {
            assert!(shared(left, right) == 0.0, "{left} {right}");
        }
    }

    #[test]
    fn spellings_of_one_script_share_the_id() {
        let id = |name| entity_id(Label::Per, "", name);
        assert_eq!(id("عبد الرحمن بن أحمد"), id("عبدالرحمن احمد"));
        assert_eq!(id("إبراهيم الهاشمي"), "per:ابراهيم هاشمي");
        assert_eq!(entity_id(Label::Loc, "iso3166:QA", "Qatar"), "iso3166:QA");
    }
}
