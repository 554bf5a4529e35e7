//! Persons, titles, mentions and ids.

use jadwal_core::facts::Label;
use serde_json::Value;

use super::{check, entities, extraction, extractor};
use crate::details::details;

/// Returns each name with the index of what it mentions: `الهاشمي=0`.
fn mentions(text: &str) -> String {
    let written: Vec<_> = entities(text, "")
        .iter()
        .map(|entity| match entity.mention_of {
            Some(of) => format!("{}={of}", &text[entity.range.clone()]),
            None => text[entity.range.clone()].to_owned(),
        })
        .collect();
    written.join(" | ")
}

fn told(text: &str) -> Value {
    let found = extraction(extractor(), text, "");
    details(text, &found.entities, &found.chains, &found.held, None).unwrap_or_default()
}

/// Returns titles and offices as `text>person`.
fn held(text: &str) -> String {
    let found = extraction(extractor(), text, "");
    let written: Vec<_> = found
        .held
        .iter()
        .map(|held| {
            let person = held
                .person
                .map_or("-", |person| &text[found.entities[person].range.clone()]);
            format!("{}>{person}", &text[held.title.range.clone()])
        })
        .collect();
    written.join(" | ")
}

#[test]
fn persons_behind_titles_and_given_names() {
    check(
        Label::Per,
        &[
            (
                "أكد سعادة الدكتور محمد بن عبدالعزيز بن صالح الخليفي، وزير الدولة",
                "محمد بن عبدالعزيز بن صالح الخليفي -> محمد بن عبدالعزيز بن صالح الخليفي",
            ),
            ("مع نظيره الكوري، تشو هيون، لمناقشة", "تشو هيون -> تشو هيون"),
            (
                "وسعادة السيد سكوت جيلمور، المستشار",
                "سكوت جيلمور -> سكوت جيلمور",
            ),
            (
                "الدكتور أحمد بن حسن الحمادي الأمين العام لوزارة الخارجية",
                "أحمد بن حسن الحمادي -> أحمد بن حسن الحمادي",
            ),
            (
                "President Karim Haddad met Mr. Jean Dupont",
                "Karim Haddad -> Karim Haddad | Jean Dupont -> Jean Dupont",
            ),
            (
                "معالي الشيخ محمد بن عبد الرحمن آل ثاني، اليوم",
                "محمد بن عبد الرحمن آل ثاني -> محمد بن عبد الرحمن آل ثاني",
            ),
            (
                "المرشد الأعلى علي خامنئي إن، وزير الخارجية علي ضرورة",
                "علي خامنئي -> علي خامنئي",
            ),
            (
                "السيد سلطان بن سعد المريخي وزير الدولة للشؤون الخارجية",
                "سلطان بن سعد المريخي -> سلطان بن سعد المريخي",
            ),
            (
                "وزير الخارجية الأمريكي أنتوني بلينكن في الدوحة",
                "أنتوني بلينكن -> أنتوني بلينكن",
            ),
            (
                "Mr. Smith and Secretary of State Antony Blinken in Doha",
                "Smith -> Smith | Antony Blinken -> Antony Blinken",
            ),
            ("وزير الخارجية ناقش ملفات في الدوحة", ""),
            ("قال الرئيس القطري إن الوزير المكلف يبحث", ""),
            ("رئيس الوزراء الجديد، وزير الخارجية اليوم", ""),
            ("the minister said Monday that the judge Spoke", ""),
        ],
    );
}

#[test]
fn a_family_name_mentions_the_full_one() {
    for (text, expected) in [
        (
            "قال الدكتور إبراهيم الهاشمي. وأضاف الهاشمي، وللهاشمي",
            "إبراهيم الهاشمي | الهاشمي=0 | هاشمي=0",
        ),
        (
            "السيد عبد الرحمن بن أحمد الكواري. ثم عبدالرحمن أحمد الكواري",
            "عبد الرحمن بن أحمد الكواري | عبدالرحمن أحمد الكواري=0",
        ),
        // Two of one family: the name alone is neither.
        (
            "السيد أحمد الكواري والسيد صالح الكواري، قال الكواري",
            "أحمد الكواري | صالح الكواري | الكواري",
        ),
        // A nationality is not taken for the family name.
        ("السيد أحمد المصري، الاقتصاد المصري", "أحمد المصري"),
        (
            "Mr. Karim Haddad spoke. Haddad left.",
            "Karim Haddad | Haddad=0",
        ),
    ] {
        assert_eq!(mentions(text), expected, "{text}");
    }
}

#[test]
fn a_bracket_gives_an_acronym() {
    for (text, expected) in [
        (
            "حلف شمال الأطلسي « الناتو» والناتو",
            "حلف شمال الأطلسي | الناتو=0 | الناتو=0",
        ),
        (
            "وزارة التخطيط (مخطت) ثم قالت مخطت",
            "وزارة التخطيط | مخطت=0 | مخطت=0",
        ),
        (
            "the Supreme Court (SUPC) and SUPC",
            "Supreme Court | SUPC=0 | SUPC=0",
        ),
        // A common word in quotes is what somebody said.
        ("الأمم المتحدة \"قلقة\" من", "الأمم المتحدة"),
        ("الأمم المتحدة (أمس)", "الأمم المتحدة | أمس"),
    ] {
        assert_eq!(mentions(text), expected, "{text}");
    }
}

#[test]
fn a_ministry_is_that_of_the_country_that_is_told() {
    let text = "وزارة الخارجية: قالت وزارة الخارجية القطرية. وزارة الخارجية. وزارة المالية";
    assert_eq!(
        mentions(text),
        "وزارة الخارجية | وزارة الخارجية القطرية=0 | وزارة الخارجية=0 | وزارة المالية"
    );
    let told = told(text);
    assert_eq!(
        told["entities"][0]["id"],
        "org:ministry of foreign affairs of qatar"
    );
    assert_eq!(told["entities"][1]["id"], "");
    assert!(
        entities(text, "")
            .iter()
            .all(|entity| entity.link.is_empty())
    );
    assert_eq!(
        entities(text, "")[0].norm,
        "Ministry of Foreign Affairs of Qatar"
    );
    let two = "وزارة الخارجية القطرية ووزارة الخارجية التركية ووزارة الخارجية";
    assert!(!mentions(two).contains('='), "{}", mentions(two));
}

#[test]
fn offices_belong_to_the_person_beside_them() {
    for (text, expected) in [
        (
            "وزير الدولة بوزارة الخارجية القطرية، محمد بن صالح الخليفي، أمس",
            "وزير الدولة بوزارة الخارجية القطرية>محمد بن صالح الخليفي",
        ),
        (
            "سعادة الشيخ أحمد بن حسن الحمادي الأمين العام لوزارة الخارجية",
            "سعادة>أحمد بن حسن الحمادي | الشيخ>أحمد بن حسن الحمادي \
             | الأمين العام لوزارة الخارجية>أحمد بن حسن الحمادي",
        ),
        ("وزير الخارجية القطري في الدوحة", "وزير الخارجية القطري>-"),
        (
            "Qatari Foreign Minister Khalid Haddad",
            "Foreign Minister>Khalid Haddad",
        ),
        ("كاتب ودكتور", ""),
    ] {
        assert_eq!(held(text), expected, "{text}");
    }
}

#[test]
fn details_tell_ids_spellings_and_candidates() {
    let text = "وزير الخارجية محمد بن عبدالعزيز الخليفي في دولة قطر، وقطر. الخليفي";
    let told = told(text);
    let person = &told["entities"][0];
    assert_eq!(person["id"], "per:محمد عبدالعزيز خليفي");
    assert_eq!(person["mentions"], serde_json::json!([0, 3]));
    assert_eq!(
        person["names"],
        serde_json::json!(["محمد بن عبدالعزيز الخليفي", "الخليفي"])
    );
    let other = crate::identity::candidate_keys("Mohammed bin Abdulaziz Al-Khulaifi");
    let keys: Vec<_> = person["candidates"].as_array().unwrap().iter().collect();
    assert!(
        keys.iter().any(|key| key["key"] == other[0].key.as_str()),
        "{keys:?}"
    );
    assert_eq!(told["entities"][1]["id"], "iso3166:QA");
    assert_eq!(told["titles"][0]["kind"], "office");
    assert_eq!(told["titles"][0]["entity"], 0);
    assert_eq!(
        (&told["titles"][0]["start"], &told["titles"][0]["end"]),
        (&Value::from(0), &Value::from(13))
    );
    assert_eq!(self::told("لا شيء هنا"), Value::Null);
}
