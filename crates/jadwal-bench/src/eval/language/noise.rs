//! How much that has no language is told to have none, and how much that has one keeps it.

use std::io::Write;

use anyhow::Result;
use jadwal_detect_language::LanguageTagger;
use jadwal_detect_language::detector::UNDETERMINED;

use super::held::Held;
use super::{percent, tagged};
use crate::corpus::random::Random;

/// Texts of each kind of noise.
const TEXTS: usize = 60;

/// A kind of noise, and how a text of it is made.
type Kind = (&'static str, fn(&mut Random) -> String);

const KINDS: [Kind; 11] = [
    ("figures", figures),
    ("marks", |random| {
        letters("!?.,;:-+*#()[]%&\"' ", 40, random)
    }),
    ("addresses", address),
    ("identifiers", identifiers),
    ("hexadecimal", |random| {
        words("0123456789abcdef", 16, random)
    }),
    ("base64", |random| {
        words(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
            40,
            random,
        )
    }),
    ("Latin letters", |random| {
        words("abcdefghijklmnopqrstuvwxyz", 8, random)
    }),
    ("consonants", |random| {
        words("bcdfghjklmnpqrstvwxz", 6, random)
    }),
    ("Arabic letters", |random| {
        words("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", 6, random)
    }),
    ("Cyrillic letters", |random| {
        words("абвгдежзийклмнопрстуфхцчшщъыьэюя", 6, random)
    }),
    ("program text", code),
];

/// Writes both shares, as `tagger` with the default options has it.
pub(super) fn write_table(held: &Held, tagger: &LanguageTagger, out: &mut dyn Write) -> Result<()> {
    let is_und = |text: &str| -> Result<bool> {
        let doc = tagged(tagger, text)?;
        let language = doc.facts().language.as_ref();
        Ok(language.is_none_or(|language| language.tag == UNDETERMINED))
    };
    writeln!(out, "\n## Noise told as `und`, in per cent\n")?;
    writeln!(out, "| kind | und |\n|---|--:|")?;
    let mut random = Random::new(0x6E6F_6973, 0);
    let mut refused = 0;
    for (name, make) in KINDS {
        let mut of_kind = 0;
        for _ in 0..TEXTS {
            of_kind += usize::from(is_und(&make(&mut random))?);
        }
        refused += of_kind;
        writeln!(out, "| {name} | {:.1} |", percent(of_kind, TEXTS))?;
    }
    let all = percent(refused, TEXTS * KINDS.len());
    writeln!(out, "| **all** | {all:.1} |")?;
    let (mut kept, mut all) = (0, 0);
    for row in held.tags().into_values().flatten() {
        kept += usize::from(!is_und(&row.text)?);
        all += 1;
    }
    writeln!(
        out,
        "| *sentences that keep a label* | {:.1} |",
        percent(kept, all)
    )?;
    Ok(())
}

fn letters(alphabet: &str, count: u64, random: &mut Random) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..count)
        .map(|_| alphabet[random.below(alphabet.len() as u64) as usize])
        .collect()
}

fn words(alphabet: &str, length: u64, random: &mut Random) -> String {
    let words: Vec<_> = (0..3 + random.below(8))
        .map(|_| {
            let length = (length / 2).max(1) + random.below(length);
            letters(alphabet, length, random)
        })
        .collect();
    words.join(" ")
}

fn figures(random: &mut Random) -> String {
    let one = |random: &mut Random| format!("{:.1} %", random.below(10_000) as f64 / 10.0);
    let many: Vec<_> = (0..8).map(|_| one(random)).collect();
    many.join(" — ")
}

fn address(random: &mut Random) -> String {
    let name = words("abcdefghijklmnopqrstuvwxyz", 6, random).replace(' ', "-");
    let path = words("abcdefghijklmnopqrstuvwxyz", 6, random).replace(' ', "/");
    format!(
        "https://www.{name}.example/{path}?id={}",
        random.below(9999)
    )
}

fn identifiers(random: &mut Random) -> String {
    let one = |random: &mut Random| {
        let name = letters("ABCDEFGHKLMNPRSTX", 3, random);
        format!("{name}-{}{}", random.below(9999), letters("abx", 1, random))
    };
    let many: Vec<_> = (0..6).map(|_| one(random)).collect();
    many.join(" ")
}

fn code(random: &mut Random) -> String {
    let name = |random: &mut Random| letters("aeioustrnlm", 5, random);
    let (left, right, call) = (name(random), name(random), name(random));
    format!("if ({left} == {right}) {{ return {call}({left}, {right}); }} else {{ {left} = 0; }}")
}
