use html5gum::{Token, Tokenizer};
use proptest::prelude::*;

use super::*;

#[track_caller]
fn check(source: &str, expected: &[&str]) {
    let page = Page::parse(source);
    let lines: Vec<_> = page.lines.iter().map(|line| page.text(line)).collect();
    assert_eq!(lines, expected, "{source}");
}

#[test]
fn blocks_end_lines_and_blanks_collapse() {
    check("<p>one  two\n three<p>four", &["one two three", "four"]);
    check("<div>a<br>b</div>c", &["a", "b", "c"]);
    check("a<span> b</span> c", &["a b c"]);
    check("<p>x <!-- no --> y</p>", &["x y"]);
    check(
        "a < b &amp; c &#x627;&nbsp;&copy d",
        &["a < b & c ا\u{A0}© d"],
    );
    check("null &#0; end &#65533;", &["null end"]);
}

#[test]
fn rows_make_one_line() {
    check(
        "<table><tr><th>a<th>b<tr><td><p>1</p></td><td>2</td></tr></table>z",
        &["a | b", "1 | 2", "z"],
    );
    check("<tr><td>a<p>b</p><p>c</p></td></tr>", &["a", "b", "c"]);
}

#[test]
fn scripts_and_fields_give_no_text() {
    check(
        "<script>if (a<b) {}</script><style>p{}</style>a<select><option>x</select>b<svg><p>c",
        &["ab", "c"],
    );
    check(
        "<template><p>a</p></template><textarea>t</textarea>b",
        &["b"],
    );
}

#[test]
fn every_line_leads_to_its_source() {
    let source = "<html><p>first &amp; <b>bold</b></p>\r\n<p>ثان</p>";
    let page = Page::parse(source);
    let ranges: Vec<_> = page
        .lines
        .iter()
        .map(|l| &source[page.source(&l.range)])
        .collect();
    assert_eq!(ranges, ["first &amp; <b>bold", "ثان"]);
}

#[test]
fn lists_of_links_are_left_out_of_the_tree() {
    let rest = |source: &str| Page::parse(source).omitted.without(source).into_owned();
    let links = "<li><a href=x>Home</a></li><li><a>News</a><li><a href='/z'>أخبار</a>";
    let list = format!("<ul class=m>{links}</ul>");
    for (source, expected) in [
        (format!("<p>a</p>{list}<p>b"), "<p>a</p><p>b".to_owned()),
        (format!("<nav><div>{list}</div></nav >c"), "c".to_owned()),
        (
            format!("<script>x</script>{list}<style>p{{}}</style>d"),
            "d".to_owned(),
        ),
    ] {
        assert_eq!(rest(&source), expected, "{source}");
    }
    let long = "A sentence that is part of the article. ".repeat(6);
    for kept in [
        format!("<ul>{links}<li>with a word of text</ul>"),
        format!("<ol>{links}<li><a>{long}</a></ol>"),
        format!("<ul>{links}"),
        format!("<nav><ul>{links}</nav></ul>"),
        "<ul><li><a>one</a><li><a>two</a></ul>".to_owned(),
        format!("<table><tr><td>{list}</td></tr></table>"),
    ] {
        assert_eq!(rest(&kept), kept);
    }
}

#[test]
fn the_line_below_a_picture_is_a_caption() {
    for (source, expected) in [
        (
            "<figure><img><figcaption>a</figcaption></figure><p>b",
            [Region::Caption, Region::Plain],
        ),
        (
            "<div class='wp-caption x'><a><img></a><p class=wp-caption-text><i>a</i></p></div><p>b",
            [Region::Caption, Region::Plain],
        ),
        (
            "<span class=\"photo__Caption\">a</span><br>b",
            [Region::Caption, Region::Plain],
        ),
        (
            "<div class=caption><img></div><p>a</p><p>b",
            [Region::Plain, Region::Plain],
        ),
        (
            "<div class=caption><h1>a</h1></div><p class=captioned>b",
            [Region::Plain, Region::Plain],
        ),
    ] {
        let page = Page::parse(source);
        let regions: Vec<_> = page.lines.iter().map(|line| line.region).collect();
        assert_eq!(regions, expected, "{source}");
    }
}

/// What the tokenizer itself says is text, blanks and invalid characters left out.
fn tokens_of(source: &str) -> String {
    let Ok(tokens) = Tokenizer::new(source).collect::<Result<Vec<_>, _>>();
    let mut text = String::new();
    for token in tokens {
        if let Token::String(string) = token {
            text.push_str(&String::from_utf8_lossy(&string));
        }
    }
    text.retain(|c| !c.is_whitespace() && c != '\u{FFFD}');
    text
}

proptest! {
    /// Guarantees: no text of a page gets lost, whatever the markup around it.
    #[test]
    fn all_text_is_read(pieces in prop::collection::vec(
        prop_oneof![
            prop::sample::select(vec![
                "<p>", "</p>", "<b>", "</b>", "<br>", "<div class='x'>", "</div>", "<li>", "<h1>",
                "<!-- c -->", "<a href=\"y\">", "</a>", "<", "&", "&amp;", "&lt", "&#x627;",
                "&#0;", "&copy2;", "&notit;", "</", "<!", "<?", "\r\n", " ", "<pre>", "</pre>",
            ]).prop_map(str::to_owned),
            "[a-zابتثé;# ]{1,9}",
        ],
        0..40,
    )) {
        let source = pieces.concat();
        let page = Page::parse(&source);
        let mut text: String = page.lines.iter().map(|line| page.text(line)).collect();
        text.retain(|c| !c.is_whitespace());
        prop_assert_eq!(text, tokens_of(&source));
    }
}
