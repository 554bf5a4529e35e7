//! Reads the training text: which corpora, which labels, how labels become tags.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

/// Corpora of running text that may be used under permissive terms.
const SENTENCES: [&str; 6] = ["commonvoice", "tatoeba", "tico19", "udhr", "bible", "shami"];
/// Lists of words and names, most frequent first.
const WORDS: [&str; 2] = ["wordlists", "cldr-names"];

/// The languages of one script, and the size of its table.
pub(crate) struct GroupPlan {
    /// ISO 15924.
    pub(crate) script: &'static str,
    /// Bytes of a row.
    pub(crate) dim: usize,
    /// Bits of a row's number.
    pub(crate) bits: u32,
    /// Passes over the text.
    pub(crate) epochs: usize,
    /// Whether it has a label for noise.
    pub(crate) noise: bool,
    /// Corpus labels by tag, as `tag=label,label`; `-` before the tag marks a language that a text
    /// of unknown origin is seldom in.
    pub(crate) labels: &'static str,
}

/// Everything that is trained.
pub(crate) const PLAN: [GroupPlan; 7] = [
    GroupPlan {
        script: "Arab",
        dim: 16,
        bits: 15,
        epochs: 24,
        noise: true,
        labels: "ar=ara,apc,arq,arz,ary,acm,afb fa=fas,prs ur=urd ckb=ckb ps=pus ug=uig sd=snd \
                 -pnb=pnb -skr=skr",
    },
    GroupPlan {
        script: "Latn",
        dim: 32,
        bits: 15,
        epochs: 14,
        noise: true,
        labels: "en=eng fr=fra de=deu es=spa pt=por it=ita nl=nld tr=tur sv=swe da=dan nb=nob \
                 nn=nno pl=pol cs=ces sk=slk sl=slv hr=hrv -bs=bos -sr=srp-Latn ro=ron hu=hun \
                 fi=fin et=est lv=lav lt=lit id=ind -ms=msa vi=vie ca=cat -gl=glg -eu=eus sq=sqi \
                 az=aze uz=uzb is=isl -ga=gle -cy=cym -mt=mlt -af=afr -eo=epo sw=swa -so=som \
                 -ha=hau -kmr=kmr -tl=tgl -tk=tuk -lb=ltz -la=lat",
    },
    GroupPlan {
        script: "Cyrl",
        dim: 16,
        bits: 14,
        epochs: 20,
        noise: true,
        labels: "ru=rus uk=ukr be=bel bg=bul sr=srp mk=mkd kk=kaz ky=kir tg=tgk tt=tat mn=mon \
                 -uz=uzb-Cyrl -az=aze-Cyrl -cv=chv -sah=sah",
    },
    GroupPlan {
        script: "Deva",
        dim: 8,
        bits: 12,
        epochs: 20,
        noise: false,
        labels: "hi=hin mr=mar ne=nep -sa=san",
    },
    GroupPlan {
        script: "Hebr",
        dim: 8,
        bits: 11,
        epochs: 20,
        noise: false,
        labels: "he=heb yi=yid",
    },
    GroupPlan {
        script: "Beng",
        dim: 8,
        bits: 11,
        epochs: 20,
        noise: false,
        labels: "bn=ben as=asm",
    },
    GroupPlan {
        script: "Ethi",
        dim: 8,
        bits: 11,
        epochs: 20,
        noise: false,
        labels: "am=amh ti=tir",
    },
];

/// A label of a group.
pub(crate) struct Label {
    /// BCP 47 tag.
    pub(crate) tag: String,
    /// Corpus labels.
    pub(crate) sources: Vec<String>,
    /// What is added to its value.
    pub(crate) prior: f32,
}

impl GroupPlan {
    /// Returns the labels of the group.
    pub(crate) fn labels(&self) -> Vec<Label> {
        let label = |entry: &str| {
            let (tag, sources) = entry.split_once('=').expect("an entry is `tag=labels`");
            let rare = tag.starts_with('-');
            Label {
                tag: tag.trim_start_matches('-').to_owned(),
                sources: sources.split(',').map(str::to_owned).collect(),
                prior: if rare { -0.7 } else { 0.0 },
            }
        };
        self.labels.split_whitespace().map(label).collect()
    }
}

/// Texts by corpus label.
#[derive(Default)]
pub(crate) struct Corpus {
    /// Sentences.
    pub(crate) sentences: BTreeMap<String, Vec<String>>,
    /// Words and short phrases, most frequent first.
    pub(crate) words: BTreeMap<String, Vec<String>>,
}

/// Rows that are mostly in another language than their label says: the Slovenian ones are Slovak.
const MISLABELLED: (&str, &str) = ("tatoeba", "slv");

/// Reads all training text under `data`.
pub(crate) fn read(data: &Path) -> io::Result<Corpus> {
    let mut corpus = Corpus::default();
    for name in SENTENCES {
        let mut rows = BTreeMap::new();
        read_rows(&data.join(name), "train", &mut rows)?;
        if name == MISLABELLED.0 {
            rows.remove(MISLABELLED.1);
        }
        for (label, mut texts) in rows {
            corpus
                .sentences
                .entry(label)
                .or_default()
                .append(&mut texts);
        }
    }
    for name in WORDS {
        read_rows(&data.join(name), "train", &mut corpus.words)?;
    }
    Ok(corpus)
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
        Box::new(MultiGzDecoder::new(File::open(
            folder.join(format!("{part}.tsv.gz")),
        )?))
    };
    for line in BufReader::new(reader).lines() {
        if let Some((label, text)) = line?.split_once('\t') {
            rows.entry(label.to_owned())
                .or_default()
                .push(text.to_owned());
        }
    }
    Ok(())
}
