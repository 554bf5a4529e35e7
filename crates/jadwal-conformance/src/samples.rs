//! Texts that a stage must survive.

/// A text and what is special about it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// What is special about it.
    pub name: &'static str,
    /// The text.
    pub text: String,
}

/// Returns texts that stages must survive: empty, huge, every script, controls, marks, broken markup.
#[must_use]
pub fn samples() -> Vec<Sample> {
    let short = [
        ("empty", ""),
        ("blank", " \n\t\n"),
        ("one letter", "a"),
        ("one emoji", "🙂"),
        (
            "Arabic",
            "سجّلت المدينة أمطارا غزيرة يوم ٢١ نوفمبر ٢٠١٦ في قطر.",
        ),
        (
            "English",
            "The ferry to Doha left at 14:30 on 3 March 2016 with 1,200 people.",
        ),
        (
            "French",
            "Le 3 mars, 25 % des élèves — soit 1 200 € — sont revenus.",
        ),
        ("Hebrew", "שלום עולם, ירושלים"),
        ("Persian", "می\u{200c}خواهم به تهران بروم ۱۲۳"),
        ("Urdu", "یہ ایک چھوٹا جملہ ہے۔"),
        ("Chinese", "你好，世界。北京市"),
        ("Japanese", "東京タワーへようこそ"),
        ("Korean", "서울에서 만나요"),
        ("Hindi", "नमस्ते दुनिया, दिल्ली"),
        ("Thai", "สวัสดีชาวโลก กรุงเทพ"),
        ("Greek and Cyrillic", "Ελλάδα και Россия"),
        ("Ethiopic and Georgian", "ሰላም ልዑል გამარჯობა"),
        ("letters outside the basic plane", "𝒳𝔘 𐤀𐤁 𠀀𠀁"),
        (
            "joined emoji and flags",
            "👨\u{200d}👩\u{200d}👧 🇶🇦 👍🏽 at home",
        ),
        (
            "combining marks",
            "e\u{301}\u{323} a\u{30a} مُحَمَّد Z\u{351}\u{36b}\u{343}",
        ),
        ("ligatures", "ﷺ ﻻ ﬁn"),
        (
            "controls and noncharacters",
            "\u{0}\u{1}\u{7f}\u{200f}\u{202e}\u{feff}\u{e000}\u{fffe}\u{10ffff}",
        ),
        ("line ends of other systems", "a\r\nb\rc\u{85}d\u{2028}e"),
        ("broken markup", "<p>unclosed <b>markup <table><tr><td>a"),
        ("a table", "a | b | c\n---|---|---\n1 | 2 | 3\n"),
        (
            "addresses",
            "http://example.org/%D8%A7?q=(a)b me@example.org +974 4444 0000 14:30",
        ),
        (
            "quotes and escapes",
            "\"\\\" {\"a\": [1, null]} '\\u0000' $& %s {} \\",
        ),
    ];
    let mut samples: Vec<_> = short
        .into_iter()
        .map(|(name, text)| Sample {
            name,
            text: text.to_owned(),
        })
        .collect();
    let long = [
        ("a million bytes in one word", "x".repeat(1_000_000)),
        ("a hundred thousand Arabic words", "كلمة ".repeat(100_000)),
        ("twenty thousand lines", "سطر قصير 🙂\n".repeat(20_000)),
    ];
    samples.extend(long.map(|(name, text)| Sample { name, text }));
    samples
}
