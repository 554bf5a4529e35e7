//! What stands around an article: menus, lists of headlines, boxes, comment forms, the foot.

use super::{Labelled, Site, Writer};

/// Shortest line that is text and no link.
const TEXT_WORDS: usize = 20;

impl Writer {
    /// Writes lines that are no text, before or after the article, in runs as sites group them.
    pub(super) fn furniture(&mut self, lines: &[Labelled], above: bool) {
        let mut at = 0;
        while at < lines.len() {
            let run = self.random.between(3, 14) as usize;
            let end = (at + run).min(lines.len());
            self.group(&lines[at..end], above, end == lines.len());
            at = end;
        }
    }

    fn group(&mut self, lines: &[Labelled], above: bool, is_last: bool) {
        let words = |line: &Labelled| line.text.split_whitespace().count();
        let is_menu = lines.iter().filter(|line| words(line) <= 4).count() * 3 >= lines.len() * 2;
        let (open, close) = self.wrapper(above, is_last, is_menu);
        self.raw(&open);
        match (is_menu, self.site) {
            (true, Site::Tables) => self.cells(lines),
            (true, _) if self.random.happens(0.8) => self.list(lines),
            (false, _) if self.random.happens(0.5) => self.cards(lines),
            _ => self.boxes(lines),
        }
        self.raw(&close);
    }

    fn wrapper(&mut self, above: bool, is_last: bool, is_menu: bool) -> (String, String) {
        let element = |name: &str, class: &str| {
            (
                format!("<{name} class=\"{class}\">\n"),
                format!("</{name}>\n"),
            )
        };
        let class = self.random.pick(&[
            "sidebar",
            "widget",
            "block-inner",
            "menu",
            "top-bar",
            "more-news",
            "box",
            "row",
            "col-md-4",
        ]);
        let class = self.class(class);
        match self.site {
            Site::Tables => (
                "<table width=100% border=0><tr><td valign=top>\n".to_owned(),
                "</td></tr></table>\n".to_owned(),
            ),
            Site::Semantic | Site::Accelerated | Site::WordPress if is_menu && above => {
                element("nav", &class)
            }
            Site::Semantic | Site::Accelerated if !above && is_last => element("footer", &class),
            Site::Semantic | Site::WordPress if self.random.happens(0.5) => {
                element("aside", &class)
            }
            Site::Sloppy => (
                format!("<div class={class}><center>\n"),
                "</div>\n".to_owned(),
            ),
            _ => element("div", &class),
        }
    }

    fn list(&mut self, lines: &[Labelled]) {
        let class = self.class("nav-list");
        self.raw(&format!("<ul class=\"{class}\">\n"));
        for line in lines {
            let id = self.random.below(1 << 16);
            self.raw(&format!(
                "<li class=\"menu-item menu-item-{id}\" data-id=\"{id}\"><a href=\"/section/{id}.html\" data-track='{{\"pos\":{id}}}'>"
            ));
            self.icon(0.15);
            self.line(line);
            self.raw(if self.site == Site::Sloppy {
                "</a>\n"
            } else {
                "</a></li>\n"
            });
        }
        self.raw("</ul>\n");
    }

    fn cells(&mut self, lines: &[Labelled]) {
        self.raw("<table cellpadding=2><tr>");
        for line in lines {
            self.raw("<td bgcolor=#eeeeee><font size=2><a href=\"show.php?id=7\">");
            self.line(line);
            self.raw("</a></font></td></tr>\n<tr>");
        }
        self.raw("</tr></table>\n");
    }

    /// Lists of other articles with pictures.
    fn cards(&mut self, lines: &[Labelled]) {
        for line in lines {
            let id = self.random.below(1 << 16);
            let class = self.class("card item");
            self.raw(&format!(
                "<div class=\"{class}\"><a href=\"/news/{id}\"><img src=\"/img/{id}.jpg\" srcset=\"/img/{id}-2.jpg 2x\" width=\"300\" height=\"200\" alt=\"\" loading=\"lazy\"></a>"
            ));
            let is_text = line.text.split_whitespace().count() >= TEXT_WORDS;
            let (open, close) = match is_text {
                true => ("<p>", "</p>"),
                false => ("<h3><a href=\"/news/1\">", "</a></h3>"),
            };
            self.raw(open);
            self.line(line);
            self.raw(close);
            self.raw("</div>\n");
        }
    }

    fn boxes(&mut self, lines: &[Labelled]) {
        for line in lines {
            let is_text = line.text.split_whitespace().count() >= TEXT_WORDS;
            // Headlines of other articles are links nearly everywhere.
            let is_label = line.text.split_whitespace().count() <= 4;
            let (open, close) = match self.random.below(3) {
                _ if is_text => ("<p>", "</p>\n"),
                0 if is_label => ("<div><span>", "</span></div>\n"),
                1 if is_label => ("<p>", "</p>\n"),
                0 => ("<p><a href=\"/news/5\">", "</a></p>\n"),
                _ => ("<div><a href=\"/news/6\">", "</a></div>\n"),
            };
            self.raw(open);
            self.line(line);
            self.raw(close);
        }
    }

    pub(super) fn icon(&mut self, share: f64) {
        if self.random.happens(share) {
            self.raw("<svg class=\"icon\" viewBox=\"0 0 24 24\"><path d=\"M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm1 15h-2v-6h2v6z\"/></svg>");
        }
    }

    /// The buttons that sites put beside a headline.
    pub(super) fn share(&mut self) {
        let class = self.class("share-buttons");
        self.raw(&format!("<div class=\"{class}\"><ul>"));
        for name in ["Facebook", "Twitter", "WhatsApp"] {
            self.raw("<li><a href=\"https://share.example/?u=1\" rel=\"nofollow\">");
            self.icon(0.5);
            self.made_up(name, Some(false));
            self.raw("</a></li>");
        }
        self.raw("</ul></div>\n");
    }
}
