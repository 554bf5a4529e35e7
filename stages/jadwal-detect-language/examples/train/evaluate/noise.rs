//! How much that has no language is told to have none, and how much that has one keeps it.

use std::error::Error;

use jadwal_detect_language::detector::{NgramDetector, UNDETERMINED};
use jadwal_detect_language::model::parse;
use jadwal_detect_language::naming::Naming;
use jadwal_detect_language::{DetectLanguageOptions, LanguageTagger};

use super::{Held, percent, tagged};
use crate::random::Random;

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

/// Prints both shares, as the stage with its default options has it.
pub(crate) fn print_table(held: &Held, file: &'static [u8]) -> Result<(), Box<dyn Error>> {
    let detector = NgramDetector::new(parse(file)?, Naming::default());
    let tagger = LanguageTagger::new(DetectLanguageOptions::default(), Box::new(detector));
    let is_und = |text: &str| -> Result<bool, Box<dyn Error>> {
        let doc = tagged(&tagger, text)?;
        let language = doc.facts().language.as_ref();
        Ok(language.is_none_or(|language| language.tag == UNDETERMINED))
    };
    println!("\nnoise told as `und`, in per cent");
    let mut random = Random(0x6E6F_6973);
    let mut refused = 0;
    for (name, make) in KINDS {
        let mut of_kind = 0;
        for _ in 0..TEXTS {
            of_kind += usize::from(is_und(&make(&mut random))?);
        }
        refused += of_kind;
        println!("{name:>24} {:6.1}", percent(of_kind, TEXTS));
    }
    println!(
        "{:>24} {:6.1}",
        "all",
        percent(refused, TEXTS * KINDS.len())
    );
    let (mut kept, mut all) = (0, 0);
    for text in held.values().flatten() {
        kept += usize::from(!is_und(text)?);
        all += 1;
    }
    println!("{:>24} {:6.1}", "sentences kept", percent(kept, all));
    Ok(())
}

fn letters(alphabet: &str, count: usize, random: &mut Random) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    (0..count)
        .map(|_| alphabet[random.below(alphabet.len())])
        .collect()
}

fn words(alphabet: &str, length: usize, random: &mut Random) -> String {
    let words: Vec<_> = (0..3 + random.below(8))
        .map(|_| {
            let length = (length / 2).max(1) + random.below(length);
            letters(alphabet, length, random)
        })
        .collect();
    words.join(" ")
}

fn figures(random: &mut Random) -> String {
    let one = |random: &mut Random| format!("{:.1} %", random.unit() * 1000.0);
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
