//! Held-out sentences, each with the tag that it should have.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;

/// What each label of the corpus is told as. Labels of languages that the model has no name for are
/// left out.
const LABELS: &str = "afr=af amh=am ara=ar aze=az bak=ba bel=be bem=bem ben=bn bod=bo bos=bs bul=bg cat=ca ces=cs \
    ckb=ckb cym=cy dan=da deu=de div=dv dzo=dz ell=el eng=en est=et eus=eu ewe=ee fao=fo fas=fa \
    fij=fij fin=fi fra=fr ful=ff gle=ga glg=gl guj=gu hau=ha heb=he hin=hi hmn=hmn hrv=hr \
    hun=hu hye=hy ibo=ig ind=id isl=is ita=it jpn=ja kan=kn kat=ka kaz=kk khm=km kin=rw kir=ky \
    kmr=kmr kor=ko lao=lo lav=lv lit=lt ltz=lb mal=ml mar=mr mey=ar/mey mkd=mk mlg=mg mlt=mt \
    mon=mn mri=mi msa=ms mya=my nep=ne nld=nl nno=nn nob=nb nya=ny orm=om pan=pa pol=pl por=pt \
    prs=fa pus=ps ron=ro rus=ru sin=si slk=sk slv=sl smo=sm sna=sn snd=sd som=so spa=es sqi=sq \
    srp=sr-Cyrl srp-Latn=sr-Latn ssw=ss swa=sw swe=sv tah=ty tam=ta tat=tt tel=te tgk=tg tgl=tl \
    tha=th tir=ti ton=to tsn=tn tuk=tk tur=tr uig=ug ukr=uk urd=ur uzb=uz ven=ve vie=vi wol=wo \
    xho=xh yor=yo zho=zh zul=zu";

/// A sentence.
pub(super) struct Row {
    pub(super) text: String,
    /// Whether it can be told: it has three different words, and no other language has the same row.
    /// What is left out is an untranslated headline or an interjection.
    pub(super) tellable: bool,
}

/// Sentences by label. Two labels may have one tag.
pub(super) struct Held {
    rows: BTreeMap<String, Vec<Row>>,
}

impl Held {
    /// Returns each tag once, with all of its rows.
    pub(super) fn tags(&self) -> BTreeMap<&'static str, Vec<&Row>> {
        let mut tags: BTreeMap<_, Vec<&Row>> = BTreeMap::new();
        for (label, tag) in labels() {
            let rows = self.rows.get(label).into_iter().flatten();
            tags.entry(tag).or_default().extend(rows);
        }
        tags.retain(|_, rows| !rows.is_empty());
        tags
    }

    /// Returns the texts that should have `tag`.
    pub(super) fn texts(&self, tag: &str) -> Vec<&str> {
        let labels = labels().filter(|(_, other)| *other == tag);
        let rows = labels
            .filter_map(|(label, _)| self.rows.get(label))
            .flatten();
        rows.map(|row| row.text.as_str()).collect()
    }
}

fn labels() -> impl Iterator<Item = (&'static str, &'static str)> {
    LABELS
        .split_whitespace()
        .filter_map(|entry| entry.split_once('='))
}

/// Reads `dev.tsv.gz` in `folder`: a label, a tab, a text on each line. Nothing if it is not there.
pub(super) fn read(folder: &Path) -> Result<Option<Held>> {
    let path = folder.join("dev.tsv.gz");
    if !path.exists() {
        return Ok(None);
    }
    let file = File::open(&path).with_context(|| format!("failed to open `{}`", path.display()))?;
    let rows = read_rows(MultiGzDecoder::new(file))
        .with_context(|| format!("failed to read `{}`", path.display()))?;
    Ok(Some(Held { rows }))
}

fn read_rows(reader: impl Read) -> Result<BTreeMap<String, Vec<Row>>> {
    let mut texts = Vec::new();
    for line in BufReader::new(reader).lines() {
        if let Some((label, text)) = line?.split_once('\t') {
            texts.push((label.to_owned(), text.to_owned()));
        }
    }
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    let mut shared: BTreeMap<String, bool> = BTreeMap::new();
    for (label, text) in &texts {
        let words = words_of(text).join(" ");
        let owner = owners.entry(words.clone()).or_insert(label);
        *shared.entry(words).or_default() |= owner != label;
    }
    let mut rows: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for (label, text) in &texts {
        let tellable = has_words(text) && !shared[&words_of(text).join(" ")];
        let text = text.clone();
        let row = Row { text, tellable };
        rows.entry(label.clone()).or_default().push(row);
    }
    Ok(rows)
}

/// Returns the words, folded, without figures and marks.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphabetic());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Whether a text has three different words; one long run of letters may be a script without blanks.
fn has_words(text: &str) -> bool {
    let mut words = words_of(text);
    let unspaced = words.iter().any(|word| word.chars().count() > 15);
    words.sort_unstable();
    words.dedup();
    unspaced || words.len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_nobody_can_tell_are_marked() {
        let text = "deu\tNein, nein, nein.\ndeu\tDas Wetter war schlecht.\nfra\tTeam A - Team B 3:1\n\
                    ita\tTeam A – Team B 3:1\nno label\n";
        let rows = read_rows(text.as_bytes()).unwrap();
        let told = |label: &str| {
            let rows = rows[label].iter();
            rows.map(|row| row.tellable).collect::<Vec<_>>()
        };
        assert_eq!(told("deu"), [false, true]);
        assert_eq!((told("fra"), told("ita")), (vec![false], vec![false]));
    }
}
