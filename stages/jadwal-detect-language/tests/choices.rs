//! What the options change about the answer of the built-in model.

use jadwal_core::facts::Facts;
use jadwal_core::{Document, StageSpec, Transform, Verdict};
use jadwal_detect_language::{DetectLanguage, DetectLanguageOptions, LanguageTagger};
use serde_json::{Value, json};

const LEVANTINE: &str = "شو رأيك نطلع عالجبل يوم الجمعة ونعمل مشاوي مع الشباب؟ هلق بدي روح عالبيت.";
const CROATIAN: &str = "Gradska uprava je jučer priopćila da je obalna cesta ponovno otvorena.";
const UZBEK: &str = "Қўшнимиз ўғлига кўк велосипед сотиб олди, чунки у имтиҳондан ўтди.";

fn options(value: Value) -> DetectLanguageOptions {
    serde_json::from_value(value).expect("the options of this test are options")
}

fn tagged(value: &Value, text: &str) -> Document {
    let (doc, _) = read_document(value, text);
    doc
}

fn read(value: &Value, text: &str) -> (Facts, Verdict) {
    let (doc, verdict) = read_document(value, text);
    (doc.facts().clone(), verdict)
}

fn read_document(value: &Value, text: &str) -> (Document, Verdict) {
    let mut doc = Document::of_text("a.txt", text);
    let tagger = LanguageTagger::builtin(options(value.clone())).expect("the model is whole");
    let verdict = tagger.apply(&mut doc).expect("any text can be tagged");
    (doc, verdict)
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
fn languages_in_two_scripts_are_labelled_as_such() {
    let cases = [
        (
            "ar-Latn",
            "ya jama3a el 7afla bokra fel beit 3andi, ta3alo kollokom sa3a 7",
        ),
        (
            "ar-Latn",
            "wallahi ma ba3ref shu baddi 2ellak, kif el 3iyle w el shoghol?",
        ),
        (
            "uz",
            "Qo‘shnimiz o‘g‘liga ko‘k velosiped sotib oldi, chunki u imtihondan o‘tdi.",
        ),
        ("uz-Cyrl", UZBEK),
        (
            "az",
            "Qonşumuz oğluna göy velosiped aldı, çünki o, imtahandan keçmişdi.",
        ),
        (
            "az-Cyrl",
            "Гоншумуз оғлуна ҝөј велосипед алды, чүнки о, имтаһандан кечмишди.",
        ),
        (
            "sr-Cyrl",
            "Наша комшиница је купила сину плави бицикл јер је положио испит.",
        ),
        (
            "sr-Latn",
            "Ko je ovde video dete? Obaveštenje je stiglo u sredu, a vreme je bilo lepo i belo.",
        ),
    ];
    for (wanted, text) in cases {
        check(&json!({}), text, wanted);
    }
}

#[test]
fn the_runner_up_is_told_where_it_is_likely() {
    let runner_up = |value: &Value, text: &str| {
        let doc = tagged(value, text);
        let extra = doc.extra().get("detect_language").cloned();
        let tag = doc.facts().language.as_ref().map(|one| one.tag.clone());
        (tag.unwrap_or_default(), extra)
    };
    let clear = "أعلنت البلدية أمس فتح الطريق الساحلي بعد إصلاحات دامت شهرين.";
    assert_eq!(runner_up(&json!({}), clear), ("ar".to_owned(), None));

    let open = json!({"min_score": 0.0, "min_score_short": 0.0, "languages": ["hr", "bs"]});
    let either = "Grad je velik i lijep, a djeca su u školi.";
    let (tag, extra) = runner_up(&open, either);
    let other = if tag == "hr" { "bs" } else { "hr" };
    let told = &extra.expect("the two are hardly told apart")["runner_up"];
    assert_eq!(told["language"], other);
    let score = told["score"].as_f64().unwrap();
    assert!((0.1..0.5).contains(&score), "{score}");

    let unsure = json!({"min_score": 0.99, "languages": ["hr", "bs"]});
    let (refused, extra) = runner_up(&unsure, either);
    let told = extra.expect("what was refused is told");
    assert_eq!(refused, "und");
    assert_eq!(told["runner_up"]["language"], tag.as_str());

    let none = json!({"min_runner_up": 1.0, "languages": ["hr", "bs"]});
    assert_eq!(runner_up(&none, either).1, None);
}

#[test]
fn latin_names_and_figures_leave_the_script_alone() {
    let cases = [
        (
            "zh",
            "会议计划于今晚7点开始，时间为2018年9月29日星期六，地点在3号楼。",
        ),
        (
            "zh",
            "Marie Leclerc 和 Jonathan Smith 昨天下午在 Rotterdam 開會。",
        ),
        (
            "ja",
            "『The Long Road to the Northern Harbour and Back』の著者に昨日駅で会いました。",
        ),
        (
            "ko",
            "2018년 5월 3일 Rotterdam Harbour Festival 개막식이 열렸습니다.",
        ),
        (
            "ur",
            "ہاربر کپ (Harbour Cup): ناردرن سٹارز (Northern Stars) 5-3 سدرن لائنز (Southern Lions)",
        ),
        (
            "en",
            "The sign above the door reads 图书馆 in large red letters.",
        ),
        (
            "en",
            "The word كتاب means book in Arabic and in many other languages.",
        ),
    ];
    for (wanted, text) in cases {
        check(&json!({}), text, wanted);
    }
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
        (json!({"min_runner_up": 1.5}), "min_runner_up"),
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
