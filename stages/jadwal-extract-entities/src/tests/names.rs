//! Places and organisations.

use jadwal_core::facts::Label;

use super::check;

#[test]
fn places_with_what_is_written_on_to_them() {
    check(
        Label::Loc,
        &[
            ("وقطر وكندا", "قطر -> Qatar | كندا -> Canada"),
            ("بالدوحة وللدوحة", "الدوحة -> Doha | دوحة -> Doha"),
            (
                "فلسطين وللولايات المتحدة",
                "فلسطين -> Palestinian Territories | ولايات المتحدة -> United States",
            ),
            (
                "قطاع غزة، كوريا الجنوبية",
                "قطاع غزة -> Gaza Strip | كوريا الجنوبية -> South Korea",
            ),
            ("بين الدوحة وسيول", "الدوحة -> Doha | سيول -> Seoul"),
            ("سُوريا واليَمَن", "سُوريا -> Syria | اليَمَن -> Yemen"),
            (
                "United Arab Emirates, the U.S. and Côte d’Ivoire",
                "United Arab Emirates -> United Arab Emirates | U.S. -> United States | Côte d’Ivoire -> Côte d'Ivoire",
            ),
            (
                "l'Arabie saoudite et les États-Unis",
                "Arabie saoudite -> Saudi Arabia | États-Unis -> United States",
            ),
        ],
    );
}

/// In whole sentences the tagger finds them too, and takes the particles along.
#[test]
fn names_of_a_sentence_begin_behind_the_particles() {
    check(
        Label::Loc,
        &[(
            "وقال المتحدث إن الأزمات في سوريا والعراق واليمن وليبيا تهدد استقرار المنطقة كلها، ودعا إلى حلول سياسية.",
            "سوريا -> Syria | العراق -> Iraq | اليمن -> Yemen | ليبيا -> Libya",
        )],
    );
    check(
        Label::Org,
        &[(
            "ويشارك في المؤتمر الذي يعقد بالدوحة ممثلون عن دول الخليج والناتو وحلف شمال الأطلسي.",
            "الناتو -> NATO | حلف شمال الأطلسي -> NATO",
        )],
    );
}

#[test]
fn clubs_papers_and_companies() {
    check(
        Label::Org,
        &[
            (
                "وفاز ارسنال على ريال مدريد فيما خسر يوفنتوس أمام بنفيكا.",
                "ارسنال -> Arsenal | ريال مدريد -> Real Madrid | يوفنتوس -> Juventus | بنفيكا -> Benfica",
            ),
            (
                "وذكرت ديلي ميل أن تويوتا ولوفتهانزا خفضتا الأسعار.",
                "ديلي ميل -> Daily Mail | تويوتا -> Toyota | لوفتهانزا -> Lufthansa",
            ),
            (
                "أعلن البنك التجاري أرباحه.",
                "البنك التجاري -> Commercial Bank",
            ),
            (
                "Real Madrid beat Manchester United.",
                "Real Madrid -> Real Madrid | Manchester United -> Manchester United",
            ),
        ],
    );
}

#[test]
fn words_that_are_no_places() {
    check(
        Label::Loc,
        &[
            ("القطرية والقطري والمواطن البريطاني", ""),
            // His grandfather, and a town.
            ("قال إن جده كان تاجرا، ثم وجده أمامه", ""),
            ("وصل إلى جدة", "جدة -> Jeddah"),
            ("مواطنا بريطانيا، سوريًا", ""),
            ("دعم مالي، في مالي", "مالي -> Mali"),
            ("النيجر ومالي", "النيجر -> Niger | مالي -> Mali"),
            ("القوات السعودية مع السعودية", "السعودية -> Saudi Arabia"),
            ("قوات سورية في سورية", "سورية -> Syria"),
            ("سيول جارفة وأمطار وسيول", ""),
            ("مسقط رأسه، صلاة المغرب، نهر الأردن، الرباط الصليبي", ""),
            ("بقطر 5 سنتيمترات، نصف قطر", ""),
            ("تركياات ومقطر", ""),
            ("turkey, china, tell us", ""),
            ("Michael Jordan, Chad Smith, New Mexico", ""),
            ("in Jordan, to Chad", "Jordan -> Jordan | Chad -> Chad"),
            (
                "in Georgia and in Turkey",
                "Georgia -> Georgia | Turkey -> Türkiye",
            ),
            ("Jean Maurice et la Réunion de crise", ""),
        ],
    );
}

#[test]
fn spellings_that_two_places_share() {
    check(
        Label::Loc,
        &[
            ("في عمان", "عمان -> Oman"),
            ("عمان عاصمة الأردن", "عمان -> Amman | الأردن -> Jordan"),
            ("عمّان", "عمّان -> Amman"),
            ("طرابلس في ليبيا", "طرابلس -> Tripoli | ليبيا -> Libya"),
        ],
    );
}

#[test]
fn organisations() {
    check(
        Label::Org,
        &[
            (
                "حلف شمال الأطلسي «الناتو»",
                "حلف شمال الأطلسي -> NATO | الناتو -> NATO",
            ),
            ("وللأمم المتحدة", "أمم المتحدة -> United Nations"),
            ("بحماس", ""),
            (
                "مجلس الأمن القومي، البعث، النيل من",
                "مجلس الأمن القومي -> National Security Council",
            ),
            (
                "وزارة الخارجية القطرية ووزارة الدفاع",
                "وزارة الخارجية القطرية -> Ministry of Foreign Affairs of Qatar | وزارة الدفاع -> Ministry of Defence",
            ),
            (
                "the Turkish Foreign Ministry",
                "Turkish Foreign Ministry -> Ministry of Foreign Affairs of Türkiye",
            ),
            (
                "لوكالة الأنباء القطرية \"قنا\"",
                "وكالة الأنباء القطرية -> Qatar News Agency | قنا -> Qatar News Agency",
            ),
            ("the UN and who is un ami", "UN -> United Nations"),
        ],
    );
}

#[test]
fn a_parliament_without_a_country_is_no_name() {
    check(
        Label::Org,
        &[
            ("وأقر البرلمان القانون", ""),
            (
                "وأقر البرلمان العراقي القانون",
                "البرلمان العراقي -> Parliament of Iraq",
            ),
        ],
    );
}
