//! Notices: one form for everyone, with other names in it, in some languages.
//!
//! They are made to be mistaken for copies: most of their words are the form's. Each is about other people,
//! so none is the copy of another, however alike they look.

use crate::corpus::random::Random;
use crate::stream::prose::{Article, word};
use crate::stream::series::{DAYS, PLACES};

const GIVEN: &[&str] = &[
    "محمد",
    "أحمد",
    "عبد الله",
    "خالد",
    "سعيد",
    "يوسف",
    "إبراهيم",
    "حسن",
    "علي",
    "عمر",
    "فهد",
    "ناصر",
    "سالم",
    "طارق",
    "وليد",
    "ماجد",
    "فاطمة",
    "مريم",
    "عائشة",
    "خديجة",
    "زينب",
    "سعاد",
    "هند",
    "نورة",
];
const FAMILIES: &[&str] = &[
    "العتيبي",
    "القحطاني",
    "الحداد",
    "النجار",
    "الشامي",
    "المصري",
    "الحربي",
    "الزهراني",
    "الدوسري",
    "الخطيب",
    "السعدي",
    "البكري",
    "الهاشمي",
    "التميمي",
    "الكعبي",
    "المنصوري",
    "الرفاعي",
    "الأنصاري",
];
const CLUBS: &[&str] = &[
    "الاتحاد",
    "الوحدة",
    "النصر",
    "الشباب",
    "الهلال",
    "السلام",
    "الفيصلي",
    "الوداد",
    "الرجاء",
    "النجم",
];
const LATIN_GIVEN: &[&str] = &[
    "James", "Mary", "Robert", "Claire", "Peter", "Anne", "Louis", "Julie", "Thomas", "Emma",
    "Hugo", "Laura", "Martin", "Alice", "Victor", "Sophie",
];
const LATIN_FAMILIES: &[&str] = &[
    "Walker", "Bennett", "Moreau", "Lambert", "Harper", "Girard", "Fletcher", "Rousseau",
    "Collins", "Marchand", "Parker", "Fontaine", "Turner", "Leclerc", "Hughes", "Bertrand",
];
const TOWNS: &[&str] = &[
    "Ashford",
    "Millbrook",
    "Fairview",
    "Rochefort",
    "Beaumont",
    "Kingsley",
    "Valmont",
    "Redhill",
    "Montclair",
    "Westbury",
];
const TRADES: &[&str] = &[
    "electrician",
    "nurse",
    "driver",
    "baker",
    "teacher",
    "welder",
];
const METIERS: &[&str] = &[
    "infirmier",
    "plombier",
    "cuisinier",
    "comptable",
    "chauffeur",
    "soudeur",
];
const JOBS: &[&str] = &[
    "محاسب",
    "مهندس مدني",
    "ممرض",
    "سائق",
    "مدرس لغة",
    "فني كهرباء",
];

/// Returns a notice.
pub(crate) fn notice(random: &mut Random) -> Article {
    let (title, paragraphs) = match random.below(9) {
        0 => obituary(random),
        1 => death(random),
        2 => meeting(random),
        3 => game(random),
        4 => vacancy(random),
        5 => closed_road(random),
        6 => english_obituary(random),
        7 => english_vacancy(random),
        _ => french_notice(random),
    };
    Article {
        title,
        paragraphs: paragraphs.into_iter().map(|line| vec![line]).collect(),
    }
}

fn person(random: &mut Random) -> String {
    format!(
        "{} {} {}",
        random.pick(GIVEN),
        random.pick(GIVEN),
        random.pick(FAMILIES)
    )
}

fn latin_person(random: &mut Random) -> String {
    format!(
        "{} {}",
        random.pick(LATIN_GIVEN),
        random.pick(LATIN_FAMILIES)
    )
}

type Notice = (String, Vec<String>);

/// One sentence.
fn obituary(random: &mut Random) -> Notice {
    let (person, family) = (person(random), random.pick(FAMILIES));
    let (hall, area, place) = (word(random), word(random), random.pick(PLACES));
    (
        format!("خبر اجتماعي من {place}"),
        vec![format!(
            "انتقل إلى رحمة الله تعالى {person} من أسرة {family}، ويقام العزاء للرجال في مجلس {hall} وللنساء في منزل الأسرة بحي {area} في {place}."
        )],
    )
}

/// A long form around three names.
fn death(random: &mut Random) -> Notice {
    let (dead, son) = (person(random), random.pick(GIVEN));
    let (place, mosque) = (random.pick(PLACES), random.pick(GIVEN));
    (
        "انتقل إلى رحمة الله".to_owned(),
        vec![
            format!("بقلوب مؤمنة بقضاء الله وقدره تنعى الأسرة فقيدها المرحوم بإذن الله {dead} الذي وافته المنية بعد معاناة مع المرض."),
            format!("وسيصلى عليه عقب صلاة العصر في جامع {mosque} ويوارى الثرى في مقبرة {place} ويستقبل ابنه {son} وإخوانه المعزين في منزل الفقيد."),
            "سائلين المولى عز وجل أن يتغمده بواسع رحمته ويسكنه فسيح جناته ويلهم أهله وذويه الصبر والسلوان إنا لله وإنا إليه راجعون.".to_owned(),
        ],
    )
}

fn meeting(random: &mut Random) -> Notice {
    let (university, head, guest) = (word(random), person(random), person(random));
    let (society, field, place) = (word(random), word(random), random.pick(PLACES));
    (
        format!("مدير جامعة {university} يستقبل رئيس جمعية {society}"),
        vec![
            format!(
                "التقى مدير جامعة {university} الدكتور {head} في مكتبه رئيس جمعية {society} السيد {guest} والوفد المرافق له."
            ),
            format!(
                "وبحث الجانبان سبل التعاون في مجال {field} وتبادل الخبرات بين الجهتين بحضور عدد من المسؤولين في {place}."
            ),
        ],
    )
}

fn game(random: &mut Random) -> Notice {
    let (home, away) = (random.pick(CLUBS), random.pick(CLUBS));
    let (first, second) = (person(random), person(random));
    let place = random.pick(PLACES);
    (
        format!("{home} يتغلب على {away} في دوري المحترفين"),
        vec![
            format!("تغلب فريق {home} على ضيفه {away} بهدفين دون رد في المباراة التي جمعت بينهما على ملعب {place} ضمن منافسات الدوري."),
            format!("وسجل هدفي اللقاء اللاعبان {first} في الشوط الأول و{second} في الشوط الثاني من ركلة جزاء وسط حضور جماهيري كبير."),
            "وبهذه النتيجة رفع الفريق رصيده من النقاط وتقدم في جدول الترتيب فيما بقي منافسه في مركزه بانتظار الجولة المقبلة من المسابقة.".to_owned(),
        ],
    )
}

fn vacancy(random: &mut Random) -> Notice {
    let (job, firm, place) = (random.pick(JOBS), word(random), random.pick(PLACES));
    (
        format!("وظيفة شاغرة في {place}"),
        vec![
            format!("تعلن شركة {firm} عن حاجتها إلى {job} للعمل في فرعها في {place} بدوام كامل وراتب مجز مع تأمين صحي وسكن."),
            "ويشترط في المتقدم أن يكون حاصلا على مؤهل مناسب وأن يجيد استخدام الحاسب وأن تكون لديه خبرة سابقة في المجال نفسه.".to_owned(),
            format!("ترسل السيرة الذاتية إلى إدارة الموارد البشرية باسم {} في موعد أقصاه نهاية الشهر الجاري.", person(random)),
        ],
    )
}

fn closed_road(random: &mut Random) -> Notice {
    let (road, other) = (word(random), word(random));
    let (place, day) = (random.pick(PLACES), random.pick(DAYS));
    (
        format!("إغلاق طريق {road} أمام حركة السير"),
        vec![format!(
            "أعلنت إدارة المرور في {place} إغلاق طريق {road} أمام حركة السير بدءا من مساء {day} لأعمال الصيانة، ودعت السائقين إلى سلوك طريق {other} بديلا حتى انتهاء الأعمال."
        )],
    )
}

fn english_obituary(random: &mut Random) -> Notice {
    let (dead, child, town) = (
        latin_person(random),
        latin_person(random),
        random.pick(TOWNS),
    );
    (
        format!("Obituary: {dead}"),
        vec![
            format!("{dead}, a lifelong resident of {town}, passed away peacefully at home on {} surrounded by family and friends.", random.pick(&["Monday", "Friday", "Sunday"])),
            format!("A service in memory of {dead} will be held at the chapel of {town}, and the family of {child} will receive guests afterwards in the parish hall."),
            "In lieu of flowers the family asks that donations be made to the hospice whose nurses gave such kind and patient care to the end.".to_owned(),
        ],
    )
}

fn english_vacancy(random: &mut Random) -> Notice {
    let (firm, town, trade) = (
        random.pick(LATIN_FAMILIES),
        random.pick(TOWNS),
        random.pick(TRADES),
    );
    (
        format!("Vacancy: {trade} in {town}"),
        vec![
            format!("The company {firm} and Sons is looking for an experienced {trade} to join the growing team at our branch in {town} on a permanent contract."),
            "We offer a competitive salary, paid holidays, a pension scheme and regular training, and we welcome applications from people of every background.".to_owned(),
            format!("Please send your application with two references to {} before the end of the month.", latin_person(random)),
        ],
    )
}

fn french_notice(random: &mut Random) -> Notice {
    let (dead, town, metier) = (
        latin_person(random),
        random.pick(TOWNS),
        random.pick(METIERS),
    );
    (
        format!("Avis de décès à {town}"),
        vec![
            format!("La famille de {dead}, ancien {metier} à {town}, a la profonde tristesse de faire part de son décès survenu à son domicile entouré des siens."),
            format!("La cérémonie sera célébrée en l'église de {} et suivie de l'inhumation au cimetière communal dans l'intimité de la famille.", random.pick(TOWNS)),
            "La famille remercie le personnel soignant pour son dévouement et toutes les personnes qui prendront part à sa peine dans cette épreuve.".to_owned(),
        ],
    )
}
