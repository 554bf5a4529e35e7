//! Texts that stand in their file several times over.

use super::{clean, cleaned, removed, text};
use crate::CleanOptions;

/// Paragraphs of a made-up story.
const PARTS: [&str; 8] = [
    "The harbour council met on Monday evening to talk about the price of fish, which has risen by half since the storms of the autumn closed the northern quay.",
    "Fishermen who came to the meeting said that they had not seen a winter like it for thirty years, and that many of the smaller boats had not left the harbour at all.",
    "The mayor answered that the town would repair the quay before the spring, and that the money for it had been set aside in the budget of last year.",
    "A report by two engineers, which was read to the council, found that the stones below the water line had moved by a hand's breadth in several places.",
    "Owners of restaurants near the market have begun to buy from the next port along the coast, where larger boats can land whatever the weather does.",
    "Nobody at the meeting could say how long the repairs would take, although one of the engineers thought that four months might be enough if the sea stays calm.",
    "In the meantime the council will let boats tie up at the old ferry landing free of charge, which until now was kept for visitors and their yachts.",
    "The next meeting is to be held in three weeks, and the council has asked the regional office for ports to send somebody who can answer questions.",
];

const ARABIC: [&str; 4] = [
    "افتتحت بلدية الميناء صباح الاثنين سوقا جديدة للسمك قرب الرصيف الشمالي، وحضر الحفل عدد كبير من الصيادين والتجار وسكان الأحياء القريبة.",
    "وقال رئيس البلدية إن السوق الجديدة تضم أربعين محلا ومخزنا مبردا، وإن العمل فيها بدأ قبل عامين بدعم من صندوق التنمية المحلية.",
    "وأضاف أن البلدية ستفتتح في الربيع المقبل سوقا أخرى للخضار في الطرف الشرقي من المدينة، وأن الدراسات اللازمة لها اكتملت.",
    "ويعمل في صيد السمك نحو ألف من سكان المدينة، وكانوا يبيعون ما يصيدونه على الأرصفة منذ إغلاق السوق القديمة قبل عشر سنوات.",
];

const MENU: &str = "Home\nPolitics\nBusiness\nSport\nCulture\nWeather\nVideo\nPictures";
const FOOTER: &str = "About us\nContact\nPrivacy policy\nTerms of use\nAll rights reserved";

/// Each part so many times, one copy after the other.
fn in_place(parts: &[&str], times: usize) -> String {
    let lines: Vec<&str> = parts
        .iter()
        .flat_map(|part| std::iter::repeat_n(*part, times))
        .collect();
    lines.join("\n")
}

/// All parts, then all of them again.
fn in_turn(parts: &[&str], times: usize) -> String {
    vec![parts.join("\n\n"); times].join("\n\n")
}

#[test]
fn of_each_long_paragraph_one_copy_stays() {
    for parts in [&PARTS[..], &ARABIC[..]] {
        for times in 2..9 {
            for raw in [in_place(parts, times), in_turn(parts, times)] {
                let page = format!("{MENU}\n{raw}\n{FOOTER}");
                for (raw, is_page) in [(raw, false), (page, true)] {
                    let doc = cleaned(raw.clone());
                    let lines: Vec<&str> = text(&doc).lines().filter(|l| !l.is_empty()).collect();
                    let long = lines.iter().filter(|line| line.len() > 60);
                    assert_eq!(long.copied().collect::<Vec<_>>(), parts, "{raw}");
                    assert!(is_page || lines.len() == parts.len(), "{lines:?}");
                    let copies = removed(&doc)
                        .into_iter()
                        .filter(|(rule, _)| *rule == "chrome:copy");
                    assert!(copies.count() > 0);
                }
            }
        }
    }
}

#[test]
fn copies_of_some_paragraphs_go_too() {
    for times in [2, 5] {
        let raw = format!(
            "{}\n{}",
            in_place(&PARTS[..3], times),
            PARTS[3..].join("\n")
        );
        let doc = cleaned(raw);
        assert_eq!(text(&doc).lines().collect::<Vec<_>>(), PARTS);
    }
}

#[test]
fn one_copy_on_a_long_page_goes_too() {
    let story = [&PARTS[..], &ARABIC[..]].concat();
    let raw = format!("{MENU}\n{}\n{}\n{FOOTER}", story.join("\n"), ARABIC[1]);
    let doc = cleaned(raw);
    let long = text(&doc).lines().filter(|line| line.len() > 60);
    assert_eq!(long.collect::<Vec<_>>(), story);
}

#[test]
fn what_is_no_long_line_may_come_twice() {
    let row = "Cod | 12 | caught at sea by the boats of the town before the storm of the winter | kilo | fresh |";
    let refrain = "And the sea it was wide.";
    let parts = [PARTS[0], refrain, PARTS[1], refrain, row, row];
    let doc = cleaned(parts.join("\n"));
    assert_eq!(text(&doc).lines().collect::<Vec<_>>(), parts);
}

#[test]
fn an_article_that_its_page_has_for_two_screens_stays_once() {
    let paragraphs: String = PARTS.iter().map(|part| format!("<p>{part}</p>")).collect();
    let menu: String = MENU
        .lines()
        .map(|m| format!("<li><a href='/{m}'>{m}</a></li>"))
        .collect();
    let raw = format!(
        "<html><body><ul>{menu}</ul><div class='wide'>{paragraphs}</div>\
         <div class='narrow'>{paragraphs}</div><p><a href='/x'>About us</a></p></body></html>"
    );
    let (_, doc) = clean(CleanOptions::default(), "a.html", raw);
    assert_eq!(text(&doc).lines().collect::<Vec<_>>(), PARTS);
}
