//! Texts written for these tests, and pieces of them.

/// News in Arabic.
pub(crate) const ARABIC: [&str; 12] = [
    "افتتحت بلدية الميناء صباح الاثنين سوقا جديدة للسمك قرب الرصيف الشمالي، وحضر الحفل عدد كبير من الصيادين والتجار وسكان الأحياء القريبة. وقال رئيس البلدية إن السوق تضم أربعين محلا ومخزنا مبردا، وإن العمل فيها بدأ قبل عامين بدعم من صندوق التنمية المحلية. وأضاف أن البلدية ستفتتح في الربيع المقبل سوقا أخرى للخضار.",
    "أعلنت وزارة التربية أن العام الدراسي سيبدأ في الأول من سبتمبر، وأن عدد المدارس الجديدة بلغ 37 مدرسة موزعة على المحافظات كلها. ودعت الوزارة أولياء الأمور إلى تسجيل أبنائهم قبل نهاية الشهر الجاري، مؤكدة أن الكتب ستوزع مجانا في الأسبوع الأول. كما أوضحت أن امتحانات الدور الثاني ستجرى في موعدها المعلن.",
    "قالت هيئة الأرصاد إن أمطارا غزيرة ستهطل على السواحل الغربية غدا الخميس، وإن درجات الحرارة ستنخفض إلى ما دون عشر درجات في المرتفعات. ونصحت السائقين بتوخي الحذر على الطرق الجبلية بسبب الضباب الكثيف، وتوقعت أن تتحسن الأحوال تدريجيا مع بداية الأسبوع المقبل.",
    "سجلت أسعار الذهب في السوق المحلية ارتفاعا طفيفا خلال تعاملات أمس، إذ بلغ سعر الغرام من عيار 21 نحو 452 دينارا. وعزا تجار هذا الارتفاع إلى زيادة الطلب في موسم الأعراس، بينما رأى محللون أن تراجع الدولار أمام العملات الرئيسية هو السبب الأهم. ولم تصدر الجهات الرسمية أي تعليق حتى ساعة إعداد هذا الخبر.",
    "فاز فريق الاتحاد على ضيفه النهضة بهدفين مقابل هدف واحد في المباراة التي جمعتهما مساء الجمعة على ملعب المدينة الرياضية. وسجل للفائز اللاعب الشاب سامر في الدقيقة العاشرة، ثم أضاف زميله هدفا ثانيا من ركلة جزاء. وقلص الضيوف الفارق قبل نهاية اللقاء بدقائق، لكن الوقت لم يسعفهم لإدراك التعادل.",
    "نظم متحف الفنون الشعبية معرضا للخزف والنسيج يستمر ثلاثة أسابيع، ويضم أكثر من مئتي قطعة جمعت من قرى الجنوب. وقالت مديرة المتحف: «نريد أن يرى الجيل الجديد ما صنعته أيدي الجدات، وأن يتعلم شيئا من هذا الصبر». ويرافق المعرض برنامج من المحاضرات والورش المفتوحة للأطفال، والدخول مجاني للطلاب.",
    "بحث وزير النقل مع نظيره الضيف سبل تطوير خط السكك الحديدية الذي يربط بين العاصمتين، واتفق الجانبان على تشكيل لجنة فنية مشتركة تجتمع كل شهر. وجاء في بيان مشترك أن المشروع سيختصر زمن الرحلة إلى أربع ساعات، وأنه سيوفر آلاف فرص العمل، وأن الدراسة المالية ستكتمل قبل نهاية السنة.",
    "حذر أطباء من الإفراط في تناول المضادات الحيوية دون وصفة، مشيرين إلى أن مقاومة البكتيريا لهذه الأدوية صارت خطرا حقيقيا على الصحة العامة. وأوصى تقرير نشرته الجمعية الطبية بتشديد الرقابة على الصيدليات، وبإطلاق حملة توعية في المدارس والجامعات، وباعتماد سجل موحد لوصفات المرضى في المستشفيات الحكومية والخاصة.",
    "تشهد القرى الواقعة على ضفاف النهر موسم قطاف الزيتون، وتتعاون العائلات في جمع المحصول ونقله إلى المعاصر القديمة. ويقول أبو خالد، وهو مزارع في السبعين من عمره، إن محصول هذا العام أفضل من سابقه بفضل أمطار الشتاء، لكنه يشكو من غلاء النقل وقلة اليد العاملة. ويأمل المزارعون أن تفتح أمامهم أسواق جديدة في الخارج.",
    "أصدرت المحكمة الدستورية حكما يقضي بعدم جواز الجمع بين عضوية المجلس وأي وظيفة عامة أخرى، ورأت أن النص المطعون فيه يخل بمبدأ الفصل بين السلطات. ورحب نواب بالحكم وعدوه خطوة على طريق الإصلاح، فيما اعترض آخرون عليه وقالوا إنه يحرم الهيئات من خبرات تحتاج إليها. وسيصبح الحكم نافذا بعد نشره في الجريدة الرسمية.",
    "أطلق باحثون في جامعة الشمال تطبيقا مجانيا يساعد المكفوفين على قراءة اللافتات والوصفات الطبية بصوت واضح. ويعمل التطبيق دون اتصال بالشبكة، ويدعم العربية والفرنسية والإنكليزية. وذكر رئيس الفريق أن الفكرة ولدت من تجربة شخصية لأحد الطلاب، وأن النسخة المقبلة ستتعرف إلى الأوراق النقدية وألوان الملابس.",
    "وصلت إلى المخيم أمس قافلة مساعدات تحمل أغذية وأغطية وأدوية تكفي ثلاثة آلاف أسرة لمدة شهر. وناشدت منظمات الإغاثة المانحين زيادة الدعم قبل حلول الشتاء، وقالت إن نصف الخيام لم تعد تقي من المطر، وإن الأطفال أكثر الفئات تضررا. ومن المنتظر أن تصل قافلة ثانية في نهاية الأسبوع إذا سمحت حالة الطرق بذلك.",
];

/// Persian, in letters that Windows-1256 has.
pub(crate) const PERSIAN: [&str; 3] = [
    "شهردار بندر صبح امروز بازار تازه ماهي را در كنار اسكله شمالي گشود و گفت كه ساخت آن دو سال طول كشيده است. در اين بازار چهل غرفه و يك سردخانه بزرگ هست و صيادان مي\u{200C}توانند ماهي خود را بدون واسطه بفروشند. پيش از اين، مردم شهر براي خريد ماهي تازه بايد به روستاهاي دور مي\u{200C}رفتند.",
    "وزارت آموزش اعلام كرد كه سال تحصيلي از اول مهر آغاز مي\u{200C}شود و ژرف\u{200C}ترين تغيير برنامه درسي در ده سال گذشته به اجرا درمي\u{200C}آيد. به گفته سخنگوي وزارت، كتاب\u{200C}هاي تازه از هفته آينده در مدارس پخش خواهد شد و آموزگاران نيز دوره\u{200C}هاي كوتاهي خواهند گذراند.",
    "پژوهشگران دانشگاه مي\u{200C}گويند گرم شدن هوا باعث شده است كه چشمه\u{200C}هاي كوهستان زودتر از هميشه خشك شوند. آنها از كشاورزان خواسته\u{200C}اند كه روش\u{200C}هاي آبياري خود را تغيير دهند و از دولت خواسته\u{200C}اند كه براي خريد تجهيزات تازه وام ارزان بدهد.",
];

/// Urdu, in letters that Windows-1256 has.
pub(crate) const URDU: [&str; 3] = [
    "شہر كے ميئر نے آج صبح شمالي گھاٹ كے قريب مچھلي كي نئي منڈي كا افتتاح كيا اور كہا كہ اس كي تعمير ميں دو سال لگے ہيں. اس منڈي ميں چاليس دكانيں اور ايك بڑا سرد خانہ ہے، اور ماہي گير اپنا مال خود بيچ سكيں گے.",
    "محكمہ موسميات نے كہا ہے كہ كل سے ملك كے شمالي علاقوں ميں تيز بارش ہو گي اور پہاڑوں پر برف پڑے گي، اس ليے مسافر احتياط سے گاڑي چلائيں اور غير ضروري سفر نہ كريں، جب كہ ساحلي شہروں ميں موسم خشك رہے گا.",
    "كھيلوں كے وزير نے كھلاڑيوں كو انعام ديتے ہوئے كہا كہ حكومت ہر ضلع ميں ايك نيا ميدان بنائے گي، اور نوجوانوں كو وہ سب سہولتيں مليں گي جن كا وعدہ پچھلے سال كيا گيا تھا، چاہے اس پر كتنا ہي خرچ آئے.",
];

/// French, with the signs of its typography.
pub(crate) const FRENCH: [&str; 3] = [
    "La mairie a inauguré lundi matin un nouveau marché aux poissons près du quai nord. « Les travaux ont duré deux années entières », a déclaré le maire, entouré de pêcheurs et de commerçants. Le marché abrite quarante étals et une chambre froide ; un second marché, réservé aux légumes, ouvrira l’été prochain.",
    "Le ministère de l’Éducation a annoncé que l’année scolaire débuterait le premier septembre. Les manuels seront distribués gratuitement aux élèves dès la première semaine, à condition que les familles aient achevé les démarches d’inscription. Où que l’on habite, précise le communiqué, la règle sera la même.",
    "Des chercheurs ont mis au point une application gratuite qui aide les aveugles à lire les panneaux et les ordonnances. Née d’une expérience vécue par un étudiant, elle fonctionne hors connexion et reconnaîtra bientôt les billets de banque, les couleurs des vêtements… et même le goût du café, plaisante l’équipe.",
];

/// English.
pub(crate) const ENGLISH: [&str; 2] = [
    "The town of Harbour opened a new fish market near its northern quay on Monday, and many fishermen and traders came. The mayor said that the work had taken two full years, and that the new hall has forty stalls and a cold store. A second market, for fruit and vegetables, will follow in spring.",
    "Researchers have built a free program that reads signs and prescriptions aloud for people who can't see. It works without a network, knows three languages, and will soon tell bank notes apart. The idea came from a student, who had watched his uncle look for the right bus on a rainy evening.",
];

/// German.
pub(crate) const GERMAN: [&str; 3] = [
    "Der Bürgermeister hat am Montag früh einen neuen Fischmarkt am nördlichen Kai eröffnet. „Die Bauzeit betrug zwei volle Jahre“, sagte er vor zahlreichen Gästen. Der Markt hat vierzig Stände und ein großes Kühlhaus; für das Frühjahr ist ein zweiter Markt für Gemüse geplant.",
    "Das Ministerium teilte mit, dass das Schuljahr am ersten September beginnt. Die Bücher werden in der ersten Woche kostenlos verteilt, sofern die Eltern ihre Kinder rechtzeitig angemeldet haben. Für ländliche Gebiete gelten Übergangsfristen, über die in Kürze entschieden wird.",
    "Forscher haben eine kostenlose Anwendung entwickelt, die blinden Menschen Schilder und Rezepte vorliest. Sie läuft ohne Netz, erkennt künftig auch Geldscheine und kostet nichts. Ausgangspunkt war das Erlebnis eines Studenten – „ein schöner Zufall“, wie er später erzählte.",
];

/// Lengths of the pieces in characters.
const LENGTHS: [usize; 8] = [60, 80, 120, 250, 500, 1000, 2500, 5000];

/// Returns pieces of 60 to 5,000 characters: for each paragraph one that starts with it, `sizes`
/// lengths in turn, paragraphs on lines of their own.
pub(crate) fn pieces(paragraphs: &[&str], sizes: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    for start in 0..paragraphs.len() {
        for step in 0..sizes {
            let length = LENGTHS[(start * sizes + step) % LENGTHS.len()];
            pieces.push(piece(paragraphs, start, length));
        }
    }
    pieces
}

/// Returns `length` characters from the paragraph `start` on, round and round, without blanks at
/// the ends.
fn piece(paragraphs: &[&str], start: usize, length: usize) -> String {
    let lines = paragraphs.iter().cycle().skip(start);
    let mut text = String::new();
    let mut left = length;
    for line in lines {
        let taken: String = line.chars().take(left).collect();
        left -= taken.chars().count();
        text.push_str(&taken);
        if left < 2 {
            break;
        }
        text.push('\n');
        left -= 1;
    }
    text.trim().to_owned()
}
