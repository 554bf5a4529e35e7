//! Sixteen times the text takes about sixteen times as long, whatever the text.

use std::time::Duration;

use jadwal_core::{Document, Transform};
use jadwal_detect_language::{DetectLanguageOptions, LanguageTagger};
use rustix::time::{ClockId, clock_gettime};

const SHORT: usize = 1 << 10;
const TIMES: usize = 16;

/// Patterns that make many pieces, unsure ones, one endless word, nothing but marks, or second looks.
const PATTERNS: [&str; 13] = [
    "a\n",
    "aب",
    "و. a! ",
    "x",
    "\u{64E}",
    ".",
    "(a",
    "3a",
    "«",
    "道 カ ",
    "الطريق مفتوح. the road is open. ",
    "qz\nxk\nعاجل\n",
    "to je dobar pas. ",
];

fn document(pattern: &str, bytes: usize) -> Document {
    Document::of_text("a.txt", &pattern.repeat(bytes / pattern.len()))
}

/// Returns the shortest processor time of five, for others use the machine too.
fn time(tagger: &LanguageTagger, doc: &Document) -> Duration {
    let one = |_| {
        let mut doc = doc.clone();
        let started = processor_time();
        tagger.apply(&mut doc).expect("any text can be tagged");
        processor_time().saturating_sub(started)
    };
    (0..5).map(one).min().unwrap_or_default()
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let parts = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
    let (Ok(seconds), Ok(nanoseconds)) = parts else {
        panic!("a clock ran backwards");
    };
    Duration::new(seconds, nanoseconds)
}

#[test]
fn time_grows_with_the_text_and_not_with_its_square() {
    // All is read, not windows of it.
    let options = DetectLanguageOptions {
        max_bytes: "1 MiB".parse().expect("a size"),
        ..DetectLanguageOptions::default()
    };
    let tagger = LanguageTagger::builtin(options).expect("the model is whole");
    for pattern in PATTERNS {
        let short = time(&tagger, &document(pattern, SHORT));
        let long = time(&tagger, &document(pattern, SHORT * TIMES));
        // A square would be 256 times as long.
        let limit = short.max(Duration::from_micros(20)) * 5 * TIMES as u32;
        assert!(long < limit, "`{pattern}`: {short:?}, then {long:?}");
    }
}
