//! What is trained: the groups, their sizes, and the labels of each.

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
    /// Noise in one pass, as a multiple of a mean label's samples; 0 for no label for noise.
    pub(crate) noise: usize,
    /// Corpus labels by tag, as `tag=label,label`; `~` before the tag marks a language that fewer texts
    /// are in, `-` one that a text of unknown origin is seldom in, `--` one that it is very seldom in. A tag may have several
    /// entries: `und` has one for each language that is told only so as to be refused.
    pub(crate) labels: &'static str,
}

/// Everything that is trained.
pub(crate) const PLAN: [GroupPlan; 8] = [
    GroupPlan {
        script: "Arab",
        dim: 24,
        bits: 16,
        epochs: 16,
        noise: 3,
        labels: "ar=ara,acm,afb -apc=apc -arz=arz -arq=arq,ary -mey=mey fa=fas fa-AF=prs ur=urd \
                 ckb=ckb ps=pus ug=uig sd=snd --pnb=pnb --skr=skr --und=glk,mzn --und=kas,ks-Arab \
                 --und=hac --und=bal --und=brh --und=trw --und=shi --und=azb-Arab,aze-Arab,ota-Arab \
                 --und=msa-Arab --und=lrc --und=tat-Arab",
    },
    GroupPlan {
        script: "Latn",
        dim: 32,
        bits: 17,
        epochs: 20,
        noise: 4,
        labels: "en=eng fr=fra de=deu es=spa pt=por it=ita nl=nld tr=tur sv=swe da=dan nb=nob,no \
                 ~nn=nno pl=pol cs=ces sk=slk sl=slv ~hr=hrv ~bs=bos ~sr-Latn=srp-Latn ro=ron hu=hun \
                 fi=fin et=est lv=lav lt=lit id=ind -ms=msa vi=vie ca=cat ~gl=glg ~eu=eus ~sq=sqi \
                 az=aze ~uz=uzb ~is=isl ~ga=gle ~cy=cym ~mt=mlt ~af=afr ~eo=epo ~sw=swa ~so=som tl=tgl \
                 -gd=gla -ha=hau -ht=hat -jv=jav -kmr=kmr,ku -lb=ltz -lg=lug -mi=mri -sn=sna \
                 -st=sot -tn=tsn -ts=tso -xh=xho -yo=yor -zu=zul -la=lat -tk=tuk -ar-Latn=ara-Latn \
                 --ast=ast --bem=bem --br=bre --ceb=ceb --ee=ewe --ff=ful --fij=fij --fo=fao \
                 --fy=fry --gn=grn --hmn=hmn --hsb=hsb --ia=ina --ig=ibo --ilo=ilo --kab=kab \
                 --mg=mlg --ny=nya --oc=oci --om=orm --rm=roh --rw=kin --sm=smo --su=sun --to=ton \
                 --ty=tah --ve=ven --war=war --wo=wol --qu=que --nds=nds --sc=srd --ss=ssw",
    },
    GroupPlan {
        script: "Cyrl",
        dim: 24,
        bits: 15,
        epochs: 12,
        noise: 3,
        labels: "ru=rus uk=ukr be=bel bg=bul sr-Cyrl=srp mk=mkd kk=kaz ky=kir tg=tgk tt=tat mn=mon \
                 ba=bak -uz-Cyrl=uzb-Cyrl -az-Cyrl=aze-Cyrl -cv=chv -sah=sah --ab=abk --mhr=mhr \
                 --tyv=tyv --os=oss",
    },
    GroupPlan {
        script: "Deva",
        dim: 16,
        bits: 15,
        epochs: 16,
        noise: 0,
        labels: "hi=hin mr=mar ne=nep --sa=san",
    },
    small("Hebr", "he=heb yi=yid"),
    small("Beng", "bn=ben as=asm"),
    small("Ethi", "am=amh ti=tir"),
    small("Tibt", "bo=bod dz=dzo"),
];

const fn small(script: &'static str, labels: &'static str) -> GroupPlan {
    GroupPlan {
        script,
        dim: 8,
        bits: 14,
        epochs: 10,
        noise: 0,
        labels,
    }
}

/// Languages of one script that get a second look.
pub(crate) struct CloseSetPlan {
    /// ISO 15924.
    pub(crate) script: &'static str,
    /// Bits of a row's number.
    pub(crate) bits: u32,
    /// Tags of the group.
    pub(crate) tags: &'static str,
}

/// All second looks. A set is here because it tells more held-out sentences than the first look alone;
/// Xhosa, Zulu and Swati were tried and did not gain.
pub(crate) const CLOSE: [CloseSetPlan; 4] = [
    latin("hr bs sr-Latn", 15),
    latin("id ms", 15),
    latin("da nb nn", 15),
    latin("gl pt es", 14),
];

const fn latin(tags: &'static str, bits: u32) -> CloseSetPlan {
    CloseSetPlan {
        script: "Latn",
        bits,
        tags,
    }
}

/// What is added to the value of the label for noise, so that it takes no words from languages.
pub(crate) const NOISE_PRIOR: f32 = -2.0;

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
            let known = tag.trim_start_matches(['~', '-']);
            let prior = match tag.strip_suffix(known) {
                Some("~") => -0.9,
                Some("-") => -1.2,
                Some("--") => -2.8,
                _ => 0.0,
            };
            Label {
                tag: known.to_owned(),
                sources: sources.split(',').map(str::to_owned).collect(),
                prior,
            }
        };
        self.labels.split_whitespace().map(label).collect()
    }
}
