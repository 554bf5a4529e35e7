//! Reads the training text: which corpora, and from which label of theirs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::random::Random;
use super::spelling::{arabizi, arabizi_words, azerbaijani, jawi, sesotho_words};
use super::transliteration::{azerbaijani_cyrillic, serbian_latin, uzbek_cyrillic};

/// Corpora of running text that may be used under permissive terms.
const PERMISSIVE: [&str; 6] = ["commonvoice", "tatoeba", "tico19", "udhr", "bible", "shami"];
/// More running text, under share-alike or weak copyleft terms.
const SHARED_ALIKE: [&str; 2] = ["persoarabic", "commonvoice-ui"];
/// The same news in all languages, under share-alike terms.
const NEWS: &str = "ntrex";
/// Lists of words and names, most frequent first.
const WORDS: [&str; 2] = ["wordlists", "cldr-names"];
/// More words, under share-alike terms.
const SHARED_ALIKE_WORDS: [&str; 1] = ["freqwords"];
/// Corpora that the default model is trained on and a permissive one is not.
pub const NOT_PERMISSIVE: &str = "ntrex, persoarabic, commonvoice-ui, freqwords";

/// Sentences written in another script by rule, of one label.
const RESPELT: usize = 3000;

/// Texts by corpus label.
#[derive(Default)]
pub(crate) struct Corpus {
    /// Sentences.
    pub(crate) sentences: BTreeMap<String, Vec<String>>,
    /// Sentences of the one corpus that most labels have alike.
    pub(crate) news: BTreeMap<String, Vec<String>>,
    /// Lists of words and short phrases, most frequent first.
    pub(crate) words: BTreeMap<String, Vec<Vec<String>>>,
}

/// Rows that are mostly in another language than their label says: the Slovenian ones are Slovak.
const MISLABELLED: (&str, &str) = ("tatoeba", "slv");

/// Reads the training text under `data`; only what has permissive terms if `permissive`.
pub(crate) fn read(data: &Path, permissive: bool) -> io::Result<Corpus> {
    let mut corpus = Corpus::default();
    let more: &[&str] = if permissive { &[] } else { &SHARED_ALIKE };
    for name in PERMISSIVE.iter().chain(more) {
        let mut rows = BTreeMap::new();
        read_rows(&data.join(name), "train", &mut rows)?;
        if *name == MISLABELLED.0 {
            rows.remove(MISLABELLED.1);
        }
        for (label, mut texts) in rows {
            let sentences = corpus.sentences.entry(label).or_default();
            sentences.append(&mut texts);
        }
    }
    if !permissive {
        read_rows(&data.join(NEWS), "train", &mut corpus.news)?;
    }
    let more: &[&str] = if permissive { &[] } else { &SHARED_ALIKE_WORDS };
    for name in WORDS.iter().chain(more) {
        let mut rows = BTreeMap::new();
        read_rows(&data.join(name), "train", &mut rows)?;
        for (label, words) in rows {
            corpus.words.entry(label).or_default().push(words);
        }
    }
    add_own(&mut corpus);
    Ok(corpus)
}

/// Adds what the corpora lack: Arabic in Latin letters, Azerbaijani and Malay in Arabic ones,
/// sentences of Azerbaijani, Uzbek and Serbian in their second alphabet, and words of languages with
/// little text.
fn add_own(corpus: &mut Corpus) {
    let mut random = Random(0x7275_6C65);
    let mut write = |from: &[&str], to: &str, rule: fn(&str, &mut Random) -> String| {
        let texts: Vec<&String> = from
            .iter()
            .flat_map(|label| [corpus.sentences.get(*label), corpus.news.get(*label)])
            .flatten()
            .flatten()
            .collect();
        if texts.is_empty() {
            return;
        }
        let written: Vec<_> = (0..RESPELT)
            .map(|_| rule(texts[random.below(texts.len())], &mut random))
            .collect();
        let sentences = corpus.sentences.entry(to.to_owned()).or_default();
        sentences.extend(written);
    };
    write(&["ara", "apc", "arq", "arz"], "ara-Latn", arabizi);
    write(&["aze"], "azb-Arab", azerbaijani);
    write(&["msa"], "msa-Arab", jawi);
    write(&["aze"], "aze-Cyrl", |text, _| azerbaijani_cyrillic(text));
    write(&["uzb"], "uzb-Cyrl", |text, _| uzbek_cyrillic(text));
    write(&["srp"], "srp-Latn", |text, _| serbian_latin(text));
    for (label, words) in [("ara-Latn", arabizi_words()), ("sot", sesotho_words())] {
        let lists = corpus.words.entry(label.to_owned()).or_default();
        lists.push(words);
    }
}

/// Reads `part`.tsv or `part`.tsv.gz of a corpus folder: a label, a tab, a text on each line.
pub(crate) fn read_rows(
    folder: &Path,
    part: &str,
    rows: &mut BTreeMap<String, Vec<String>>,
) -> io::Result<()> {
    let plain = folder.join(format!("{part}.tsv"));
    let reader: Box<dyn Read> = if plain.exists() {
        Box::new(File::open(plain)?)
    } else {
        let packed = folder.join(format!("{part}.tsv.gz"));
        Box::new(MultiGzDecoder::new(File::open(packed)?))
    };
    for line in BufReader::new(reader).lines() {
        if let Some((label, text)) = line?.split_once('\t') {
            let texts = rows.entry(label.to_owned()).or_default();
            texts.push(text.to_owned());
        }
    }
    Ok(())
}
