//! What the options change about the answer of the built-in model.

use bytes::Bytes;
use jadwal_core::facts::Facts;
use jadwal_core::origin::{Edited, OriginMap};
use jadwal_core::{Document, Provenance, StageSpec, Transform, Verdict};
use jadwal_detect_language::{DetectLanguage, DetectLanguageOptions, LanguageTagger};
use serde_json::{Value, json};

const LEVANTINE: &str = "شو رأيك نطلع عالجبل يوم الجمعة ونعمل مشاوي مع الشباب؟ هلق بدي روح عالبيت.";
const CROATIAN: &str = "Gradska uprava je jučer priopćila da je obalna cesta ponovno otvorena.";
const UZBEK: &str = "Қўшнимиз ўғлига кўк велосипед сотиб олди, чунки у имтиҳондан ўтди.";

fn options(value: Value) -> DetectLanguageOptions {
    serde_json::from_value(value).expect("the options of this test are options")
}

fn read(value: &Value, text: &str) -> (Facts, Verdict) {
    let provenance = Provenance {
        file_path: "a.txt".to_owned(),
        file_bytes: 0,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..0,
    };
    let mut doc = Document::new(Bytes::copy_from_slice(text.as_bytes()), provenance);
    let map = OriginMap::identity(text.len());
    let text = text.to_owned();
    doc.replace_text(Edited { text, map });
    let tagger = LanguageTagger::builtin(options(value.clone())).expect("the model is whole");
    let verdict = tagger.apply(&mut doc).expect("any text can be tagged");
    (doc.facts().clone(), verdict)
}

fn check(value: &Value, text: &str, wanted: &str) {
    let tag = read(value, text).0.language.map(|language| language.tag);
    assert_eq!(tag.as_deref(), Some(wanted), "{value}: {text}");
}

#[test]
fn varieties_are_told_only_if_asked_for() {
    check(&json!({}), LEVANTINE, "ar");
    check(&json!({"varieties": true}), LEVANTINE, "apc");
}

#[test]
fn serbo_croatian_is_one_language_if_asked_for() {
    check(&json!({}), CROATIAN, "hr");
    check(&json!({"serbo_croatian": "merged"}), CROATIAN, "sh");
    let (facts, _) = read(&json!({"serbo_croatian": "merged"}), CROATIAN);
    assert_eq!(facts.segments.len(), 1);
    assert_eq!(facts.segments[0].language.tag, "sh");
}

#[test]
fn a_tag_stands_for_its_scripts() {
    check(&json!({"languages": ["uz", "ru"]}), UZBEK, "uz-Cyrl");
    let kept = |tag: &str| read(&json!({"keep": [tag]}), UZBEK).1;
    assert_eq!(kept("uz"), Verdict::Pass);
    assert_eq!(kept("uz-Cyrl"), Verdict::Pass);
    assert!(matches!(kept("ru"), Verdict::Drop(_)));
}

#[test]
fn weights_decide_what_the_text_leaves_open() {
    let short = "Han kommer i morgen";
    check(&json!({"weights": {"da": 10_000}}), short, "da");
    check(&json!({"weights": {"nb": 10_000}}), short, "nb");
}

#[test]
fn short_texts_need_a_higher_score() {
    let open = json!({"min_score": 0.0, "min_score_short": 0.0, "min_letters": 1});
    let strict = json!({"min_score": 0.0, "min_score_short": 1.0, "min_letters": 1});
    let (facts, _) = read(&open, "vertaling");
    assert_ne!(facts.language.unwrap().tag, "und");
    check(&strict, "vertaling", "und");
    let long = "The council said yesterday that the road is open again.";
    check(&strict, long, "en");
}

#[test]
fn windows_choose_what_is_read() {
    let english = "The road is open again after two months of work on it. ".repeat(4);
    let french = "La route est de nouveau ouverte depuis ce matin, dit la mairie. ".repeat(40);
    let text = format!("{english}\n{french}");
    check(&json!({"max_bytes": "200 B", "windows": 1}), &text, "en");
    check(&json!({"max_bytes": "600 B"}), &text, "fr");
}

#[test]
fn languages_outside_the_list_are_undetermined() {
    for text in [
        "بیزیم قونشوموز اوغلونا گؤی رنگلی بیر ولسپید آلدی چونکی او امتحاندان کئچمیشدی",
        "جيرن كامي ممبلي سبواه باسيكل بيرو اونتوق انقڽ كران دي لولوس ڤڤريقسأن",
        "اَسہِ ہَمسایَن ہیٚتۍ پَنٛنِس نیٚچوِس باپَتھ نیٖج سَیکَل",
    ] {
        check(&json!({}), text, "und");
    }
}

#[test]
fn wrong_choices_are_refused_with_their_key() {
    let cases = [
        (json!({"weights": {"xx": 2.0}}), "weights.xx"),
        (json!({"weights": {"ar": 0.0}}), "weights.ar"),
        (json!({"min_score_short": -0.1}), "min_score_short"),
        (json!({"keep": ["apc"]}), "keep.0"),
        (
            json!({"languages": ["hr"], "serbo_croatian": "merged"}),
            "languages.0",
        ),
        (
            json!({"languages": ["sr-Latn"], "keep": ["sr-Cyrl"]}),
            "keep.0",
        ),
    ];
    for (value, path) in cases {
        let problems = DetectLanguage::check(&options(value)).unwrap_err();
        assert_eq!(problems[0].path.join("."), path, "{problems:?}");
    }
    for value in [
        json!({"languages": ["sr-Latn", "uz"], "keep": ["sr", "und"]}),
        json!({"varieties": true, "keep": ["ar", "apc", "fa-AF"]}),
        json!({"serbo_croatian": "merged", "keep": ["sh"], "weights": {"sh": 2}}),
    ] {
        assert!(DetectLanguage::check(&options(value)).is_ok());
    }
}
