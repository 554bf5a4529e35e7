//! Reports that come out again and again in the same words.
//!
//! They are made to be mistaken for copies: many figures stay from issue to issue, some reports have
//! two figures only, some write them in words, some are tables, some are long frames around one line.

use crate::corpus::arabic::MONTHS;
use crate::corpus::random::Random;
use crate::stream::prose::{Article, word};

/// A report with its fixed parts.
pub(crate) struct Report {
    kind: u64,
    place: &'static str,
    body: &'static str,
    /// Figures that stay.
    fixed: [u64; 4],
    /// Figures that move a little from issue to issue.
    base: [u64; 8],
    day: u64,
    month: usize,
}

pub(crate) const PLACES: &[&str] = &[
    "الرياض",
    "الدوحة",
    "القاهرة",
    "عمان",
    "الرباط",
    "تونس",
    "الخرطوم",
    "مسقط",
    "بيروت",
    "الكويت",
];
const BODIES: &[&str] = &[
    "المصرف المركزي",
    "هيئة الأرصاد",
    "البورصة",
    "هيئة الطرق",
    "وزارة التجارة",
    "غرفة التجارة",
];
pub(crate) const DAYS: &[&str] = &[
    "الأحد",
    "الاثنين",
    "الثلاثاء",
    "الأربعاء",
    "الخميس",
    "الجمعة",
    "السبت",
];
const NUMBERS: &[&str] = &[
    "ثلاثة",
    "أربعة",
    "خمسة",
    "ستة",
    "سبعة",
    "ثمانية",
    "تسعة",
    "عشرة",
];

impl Report {
    pub(crate) fn new(random: &mut Random) -> Self {
        Self {
            kind: random.below(7),
            place: random.pick(PLACES),
            body: random.pick(BODIES),
            fixed: std::array::from_fn(|_| random.between(3, 990)),
            base: std::array::from_fn(|_| random.between(8, 600)),
            day: random.between(1, 20),
            month: random.below(12) as usize,
        }
    }

    /// Returns issue number `issue`.
    pub(crate) fn issue(&self, random: &mut Random, issue: u64) -> Article {
        // Some days a figure does not move.
        let figures: [u64; 8] = std::array::from_fn(|at| {
            self.base[at]
                + if random.happens(0.8) {
                    random.below(9) + issue
                } else {
                    issue
                }
        });
        let (title, lines) = match self.kind {
            0 => self.rates(issue, &figures),
            1 => self.weather(issue, &figures),
            2 => self.stocks(issue, &figures),
            3 => self.fuel(issue, &figures),
            4 => self.in_words(random, issue),
            5 => self.table(issue, &figures),
            _ => self.long_frame(issue, &figures),
        };
        Article {
            title,
            paragraphs: lines.into_iter().map(|line| vec![line]).collect(),
        }
    }

    fn date(&self, issue: u64) -> String {
        let day = self.day + issue;
        let (day, month) = if day > 28 {
            (day - 28, self.month + 1)
        } else {
            (day, self.month)
        };
        let name = DAYS[(self.day + issue) as usize % 7];
        format!("{name} {day} {}", MONTHS[month % 12])
    }

    fn rates(&self, issue: u64, f: &[u64; 8]) -> (String, Vec<String>) {
        let (body, place, date, fixed) = (self.body, self.place, self.date(issue), self.fixed[0]);
        (
            format!("أسعار العملات في {place} اليوم"),
            vec![
                format!(
                    "أعلن {body} في {place} أسعار صرف العملات الأجنبية ليوم {date} وجاءت على النحو الآتي."
                ),
                format!(
                    "بلغ سعر شراء الدولار الأمريكي {}.{} وسعر البيع {}.{} في التعاملات الصباحية.",
                    f[0],
                    f[1] % 90,
                    f[0],
                    f[2] % 90
                ),
                format!(
                    "وسجل اليورو {}.{} للشراء مقابل {}.{} للبيع، فيما استقر الجنيه الإسترليني عند {fixed}.25 دون تغيير.",
                    f[3],
                    f[4] % 90,
                    f[3],
                    f[5] % 90
                ),
                format!(
                    "ويقدم {body} خدماته عبر {fixed} فرعا ومن خلال الرقم الموحد 920000{fixed} على مدار 24 ساعة طوال 7 أيام في الأسبوع."
                ),
            ],
        )
    }

    fn weather(&self, issue: u64, f: &[u64; 8]) -> (String, Vec<String>) {
        let (place, date) = (self.place, self.date(issue));
        (
            format!("حالة الطقس المتوقعة في {place}"),
            vec![
                format!(
                    "توقعت هيئة الأرصاد أن يكون الطقس في {place} يوم {date} معتدلا نهارا مائلا إلى البرودة ليلا مع رياح شمالية غربية."
                ),
                format!(
                    "وتبلغ درجة الحرارة العظمى {} درجة مئوية والصغرى {} درجة، وتصل نسبة الرطوبة إلى {} في المئة.",
                    20 + f[0] % 25,
                    5 + f[1] % 14,
                    20 + f[2] % 70
                ),
                format!(
                    "وتكون سرعة الرياح بين {} و{} كيلومترا في الساعة ويتراوح ارتفاع الموج بين 2 و4 أقدام في البحر.",
                    8 + f[3] % 12,
                    24 + f[4] % 20
                ),
            ],
        )
    }

    fn stocks(&self, issue: u64, f: &[u64; 8]) -> (String, Vec<String>) {
        let (place, date) = (self.place, self.date(issue));
        (
            format!("مؤشر بورصة {place} يغلق على تغير طفيف"),
            vec![
                format!(
                    "أغلق المؤشر العام لبورصة {place} جلسة {date} عند {} نقطة بتغير نسبته 0.{} في المئة عن الجلسة السابقة.",
                    4000 + f[0] * 3,
                    f[1] % 90
                ),
                format!(
                    "وبلغت قيمة التداولات {} مليون عبر تنفيذ {} صفقة شملت {} شركة مدرجة في السوق الرئيسة.",
                    f[2],
                    2000 + f[3] * 7,
                    f[4] % 80 + 20
                ),
                format!(
                    "وارتفعت أسهم {} شركة وتراجعت أسهم {} شركة فيما بقيت أسهم الشركات الأخرى على أسعارها السابقة.",
                    f[5] % 60,
                    f[6] % 60
                ),
            ],
        )
    }

    /// Two figures, and most issues on the same weekday.
    fn fuel(&self, issue: u64, f: &[u64; 8]) -> (String, Vec<String>) {
        let (place, month) = (self.place, MONTHS[(self.month + issue as usize) % 12]);
        (
            format!("إعلان أسعار الوقود في {place}"),
            vec![
                format!("أعلنت لجنة تسعير المشتقات النفطية في {place} أسعار الوقود لشهر {month} بعد اجتماعها الدوري برئاسة الوزير المختص."),
                format!("وحددت اللجنة سعر لتر البنزين الممتاز بمبلغ {} فلسا على أن يبدأ العمل بالتسعيرة الجديدة مع منتصف الليل.", 60 + f[0] % 40 + issue),
                "ودعت اللجنة أصحاب المحطات إلى الالتزام بالأسعار المعلنة وعدم الامتناع عن تزويد المركبات بالوقود تحت طائلة المساءلة القانونية.".to_owned(),
            ],
        )
    }

    /// No digit at all.
    fn in_words(&self, random: &mut Random, issue: u64) -> (String, Vec<String>) {
        let place = self.place;
        let day = DAYS[(self.day + issue) as usize % 7];
        let [hurt, crews, hour] = std::array::from_fn(|_| random.pick(NUMBERS));
        let road = word(random);
        (
            format!("الدفاع المدني في {place}"),
            vec![
                format!("باشرت فرق الدفاع المدني في {place} مساء {day} عند الساعة {hour} حادثا مروريا على طريق {road} نتجت عنه إصابة {hurt} أشخاص بإصابات متفرقة."),
                format!("ونقلت {crews} من سيارات الإسعاف المصابين إلى المستشفى العام وفتحت الجهات المختصة تحقيقا في أسباب الحادث وملابساته."),
                "ودعت الإدارة السائقين إلى التقيد بالسرعات المحددة وترك مسافة كافية بين المركبات حفاظا على سلامتهم وسلامة غيرهم.".to_owned(),
            ],
        )
    }

    fn table(&self, issue: u64, f: &[u64; 8]) -> (String, Vec<String>) {
        let goods = [
            "الطماطم",
            "البطاطس",
            "الخيار",
            "البصل",
            "الموز",
            "التفاح",
            "البرتقال",
        ];
        let date = self.date(issue);
        let mut lines = vec![format!(
            "فيما يأتي أسعار الجملة في سوق الخضر المركزي في {} ليوم {date} بحسب النشرة الرسمية الصادرة صباح اليوم.",
            self.place
        )];
        for (at, good) in goods.iter().enumerate() {
            lines.push(format!(
                "{good}: {} للأدنى و{} للأعلى، الكيلوغرام الواحد بالسعر المعلن.",
                f[at] % 50,
                f[at] % 50 + 3
            ));
        }
        (format!("نشرة أسعار الخضر في {}", self.place), lines)
    }

    /// A long text about two figures and a date, with many figures that stay.
    fn long_frame(&self, issue: u64, f: &[u64; 8]) -> (String, Vec<String>) {
        let (place, date, x) = (self.place, self.date(issue), self.fixed);
        (
            format!("أسعار الذهب في {place}"),
            vec![
                format!("سجلت أسعار الذهب في أسواق {place} يوم {date} مستوى جديدا، إذ بلغ سعر غرام الذهب من عيار 24 نحو {} ومن عيار 21 نحو {}.", 200 + f[0], 180 + f[1]),
                format!("ويأتي ذلك في وقت يراقب فيه المتعاملون قرارات المصارف المركزية الكبرى وتوقعات النمو في {} دولة صناعية.", x[0]),
                format!("ويضم سوق الذهب في {place} نحو {} محلا و{} ورشة ويعمل فيه أكثر من {} شخص منذ افتتاحه قبل عقود طويلة.", x[1], x[2], x[3]),
                "ويرى تجار أن الإقبال على الشراء يزداد عادة في مواسم الأعراس والأعياد وأن المشغولات الخفيفة تبقى الأكثر طلبا بين الزبائن.".to_owned(),
                "وينصح خبراء الراغبين في الادخار بشراء السبائك الصغيرة والاحتفاظ بفواتيرها الأصلية وعدم الانجرار وراء الشائعات المتداولة.".to_owned(),
            ],
        )
    }
}
