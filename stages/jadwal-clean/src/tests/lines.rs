//! Pages that were flattened to lines, judged by the line model.

use std::time::Instant;

use super::{clean, cleaned, removed, text};
use crate::CleanOptions;

const BODY: [&str; 5] = [
    "قررت إدارة المكتبة العامة في المدينة تمديد ساعات العمل حتى منتصف الليل طوال شهر الامتحانات، بعد طلبات متكررة من الطلاب.",
    "وقالت مديرة المكتبة إن القاعة الكبيرة تتسع لمئتي قارئ، وإن القاعة الجديدة في الطابق الثاني ستفتح أبوابها الأسبوع المقبل.",
    "وأضافت أن الإدارة استعانت بعشرة متطوعين لتنظيم الدخول وترتيب الكتب، وأنها تبحث عن متطوعين آخرين للعمل في المساء.",
    "ورحب طلاب الجامعة بالقرار، وقال أحدهم إن بيته صغير وإنه لا يجد مكانا هادئا للدراسة غير المكتبة.",
    "وتضم المكتبة نحو ثمانين ألف كتاب ومجلة، وقد تأسست قبل سبعين عاما في بيت قديم قرب السوق ثم نقلت إلى مبناها الحالي.",
];

const TITLE: &str = "المكتبة العامة تمدد ساعات العمل في شهر الامتحانات";

const MENU: &str =
    "الرئيسية\nسياسة\nاقتصاد\nرياضة\nثقافة\nمنوعات\nصحة\nعلوم\nرأي\nفيديو\nصور\nالطقس";

const HEADLINES: &str = "انقطاع المياه عن ثلاثة أحياء في المدينة\nوزير النقل يزور محطة القطار الجديدة في الشمال\n\
    افتتاح معرض الزهور السنوي في الحديقة العامة\nفريق المدينة يفوز بكأس الشباب للمرة الثالثة\n\
    أسعار الخضار ترتفع مع بداية فصل الصيف\nطبيب يحذر من السهر الطويل أمام الشاشات\n\
    سائح يعثر على خاتم ضاع قبل أربعين عاما\nالأرصاد تتوقع أمطارا غزيرة نهاية الأسبوع";

fn page() -> String {
    let body = BODY.join("\n");
    format!("{MENU}\n{HEADLINES}\n{TITLE}\n{body}\n{HEADLINES}\nمن نحن\nاتصل بنا\n{MENU}\n")
}

/// A page that prints its text many times over loses no sentence of it.
#[test]
fn of_repeated_paragraphs_one_stays() {
    for times in [2, 3, 6, 20] {
        let body = format!("{}\n", BODY.join("\n")).repeat(times);
        let doc = cleaned(format!("{MENU}\n{TITLE}\n{body}{HEADLINES}\n{MENU}\n"));
        for paragraph in BODY {
            assert!(text(&doc).contains(paragraph), "{times}: {paragraph}");
        }
    }
}

#[test]
fn a_menu_that_is_one_line_goes() {
    let menu = MENU.replace('\n', " | ");
    let doc = cleaned(format!("{menu}\n{}{menu}\n", page()));
    assert_eq!(text(&doc), format!("{TITLE}\n{}", BODY.join("\n")));
    let all = removed(&doc);
    assert!(
        all.iter()
            .any(|(rule, line)| *rule == "chrome:menu" && *line == menu),
        "{all:?}"
    );
}

#[test]
fn the_article_of_a_flattened_page_is_found() {
    let doc = cleaned(page());
    assert_eq!(text(&doc), format!("{TITLE}\n{}", BODY.join("\n")));
    assert_eq!(doc.facts().title, TITLE);
    let rules: Vec<_> = removed(&doc).into_iter().map(|(rule, _)| rule).collect();
    assert!(
        rules.iter().any(|rule| rule.starts_with("model:.")),
        "{rules:?}"
    );
}

/// Guarantees: the model empties no document.
#[test]
fn a_page_without_an_article_is_kept_and_flagged() {
    let links = "المزيد\nالسابق\nالتالي\nأرشيف\nصفحات\nأقسام\n".repeat(8);
    let doc = cleaned(links);
    assert!(!text(&doc).is_empty());
    assert_eq!(doc.facts().repairs["chrome:fallback"], 1);
    let doc = cleaned(HEADLINES.repeat(6));
    assert!(!text(&doc).is_empty());
}

#[test]
fn menus_written_with_pipes_go_and_tables_stay() {
    let table = "اليوم | من | إلى\nالسبت | 8 | 24\nالأحد | 8 | 24";
    let menu = "الرئيسية | سياسة | رياضة\nمن نحن | اتصل بنا | خريطة الموقع";
    let body = format!(
        "{}\n{table}\n{}",
        BODY[..3].join("\n"),
        BODY[3..].join("\n")
    );
    let doc = cleaned(format!(
        "{MENU}\n{menu}\n{HEADLINES}\n{TITLE}\n{body}\n{HEADLINES}\n{menu}\n{MENU}\n"
    ));
    assert_eq!(text(&doc), format!("{TITLE}\n{body}"));
    assert_eq!(doc.facts().tables.len(), 1);
}

/// Guarantees: time is linear in the number of lines.
#[test]
fn many_lines_take_their_time_and_no_more() {
    let time = |count: usize| {
        let raw = page().repeat(count);
        let start = Instant::now();
        let _doc = clean(CleanOptions::default(), "a.txt", raw);
        start.elapsed().as_secs_f64()
    };
    time(2);
    let (small, large) = (time(100), time(1000));
    assert!(
        large < small * 40.0,
        "{small} s, and {large} s for ten times as much"
    );
}
