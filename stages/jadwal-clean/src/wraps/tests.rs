//! Wrapped texts are joined; verses, lists, tables and plain paragraphs are not.

use super::*;
use crate::tests::samples::{ARABIC, FRENCH, GERMAN, PERSIAN, URDU};

/// Wraps a text as mail programs do.
fn wrapped(text: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

fn joined(text: &str) -> Option<String> {
    join(text, &mut Repairs::new()).map(|edited| edited.text)
}

#[test]
fn wrapped_paragraphs_become_whole() {
    let mut all = 0;
    let mut good = 0;
    for width in [45, 60, 72, 78] {
        for paragraphs in [&ARABIC[..], &PERSIAN, &URDU, &FRENCH, &GERMAN] {
            for paragraph in paragraphs {
                let text = wrapped(paragraph, width);
                all += 1;
                match joined(&text) {
                    Some(text) => {
                        assert_eq!(text, *paragraph);
                        good += 1;
                    }
                    // Too few lines, or breaks that fall on commas: it stays as it is.
                    None => assert!(!is_wrapped(&lines(&text))),
                }
            }
        }
    }
    assert!(good * 10 >= all * 8, "{good} of {all}");
}

fn lines(text: &str) -> Vec<Line<'_>> {
    text.split('\n')
        .map(|text| Line {
            text,
            range: 0..text.len(),
        })
        .collect()
}

#[test]
fn what_the_author_broke_stays_broken() {
    let verse = "يا دار في طرف الوادي سقاك حيا\nما كان يبخل في الأعوام ساقيه\nكم مر فيك على الأيام من نفر\nكانوا إذا ضاق عيش المرء تؤويه\nواليوم لا صوت إلا الريح عابرة\nعلى جدار تداعى من يواسيه";
    let marked = "قالت له النخلة العجوز وهي تنحني على الماء،\nلا تسأل الطير عن بيت تركه في الشتاء،\nولا تسأل الموج عن رمل حمله إلى السماء،\nفكل ما مر من هنا ترك ظلا على الماء،\nوكل ظل يعود إلى صاحبه عند المساء.";
    let list = "- شراء الخبز والحليب من دكان الحي القديم، ثم\n- دفع فاتورة الكهرباء والماء والهاتف، وبعدها\n- الاتصال بالطبيب من أجل موعد الأسبوع المقبل\n- تسليم الكتب إلى مكتبة الجامعة قبل الإغلاق.\n- زيارة الجدة مساء الجمعة مع الأولاد جميعا";
    let table = "الصنف الأول من السمك | 12 دينارا للكيلو\nالصنف الثاني منه | 15 دينارا للكيلو، نقدا\nالصنف الثالث منه | 17 دينارا للكيلو، نقدا\nالصنف الرابع منه | 19 دينارا للكيلو، نقدا\n";
    let english = "The woods are full of early light,\nthe river hums, the road is long,\nand every bird that crossed the night\ncomes home, and answers with a song.\nI had no map, I had no friend,\nbut I had bread, and I had time.";
    for text in [
        verse,
        marked,
        list,
        table,
        english,
        &ARABIC.join("\n"),
        "",
        "\n\n\n",
        "سطر",
    ] {
        assert_eq!(joined(text), None, "{text}");
    }
}

#[test]
fn joined_lines_lead_to_their_source() {
    let text = format!("{}\n\n{}", ARABIC[0], wrapped(ARABIC[1], 60));
    let mut repairs = Repairs::new();
    let edited = join(&text, &mut repairs).expect("it is wrapped");
    assert_eq!(edited.text, format!("{}\n\n{}", ARABIC[0], ARABIC[1]));
    assert_eq!(repairs["lines:joined"], 5);
    for word in edited.text.split_whitespace() {
        let at = word.as_ptr() as usize - edited.text.as_ptr() as usize;
        assert_eq!(&text[edited.map.source_range(at..at + word.len())], word);
    }
}
