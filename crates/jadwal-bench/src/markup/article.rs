//! The article itself: title, paragraphs, headings inside, lists, tables, quotations, pictures, and
//! what sites put between its paragraphs.

use super::{Labelled, Paragraphs, Site, Writer};

const CAPTIONS_AR: [&str; 3] = [
    "صورة من الأرشيف للميناء القديم (رويترز)",
    "جانب من اللقاء الذي جرى أمس",
    "مبنى البلدية في وسط المدينة - أرشيف",
];
const CAPTIONS: [&str; 3] = [
    "The old harbour in a file photo (Reuters)",
    "Visitors at the market last week. Photo: A. Smith",
    "The town hall seen from the river",
];

/// Lines of this many words are running text.
const RUNNING: usize = 13;

fn words(line: &Labelled) -> usize {
    line.text.split_whitespace().count()
}

fn ends_sentence(line: &Labelled) -> bool {
    line.text
        .trim_end_matches(['"', '»', '”', ')'])
        .ends_with(['.', '!', '?', '؟', '…', ':'])
}

impl Writer {
    /// Writes the lines from the first one of the text to the last one, others among them.
    pub(super) fn article(&mut self, lines: &[Labelled]) {
        let Some((title, rest)) = lines.split_first() else {
            return;
        };
        let (open, close) = self.frame();
        self.raw(open);
        let rest = match words(title) <= 25 {
            true => {
                self.title(title);
                rest
            }
            false => lines,
        };
        if self.random.happens(0.4) {
            self.share();
        }
        if self.random.happens(0.5) {
            self.picture();
        }
        let (open, close_body) = self.body();
        self.raw(&open);
        match self.site {
            Site::Live => self.posts(rest),
            _ => self.text(rest),
        }
        self.raw(close_body);
        self.raw(close);
    }

    /// Writes the text as posts of a live blog, each with its time.
    fn posts(&mut self, lines: &[Labelled]) {
        let mut at = 0;
        while at < lines.len() {
            let end = (at + self.random.between(2, 6) as usize).min(lines.len());
            let (hour, minute) = (self.random.between(10, 23), self.random.between(10, 59));
            self.raw("<article class=\"live-blog__post\"><time>");
            self.made_up(&format!("{hour}:{minute}"), None);
            self.raw("</time>\n");
            self.text(&lines[at..end]);
            self.raw("</article>\n");
            at = end;
        }
    }

    fn frame(&mut self) -> (&'static str, &'static str) {
        match self.site {
            Site::Semantic => (
                "<main id=\"content\"><article class=\"story\" itemscope>\n",
                "</article></main>\n",
            ),
            Site::WordPress => (
                "<div id=\"primary\" class=\"content-area\"><article id=\"post-1234\" class=\"post-1234 post type-post hentry\">\n",
                "</article></div>\n",
            ),
            Site::Blogger => (
                "<div class='post hentry uncustomized-post-template'>\n",
                "</div>\n",
            ),
            Site::Drupal => (
                "<div id=\"node-55\" class=\"node node-article clearfix\"><div class=\"content\">\n",
                "</div></div>\n",
            ),
            Site::Boxes => (
                "<div id=\"app\"><div class=\"wrap\"><div class=\"inner\">\n",
                "</div></div></div>\n",
            ),
            Site::Tables => (
                "<table width=\"780\" align=center><tr><td width=180>&nbsp;</td><td width=600 valign=top>\n",
                "</td></tr></table>\n",
            ),
            Site::Accelerated => ("<article class=\"amp-wp-article\">\n", "</article>\n"),
            Site::Sloppy => ("<div class=main><div class=right>\n", "</div>\n"),
            Site::Live => ("<main><div class=\"live-blog\">\n", "</div></main>\n"),
        }
    }

    fn title(&mut self, title: &Labelled) {
        let (open, close) = match (self.site, self.random.below(4)) {
            (Site::Tables, _) => ("<font size=5 color=#990000><b>", "</b></font><br>\n"),
            (Site::Blogger, _) => ("<h3 class='post-title entry-title'>", "</h3>\n"),
            (Site::Boxes | Site::Sloppy, 0) => ("<div class=\"headline\">", "</div>\n"),
            (_, 1) => (
                "<header><h1 class=\"entry-title\" itemprop=\"headline\">",
                "</h1></header>\n",
            ),
            _ => ("<h1>", "</h1>\n"),
        };
        self.raw(open);
        self.line(title);
        self.raw(close);
    }

    fn picture(&mut self) {
        let captions = if self.rtl { CAPTIONS_AR } else { CAPTIONS };
        let caption = self.random.pick(&captions);
        let (open, close) = match self.site {
            Site::Semantic => (
                "<figure><img src=\"/i/1.jpg\" alt=\"\"><figcaption>",
                "</figcaption></figure>\n",
            ),
            Site::WordPress => (
                "<div class=\"wp-caption aligncenter\"><img src=\"/i/1.jpg\"><p class=\"wp-caption-text\">",
                "</p></div>\n",
            ),
            Site::Accelerated => (
                "<amp-img src=\"/i/1.jpg\" width=\"600\" height=\"400\"></amp-img><p class=\"wp-caption-text\">",
                "</p>\n",
            ),
            Site::Tables => (
                "<table align=left><tr><td><img src=1.jpg></td></tr><tr><td><font size=1>",
                "</font></td></tr></table>\n",
            ),
            _ => (
                "<div class=\"photo\"><img src=\"/i/1.jpg\"><span class=\"caption\">",
                "</span></div>\n",
            ),
        };
        self.raw(open);
        // Captions are neither text nor leftovers to the labels.
        self.made_up(caption, None);
        self.raw(close);
    }

    fn body(&mut self) -> (String, &'static str) {
        let class = match self.site {
            Site::Semantic => "story-body",
            Site::WordPress => "entry-content",
            Site::Blogger => "post-body entry-content",
            Site::Drupal => "field field-name-body field-type-text-with-summary",
            Site::Boxes => "details",
            Site::Tables => return ("<div align=justify dir=rtl>".to_owned(), "</div>\n"),
            Site::Accelerated => "amp-wp-article-content",
            Site::Sloppy => "text",
            Site::Live => "live-blog__posts",
        };
        let class = self.class(class);
        (format!("<div class=\"{class}\" id=\"b1\">\n"), "</div>\n")
    }

    fn text(&mut self, lines: &[Labelled]) {
        let mut at = 0;
        while at < lines.len() {
            let run = |test: &dyn Fn(&Labelled) -> bool| {
                lines[at..].iter().take_while(|line| test(line)).count()
            };
            let leftovers = run(&|line| line.keep != Some(true));
            let rows = run(&|line| line.keep == Some(true) && line.text.contains(" | "));
            let items = run(&|line| {
                line.keep == Some(true) && words(line) < RUNNING && !line.text.contains('|')
            });
            at += if leftovers > 0 {
                self.between(&lines[at..at + leftovers]);
                leftovers
            } else if rows > 1 {
                self.table(&lines[at..at + rows]);
                rows
            } else if items > 2 {
                self.items(&lines[at..at + items]);
                items
            } else {
                self.paragraph(&lines[at]);
                1
            };
        }
    }

    /// What is no text between the paragraphs: a link to read too, a box of related articles.
    fn between(&mut self, lines: &[Labelled]) {
        if let [line] = lines {
            let (open, close) = match self.random.below(3) {
                0 => ("<p><strong><a href=\"/news/77\">", "</a></strong></p>\n"),
                1 => (
                    "<div class=\"read-also\"><a href=\"/news/77\">",
                    "</a></div>\n",
                ),
                _ => ("<div class=\"meta\"><span>", "</span></div>\n"),
            };
            self.raw(open);
            self.line(line);
            self.raw(close);
            return;
        }
        self.raw("<div class=\"related-box\">\n");
        for line in lines {
            self.raw("<div><a href=\"/news/78\">");
            self.line(line);
            self.raw("</a></div>\n");
        }
        self.raw("</div>\n");
    }

    fn table(&mut self, rows: &[Labelled]) {
        self.raw("<table class=\"data\" border=1>\n");
        for row in rows {
            self.raw("<tr>");
            self.cells_of(row);
            self.raw("</tr>\n");
        }
        self.raw("</table>\n");
    }

    /// A row is one line that starts in its first cell.
    fn cells_of(&mut self, row: &Labelled) {
        let start = self.page.html.len();
        for cell in row.text.split('|').filter(|cell| !cell.trim().is_empty()) {
            let cell = cell.trim().replace('&', "&amp;").replace('<', "&lt;");
            self.raw(&format!("<td>{cell}</td>"));
        }
        let range = start..self.page.html.len();
        self.page.lines.push((range, row.clone()));
    }

    fn items(&mut self, lines: &[Labelled]) {
        if self.paragraphs == Paragraphs::Breaks || self.random.happens(0.4) {
            lines.iter().for_each(|line| self.paragraph(line));
            return;
        }
        self.raw("<ul>\n");
        for line in lines {
            self.raw("<li>");
            self.line(line);
            self.raw(if self.site == Site::Sloppy {
                "\n"
            } else {
                "</li>\n"
            });
        }
        self.raw("</ul>\n");
    }

    fn paragraph(&mut self, line: &Labelled) {
        if words(line) < RUNNING && !ends_sentence(line) {
            return self.heading(line);
        }
        let is_quote = self.random.happens(0.04);
        let (open, close) = match self.paragraphs {
            _ if is_quote => ("<blockquote><p>", "</p></blockquote>\n"),
            Paragraphs::Element => ("<p>", "</p>\n"),
            Paragraphs::Unclosed => ("<p>", "\n"),
            Paragraphs::Breaks => ("", "<br />\n<br />\n"),
            Paragraphs::Boxes => ("<div class=\"par\">", "</div>\n"),
            Paragraphs::Spans => (
                "<p dir=\"rtl\" style=\"text-align: justify;\"><span style=\"font-size: 14pt; font-family: arial;\">",
                "</span></p>\n",
            ),
        };
        self.raw(open);
        self.line(line);
        self.raw(close);
    }

    fn heading(&mut self, line: &Labelled) {
        let (open, close) = match (self.paragraphs, self.random.below(3)) {
            (Paragraphs::Breaks, _) => ("<b>", "</b><br />\n<br />\n"),
            (_, 0) => ("<p><strong>", "</strong></p>\n"),
            (_, 1) => ("<h3>", "</h3>\n"),
            _ => ("<h2>", "</h2>\n"),
        };
        self.raw(open);
        self.line(line);
        self.raw(close);
    }
}
