//! The example `examples/redact-phones`, a guest written in C.

use jadwal_core::Verdict;

use crate::lab::{Lab, document};

const COMPONENT: &[u8] = include_bytes!("../../../../examples/redact-phones/redact_phones.wasm");

#[test]
fn telephone_numbers_are_redacted_and_nothing_else() {
    let stage = Lab::with(COMPONENT).build();
    for (text, expected) in [
        ("Call +974 4455 6677 today", "Call [phone] today"),
        ("اتصل على ٠٠٩٧٤ ٤٤٥٥ ٦٦٧٧، شكرا", "اتصل على [phone]، شكرا"),
        ("هاتف: 4455 6677.", "هاتف: [phone]."),
        ("Tél. 01 42 68 53 00", "Tél. [phone]"),
        (
            "تلفن ۰۲۱-۸۸۷۷۶۶۵۵ و +98 21 88776655",
            "تلفن [phone] و [phone]",
        ),
        ("(0)20 7946 0958 🙂", "[phone] 🙂"),
        // Dates, amounts, versions, ids and years are none.
        (
            "in 2016, on 21/11/2026 at 14:30",
            "in 2016, on 21/11/2026 at 14:30",
        ),
        (
            "1,250,000.50 dollars, 12 345 678",
            "1,250,000.50 dollars, 12 345 678",
        ),
        (
            "v1.2.3-20261121 x4455 6677 4455 6677y",
            "v1.2.3-20261121 x4455 6677 4455 6677y",
        ),
        ("ISBN 978-3-16-148410-0", "ISBN 978-3-16-148410-0"),
        ("12345678901234567890123", "12345678901234567890123"),
        ("", ""),
        ("+", "+"),
        ("((((", "(((("),
    ] {
        let mut doc = document(text);
        assert_eq!(stage.apply(&mut doc).unwrap(), Verdict::Pass);
        assert_eq!(doc.text().unwrap(), expected);
        let redacted = expected.matches("[phone]").count() as u64;
        let said = doc
            .extra()
            .get("mine")
            .map_or(0, |said| said["redacted"].as_u64().unwrap());
        assert_eq!(said, redacted, "{text}");
        assert_eq!(
            doc.facts().repairs.get("mine").copied().unwrap_or_default(),
            redacted
        );
    }
}

/// The number's place in the raw bytes is kept under the words that stand for it.
#[test]
fn what_was_redacted_leads_home() {
    let stage = Lab::with(COMPONENT).build();
    let text = "هاتف +974 4455 6677 الدوحة";
    let mut doc = document(text);
    stage.apply(&mut doc).unwrap();
    let start = doc.text().unwrap().find("[phone]").unwrap();
    let raw = doc.source_range(start..start + "[phone]".len());
    assert_eq!(
        &text[raw.start as usize..raw.end as usize],
        "+974 4455 6677"
    );
}

/// Digits without end take time that grows with the text, not with its square.
#[test]
fn long_rows_of_digits_are_done_within_the_deadline() {
    let stage = Lab::with(COMPONENT).build();
    for piece in ["1 ", "4455 ", "+", "(1", "00 ", "٤"] {
        let mut doc = document(&piece.repeat(400_000));
        assert_eq!(stage.apply(&mut doc).unwrap(), Verdict::Pass, "{piece}");
    }
}

#[test]
fn settings_are_refused() {
    let mut lab = Lab::with(COMPONENT);
    lab.options.settings.insert("with".into(), "x".into());
    let error = lab.try_build().err().unwrap();
    assert!(jadwal_core::describe_chain(&error).contains("has no settings"));
}
