//! The time that hostile documents take grows with their size, not with its square.

use std::time::{Duration, Instant};

use super::clean;
use crate::{CleanOptions, VisualOrder};

/// How many times larger the large document is.
const GROWTH: usize = 8;

/// Eight times the work may take this many times as long: far above linear, to be safe from a busy
/// machine, and far below the 64 times of a square.
const BOUND: u32 = 32;

/// Checks that a document of `size * GROWTH` repetitions costs about that much more than one of
/// `size`. The shortest of three runs counts.
#[track_caller]
fn check(name: &str, path: &str, size: usize, make: impl Fn(usize) -> String) {
    let time = |size: usize| -> Duration {
        let source = make(size);
        let runs = (0..3).map(|_| {
            let options = CleanOptions {
                visual_order: VisualOrder::Reverse,
                ..CleanOptions::default()
            };
            let start = Instant::now();
            let (result, _) = clean(options, path, source.clone());
            assert!(result.is_ok(), "{name}");
            start.elapsed()
        });
        runs.min().unwrap_or_default()
    };
    let (small, large) = (time(size), time(size * GROWTH));
    assert!(large < small * BOUND, "{name}: {small:?}, then {large:?}");
}

#[test]
fn text_takes_time_by_its_size() {
    check("lines", "a.txt", 800, |n| "سطر من ثلاث\n".repeat(n));
    check("blank lines", "a.txt", 8000, |n| {
        format!("a{}b", "\n".repeat(n))
    });
    check("one line", "a.txt", 1500, |n| "كلمات كثيرة، ".repeat(n));
    check("one word", "a.txt", 8000, |n| "x".repeat(n));
    check("tatweel", "a.txt", 3000, |n| "ـa".repeat(n));
    check("invisible", "a.txt", 3000, |n| {
        "\u{200C}\u{200D}".repeat(n) + "a"
    });
    check("marks", "a.txt", 3000, |n| {
        format!("a{}", "\u{301}".repeat(n))
    });
    check("ampersands", "a.txt", 3000, |n| "&amp;&".repeat(n));
    check("visual", "a.txt", 500, |n| "ﺔﻨﻳﺪﻣ ﺮﻳﺯﻭ ".repeat(n));
    check("visual marks", "a.txt", 1500, |n| {
        format!("ﺔﻨﻳﺪﻣ{}", "\u{64E}".repeat(n))
    });
    check("visual words", "a.txt", 1500, |n| {
        format!("ﺔﻨﻳﺪﻣ{}", " - a".repeat(n))
    });
    check("visual blanks", "a.txt", 1500, |n| {
        format!("ﺔﻨﻳﺪﻣ{}", " x -".repeat(n))
    });
    check("misread", "a.txt", 800, |n| "Ø§Ù„ ÇáÓ ".repeat(n));
    check("misread lines", "a.txt", 500, |n| "ط§ظ„ط®\n".repeat(n));
    check("wrapped", "a.txt", 100, |n| {
        "one word after the other, and no end of them in sight yet\n".repeat(n)
    });
    check("pipes", "a.txt", 500, |n| "a | b | c\n".repeat(n));
}

#[test]
fn pages_take_time_by_their_size() {
    let page = |body: String| format!("<!doctype html><html><body>{body}</body></html>");
    check("nested", "a.html", 600, |n| {
        page("<div>".repeat(n) + "text" + &"</div>".repeat(n))
    });
    check("open", "a.html", 300, |n| {
        page("<p>one two three".repeat(n))
    });
    check("nested lists", "a.html", 100, |n| {
        page("<ul><li><a>a link</a>".repeat(n) + &"</ul>".repeat(n))
    });
    check("comments", "a.html", 600, |n| {
        page("<!-- x --><!".repeat(n))
    });
}
