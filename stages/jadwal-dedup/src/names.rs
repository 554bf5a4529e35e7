//! The names in a short text: what tells a notice from another one in the same form.
//!
//! Obituaries, match reports, vacancies fill other names into the words of a form; as far as words go two
//! of them are copies. A name is, in languages with capitals, a word with a capital that begins no sentence
//! ([`Folded::capitals`]); in Arabic a common given name, what looks like a family name behind it, the
//! word behind a title or behind what bears names (a club, a street, a company), and a country or
//! capital. What is taken for a name and is none stands in all texts of a form, and agrees.

use std::collections::HashMap;

use jadwal_core::fold::{Folded, fold};
use jadwal_core::shingle::{sequence_hash, word_hash};

use crate::comparison::SENTENCE;
use crate::few::Few;
use crate::figures::Word;

/// Names kept of a text, those with the smallest hashes.
pub(crate) const MOST_NAMES: usize = 24;

/// Longer texts have so much of their own that their words tell them apart.
pub(crate) const SHORT_TEXT: usize = 110;

/// Common given names, but for علي: folded, the preposition على is the same.
const GIVEN: &str = "محمد أحمد محمود مصطفى حامد حمد حميد خالد عبدالله عبدالرحمن عبدالعزيز عبدالكريم عبدالحميد عبدالمجيد \
    عبداللطيف عبدالقادر عبدالوهاب عبدالملك عبدالسلام عبدالفتاح عبدالهادي عبدالمحسن عمر عمرو عثمان حسن حسين \
    حسان إبراهيم إسماعيل إسحاق يعقوب يوسف موسى عيسى داود سليمان زكريا يحيى نوح هود صالح شعيب إدريس آدم \
    سعيد سعد سعود سالم سلمان سلطان سليم سامي سمير سيف سعدون فهد فيصل فواز فوزي فؤاد فارس فاروق ناصر نايف نواف نبيل \
    نزار نادر منصور مشعل مساعد ماجد مازن مروان معاذ مهند مؤيد طارق طلال طه ياسر ياسين وليد وائل وسام هاني هشام هيثم \
    جمال جابر جاسم جعفر جلال جواد بدر بندر بسام بشار بلال تركي توفيق ثامر رائد رامي رشيد رياض زياد زيد شادي شريف \
    صلاح صباح ضياء عادل عامر عاصم عباس عدنان عصام عماد غازي غسان غانم قاسم قيس كامل كمال كريم لؤي متعب مبارك \
    فاطمة مريم عائشة خديجة زينب سعاد هند نورة نورا سارة ليلى أمل أميرة آمنة بدرية جميلة حصة خولة دلال رقية ريم رنا \
    سلمى سميرة شيخة صفية عبير غادة لطيفة لمياء منى منيرة موضي نجلاء نوال هدى هيا وفاء ياسمين حنان ابتسام إيمان";

/// Titles, and what bears a name; the word behind one is a name.
const BEARERS: &str = "السيد السيدة السادة الشيخ الشيخة الدكتور الدكتورة المهندس المهندسة الأستاذ الأستاذة الحاج الحاجة \
    الأمير الأميرة اللواء العقيد العميد المقدم الرائد النقيب المرحوم المرحومة الفقيد الفقيدة المغفور اللاعب المدرب \
    اللاعبان اللاعبين الفنان الفنانة الشاعر الكاتب النائب القاضي المستشار السفير المواطن الشاب الطالب الطالبة الطفل \
    آل أسرة عائلة قبيلة بن ابن بنت أبو أم حي شارع طريق ميدان دوار جسر مدينة قرية بلدة محافظة منطقة ولاية بلدية \
    مدرسة جامعة كلية معهد مستشفى مركز مسجد جامع مجلس مقبرة جمعية مؤسسة شركة مصنع فندق مطعم سوق نادي فريق \
    منتخب ملعب استاد قاعة ضيفه مضيفه نظيره باسم";

/// Countries and capitals.
const PLACES: &str = "السعودية الرياض جدة مكة الدمام قطر الدوحة الكويت البحرين المنامة الإمارات أبوظبي دبي الشارقة \
    عمان مسقط اليمن صنعاء عدن العراق بغداد البصرة الموصل أربيل سوريا دمشق حلب حمص لبنان بيروت طرابلس الأردن \
    إربد فلسطين القدس غزة مصر القاهرة الإسكندرية الجيزة أسوان السودان الخرطوم ليبيا بنغازي تونس صفاقس سوسة الجزائر \
    وهران قسنطينة المغرب الرباط مراكش فاس طنجة موريتانيا نواكشوط الصومال مقديشو جيبوتي إيران طهران تركيا أنقرة \
    إسطنبول فرنسا باريس بريطانيا لندن ألمانيا برلين روسيا موسكو الصين بكين الهند واشنطن نيويورك إسبانيا مدريد إيطاليا روما";

/// What stands behind a title in set phrases (the late, God willing, ...), and is no name.
const FILLERS: &str = "بإذن الله إن الذي التي الذين تعالى في من على إلى عن مع";

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Given,
    Bearer,
    Place,
    Filler,
}

/// Which words are names or stand before one.
pub(crate) struct Names(HashMap<u64, Kind>);

impl Names {
    pub(crate) fn new() -> Self {
        let kinds = [
            (GIVEN, Kind::Given),
            (BEARERS, Kind::Bearer),
            (PLACES, Kind::Place),
            (FILLERS, Kind::Filler),
        ];
        let entries = kinds.into_iter().flat_map(|(list, kind)| {
            let hash = move |word| (word_hash(&fold(word)), kind);
            list.split_whitespace().map(hash)
        });
        Self(entries.collect())
    }

    /// Returns the names in `folded`, whose words are `words`, as sorted hashes, each as often as it stands; none of
    /// a long text.
    pub(crate) fn of(&self, folded: &Folded, words: &[Word]) -> Few<u16, MOST_NAMES> {
        if words.len() >= SHORT_TEXT {
            return Few::default();
        }
        let mut names = Vec::new();
        let mut capitals = folded.capitals.iter().peekable();
        let mut breaks = folded.breaks.iter().peekable();
        let (mut behind_name, mut behind_bearer) = (false, false);
        let mut before = 0;
        for word in words {
            // A name does not go on in the next sentence.
            while breaks.next_if(|at| **at <= word.range.start).is_some() {
                (behind_name, behind_bearer) = (false, false);
            }
            while capitals.next_if(|at| **at < word.range.start).is_some() {}
            let capital = capitals.peek() == Some(&&word.range.start);
            let kind = self.0.get(&word.hash).copied();
            let bearer = kind == Some(Kind::Bearer);
            let family = behind_name && folded.text[word.range.clone()].starts_with("ال");
            let known = matches!(kind, Some(Kind::Given | Kind::Place));
            let behind = behind_bearer && kind != Some(Kind::Filler);
            let is_name = !word.figure && !bearer && (capital || known || family || behind);
            if is_name {
                // With the word before it: a name in another place is another person's.
                names.push((sequence_hash(&[before, word.hash]) >> 48) as u16);
            }
            before = word.hash;
            behind_name = is_name && kind != Some(Kind::Place);
            behind_bearer = bearer;
        }
        names.sort_unstable();
        names.into_iter().collect()
    }
}

/// Whether two short texts, of so many words, are about other names: of those in the text that has fewer,
/// less than three in five are in the other, and two at least are not. Names are counted once, and as often
/// as they stand: a text may say few names often, and the others once.
pub(crate) fn are_others(new: &[u16], old: &[u16], words: [u32; 2]) -> bool {
    let once = |names: &[u16]| -> Few<u16, MOST_NAMES> {
        let runs = names.chunk_by(|left, right| left == right);
        runs.map(|run| run[0]).collect()
    };
    let differ = |new: &[u16], old: &[u16]| {
        let fewer = new.len().min(old.len());
        let shared = shared(new, old);
        match fewer - shared {
            0 => false,
            // A single name is not much to go by, but where nothing else was added or cut.
            1 => fewer == 1 && words[0].abs_diff(words[1]) < SENTENCE,
            _ => shared * 5 < fewer * 3,
        }
    };
    differ(new, old) || differ(&once(new), &once(old))
}

/// Returns how many names stand in both lists, as often as they stand in both.
pub(crate) fn shared(left: &[u16], right: &[u16]) -> usize {
    let (mut at, mut count) = (0, 0);
    for name in left {
        while right.get(at).is_some_and(|other| other < name) {
            at += 1;
        }
        if right.get(at) == Some(name) {
            at += 1;
            count += 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sketch::Reader;

    fn names(text: &str) -> (Few<u16, MOST_NAMES>, u32) {
        let padded = format!("{text} وبعد ذلك كلام كثير لا اسم فيه لأحد");
        let sketch = Reader::new().read(Folded::of(&padded)).unwrap().sketch;
        (sketch.names, sketch.words)
    }

    #[test]
    fn names_are_counted() {
        let cases = [
            (
                "انتقل إلى رحمة الله محمد خالد العتيبي ودفن في مقبرة النسيم",
                4,
            ),
            ("تغلب فريق الوحدة على ضيفه النصر في الرياض", 3),
            ("تنعى الأسرة المرحوم بإذن الله محمد خالد العتيبي", 3),
            ("يستقبل المعزين في منزل الفقيد.\nسائلين الله له الرحمة", 0),
            ("قال المتحدث إن العمل يسير على ما يرام", 0),
            ("A service for Peter Walker will be held in Ashford", 3),
        ];
        for (text, wanted) in cases {
            assert_eq!(names(text).0.len(), wanted, "{text}");
        }
        assert!(names(&"محمد علي ".repeat(SHORT_TEXT)).0.is_empty());
    }

    #[test]
    fn other_names_are_told_from_the_same() {
        let same = [
            (
                "توفي محمد خالد العتيبي في جدة",
                "وكالات: توفي محمد خالد العتيبي أمس في جدة",
            ),
            (
                "توفي محمد في الصباح",
                "وفي المساء جاء خالد ومعه جمع كبير من الأهل والأصحاب والجيران",
            ),
            // What sites hang below is of no account.
            (
                "حالة الطقس في الكويت اليوم كتبه فريق المراسلين",
                "حالة الطقس في الكويت اليوم تعدها أسرة التحرير",
            ),
            ("لا اسم هنا", "توفي محمد خالد العتيبي في جدة"),
        ];
        let other = [
            (
                "توفي محمد خالد العتيبي في جدة",
                "توفي سعيد ناصر الحربي في جدة",
            ),
            ("حالة الطقس في الكويت اليوم", "حالة الطقس في تونس اليوم"),
            (
                "Notice of the death of Mary Harper of Redhill",
                "Notice of the death of Hugo Parker of Valmont",
            ),
        ];
        let cases = same.map(|pair| (pair, false)).into_iter();
        for ((left, right), wanted) in cases.chain(other.map(|pair| (pair, true))) {
            let ((left_names, left_words), (right_names, right_words)) =
                (names(left), names(right));
            let found = are_others(&left_names, &right_names, [left_words, right_words]);
            assert_eq!(found, wanted, "{left} and {right}");
        }
    }
}
