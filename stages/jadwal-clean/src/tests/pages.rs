//! Pages of markup.

use jadwal_core::facts::BlockKind;

use super::{blocks, clean, removed, text};
use crate::{Chrome, CleanOptions};

const BODY: [&str; 4] = [
    "افتتحت بلدية الميناء صباح الاثنين سوقا جديدة للسمك قرب الرصيف الشمالي، وحضر الحفل عدد كبير من الصيادين والتجار وسكان الأحياء القريبة.",
    "وقال رئيس البلدية إن السوق الجديدة تضم أربعين محلا ومخزنا مبردا، وإن العمل فيها بدأ قبل عامين بدعم من صندوق التنمية المحلية.",
    "وأضاف أن البلدية ستفتتح في الربيع المقبل سوقا أخرى للخضار في الطرف الشرقي من المدينة، وأن الدراسات اللازمة لها اكتملت.",
    "ويعمل في صيد السمك نحو ألف من سكان المدينة، وكانوا يبيعون ما يصيدونه على الأرصفة منذ إغلاق السوق القديمة قبل عشر سنوات.",
];

fn page() -> String {
    format!(
        r#"<!DOCTYPE html>
<html lang="ar"><head><title>سوق جديدة للسمك في الميناء - صوت الساحل</title>
<meta property="og:title" content="سوق جديدة للسمك في الميناء">
<meta property="article:published_time" content="2019-03-04T08:30:00Z">
<meta name="author" content="ليلى منصور">
<link rel="canonical" href="https://example.org/news/7">
<script>var menu = "<p>no</p>";</script></head>
<body><div class="nav"><ul><li><a href="/">الرئيسية</a></li><li><a href="/s">رياضة</a></li></ul></div>
<article><h1>سوق جديدة للسمك في الميناء</h1>
<p>{}</p><p>{}</p><h2>سوق للخضار</h2><p>{} &amp;nbsp;&amp; <b>نهاية</b></p><p>{}</p>
<table><tr><th>الصنف</th><th>السعر</th></tr><tr><td>سردين</td><td>12</td></tr></table></article>
<div class="sidebar"><a href="/1">خبر آخر عن الطقس</a><a href="/2">خبر عن المرور</a></div>
<footer>جميع الحقوق محفوظة</footer></body></html>"#,
        BODY[0], BODY[1], BODY[2], BODY[3]
    )
}

#[test]
fn what_the_markup_says_turns_no_line_around() {
    let title = "سوق جديدة للسمك في الميناء";
    let raw = page().replace(title, &format!("\u{202E}{title}\u{1}\u{202C}"));
    let raw = raw.replace("ليلى", "ليلى\u{200F}\u{7F}");
    let (_, doc) = clean(CleanOptions::default(), "7.html", raw);
    let facts = doc.facts();
    assert_eq!(
        (facts.title.as_str(), facts.byline.as_str()),
        (title, "ليلى منصور")
    );
    assert_eq!(text(&doc).lines().next(), Some(title));
}

#[test]
fn the_article_of_a_page_is_found() {
    let raw = page();
    let (result, doc) = clean(CleanOptions::default(), "news/7.html.gz", raw.clone());
    assert_eq!(result.expect("no error"), jadwal_core::Verdict::Pass);
    let facts = doc.facts();
    assert_eq!(facts.title, "سوق جديدة للسمك في الميناء");
    assert_eq!(facts.url, "https://example.org/news/7");
    assert_eq!(facts.created, "2019-03-04T08:30:00Z");
    assert_eq!(facts.byline, "ليلى منصور");
    let lines: Vec<_> = text(&doc).lines().collect();
    assert_eq!(lines[0], facts.title);
    assert_eq!(lines[1..3], BODY[..2]);
    assert_eq!(lines[4], format!("{} &nbsp;& نهاية", BODY[2]));
    assert_eq!(lines[6..], ["الصنف | السعر", "سردين | 12"]);
    use BlockKind::{Heading, Paragraph, Table, Title};
    let kinds: Vec<_> = blocks(&doc).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(
        kinds,
        [
            Title, Paragraph, Paragraph, Heading, Paragraph, Paragraph, Table
        ]
    );
    let removed = removed(&doc);
    let rules: Vec<_> = removed.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(rules, ["html:boilerplate", "html:boilerplate"]);
    assert!(removed[0].1.starts_with("الرئيسية") && removed[0].1.ends_with("رياضة"));
    assert!(removed[1].1.starts_with("خبر آخر") && removed[1].1.ends_with("محفوظة"));
}

#[test]
fn words_of_a_page_lead_to_the_file() {
    let raw = page();
    let (_, doc) = clean(CleanOptions::default(), "a.html", raw.clone());
    for word in ["افتتحت", "نهاية", "سردين", "للخضار"] {
        let at = text(&doc).find(word).expect("the word is there");
        let range = doc.source_range(at..at + word.len());
        assert_eq!(&raw[range.start as usize..range.end as usize], word);
    }
    let at = text(&doc).find("& نهاية").expect("it is there");
    let range = doc.source_range(at..at + 1);
    assert_eq!(&raw[range.start as usize..range.end as usize], "&amp;");
}

#[test]
fn markup_is_known_without_a_name() {
    let (_, doc) = clean(CleanOptions::default(), "a.txt", page());
    assert_eq!(doc.facts().title, "سوق جديدة للسمك في الميناء");
    let (_, doc) = clean(CleanOptions::default(), "a.txt", "5 < 6 and <b> is a tag");
    assert_eq!(text(&doc), "5 < 6 and <b> is a tag");
}

#[test]
fn a_marked_page_keeps_every_line() {
    let options = CleanOptions {
        chrome: Chrome::Mark,
        ..CleanOptions::default()
    };
    let (_, doc) = clean(options, "a.html", page());
    assert!(text(&doc).contains("الرئيسية"));
    assert!(text(&doc).contains("جميع الحقوق محفوظة"));
    assert!(
        doc.facts()
            .removed
            .iter()
            .all(|r| r.rule.starts_with("mark:"))
    );
}

#[test]
fn a_page_that_is_too_long_or_too_deep_is_judged_by_its_lines() {
    let options = CleanOptions {
        max_html_bytes: 100,
        ..CleanOptions::default()
    };
    let (_, doc) = clean(options, "a.html", page());
    assert_eq!(doc.facts().repairs["html:too-long"], 1);
    assert!(text(&doc).contains(BODY[3]));
    for depth in [390, 100_000] {
        let raw = format!("{}<p>{}</p>", "<div>".repeat(depth), BODY[0]);
        let (_, doc) = clean(CleanOptions::default(), "a.html", raw);
        assert_eq!(
            doc.facts().repairs.contains_key("html:too-deep"),
            depth > 400
        );
        assert!(text(&doc).contains(BODY[0]));
    }
}

#[test]
fn a_windows_page_leads_to_its_bytes() {
    let (raw, _, _) = encoding_rs::WINDOWS_1256.encode(
        "<html><body><p>السلام عليكم ورحمة الله وبركاته أيها الإخوة في كل مكان</p></body></html>",
    );
    let (_, doc) = clean(CleanOptions::default(), "a.html", raw.to_vec());
    assert_eq!(
        doc.facts().encoding.as_ref().map(|e| e.name.as_str()),
        Some("windows-1256")
    );
    let at = text(&doc).find("ورحمة").expect("it is there");
    let range = doc.source_range(at..at + "ورحمة".len());
    let (expected, _, _) = encoding_rs::WINDOWS_1256.encode("ورحمة");
    assert_eq!(raw[range.start as usize..range.end as usize], *expected);
}

fn comment(number: usize) -> String {
    format!(
        "<li><p>قرأت هذا الخبر مع أولادي، وهذا تعليقي رقم {number} على ما جاء فيه، وأرجو نشره كاملا دون حذف أو تعديل.</p></li>"
    )
}

#[test]
fn comments_are_not_the_article() {
    let comments: String = (0..6).map(comment).collect();
    let page = page().replace(
        "<div class=\"sidebar\">",
        &format!(
            "<section class=\"box comments\"><ol>{comments}</ol></section><div class=\"sidebar\">"
        ),
    );
    let (_, doc) = clean(CleanOptions::default(), "a.html", page);
    assert!(text(&doc).contains(BODY[3]));
    assert!(!text(&doc).contains("تعليقي"), "{}", text(&doc));
}

/// A page whose text stands in boxes without names, a few among other boxes of text.
fn scattered(data: &str) -> String {
    let boxes = |lines: &[&str]| -> String {
        let line = |line: &&str| format!("<div><div><span>{line}</span></div></div>");
        lines.iter().map(line).collect()
    };
    let teaser = "وصلت إلى المخيم أمس قافلة مساعدات تحمل أغذية وأغطية وأدوية تكفي ثلاثة آلاف أسرة لمدة شهر كامل.";
    format!(
        "<html><head><script type=\"application/ld+json\">{data}</script></head><body>{}<div>{teaser}</div>{}</body></html>",
        boxes(&BODY[..3]),
        boxes(&BODY[3..])
    )
}

#[test]
fn what_the_data_of_a_page_says_is_its_text() {
    let body = BODY.join("\n");
    let data =
        serde_json::json!({"@type": "NewsArticle", "headline": "سوق جديدة", "articleBody": body});
    let (_, doc) = clean(
        CleanOptions::default(),
        "a.html",
        scattered(&data.to_string()),
    );
    let lines: Vec<_> = text(&doc).lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(lines, BODY);
    // Without the data nothing tells the other box from the text.
    let (_, doc) = clean(CleanOptions::default(), "a.html", scattered("{}"));
    assert!(text(&doc).contains("المخيم"));
}

#[test]
fn all_posts_of_a_live_blog_are_text() {
    let post = |(number, line): (usize, &&str)| {
        format!("<article class=\"post\"><time>1{number}:30</time><p>{line}</p></article>")
    };
    let posts: String = BODY.iter().enumerate().map(post).collect();
    let page = page();
    let (head, _) = page.split_once("<article>").expect("it has one");
    let page = format!(
        "{head}<main><h1>سوق جديدة للسمك في الميناء</h1><div class=\"live-blog\">{posts}</div></main></body></html>"
    );
    let (_, doc) = clean(CleanOptions::default(), "a.html", page);
    for line in BODY {
        assert!(text(&doc).contains(line), "{}", text(&doc));
    }
}
