//! What the reader of pages knows of elements, by name.

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
    const NAMES: &str = "address article aside blockquote body caption center dd details dialog dir div dl dt \
        fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 head header html legend li \
        main menu nav ol p pre section summary table tbody td tfoot th thead tr ul";
    NAMES.split(' ').any(|known| known.as_bytes() == name)
}
