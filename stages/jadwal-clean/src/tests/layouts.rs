//! Pages laid out as news sites lay them out, in three languages and two styles of markup.

use super::{clean, removed, text};
use crate::CleanOptions;

/// A made-up story with what its page says around it.
struct Story {
    menu: &'static str,
    title: &'static str,
    site: &'static str,
    byline: &'static str,
    date: &'static str,
    share: &'static str,
    caption: &'static str,
    lead: &'static str,
    body: [&'static str; 4],
    subhead: &'static str,
    also: &'static str,
    related: (&'static str, &'static str),
    comments: &'static str,
    footer: &'static str,
}

const ARABIC: Story = Story {
    menu: "الرئيسية|سياسة|اقتصاد|رياضة|ثقافة|منوعات|صحة|علوم|رأي|فيديو|صور|الطقس",
    title: "مدينة الساحل تعيد فتح الجسر القديم بعد عامين من أعمال الترميم",
    site: "أخبار الساحل",
    byline: "سامر حداد",
    date: "الثلاثاء 12 مايو 2020 - 09:15",
    share: "فيسبوك|تويتر|واتساب|طباعة",
    caption: "الجسر القديم كما بدا صباح اليوم - تصوير: سامر حداد",
    lead: "أعادت بلدية مدينة الساحل صباح اليوم فتح الجسر القديم أمام المشاة والدراجات، بعد عامين من إغلاقه لترميم أساساته الحجرية.",
    body: [
        "وقال رئيس البلدية في كلمة ألقاها أمام عشرات السكان إن كلفة الترميم بلغت ثلاثة ملايين، وإن نصفها جاء من تبرعات أهل المدينة.",
        "وأوضح المهندس المشرف على المشروع أن الحجارة المتضررة استبدلت بأخرى من المقلع نفسه الذي بني منه الجسر قبل مئة وعشرين عاما.",
        "وطالب أصحاب المحلات القريبة بالسماح بمرور السيارات الصغيرة، لكن البلدية ترى أن الجسر لا يحتمل ذلك وأن الطريق الجديدة تكفي.",
        "ومن المقرر أن تقام عند الجسر سوق أسبوعية للكتب والحرف اليدوية ابتداء من الشهر المقبل، على أن تنقل إلى الساحة في الشتاء.",
    ],
    subhead: "خلاف على السيارات",
    also: "اقرأ أيضا: بلدية الساحل تؤجل مشروع الميناء",
    related: (
        "مواضيع ذات صلة",
        "انقطاع المياه عن ثلاثة أحياء في المدينة|وزير النقل يزور محطة القطار الجديدة|افتتاح معرض الزهور السنوي في الحديقة العامة|فريق المدينة يفوز بكأس الشباب للمرة الثالثة|أسعار الخضار ترتفع مع بداية الصيف",
    ),
    comments: "اترك تعليقا|لن يتم نشر عنوان بريدك الإلكتروني.|الاسم *|البريد الإلكتروني *|إرسال التعليق",
    footer: "من نحن|اتصل بنا|سياسة الخصوصية|جميع الحقوق محفوظة © 2020",
};

const ENGLISH: Story = Story {
    menu: "Home|Politics|Business|Sport|Culture|Health|Science|Opinion|Video|Pictures|Weather|Jobs",
    title: "Coast town reopens old bridge after two years of repairs",
    site: "Coast News",
    byline: "Sam Carter",
    date: "Tuesday 12 May 2020, 09:15",
    share: "Facebook|Twitter|WhatsApp|Print",
    caption: "The old bridge this morning. Photograph: Sam Carter",
    lead: "The town council reopened the old bridge to walkers and cyclists this morning, two years after it was closed so that its stone piers could be repaired.",
    body: [
        "The mayor told a small crowd that the repairs had cost three million, and that half of the money had been given by people of the town.",
        "The engineer in charge said that the damaged stones had been replaced by others from the quarry that the bridge was built from, a hundred and twenty years ago.",
        "Owners of shops near the bridge have asked for small cars to be let across it, but the council says that it would not bear them and that the new road is enough.",
        "A weekly market for books and crafts is to be held beside the bridge from next month on, and will move to the square in winter.",
    ],
    subhead: "A quarrel over cars",
    also: "Read also: Council puts off harbour plans",
    related: (
        "Related articles",
        "Three districts without water after burst pipe|Minister visits the new railway station|Flower show opens in the public garden|Town team wins youth cup for the third time|Prices of vegetables rise as summer begins",
    ),
    comments: "Leave a comment|Your email address will not be published.|Name *|Email *|Post comment",
    footer: "About us|Contact|Privacy policy|© 2020 Coast News. All rights reserved.",
};

const FRENCH: Story = Story {
    menu: "Accueil|Politique|Économie|Sport|Culture|Santé|Sciences|Opinions|Vidéo|Photos|Météo|Emploi",
    title: "La ville de la Côte rouvre le vieux pont après deux ans de travaux",
    site: "Nouvelles de la Côte",
    byline: "Samuel Martin",
    date: "Mardi 12 mai 2020 à 09h15",
    share: "Facebook|Twitter|WhatsApp|Imprimer",
    caption: "Le vieux pont ce matin. Photo : Samuel Martin",
    lead: "La mairie a rouvert ce matin le vieux pont aux piétons et aux cyclistes, deux ans après sa fermeture pour la réparation de ses piles de pierre.",
    body: [
        "Le maire a déclaré devant une petite foule que les travaux avaient coûté trois millions, et que la moitié de cette somme venait de dons des habitants.",
        "L'ingénieur chargé du chantier a expliqué que les pierres abîmées avaient été remplacées par d'autres, tirées de la carrière d'où le pont était sorti il y a cent vingt ans.",
        "Les commerçants du quartier demandent que les petites voitures puissent passer, mais la mairie répond que le pont ne les supporterait pas et que la nouvelle route suffit.",
        "Un marché hebdomadaire de livres et d'artisanat se tiendra près du pont dès le mois prochain, et sera déplacé sur la place en hiver.",
    ],
    subhead: "Une querelle de voitures",
    also: "Lire aussi : La mairie repousse le projet du port",
    related: (
        "Articles similaires",
        "Trois quartiers privés d'eau après une fuite|Le ministre visite la nouvelle gare|L'exposition de fleurs ouvre au jardin public|L'équipe de la ville gagne la coupe des jeunes|Le prix des légumes monte avec l'été",
    ),
    comments: "Laisser un commentaire|Votre adresse e-mail ne sera pas publiée.|Nom *|E-mail *|Envoyer",
    footer: "Qui sommes-nous|Contact|Politique de confidentialité|© 2020 Tous droits réservés",
};

impl Story {
    fn links(list: &str) -> String {
        let item = |text: &str| format!("<li><a href=\"/x\">{text}</a></li>\n");
        list.split('|').map(item).collect()
    }

    fn head(&self) -> String {
        format!(
            r#"<!DOCTYPE html><html><head><title>{0} - {1}</title><meta property="og:title" content="{0}">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "{0}", "datePublished": "2020-05-12T09:15:00Z",
"author": {{"@type": "Person", "name": "{2}"}}, "url": "https://example.org/bridge"}}</script></head><body>"#,
            self.title, self.site, self.byline
        )
    }

    /// Elements that say what they are.
    fn semantic(&self) -> String {
        format!(
            r#"{head}<header><a href="/">{site}</a><nav><ul>{menu}</ul></nav></header>
<main><article><h1>{title}</h1><p class="author">{byline}</p><time>{date}</time><ul class="share">{share}</ul>
<figure><img src="a.jpg"><figcaption>{caption}</figcaption></figure>
<p><strong>{lead}</strong></p><p>{b0}</p><p>{b1}</p><p><a href="/also">{also}</a></p><h2>{subhead}</h2><p>{b2}</p><p>{b3}</p></article>
<aside><h3>{rt}</h3><ul>{related}</ul></aside><section id="comments">{comments}</section></main>
<footer><ul>{footer}</ul></footer></body></html>"#,
            head = self.head(),
            site = self.site,
            menu = Self::links(self.menu),
            title = self.title,
            byline = self.byline,
            date = self.date,
            share = Self::links(self.share),
            caption = self.caption,
            lead = self.lead,
            also = self.also,
            subhead = self.subhead,
            b0 = self.body[0],
            b1 = self.body[1],
            b2 = self.body[2],
            b3 = self.body[3],
            rt = self.related.0,
            related = Self::links(self.related.1),
            comments = self
                .comments
                .split('|')
                .map(|c| format!("<p>{c}</p>"))
                .collect::<String>(),
            footer = Self::links(self.footer),
        )
    }

    /// Boxes in boxes, the headline once more above, the lead outside the text's box.
    fn boxes(&self) -> String {
        format!(
            r#"{head}<div id="top"><div class="ticker"><span>{title}</span></div><div class="m"><ul>{menu}</ul></div></div>
<div class="page"><div class="left"><div class="t"><h1>{title}</h1></div><div class="d">{date}</div><div class="l"><p>{lead}</p></div>
<div class="story-text"><p>{b0}</p><p>{b1}</p><div><a href="/also">{also}</a></div><p><b>{subhead}</b></p><p>{b2}</p><p>{b3}</p></div>
<div class="s"><ul>{share}</ul></div><div class="r"><b>{rt}</b><ul>{related}</ul></div><div class="c">{comments}</div></div>
<div class="right"><ul>{related}</ul></div></div><div class="f"><ul>{footer}</ul></div></body></html>"#,
            head = self.head(),
            menu = Self::links(self.menu),
            title = self.title,
            date = self.date,
            share = Self::links(self.share),
            lead = self.lead,
            also = self.also,
            subhead = self.subhead,
            b0 = self.body[0],
            b1 = self.body[1],
            b2 = self.body[2],
            b3 = self.body[3],
            rt = self.related.0,
            related = Self::links(self.related.1),
            comments = self
                .comments
                .split('|')
                .map(|c| format!("<div>{c}</div>"))
                .collect::<String>(),
            footer = Self::links(self.footer),
        )
    }

    fn expected(&self) -> String {
        let [b0, b1, b2, b3] = self.body;
        [self.title, self.lead, b0, b1, self.subhead, b2, b3].join("\n")
    }
}

#[test]
fn articles_of_usual_layouts_are_found() {
    for story in [ARABIC, ENGLISH, FRENCH] {
        for page in [story.semantic(), story.boxes()] {
            let (result, doc) = clean(CleanOptions::default(), "a.html", page.clone());
            assert_eq!(result.expect("no error"), jadwal_core::Verdict::Pass);
            assert_eq!(text(&doc), story.expected(), "{page}\n{:#?}", removed(&doc));
            let has_caption = page.contains("figcaption");
            let captions = removed(&doc)
                .into_iter()
                .filter(|(rule, _)| *rule == "html:caption");
            let captions: Vec<_> = captions.map(|(_, text)| text).collect();
            assert_eq!(captions, [story.caption][..usize::from(has_caption)]);
            let facts = doc.facts();
            assert_eq!(facts.title, story.title);
            assert_eq!(facts.byline, story.byline);
            assert_eq!(facts.created, "2020-05-12T09:15:00Z");
            assert_eq!(facts.url, "https://example.org/bridge");
        }
    }
}
