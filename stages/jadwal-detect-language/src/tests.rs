//! The stage on sentences, mixed articles and noise.

use std::sync::LazyLock;

use jadwal_core::facts::{Language, Segment};
use jadwal_core::{Document, DropReason, StageSpec, Transform, Verdict};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::detector::{Candidate, Detection, Detector};
use crate::{DetectLanguage, DetectLanguageOptions, LanguageTagger};

fn options(options: Value) -> DetectLanguageOptions {
    serde_json::from_value(options).unwrap()
}

fn tagger(options: DetectLanguageOptions) -> LanguageTagger {
    LanguageTagger::builtin(options).unwrap()
}

fn tag_with(tagger: &LanguageTagger, text: &str) -> (Language, Vec<Segment>, Verdict) {
    let mut doc = Document::of_text("a.txt", text);
    let verdict = tagger.apply(&mut doc).unwrap();
    let facts = doc.facts();
    (
        facts.language.clone().unwrap(),
        facts.segments.clone(),
        verdict,
    )
}

fn tag(text: &str) -> (Language, Vec<Segment>) {
    let (language, segments, verdict) = tag_with(&tagger(DetectLanguageOptions::default()), text);
    assert_eq!(verdict, Verdict::Pass);
    (language, segments)
}

#[test]
fn sentences_have_their_language_and_script() {
    let cases = [
        (
            "ar",
            "Arab",
            "أعلنت البلدية أمس فتح الطريق الساحلي بعد إصلاحات دامت شهرين.",
        ),
        (
            "ar",
            "Arab",
            "شو بدك تعمل بكرا؟ خلينا نروح عالبحر إذا الطقس منيح.",
        ),
        (
            "fa",
            "Arab",
            "شهرداری دیروز اعلام کرد که جاده ساحلی پس از دو ماه تعمیر باز می‌شود.",
        ),
        (
            "fa",
            "Arab",
            "اين كتاب را ديروز از كتابخانه گرفتم و هنوز نخوانده‌ام.",
        ),
        (
            "ur",
            "Arab",
            "بلدیہ نے کل بتایا کہ ساحلی سڑک دو ماہ کی مرمت کے بعد کھول دی گئی ہے۔",
        ),
        (
            "ckb",
            "Arab",
            "شارەوانی دوێنێ ڕایگەیاند کە ڕێگاکە دوای دوو مانگ کراوەتەوە.",
        ),
        (
            "ps",
            "Arab",
            "ښاروالۍ پرون وویل چې د ساحل لاره له دوو میاشتو وروسته بېرته پرانیستل شوه.",
        ),
        (
            "ug",
            "Arab",
            "شەھەرلىك ھۆكۈمەت تۈنۈگۈن يولنىڭ قايتا ئېچىلغانلىقىنى ئېلان قىلدى.",
        ),
        (
            "sd",
            "Arab",
            "ميونسپل ڪميٽي ڪالهه ٻڌايو ته سمنڊ ڪناري وارو رستو ٻيهر کوليو ويو آهي.",
        ),
        (
            "en",
            "Latn",
            "The council said yesterday that the coastal road is open again.",
        ),
        (
            "fr",
            "Latn",
            "La mairie a annoncé hier la réouverture de la route côtière.",
        ),
        (
            "de",
            "Latn",
            "Die Stadt teilte gestern mit, dass die Küstenstraße wieder offen ist.",
        ),
        (
            "es",
            "Latn",
            "El ayuntamiento anunció ayer que la carretera de la costa vuelve a abrir.",
        ),
        (
            "it",
            "Latn",
            "Il comune ha annunciato ieri che la strada costiera è di nuovo aperta.",
        ),
        (
            "pt",
            "Latn",
            "A câmara anunciou ontem que a estrada do litoral já não está fechada.",
        ),
        (
            "nl",
            "Latn",
            "De gemeente zei gisteren dat de weg langs de kust weer open is.",
        ),
        (
            "tr",
            "Latn",
            "Belediye dün sahil yolunun iki ay süren onarımdan sonra açıldığını duyurdu.",
        ),
        (
            "sv",
            "Latn",
            "Kommunen meddelade i går att vägen längs kusten är öppen igen.",
        ),
        (
            "pl",
            "Latn",
            "Urząd miasta ogłosił wczoraj, że droga nad morzem jest znowu otwarta.",
        ),
        (
            "vi",
            "Latn",
            "Hôm qua thành phố thông báo con đường ven biển đã mở cửa trở lại.",
        ),
        (
            "ru",
            "Cyrl",
            "Вчера мэрия сообщила, что прибрежная дорога снова открыта.",
        ),
        (
            "uk",
            "Cyrl",
            "Учора міська рада повідомила, що прибережну дорогу знову відкрито.",
        ),
        (
            "bg",
            "Cyrl",
            "Общината съобщи вчера, че пътят край морето отново е отворен.",
        ),
        (
            "hi",
            "Deva",
            "नगर निगम ने कल बताया कि समुद्र के किनारे की सड़क फिर खुल गई है।",
        ),
        (
            "mr",
            "Deva",
            "महापालिकेने काल सांगितले की समुद्रकिनारी असलेला रस्ता पुन्हा सुरू झाला आहे.",
        ),
        (
            "he",
            "Hebr",
            "העירייה הודיעה אתמול כי הכביש לאורך החוף נפתח מחדש.",
        ),
        (
            "yi",
            "Hebr",
            "די שטאָט האָט נעכטן געמאָלדן אַז דער וועג בײַם ים איז ווידער אָפֿן.",
        ),
        (
            "el",
            "Grek",
            "Ο δήμος ανακοίνωσε χθες ότι ο παραλιακός δρόμος άνοιξε ξανά.",
        ),
        ("ja", "Jpan", "市は昨日、海岸道路が再び開通したと発表した。"),
        ("zh", "Hani", "市政府昨天宣布海岸公路重新开放。"),
        (
            "ko",
            "Hang",
            "시는 어제 해안 도로가 다시 열렸다고 발표했다.",
        ),
        ("th", "Thai", "เทศบาลประกาศเมื่อวานว่าถนนเลียบชายหาดเปิดแล้ว"),
        (
            "ka",
            "Geor",
            "მერიამ გუშინ განაცხადა, რომ გზა ისევ გაიხსნა.",
        ),
        (
            "hy",
            "Armn",
            "Քաղաքապետարանը երեկ հայտնեց, որ ճանապարհը կրկին բաց է։",
        ),
        ("am", "Ethi", "ከተማው ትናንት መንገዱ እንደገና መከፈቱን አስታወቀ።"),
    ];
    for (tag_wanted, script, text) in cases {
        let (language, segments) = tag(text);
        assert_eq!(
            (&*language.tag, &*language.script),
            (tag_wanted, script),
            "{text}"
        );
        assert!(language.score > 0.5, "{language:?}: {text}");
        assert_eq!(segments.len(), 1, "{text}");
        assert_eq!(segments[0].range, 0..text.len());
    }
}

#[test]
fn what_has_no_language_is_undetermined() {
    let cases = [
        ("", "Zyyy"),
        ("12.5 % — 2016/07/31 ٣٤٥ …", "Zyyy"),
        ("https://example.org/a/b?c=d user@example.com", "Latn"),
        ("عاجل", "Arab"),
        ("ok", "Latn"),
        (
            "fn main() { let x = read(y); if (x == 3) { return call(x, y); } }",
            "Latn",
        ),
        ("xkqz vbnmw rtqqp zzxcv kkjhg qwrtp sdfgh zxcvb", "Latn"),
        ("ضصثق غخحج كمنط ظزوة لارى ثصضق طظضص", "Arab"),
    ];
    for (text, script) in cases {
        let (language, _) = tag(text);
        assert_eq!(
            (&*language.tag, &*language.script),
            ("und", script),
            "{text}: {language:?}"
        );
        assert_eq!(language.score, 0.0);
    }
}

/// Checks that the text's segments are these texts in these languages, blanks at the ends aside.
fn check_segments(text: &str, wanted: &[(&str, &str)]) {
    let (_, segments) = tag(text);
    let found: Vec<_> = segments
        .iter()
        .map(|segment| (&*segment.language.tag, text[segment.range.clone()].trim()))
        .collect();
    assert_eq!(found, wanted, "{segments:?}");
}

#[test]
fn a_quotation_in_another_language_is_a_segment() {
    check_segments(
        "وصل الوزير إلى باريس صباح اليوم للمشاركة في القمة. وقال للصحفيين: «Nous sommes venus \
         chercher la paix et rien d'autre» ثم دخل القاعة مع الوفد المرافق له.",
        &[
            (
                "ar",
                "وصل الوزير إلى باريس صباح اليوم للمشاركة في القمة. وقال للصحفيين:",
            ),
            ("fr", "«Nous sommes venus chercher la paix et rien d'autre»"),
            ("ar", "ثم دخل القاعة مع الوفد المرافق له."),
        ],
    );
    check_segments(
        "The festival opened on Friday with a film from Lebanon that critics had praised.\n\
         Das Publikum wartete mehr als zwei Stunden vor dem alten Kino.\n",
        &[
            (
                "en",
                "The festival opened on Friday with a film from Lebanon that critics had praised.",
            ),
            (
                "de",
                "Das Publikum wartete mehr als zwei Stunden vor dem alten Kino.",
            ),
        ],
    );
    check_segments(
        "وصل الوفد إلى طهران مساء أمس لبحث التعاون بين البلدين. \
         ما امیدواریم که این گفتگوها به نتیجه برسد و همه راضی باشند. \
         وأضاف المتحدث أن الاجتماع المقبل سيعقد الشهر القادم.",
        &[
            (
                "ar",
                "وصل الوفد إلى طهران مساء أمس لبحث التعاون بين البلدين.",
            ),
            (
                "fa",
                "ما امیدواریم که این گفتگوها به نتیجه برسد و همه راضی باشند.",
            ),
            ("ar", "وأضاف المتحدث أن الاجتماع المقبل سيعقد الشهر القادم."),
        ],
    );
}

#[test]
fn names_and_short_lines_stay_with_their_neighbours() {
    let text = "أطلقت شركة Microsoft Office نسخة جديدة من البرنامج (Windows 11) في 2021.\nعاجل\nBBC\n\
                وقالت الشركة إن النسخة متاحة الآن للجميع!";
    check_segments(text, &[("ar", text)]);
}

#[test]
fn only_listed_languages_are_told() {
    let text = "Veien langs kysten er åpen igjen etter to måneder.";
    assert_eq!(tag(text).0.tag, "nb");
    let (language, _, _) = tag_with(&tagger(options(json!({"languages": ["da", "en"]}))), text);
    assert_eq!(language.tag, "da");
    let (language, _, _) = tag_with(&tagger(options(json!({"languages": ["ar"]}))), text);
    assert_eq!((&*language.tag, &*language.script), ("und", "Latn"));
}

#[test]
fn documents_in_languages_that_are_not_kept_are_dropped() {
    let keep = tagger(options(json!({"keep": ["ar", "und"]})));
    let (language, segments, verdict) = tag_with(&keep, "La route est ouverte depuis ce matin.");
    let why = "language fr not kept".to_owned();
    assert_eq!(verdict, Verdict::Drop(DropReason::Filtered { why }));
    assert_eq!((&*language.tag, segments.len()), ("fr", 0));
    assert_eq!(tag_with(&keep, "افتتح الطريق صباح اليوم").2, Verdict::Pass);
    assert_eq!(tag_with(&keep, "2016").2, Verdict::Pass);
}

/// Says the same of every text.
struct Parrot(Vec<Candidate<'static>>);

impl Detector for Parrot {
    fn detect(&self, _: &[&str]) -> Detection<'_> {
        Detection {
            candidates: self.0.clone(),
            script: "Latn",
            spaced: true,
            letters: 100,
            words: 20,
        }
    }

    fn languages(&self) -> Vec<&str> {
        Vec::new()
    }
}

#[test]
fn another_detector_can_take_the_place_of_the_built_in_one() {
    let cases = [(Some(0.9), "tlh"), (Some(0.4), "und"), (None, "und")];
    for (score, wanted) in cases {
        let candidates = score.map(|score| Candidate { tag: "tlh", score });
        let parrot = Parrot(candidates.into_iter().collect());
        let tagger = LanguageTagger::new(DetectLanguageOptions::default(), Box::new(parrot));
        let (language, segments, _) = tag_with(&tagger, "nuqneH. Heghlu'meH QaQ jajvam.");
        assert_eq!(language.tag, wanted);
        assert_eq!(segments.len(), 1);
    }
}

#[test]
fn thresholds_and_switches_are_heeded() {
    let text = "The road is open again after two months.";
    let sure = tagger(options(json!({"min_letters": 200})));
    assert_eq!(tag_with(&sure, text).0.tag, "und");
    let without = tagger(options(json!({"segments": false, "max_bytes": "12 B"})));
    let (language, segments, _) = tag_with(&without, text);
    assert_eq!((&*language.script, segments.len()), ("Latn", 0));
}

#[test]
fn wrong_options_are_refused_with_their_key() {
    let cases = [
        (json!({"languages": ["ar", "arabic"]}), "languages.1"),
        (json!({"languages": ["und"]}), "languages.0"),
        (json!({"keep": ["xx"]}), "keep.0"),
        (json!({"languages": ["ar"], "keep": ["fr"]}), "keep.0"),
        (json!({"min_score": 1.5}), "min_score"),
        (json!({"max_bytes": "0 B"}), "max_bytes"),
    ];
    for (value, path) in cases {
        let problems = DetectLanguage::check(&options(value)).unwrap_err();
        assert_eq!(problems[0].path.join("."), path);
    }
    assert!(DetectLanguage::check(&DetectLanguageOptions::default()).is_ok());
    assert!(serde_json::from_value::<DetectLanguageOptions>(json!({"langs": []})).is_err());
}

/// One for all cases, for the table of characters takes a while to build without optimisation.
static TAGGER: LazyLock<LanguageTagger> =
    LazyLock::new(|| tagger(options(json!({"max_bytes": "64 B"}))));

fn check_shape(tagger: &LanguageTagger, text: &str) {
    let (language, segments, _) = tag_with(tagger, text);
    assert!((0.0..=1.0).contains(&language.score));
    let mut end = 0;
    for (index, segment) in segments.iter().enumerate() {
        assert_eq!(segment.range.start, end, "segments leave no gap");
        assert!(segment.range.end > end && text.is_char_boundary(segment.range.end));
        assert!((0.0..=1.0).contains(&segment.language.score), "{segment:?}");
        let before = index
            .checked_sub(1)
            .map(|before| &segments[before].language.tag);
        assert_ne!(
            before,
            Some(&segment.language.tag),
            "equal neighbours are merged"
        );
        end = segment.range.end;
    }
    assert_eq!(end, text.len(), "segments cover the text");
}

proptest! {
    #[test]
    fn any_text_has_segments_that_cover_it(texts in prop::collection::vec(any::<String>(), 8)) {
        for text in texts {
            check_shape(&TAGGER, &text);
        }
    }

    #[test]
    fn mixtures_of_words_and_marks_have_segments_that_cover_them(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "الطريق", "مفتوح", "اليوم", "the road", "is open", "la route", "ouverte", "дорога",
                "открыта", "道路", "カメラ", "می‌شود", " ", " ", " ", "\n", ". ", "؟ ", "«", "»", "3.5",
                "@", "a.b", "ـ", "\u{64E}", "{", "(", "۔", "…",
            ]),
            0..60,
        )
    ) {
        check_shape(&TAGGER, &parts.concat());
    }
}
