//! What a page says of itself in JSON-LD: its headline, and on some sites the text of the article.

use serde_json::{Value, json};

use super::{Labelled, Site, Writer};

impl Writer {
    /// Writes the data of the article `text` under `title`. Some sites give the whole text, some its
    /// beginning, most none.
    pub(super) fn data(&mut self, title: &str, text: &[Labelled]) {
        if !self.random.happens(0.6) {
            return;
        }
        let kept = text.iter().filter(|line| line.keep == Some(true));
        let bodies: Vec<&str> = kept.skip(1).map(|line| line.text.trim()).collect();
        let share = match self.random.below(6) {
            0 => bodies.len(),
            1 => bodies.len().min(2),
            _ => 0,
        };
        let bodies = &bodies[..share];
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": title,
            "datePublished": "2019-04-02T10:00:00Z",
        });
        if self.site == Site::Live && !bodies.is_empty() {
            let update = |body: &&str| json!({"@type": "BlogPosting", "articleBody": body});
            data["@type"] = Value::from("LiveBlogPosting");
            data["liveBlogUpdate"] = bodies.iter().map(update).collect();
        } else if !bodies.is_empty() {
            data["articleBody"] = Value::from(bodies.join("\n\n"));
        }
        let data = data.to_string().replace("</", "<\\/");
        self.raw(&format!(
            "<script type=\"application/ld+json\">{data}</script>\n"
        ));
    }
}
