//! Segments of documents in several languages: the share of letters that lie in a segment of their
//! language.

use std::io::Write;

use anyhow::Result;
use jadwal_detect_language::LanguageTagger;
use jadwal_detect_language::alphabet::{Alphabet, Kind};

use super::held::Held;
use super::{percent, tagged};
use crate::corpus::random::Random;

const DOCUMENTS: usize = 300;

/// Languages that follow each other within one script, one script a line.
const SCRIPTS: [&str; 3] = [
    "ar fa ur ckb ps ug sd",
    "en fr de es pt it nl tr sv pl cs sk ro hu fi et lv lt id vi ca sq az is sw so tl",
    "ru uk be bg sr-Cyrl mk kk ky tg tt mn",
];
const OTHERS: &str = "hi mr he bn am el ko ka hy ta th zh ja";

/// A text, and the language of each part of it in order with the byte at which it ends.
struct Mixed {
    text: String,
    parts: Vec<(usize, String)>,
}

/// Writes the share for blocks on lines of their own and for blocks that run on.
pub(super) fn write_table(held: &Held, tagger: &LanguageTagger, out: &mut dyn Write) -> Result<()> {
    let alphabet = Alphabet::new();
    writeln!(
        out,
        "\n## Letters in a segment of their language, in per cent\n"
    )?;
    writeln!(out, "| blocks | right |\n|---|--:|")?;
    for (name, between) in [("on separate lines", "\n"), ("run together", " ")] {
        let mut random = Random::new(0x6D69_7865, 0);
        let (mut right, mut all) = (0, 0);
        for _ in 0..DOCUMENTS {
            let mixed = compose(held, between, &mut random);
            let (of_right, of_all) = count(tagger, &alphabet, &mixed)?;
            right += of_right;
            all += of_all;
        }
        writeln!(out, "| {name} | {:.2} |", percent(right, all))?;
    }
    Ok(())
}

/// Three to six blocks of two to four sentences. Half of the changes stay in the script.
fn compose(held: &Held, between: &str, random: &mut Random) -> Mixed {
    let mut mixed = Mixed {
        text: String::new(),
        parts: Vec::new(),
    };
    let mut before = String::new();
    for _ in 0..3 + random.below(4) {
        let tag = next_language(&before, random);
        let sentences = held.texts(tag);
        for _ in 0..2 + random.below(3) {
            mixed.text.push_str(random.pick(&sentences));
            mixed.text.push(' ');
        }
        mixed.text.pop();
        mixed.text.push_str(between);
        mixed.parts.push((mixed.text.len(), tag.to_owned()));
        before = tag.to_owned();
    }
    mixed
}

fn next_language(before: &str, random: &mut Random) -> &'static str {
    let of_script = SCRIPTS
        .iter()
        .find(|tags| tags.split(' ').any(|tag| tag == before));
    let tags: Vec<&str> = match of_script {
        Some(tags) if random.below(2) == 0 => tags.split(' ').collect(),
        _ => {
            let scripts = SCRIPTS.len() as u64;
            let all = SCRIPTS
                .get(random.below(scripts + 1) as usize)
                .unwrap_or(&OTHERS);
            all.split(' ').collect()
        }
    };
    loop {
        let tag = random.pick(&tags);
        if tag != before {
            return tag;
        }
    }
}

fn count(tagger: &LanguageTagger, alphabet: &Alphabet, mixed: &Mixed) -> Result<(usize, usize)> {
    let doc = tagged(tagger, &mixed.text)?;
    let mut segments = doc.facts().segments.iter().peekable();
    let mut parts = mixed.parts.iter().peekable();
    let (mut right, mut all) = (0, 0);
    for (at, letter) in mixed.text.char_indices() {
        while segments
            .next_if(|segment| segment.range.end <= at)
            .is_some()
        {}
        while parts.next_if(|(end, _)| *end <= at).is_some() {}
        if !matches!(alphabet.look_up(letter).0, Kind::Letter(_)) {
            continue;
        }
        let found = segments.peek().map(|segment| &segment.language.tag);
        let wanted = parts.peek().map(|(_, tag)| tag);
        right += usize::from(found.is_some() && found == wanted);
        all += 1;
    }
    Ok((right, all))
}
