//! Subtitle, agency, place, days and site: what the facts hold besides title and author.

use super::{clean, cleaned, text};
use crate::CleanOptions;

struct Story {
    lines: &'static [&'static str],
    /// Subtitle, agency, place, day of publication and of the last change.
    expected: [&'static str; 5],
}

const STORIES: [Story; 6] = [
    Story {
        lines: &[
            "مجلس المدينة يوافق على بناء جسر جديد فوق النهر",
            "الجسر الجديد يربط المدينة القديمة بالميناء ويكلف أربعين مليونا",
            "نشر في 3 مايو 2020 - آخر تحديث 5 مايو 2020",
            "القاهرة – رويترز: وافق مجلس المدينة أمس على بناء جسر جديد فوق النهر يربط المدينة القديمة بالميناء، بعد نقاش دام شهرين.",
            "وقال رئيس المجلس إن العمل سيبدأ في الربيع ويستمر ثلاث سنوات، وإن الجسر القديم سيبقى مفتوحا للمشاة طوال هذه المدة.",
        ],
        expected: [
            "الجسر الجديد يربط المدينة القديمة بالميناء ويكلف أربعين مليونا",
            "رويترز",
            "القاهرة",
            "2020-05-03",
            "2020-05-05",
        ],
    },
    Story {
        lines: &[
            "City council approves a new bridge over the river",
            "Published May 3, 2020. Last updated May 5, 2020",
            "LONDON, May 3 (Reuters) - The city council approved a new bridge over the river on Sunday, after two months of debate about its price.",
            "The head of the council said that the work will begin in spring and last for three years, and that the old bridge stays open.",
        ],
        expected: ["", "Reuters", "LONDON", "2020-05-03", "2020-05-05"],
    },
    Story {
        lines: &[
            "Le conseil approuve un nouveau pont sur la rivière",
            "Publié le 3 mai 2020, mis à jour le 5 mai 2020",
            "PARIS (AFP) — Le conseil de la ville a approuvé dimanche un nouveau pont sur la rivière, après deux mois de débats sur son prix.",
            "Le président du conseil a dit que les travaux commenceront au printemps et dureront trois ans, et que le vieux pont restera ouvert.",
        ],
        expected: ["", "AFP", "PARIS", "2020-05-03", "2020-05-05"],
    },
    Story {
        lines: &[
            "شورای شهر با ساخت پل تازه روی رودخانه موافقت کرد",
            "تهران (ایسنا) - شورای شهر دیروز با ساخت پل تازه روی رودخانه موافقت کرد و گفت که کار ساخت پل از بهار آغاز می‌شود.",
            "رئیس شورای شهر گفت که ساخت این پل سه سال طول می‌کشد و پل قدیمی در این مدت برای مردم شهر باز خواهد ماند.",
        ],
        expected: ["", "ایسنا", "تهران", "", ""],
    },
    Story {
        lines: &[
            "Belediye meclisi nehrin üzerine yeni köprü yapılmasını onayladı",
            "Yayınlanma: 3 Mayıs 2020 Son güncelleme: 5 Mayıs 2020",
            "Ankara (AA) - Belediye meclisi dün nehrin üzerine yeni bir köprü yapılmasını iki ay süren tartışmaların ardından oy birliğiyle onayladı.",
            "Meclis başkanı, köprü çalışmalarının ilkbaharda başlayacağını ve üç yıl süreceğini, eski köprünün de açık kalacağını söyledi.",
        ],
        expected: ["", "AA", "Ankara", "2020-05-03", "2020-05-05"],
    },
    Story {
        lines: &[
            "Stadtrat stimmt einer neuen Brücke über den Fluss zu",
            "Stand: 3. Mai 2020, aktualisiert: 5. Mai 2020",
            "Berlin (dpa) - Der Stadtrat hat am Sonntag nach zwei Monaten der Debatte einer neuen Brücke über den Fluss zugestimmt, die sehr teuer wird.",
            "Der Vorsitzende sagte, dass die Arbeit an der Brücke im Frühling beginnt und drei Jahre dauert und die alte Brücke offen bleibt.",
        ],
        expected: ["", "dpa", "Berlin", "2020-05-03", "2020-05-05"],
    },
];

#[test]
fn what_a_story_says_of_itself_is_told() {
    for story in STORIES {
        let doc = cleaned(story.lines.join("\n"));
        let facts = doc.facts();
        let found = [
            &facts.subtitle,
            &facts.agency,
            &facts.place,
            &facts.created,
            &facts.updated,
        ];
        assert_eq!(found, story.expected.each_ref(), "{}", text(&doc));
        assert_eq!(facts.title, story.lines[0]);
        // The place line stays in the text.
        assert!(text(&doc).contains(story.lines[story.lines.len() - 2]));
    }
}

#[test]
fn nothing_is_told_where_the_step_is_off_or_nothing_is_said() {
    let options = CleanOptions {
        metadata: false,
        ..CleanOptions::default()
    };
    let (_, doc) = clean(options, "a.txt", STORIES[0].lines.join("\n"));
    assert!(doc.facts().agency.is_empty() && doc.facts().place.is_empty());
    let doc = cleaned(
        "قال الوزير - وهو عائد من السفر - إن الطريق مفتوح أمام الجميع منذ يوم أمس في المدينة كلها.",
    );
    assert!(doc.facts().agency.is_empty() && doc.facts().place.is_empty());
}

#[test]
fn a_page_names_its_site_and_its_last_change() {
    let story = &STORIES[1];
    let page = format!(
        "<!DOCTYPE html><title>{title}</title><meta property=og:site_name content=\"Harbour Times\">\
         <meta property=article:modified_time content=\"2020-05-06T10:00:00Z\">\
         <article><h1>{title}</h1><p>{}</p><p>{}</p></article>",
        story.lines[2],
        story.lines[3],
        title = story.lines[0],
    );
    let (_, doc) = clean(CleanOptions::default(), "a.html", page);
    let facts = doc.facts();
    assert_eq!(facts.site, "Harbour Times");
    assert_eq!(facts.updated, "2020-05-06T10:00:00Z");
    assert_eq!(
        (facts.place.as_str(), facts.agency.as_str()),
        ("LONDON", "Reuters")
    );
}
