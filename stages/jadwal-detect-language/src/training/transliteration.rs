//! Writes languages that have two alphabets in the one that there is little text in, letter by letter,
//! as their orthographies have it.

/// Azerbaijani, Latin and Cyrillic.
const AZERBAIJANI: &str = "a а b б c ҹ ç ч d д e е ə ә f ф g ҝ ğ ғ h һ x х ı ы i и j ж k к q г l л m м \
    n н o о ö ө p п r р s с ş ш t т u у ü ү v в y ј z з";
/// Uzbek, Latin and Cyrillic; pairs of letters first.
const UZBEK: &str = "o‘ ў oʻ ў o' ў o’ ў o` ў g‘ ғ gʻ ғ g' ғ g’ ғ g` ғ sh ш ch ч ya я yu ю yo‘ йў yoʻ йў \
    yo' йў yo’ йў yo ё ye е a а b б d д e е f ф g г h ҳ i и j ж k к l л m м n н o о p п q қ r р s с t т \
    u у v в x х y й z з ’ ъ ' ъ ʼ ъ";
/// Serbian, Cyrillic and Latin.
const SERBIAN: &str = "а a б b в v г g д d ђ đ е e ж ž з z и i ј j к k л l љ lj м m н n њ nj о o п p р r \
    с s т t ћ ć у u ф f х h ц c ч č џ dž ш š";

/// Writes Azerbaijani in Cyrillic letters.
pub(crate) fn azerbaijani_cyrillic(text: &str) -> String {
    // The capital of Turkish languages has to lose its dot by hand.
    let lower = text.replace('İ', "i").replace('I', "ı").to_lowercase();
    written(&lower, AZERBAIJANI)
}

/// Writes Uzbek in Cyrillic letters.
pub(crate) fn uzbek_cyrillic(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().map(uzbek_word).collect();
    words.join(" ")
}

fn uzbek_word(word: &str) -> String {
    let word = word.to_lowercase();
    match word.strip_prefix('e') {
        Some(rest) => format!("э{}", written(rest, UZBEK)),
        None => written(&word, UZBEK),
    }
}

/// Writes Serbian in Latin letters.
pub(crate) fn serbian_latin(text: &str) -> String {
    written(&text.to_lowercase(), SERBIAN)
}

/// Replaces what `table` names, each followed by what takes its place; of two that fit the longer.
fn written(text: &str, table: &str) -> String {
    let entries: Vec<&str> = table.split_whitespace().collect();
    let (pairs, _) = entries.as_chunks::<2>();
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let fits = pairs.iter().filter(|[from, _]| rest.starts_with(from));
        match fits.max_by_key(|[from, _]| from.len()) {
            Some([from, to]) => {
                written.push_str(to);
                rest = &rest[from.len()..];
            }
            None => {
                written.push(letter);
                rest = &rest[letter.len_utf8()..];
            }
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_written_as_the_other_alphabet_has_them() {
        type Rule = fn(&str) -> String;
        let cases: [(Rule, &str, &str); 6] = [
            (
                azerbaijani_cyrillic,
                "Qonşumuz göy İmtahan",
                "гоншумуз ҝөј имтаһан",
            ),
            (azerbaijani_cyrillic, "Işıq, dağ", "ышыг, дағ"),
            (
                uzbek_cyrillic,
                "O‘qituvchi yo‘lda edi",
                "ўқитувчи йўлда эди",
            ),
            (uzbek_cyrillic, "Shahar yangi", "шаҳар янги"),
            (serbian_latin, "Наша комшиница, џеп", "naša komšinica, džep"),
            (serbian_latin, "Љубав и њива 3", "ljubav i njiva 3"),
        ];
        for (rule, text, wanted) in cases {
            assert_eq!(rule(text), wanted);
        }
    }
}
