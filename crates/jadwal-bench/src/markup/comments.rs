//! What readers wrote below an article, and the form for it.

use super::Writer;

const COMMENTS_AR: [&str; 4] = [
    "شكرا على هذا المقال، لقد قرأته مع أولادي وتعلمنا منه أشياء لم نكن نعرفها من قبل.",
    "لا أتفق مع ما جاء في الخبر، فقد كنت هناك ولم أر شيئا مما ذكره الكاتب، وأرجو التحقق قبل النشر.",
    "متى تصل هذه الخدمة إلى مدينتنا؟ ننتظر منذ ثلاث سنوات ولم يتغير شيء.",
    "بارك الله فيكم.",
];
const COMMENTS: [&str; 4] = [
    "Thank you for this piece, I read it to my children and we all learnt something that we had not known before.",
    "I was there and saw none of what the author describes. Please check your facts before you print such a story.",
    "When will this come to our town? We have been waiting for three years and nothing has changed.",
    "Well said.",
];

impl Writer {
    /// Writes a few comments and a form, on some sites.
    pub(super) fn comments(&mut self) {
        if !self.random.happens(0.25) {
            return;
        }
        let comments = if self.rtl { COMMENTS_AR } else { COMMENTS };
        let class = self.class("comments-area");
        self.raw(&format!(
            "<div id=\"comments\" class=\"{class}\"><ol class=\"comment-list\">\n"
        ));
        for _ in 0..self.random.between(1, 6) {
            let comment = self.random.pick(&comments);
            self.raw("<li class=\"comment\"><div class=\"comment-author\">");
            self.made_up(
                if self.rtl {
                    "أبو سامر"
                } else {
                    "Sam T."
                },
                Some(false),
            );
            self.raw("</div><div class=\"comment-content\"><p>");
            self.made_up(comment, Some(false));
            self.raw("</p></div></li>\n");
        }
        self.raw("</ol><form action=\"/comment\" method=\"post\"><textarea name=\"c\"></textarea></form></div>\n");
    }
}
