//! Two made-up sites, one in Arabic and one in English: a frame that all pages share, and bodies.

use crate::tests::lab::{Lab, eager};

/// A site: what stands above and below each body, and what bodies are made of.
pub(super) struct Site {
    pub(super) name: &'static str,
    above: &'static [&'static str],
    below: &'static [&'static str],
    subjects: &'static [&'static str],
    verbs: &'static [&'static str],
    ends: &'static [&'static str],
    headline: &'static str,
}

pub(super) const ARABIC: Site = Site {
    name: "wadi.example",
    above: &[
        "وادي الأخبار",
        "محليات",
        "طقس اليوم",
        "منذ {n} ساعات",
        "أعلن معنا",
    ],
    below: &[
        "حمل تطبيقنا على هاتفك",
        "تواصل مع هيئة التحرير",
        "جميع المواد المنشورة تعبر عن رأي أصحابها ولا تتحمل وادي الأخبار أي مسؤولية عنها ويمنع نقل أي \
         مادة من الموقع إلا بإذن مكتوب من إدارته.",
    ],
    subjects: &[
        "مزارعو الزيتون في القرية",
        "طلاب المدرسة الثانوية",
        "عمال المخبز القديم",
        "سكان الحي الشرقي",
        "متطوعو الجمعية",
        "صيادو المرفأ الصغير",
        "أصحاب المتاجر",
    ],
    verbs: &[
        "ينتظرون منذ الشتاء الماضي",
        "احتفلوا مساء الخميس",
        "طالبوا المجلس البلدي",
        "بدأوا العمل قبل الفجر",
        "استقبلوا ضيوفا من المدينة",
    ],
    ends: &[
        "بعد أن تأخر الإصلاح ثلاثة أشهر كاملة بسبب الأمطار.",
        "بحضور مهندسين ومعلمين وعائلات كثيرة جاءت من القرى المجاورة.",
        "أملا في موسم أفضل من الذي سبقه بكثير كما يقولون.",
        "وسط إجراءات جديدة أقرت قبل أيام ولم تشرح لأحد بعد.",
    ],
    headline: "{subject} {verb}",
};

pub(super) const ENGLISH: Site = Site {
    name: "mill-town.example",
    above: &[
        "Mill Town Courier",
        "Weather",
        "Place an advert",
        "Updated {n} minutes ago",
    ],
    below: &[
        "Get our app",
        "Write to the newsroom",
        "Opinions printed here are those of their writers alone, and nothing on these pages may be copied \
         without a letter from the editor saying that it may.",
    ],
    subjects: &[
        "Olive growers on the hill",
        "Pupils of the upper school",
        "Bakers in the old quarter",
        "Neighbours along the canal",
        "Volunteers of the choir",
        "Anglers at the small pier",
        "Shopkeepers near the station",
    ],
    verbs: &[
        "have waited since last winter",
        "held a feast on Thursday evening",
        "wrote to the town council again",
        "began their work before sunrise",
        "welcomed guests from the capital",
    ],
    ends: &[
        "after repairs were put off for three whole months because of the rain.",
        "together with engineers, teachers and families from the villages around.",
        "hoping for a far better season than the one that went before, they say.",
        "under rules that were passed some days ago and explained to nobody yet.",
    ],
    headline: "{subject} {verb}",
};

impl Site {
    /// Returns headline and paragraphs of story `n`; no two stories under 400 share a paragraph.
    pub(super) fn body(&self, n: usize) -> Vec<String> {
        let pick = |list: &[&str], at: usize| list[at % list.len()].to_owned();
        let subject = pick(self.subjects, n);
        let verb = pick(self.verbs, n / 7);
        let headline = self
            .headline
            .replace("{subject}", &subject)
            .replace("{verb}", &verb);
        let paragraph = |part: usize| {
            let number = ordinal(n * 3 + part);
            format!(
                "{} {} {number} {}",
                pick(self.subjects, n + part),
                pick(self.verbs, n / 7 + part),
                pick(self.ends, n + part)
            )
        };
        let mut body = vec![headline];
        body.extend((0..3).map(paragraph));
        body
    }

    /// Returns the page of story `n` as lines of text.
    pub(super) fn page(&self, n: usize) -> String {
        let frame = |line: &&str| line.replace("{n}", &(n % 50 + 2).to_string());
        let mut lines: Vec<_> = self.above.iter().map(frame).collect();
        lines.push(self.body_text(n));
        lines.extend(self.below.iter().map(frame));
        lines.join("\n\n")
    }

    pub(super) fn body_text(&self, n: usize) -> String {
        self.body(n).join("\n\n")
    }
}

/// A word for each number: figures are one to the counts.
pub(super) fn ordinal(mut n: usize) -> String {
    const SYLLABLES: [&str; 10] = ["با", "دي", "مو", "لا", "سي", "رو", "نا", "كي", "تو", "شا"];
    let mut word = String::from("عند");
    for _ in 0..4 {
        word.push_str(SYLLABLES[n % 10]);
        n /= 10;
    }
    word
}

fn chrome_goes(site: &Site) {
    let mut lab = Lab::new(eager());
    for n in 0..40 {
        let page = site.page(n);
        let doc = lab.pass(site.name, &page);
        let text = doc.text().unwrap();
        let body = site.body_text(n);
        // From the sixth page on, and one behind: five others have had the short lines.
        match n {
            0..=5 => assert_eq!(text, page, "page {n}"),
            // The long notice takes four times as many.
            6..=20 => {
                assert_ne!(text, page, "page {n}");
                assert!(text.starts_with(&body), "page {n}: {text}");
                assert_eq!(text.lines().filter(|line| !line.is_empty()).count(), 5);
            }
            _ => assert_eq!(text, body, "page {n}"),
        }
        assert_eq!(doc.facts().removed.is_empty(), n <= 5);
    }
}

#[test]
fn chrome_of_an_arabic_site_goes_and_bodies_stay_byte_for_byte() {
    chrome_goes(&ARABIC);
}

#[test]
fn chrome_of_an_english_site_goes_and_bodies_stay_byte_for_byte() {
    chrome_goes(&ENGLISH);
}

/// Scenario: two sites take turns; each has a line of its own that the other has once.
/// Guarantees: sites are counted apart.
#[test]
fn sites_are_counted_apart() {
    let mut lab = Lab::new(eager());
    for n in 0..20 {
        lab.pass(ARABIC.name, &ARABIC.page(n));
        lab.pass(ENGLISH.name, &ENGLISH.page(n));
    }
    let guest = format!("{}\n\nWeather\n\nطقس اليوم", ARABIC.body_text(50));
    let doc = lab.pass(ARABIC.name, &guest);
    let expected = format!("{}\n\nWeather", ARABIC.body_text(50));
    assert_eq!(doc.text().unwrap(), expected);
}

/// Scenario: one story is printed thirty times, each time a little changed, among few others.
/// Guarantees: it counts once, so that its paragraphs are no repeats.
#[test]
fn a_story_that_is_printed_again_and_again_stays() {
    let mut lab = Lab::new(eager());
    let site = &ARABIC;
    for n in 0..30 {
        let mut body = site.body(1);
        body.push(format!("{} {}", site.subjects[n % 7], ordinal(n)));
        let text = body.join("\n");
        assert_eq!(lab.pass("desk", &text).text().unwrap(), text, "{n}");
    }
}
