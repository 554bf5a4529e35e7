//! What the reader of pages knows of elements, by name and by what their attributes say.

use super::page::Region;

/// Elements that show no text, or only a user's.
pub(super) fn is_silent(name: &[u8]) -> bool {
    is_raw(name) || matches!(name, b"svg" | b"select" | b"math" | b"datalist")
}

/// Silent elements whose content is no markup, or none that counts.
pub(super) fn is_raw(name: &[u8]) -> bool {
    matches!(
        name,
        b"script" | b"style" | b"noscript" | b"template" | b"textarea" | b"iframe" | b"noembed"
    )
}

/// Elements without an end tag, or whose end tag may be left out: they say nothing of the depth.
pub(super) fn closes_itself(name: &[u8]) -> bool {
    matches!(
        name,
        b"area"
            | b"base"
            | b"br"
            | b"col"
            | b"embed"
            | b"hr"
            | b"img"
            | b"input"
            | b"link"
            | b"meta"
            | b"param"
            | b"source"
            | b"track"
            | b"wbr"
            | b"p"
            | b"li"
            | b"td"
            | b"th"
            | b"tr"
            | b"dt"
            | b"dd"
            | b"option"
            | b"tbody"
    )
}

/// Elements that start and end lines.
pub(super) fn is_block(name: &[u8]) -> bool {
    matches!(
        name,
        b"address"
            | b"article"
            | b"aside"
            | b"blockquote"
            | b"body"
            | b"caption"
            | b"center"
            | b"dd"
            | b"details"
            | b"dialog"
            | b"dir"
            | b"div"
            | b"dl"
            | b"dt"
            | b"fieldset"
            | b"figcaption"
            | b"figure"
            | b"footer"
            | b"form"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"head"
            | b"header"
            | b"html"
            | b"legend"
            | b"li"
            | b"main"
            | b"menu"
            | b"nav"
            | b"ol"
            | b"p"
            | b"pre"
            | b"section"
            | b"summary"
            | b"table"
            | b"tbody"
            | b"td"
            | b"tfoot"
            | b"th"
            | b"thead"
            | b"tr"
            | b"ul"
    )
}

/// Whether a class is that of the text below a picture: `caption`, `wp-caption-text`,
/// `photo__caption`.
pub(super) fn is_caption_class(classes: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphabetic();
    let mut parts = classes.split(|byte| !is_part(byte));
    parts.any(|part| {
        part.eq_ignore_ascii_case(b"caption") || part.eq_ignore_ascii_case(b"figcaption")
    })
}

/// Attributes that say what an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    Class,
    Id,
    Property,
    Other,
}

impl Attribute {
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"class" => Self::Class,
            b"id" => Self::Id,
            b"itemprop" => Self::Property,
            _ => Self::Other,
        }
    }
}

/// The part of the page that an attribute names: the text by its property, or as a live blog; the
/// comments by names that content systems give to their whole list.
pub(super) fn region_of(attribute: Attribute, value: &[u8]) -> Option<Region> {
    const LIVE: [&[u8]; 4] = [
        b"live-blog",
        b"liveblog",
        b"live-blog__posts",
        b"liveblog-posts",
    ];
    const COMMENTS: [&[u8]; 12] = [
        b"comments",
        b"comments-area",
        b"comments-section",
        b"comments-container",
        b"comments-list",
        b"comments-wrapper",
        b"comment-list",
        b"commentlist",
        b"comment-section",
        b"comment-respond",
        b"disqus_thread",
        b"fb-comments",
    ];
    let mut words = value.split(u8::is_ascii_whitespace);
    let is_one_of =
        |names: &[&[u8]], word: &[u8]| names.iter().any(|name| word.eq_ignore_ascii_case(name));
    match attribute {
        Attribute::Property => words
            .any(|word| is_one_of(&[b"articleBody", b"liveBlogUpdate"], word))
            .then_some(Region::Body),
        Attribute::Class | Attribute::Id => words.find_map(|word| {
            if is_one_of(&COMMENTS, word) {
                Some(Region::Comments)
            } else if is_one_of(&LIVE, word) {
                Some(Region::Body)
            } else {
                None
            }
        }),
        Attribute::Other => None,
    }
}
