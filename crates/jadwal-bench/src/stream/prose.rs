//! Articles: sentences of given texts, or of words made of Arabic roots and patterns.

use crate::corpus::arabic::MONTHS;
use crate::corpus::random::Random;
use crate::stream::sentences;

/// An article without anything around it.
#[derive(Clone, Debug)]
pub(crate) struct Article {
    pub(crate) title: String,
    /// Sentences by paragraph.
    pub(crate) paragraphs: Vec<Vec<String>>,
}

/// Writes articles.
pub(crate) struct Prose<'a> {
    texts: &'a [String],
}

/// Sentences of the longest article.
const LONGEST: u64 = 22;

const ROOTS: &[&str] = &[
    "كتب", "درس", "علم", "حكم", "صنع", "زرع", "نقل", "بحث", "عمل", "شرح", "قدم", "خرج", "دخل",
    "رفع", "جمع", "فتح", "نظر", "سكن", "حفر", "رسم", "طلب", "قبل", "منع", "ربط", "نشر", "سجل",
    "حمل", "ضبط", "فحص", "رصد", "عرض", "شرك", "خطط", "قرر", "سلم", "نجح", "فشل", "سبح", "لعب",
    "طبخ", "غرس", "حصد", "خزن", "وزع", "مول", "دعم", "صدر", "ورد", "وصل", "وقع", "بدأ", "ختم",
    "شهد", "حضر", "غاب", "مرض", "عالج", "بني", "هدم", "صلح",
];

/// What stands before and after the letters of a root.
const PATTERNS: &[(&str, &str)] = &[
    ("", ""),
    ("ال", ""),
    ("م", ""),
    ("الم", ""),
    ("ت", ""),
    ("ي", ""),
    ("ا", ""),
    ("", "ة"),
    ("ال", "ة"),
    ("", "ات"),
    ("ال", "ات"),
    ("", "ون"),
    ("الم", "ين"),
    ("م", "ة"),
    ("است", ""),
    ("الاست", ""),
    ("ان", ""),
    ("الت", "ي"),
    ("و", "وا"),
    ("س", ""),
    ("", "ها"),
    ("", "هم"),
    ("ب", ""),
    ("ل", ""),
    ("كال", ""),
    ("وال", "ة"),
    ("بال", ""),
    ("لل", ""),
    ("ف", "ت"),
];

const PARTICLES: &[&str] = &[
    "في", "من", "على", "إلى", "عن", "أن", "إن", "التي", "الذي", "قد", "كما", "بعد", "قبل", "مع",
    "خلال", "بين", "حتى", "هذا", "هذه", "ذلك", "كان", "كانت", "لم", "لن", "لا", "وقد", "وفي", "ومن",
    "منذ", "عند", "أكثر", "جميع", "نحو",
];

const UNITS: &[&str] = &[
    "شخصا",
    "مليون ريال",
    "كيلومترا",
    "طنا",
    "مدرسة",
    "في المئة",
    "عائلة",
    "متطوعا",
    "سيارة",
    "يوما",
];

impl<'a> Prose<'a> {
    pub(crate) fn new(texts: &'a [String]) -> Self {
        Self { texts }
    }

    /// Returns an article of 6 to 22 sentences. No two stories have sentences of one place.
    pub(crate) fn article(&self, random: &mut Random, story: u64) -> Article {
        let wanted = random.between(6, LONGEST) as usize;
        let mut sentences = self.found(story, wanted);
        while sentences.len() < wanted {
            sentences.push(self.sentence(random));
        }
        let mut paragraphs = Vec::new();
        while !sentences.is_empty() {
            let length = (random.between(1, 4) as usize).min(sentences.len());
            paragraphs.push(sentences.drain(..length).collect());
        }
        Article {
            title: self.title(random),
            paragraphs,
        }
    }

    /// Returns sentences that follow each other in one of the texts, up to `wanted`; none where the texts
    /// are used up.
    fn found(&self, story: u64, wanted: usize) -> Vec<String> {
        let texts = self.texts.len() as u64;
        let Some(text) = story.checked_rem(texts) else {
            return Vec::new();
        };
        let place = story / texts * LONGEST;
        let found = sentences(&self.texts[text as usize]).into_iter();
        found.skip(place as usize).take(wanted).collect()
    }

    /// Returns a new sentence; two in five have a figure.
    pub(crate) fn sentence(&self, random: &mut Random) -> String {
        let length = random.between(8, 26);
        let figure = random.happens(0.4).then(|| random.between(3, length));
        let mut words = Vec::new();
        for at in 0..length {
            if Some(at) == figure {
                words.push(self.figure(random));
            } else if random.happens(0.3) {
                words.push(random.pick(PARTICLES).to_owned());
            } else {
                words.push(word(random));
            }
        }
        words.join(" ") + "."
    }

    fn figure(&self, random: &mut Random) -> String {
        if random.happens(0.25) {
            let month = random.pick(MONTHS);
            return format!("يوم {} {month}", random.between(1, 28));
        }
        format!("{} {}", random.between(2, 900), random.pick(UNITS))
    }

    pub(crate) fn title(&self, random: &mut Random) -> String {
        let words: Vec<_> = (0..random.between(4, 8)).map(|_| word(random)).collect();
        words.join(" ")
    }
}

/// Returns a word that looks Arabic.
pub(crate) fn word(random: &mut Random) -> String {
    let root = random.pick(ROOTS);
    let (before, after) = PATTERNS[random.below(PATTERNS.len() as u64) as usize];
    format!("{before}{root}{after}")
}
