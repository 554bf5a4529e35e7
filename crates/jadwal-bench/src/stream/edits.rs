//! What sites make of a story: respelling, cutting, rewriting, correcting; and what hangs around it.

use crate::corpus::arabic::MONTHS;
use crate::corpus::random::Random;
use crate::stream::prose::{Article, Prose, word};
use crate::stream::{Item, Level};

/// Sites in the stream.
pub(crate) const SITES: u64 = 12;

/// Lines that sites print above and below their texts.
const ABOVE: &[&str] = &[
    "تسجيل الدخول",
    "الرئيسية",
    "شارك المقال",
    "رابط مختصر",
    "حجم الخط",
];
const BELOW: &[&str] = &[
    "اقرأ أيضا",
    "اترك تعليقا",
    "جميع الحقوق محفوظة",
    "طباعة",
    "الأكثر قراءة",
];

/// Sentences that look like text and stand under every article of some sites.
const CLOSINGS: &[&str] = &[
    "يمكن للقراء الكرام متابعة آخر الأخبار والتقارير عبر حساباتنا في مواقع التواصل أو الاشتراك في النشرة البريدية.",
    "تنشر هذه المادة ضمن ملف تعده أسرة التحرير كل أسبوع وتستقبل فيه آراء القراء ومقترحاتهم عبر البريد.",
    "أعد هذا التقرير فريق المراسلين في المكتب الإقليمي وراجعه محررو القسم قبل نشره على صفحات الجريدة.",
];

/// An article on a site.
pub(crate) struct Edition {
    pub(crate) article: Article,
    site: u64,
    url: String,
    /// A line that says where it is from.
    credit: Option<String>,
}

pub(crate) fn host(site: u64) -> String {
    format!("www.paper{site}.example")
}

impl Edition {
    pub(crate) fn of(article: &Article, site: u64, url: String) -> Self {
        Self {
            article: article.clone(),
            site,
            url,
            credit: None,
        }
    }

    /// Returns the document as the site prints it.
    pub(crate) fn print(self, random: &mut Random, story: u64, level: Level) -> Item {
        let mut lines = Vec::new();
        lines.extend(around(random, ABOVE));
        lines.push(self.article.title.clone());
        lines.push(String::new());
        lines.extend(self.credit);
        for paragraph in &self.article.paragraphs {
            lines.push(paragraph.join(" "));
            lines.push(String::new());
        }
        if let Some(closing) = CLOSINGS.get(self.site as usize) {
            lines.push((*closing).to_owned());
        }
        lines.extend(around(random, BELOW));
        Item {
            story,
            level,
            series: None,
            url: self.url,
            text: lines.join("\n"),
        }
    }
}

fn around(random: &mut Random, lines: &[&str]) -> Vec<String> {
    let some = lines.iter().filter(|_| random.happens(0.5));
    some.map(|line| (*line).to_owned()).collect()
}

/// Makes an edition of `level` out of `article`. `latest` is the last version on the story's own site,
/// and is replaced by a revision.
pub(crate) fn edit(
    prose: &Prose<'_>,
    random: &mut Random,
    article: &Article,
    latest: &mut (Article, u64, String),
    level: Level,
    copy: u64,
) -> Edition {
    let own = latest.1;
    let site = (own + 1 + random.below(SITES - 1)) % SITES;
    let address = |site: u64, number: u64| format!("https://{}/{number}", host(site));
    let number = random.below(1 << 40);
    let mut edition = Edition::of(article, site, address(site, number));
    let body = &mut edition.article;
    match level {
        Level::Light => {
            respell(random, body);
            if random.happens(0.5) {
                body.title = format!("{}: {}", word(random), body.title);
            }
            edition.credit = random.happens(0.6).then(|| credit(random));
        }
        Level::Medium => {
            let most = 1 + sentences_of(body) as u64 / 8;
            cut(random, body, 1, most);
            replace_words(random, body, 16);
            body.title = prose.title(random);
            if random.happens(0.3) {
                body.paragraphs.insert(0, vec![prose.sentence(random)]);
            }
            edition.credit = random.happens(0.5).then(|| credit(random));
        }
        Level::Heavy => {
            let fifth = (sentences_of(body) as u64 / 5).max(1);
            cut(random, body, fifth, fifth);
            replace_words(random, body, 16);
            for _ in 0..random.between(1, 2) {
                let at = random.below(body.paragraphs.len() as u64 + 1) as usize;
                body.paragraphs.insert(at, vec![prose.sentence(random)]);
            }
            if body.paragraphs.len() > 2 {
                let at = random.between(1, body.paragraphs.len() as u64 - 1) as usize;
                body.paragraphs[1..=at].rotate_right(1);
            }
            body.title = prose.title(random);
        }
        Level::Revision => return revision(prose, random, latest, copy),
        Level::Excerpt => excerpt(random, body),
        _ => {}
    }
    edition
}

fn credit(random: &mut Random) -> String {
    let agency = random.pick(&["وكالات", "متابعات", "وكالة الأنباء", "خاص"]);
    format!("{agency} - {}", word(random))
}

fn sentences_of(article: &Article) -> usize {
    article.paragraphs.iter().map(Vec::len).sum()
}

/// Takes some sentences out, but never the last of a paragraph that is the last.
fn cut(random: &mut Random, article: &mut Article, least: u64, most: u64) {
    for _ in 0..random.between(least, most) {
        if sentences_of(article) < 3 {
            return;
        }
        let at = random.below(article.paragraphs.len() as u64) as usize;
        let paragraph = &mut article.paragraphs[at];
        let sentence = random.below(paragraph.len() as u64) as usize;
        paragraph.remove(sentence);
        article.paragraphs.retain(|paragraph| !paragraph.is_empty());
    }
}

/// Replaces one in `one_in` words that are no figures.
fn replace_words(random: &mut Random, article: &mut Article, one_in: u64) {
    for sentence in article.paragraphs.iter_mut().flatten() {
        let words: Vec<_> = sentence
            .split(' ')
            .map(|old| {
                let figure = old.contains(|letter: char| letter.is_numeric());
                if !figure && !old.ends_with('.') && random.below(one_in) == 0 {
                    word(random)
                } else {
                    old.to_owned()
                }
            })
            .collect();
        *sentence = words.join(" ");
    }
}

/// Writes the same words another way.
fn respell(random: &mut Random, article: &mut Article) {
    let digits = random.happens(0.5);
    let stretch = random.happens(0.3);
    for sentence in article.paragraphs.iter_mut().flatten() {
        let mut respelled = String::with_capacity(sentence.len());
        for letter in sentence.chars() {
            match letter {
                'أ' | 'إ' if random.happens(0.5) => respelled.push('ا'),
                'ة' if random.happens(0.1) => respelled.push('ه'),
                'ى' if random.happens(0.3) => respelled.push('ي'),
                '،' if random.happens(0.3) => {}
                '0'..='9' if digits => {
                    respelled.extend(char::from_u32(letter as u32 - '0' as u32 + '٠' as u32));
                }
                'ل' if stretch && random.happens(0.02) => respelled.push_str("لــ"),
                other => respelled.push(other),
            }
        }
        *sentence = respelled;
    }
}

/// A later version: up to two figures changed, one or two paragraphs more, at times another headline.
fn revision(
    prose: &Prose<'_>,
    random: &mut Random,
    latest: &mut (Article, u64, String),
    copy: u64,
) -> Edition {
    let (mut article, site, url) = latest.clone();
    change_figures(random, &mut article, 2);
    for _ in 0..random.between(1, 2) {
        let new = (0..random.between(1, 2))
            .map(|_| prose.sentence(random))
            .collect();
        let at = random.below(article.paragraphs.len() as u64 + 1) as usize;
        article.paragraphs.insert(at, new);
    }
    if random.happens(0.4) {
        article.title = format!("تحديث: {}", article.title);
    }
    let (site, url) = match random.below(3) {
        0 => (site, format!("{url}?utm_source=feed")),
        1 => (site, format!("{url}-v{copy}")),
        _ => {
            let other = (site + 1) % SITES;
            (
                other,
                format!("https://{}/update/{}", host(other), random.below(1 << 40)),
            )
        }
    };
    *latest = (article.clone(), latest.1, latest.2.clone());
    Edition::of(&article, site, url)
}

/// Changes up to `most` numbers a little.
pub(crate) fn change_figures(random: &mut Random, article: &mut Article, most: usize) {
    let mut left = most;
    for sentence in article.paragraphs.iter_mut().flatten() {
        let old: Vec<_> = sentence.split(' ').collect();
        let mut words = Vec::with_capacity(old.len());
        for (at, word) in old.iter().enumerate() {
            let dates = old.get(at + 1).is_some_and(|next| MONTHS.contains(next));
            match word.parse::<u64>() {
                // What happened does not happen on another day in a later version.
                Ok(number) if left > 0 && !dates && random.happens(0.6) => {
                    left -= 1;
                    words.push((number + random.between(1, 9)).to_string());
                }
                _ => words.push((*word).to_owned()),
            }
        }
        *sentence = words.join(" ");
    }
}

/// Cuts down to 15 to 38 % of the words: whole sentences, from the opening or from the middle.
fn excerpt(random: &mut Random, article: &mut Article) {
    let wanted = article.words() * random.between(15, 38) as usize / 100;
    let mut all: Vec<_> = article.paragraphs.iter().flatten().cloned().collect();
    if random.happens(0.3) {
        let start = random.below(all.len() as u64 / 2) as usize;
        all.drain(..start);
    }
    let mut words = 0;
    let mut kept = Vec::new();
    for sentence in all {
        let length = sentence.split(' ').count();
        if !kept.is_empty() && words + length > wanted {
            break;
        }
        words += length;
        kept.push(sentence);
    }
    article.paragraphs = vec![kept];
}
