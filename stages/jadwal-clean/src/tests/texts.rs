//! Plain texts with what web pages leave in them.

use jadwal_core::facts::BlockKind;
use jadwal_core::{DropReason, Edited, Transform, Verdict};

use super::{blocks, clean, cleaned, document, removed, text};
use crate::{Chrome, Clean, CleanOptions};

const TITLE: &str = "بلدية الميناء تفتتح سوقا جديدة للسمك";
const FIRST: &str = "افتتحت بلدية الميناء صباح الاثنين سوقا جديدة للسمك قرب الرصيف الشمالي، وحضر الحفل عدد كبير من الصيادين والتجار وسكان الأحياء القريبة.";
const SECOND: &str = "وقال رئيس البلدية إن السوق الجديدة تضم أربعين محلا ومخزنا مبردا، وإن العمل فيها بدأ قبل عامين بدعم من صندوق التنمية المحلية.";
const THIRD: &str = "وأضاف أن البلدية ستفتتح في الربيع المقبل سوقا أخرى للخضار في الطرف الشرقي من المدينة، وأن الدراسات اللازمة لها اكتملت.";

fn article(parts: &[&str]) -> String {
    parts.join("\n")
}

#[test]
fn the_leftovers_of_a_page_go_and_the_article_stays() {
    let raw = article(&[
        "صوت الميناء",
        "هيئة التحرير: مجموعة من الكتاب",
        "تسجيل الدخول",
        "",
        TITLE,
        "وكالة الساحل3 مارس 2019آخر تحديث : منذ 5 سنوات",
        TITLE,
        "640x360_harbour2019",
        "نشر",
        "محليات",
        "",
        FIRST,
        "محلات ومخازن",
        SECOND,
        "",
        "رابط مختصر",
        "اترك تعليقا",
        "لن يتم نشر عنوان بريدك الإلكتروني. الحقول الإلزامية مشار إليها بـ *",
        "شروط التعليق:",
        "يرجى من الإخوة القراء الالتزام بآداب الحوار وعدم التعرض للأشخاص أو نشر ما يسيء إلى أحد من الناس في هذا الموقع.",
    ]);
    let doc = cleaned(raw);
    let facts = doc.facts();
    assert_eq!(
        text(&doc),
        article(&[TITLE, "", FIRST, "محلات ومخازن", SECOND])
    );
    assert_eq!(
        (facts.title.as_str(), facts.created.as_str()),
        (TITLE, "2019-03-03")
    );
    let rules: Vec<_> = facts
        .removed
        .iter()
        .map(|removed| removed.rule.as_ref())
        .collect();
    let expected = [
        "chrome:masthead",
        "phrase:login",
        "chrome:date",
        "chrome:title-copy",
        "chrome:image",
        "chrome:label",
        "phrase:share",
        "phrase:comments",
    ];
    assert_eq!(rules, expected);
    let kinds: Vec<_> = blocks(&doc).into_iter().map(|(kind, _)| kind).collect();
    use BlockKind::{Heading, Paragraph, Title};
    assert_eq!(kinds, [Title, Paragraph, Heading, Paragraph]);
}

#[test]
fn a_clean_article_is_left_as_it_is() {
    let raw = article(&[TITLE, FIRST, SECOND, THIRD]);
    let doc = cleaned(raw.clone());
    assert_eq!(text(&doc), raw);
    assert_eq!(removed(&doc), []);
    assert_eq!(doc.origin_map().run_count(), 1);
}

#[test]
fn phrases_inside_the_body_take_no_long_line() {
    let long = "اشترك في الحفل الذي أقيم في الساحة عدد كبير من السكان، وعزفت فرقة البلدية ألحانا شعبية حتى ساعة متأخرة من الليل.";
    let raw = article(&[TITLE, FIRST, long, "اقرأ أيضا: أسعار السمك ترتفع", SECOND]);
    let doc = cleaned(raw);
    assert!(text(&doc).contains(long));
    assert_eq!(
        removed(&doc),
        [("phrase:related", "اقرأ أيضا: أسعار السمك ترتفع".to_owned())]
    );
}

#[test]
fn tables_are_kept_with_their_cells() {
    let raw = article(&[
        TITLE,
        FIRST,
        "الصنف | السعر | الوحدة |",
        "---|---|---|",
        "سردين | 12 | كيلو |",
        "تعليقات | المزيد | الرئيسية |",
        SECOND,
    ]);
    let doc = cleaned(raw.clone());
    assert_eq!(text(&doc), raw);
    let rows = &doc.facts().tables[0].rows;
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1], ["سردين", "12", "كيلو"]);
    assert_eq!(blocks(&doc)[2].0, BlockKind::Table);
}

#[test]
fn marked_leftovers_stay_in_the_text() {
    let raw = article(&[TITLE, FIRST, SECOND, "شارك على فيسبوك"]);
    for (chrome, rules) in [
        (Chrome::Mark, vec!["mark:phrase:share"]),
        (Chrome::Keep, vec![]),
    ] {
        let options = CleanOptions {
            chrome,
            ..CleanOptions::default()
        };
        let (_, doc) = clean(options, "a.txt", raw.clone());
        assert_eq!(text(&doc), raw);
        let found: Vec<_> = doc
            .facts()
            .removed
            .iter()
            .map(|r| r.rule.to_string())
            .collect();
        assert_eq!(found, rules);
    }
}

#[test]
fn a_text_made_of_leftovers_is_empty() {
    for raw in [
        "",
        "  \n\t\n",
        "\u{200B}\u{FEFF}\n",
        "تسجيل الدخول\n\nشارك\n",
    ] {
        let (result, _) = clean(CleanOptions::default(), "a.txt", raw.as_bytes().to_vec());
        assert_eq!(
            result.expect("no error"),
            Verdict::Drop(DropReason::Empty),
            "{raw:?}"
        );
    }
}

#[test]
fn short_documents_can_be_filtered() {
    let options = CleanOptions {
        min_words: 4,
        ..CleanOptions::default()
    };
    let (result, _) = clean(options, "a.txt", "three words only");
    let why = "3 words, fewer than 4".to_owned();
    assert_eq!(
        result.expect("no error"),
        Verdict::Drop(DropReason::Filtered { why })
    );
}

#[test]
fn rules_that_take_too_much_are_set_aside() {
    let notice = "نستخدم ملفات تعريف الارتباط لتحسين تجربتك في هذا الموقع ولعرض إعلانات تناسب اهتماماتك ولقياس عدد الزوار في كل صفحة من صفحاته.";
    let numbered = (1..5).map(|number| format!("{notice} {number}."));
    let notices = numbered.collect::<Vec<_>>().join("\n");
    let raw = article(&["سطر قصير", &notices]);
    let doc = cleaned(raw.clone());
    assert_eq!(text(&doc), raw);
    assert_eq!(doc.facts().repairs["chrome:fallback"], 1);
}

#[test]
fn characters_are_brought_into_one_form() {
    let cases = [
        ("ﺍﻟﻤﺪﻳﻨﺔ", "المدينة"),
        ("المـــدينة", "المدينة"),
        ("الدوحة ـ قنا", "الدوحة ـ قنا"),
        ("a\u{200F}b\u{202B}c", "abc"),
        ("می\u{200C}رود", "می\u{200C}رود"),
        ("a\u{200C}b", "ab"),
        ("\u{1F468}\u{200D}\u{1F469}", "\u{1F468}\u{200D}\u{1F469}"),
        ("cafe\u{301} co\u{AD}op", "café coop"),
        ("ا\u{653}ب", "آب"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u{A0}\u{2003}b\tc", "a b c"),
        ("x\u{1}y\u{9C}z", "xyz"),
        ("إلى الأُمّة ١٢٣", "إلى الأُمّة ١٢٣"),
    ];
    for (raw, expected) in cases {
        assert_eq!(text(&cleaned(raw)), expected, "{raw:?}");
    }
}

#[test]
fn blank_lines_are_limited() {
    let options = |max_blank_lines| CleanOptions {
        max_blank_lines,
        ..CleanOptions::default()
    };
    for (max, expected) in [(0, "a\nb  c"), (1, "a\n\nb  c"), (2, "a\n\n\nb  c")] {
        let (_, doc) = clean(options(max), "a.txt", "\n\n a \n\n\n\n b  c\n\n");
        assert_eq!(text(&doc), expected.replace("  ", " "));
    }
}

#[test]
fn a_record_with_a_text_is_not_decoded_again() {
    let raw = r#"{"t":"نص  قصير"}"#;
    let mut doc = document("a.jsonl", raw);
    let start = raw.find('ن').expect("it is there");
    let mut edited = Edited::default();
    edited.push_same("نص  قصير", start);
    doc.replace_text(edited);
    doc.facts_mut().title = "عنوان".to_owned();
    let verdict = Clean::new(CleanOptions::default()).apply(&mut doc);
    assert_eq!(verdict.expect("no error"), Verdict::Pass);
    assert_eq!(text(&doc), "نص قصير");
    assert_eq!(doc.facts().title, "عنوان");
    let range = doc.source_range(5..13);
    assert_eq!(&raw[range.start as usize..range.end as usize], "قصير");
}

#[test]
fn english_pages_are_cleaned_too() {
    let raw = article(&[
        "Skip to content",
        "Harbour opens new fish market",
        "By Ann Miller",
        "Published on 3 March 2019",
        "The town of Harbour opened a new fish market near its northern quay on Monday, with many fishermen attending.",
        "The mayor said that the new market has forty stalls and a cold store, and that work on it took two years.",
        "Related articles",
        "Bridge closed for repairs",
        "Leave a comment",
        "Your email address will not be published.",
    ]);
    let doc = cleaned(raw);
    let facts = doc.facts();
    assert_eq!(text(&doc).lines().count(), 3);
    assert_eq!(facts.title, "Harbour opens new fish market");
    assert_eq!(facts.byline, "Ann Miller");
    assert_eq!(facts.created, "2019-03-03");
}
