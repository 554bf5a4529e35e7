//! Makes texts without a language, of the letters of texts that have one.

use super::random::Random;

/// Returns noise: the letters of `text` shuffled, drawn anew, without vowels, repeated; in Latin
/// letters also what keyboards and programs write.
pub(crate) fn distort(text: &str, random: &mut Random) -> String {
    let mut letters: Vec<char> = text
        .chars()
        .filter(|letter| letter.is_alphabetic())
        .collect();
    let Some(first) = letters.first().copied() else {
        return "qxzjk".to_owned();
    };
    let kinds = if first.is_ascii() { 8 } else { 5 };
    match random.below(kinds) {
        0 => random.shuffle(&mut letters),
        1 | 4 => letters
            .iter_mut()
            .for_each(|letter| *letter = near(first, random)),
        2 => {
            letters.retain(|letter| !"aeiouyаеиоуыэюяاويی".contains(*letter));
            random.shuffle(&mut letters);
        }
        3 => {
            let one = letters[random.below(letters.len())];
            letters.iter_mut().for_each(|letter| {
                if random.below(3) > 0 {
                    *letter = one;
                }
            });
        }
        5 => draw_from("abcdef", &mut letters, random),
        6 => {
            let rows = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "asdf", "sdfgjk"];
            draw_from(rows[random.below(rows.len())], &mut letters, random);
        }
        _ => draw_from("bcdfghjklmnpqrstvwxz", &mut letters, random),
    }
    spaced(&letters, random)
}

fn draw_from(alphabet: &str, letters: &mut [char], random: &mut Random) {
    let alphabet: Vec<char> = alphabet.chars().collect();
    for letter in letters {
        *letter = alphabet[random.below(alphabet.len())];
    }
}

/// Sets blanks between letters, after about six, or hardly any.
fn spaced(letters: &[char], random: &mut Random) -> String {
    let every = [4, 6, 6, 8, 24][random.below(5)];
    let mut noise = String::new();
    for letter in letters {
        noise.push(*letter);
        if random.below(every) == 0 {
            noise.push(' ');
        }
    }
    noise
}

/// Returns a random letter of the block that `letter` is of.
fn near(letter: char, random: &mut Random) -> char {
    let (from, count) = match letter as u32 {
        0x0400..0x0530 => (0x0430, 32),
        0x0600..0x0700 => (0x0627, 36),
        _ => (0x61, 26),
    };
    let code = from + random.below(count) as u32;
    char::from_u32(code).unwrap_or(letter)
}
