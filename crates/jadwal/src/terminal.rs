//! The only module that writes to the terminal.
//!
//! Colours go away by themselves where the stream is no terminal or `NO_COLOR` is set. A reader that
//! went away (`jadwal stages | head -1`) is a normal end.

use std::borrow::Cow;
use std::io::Write;

use anstyle::{AnsiColor, Style};

/// Headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// What is less important.
pub(crate) const DIM: Style = Style::new().dimmed();
/// Good news.
pub(crate) const GREEN: Style = AnsiColor::Green.on_default();
/// Bad news.
pub(crate) const RED: Style = AnsiColor::Red.on_default();
/// Doubtful news.
pub(crate) const YELLOW: Style = AnsiColor::Yellow.on_default();
/// Names.
pub(crate) const CYAN: Style = AnsiColor::Cyan.on_default();

/// Writes a line of data to standard output; `false` when nobody reads it any more.
pub(crate) fn out(line: impl std::fmt::Display) -> bool {
    writeln!(anstream::stdout(), "{line}").is_ok()
}

/// Writes a line of news to standard error.
pub(crate) fn err(line: impl std::fmt::Display) {
    // If standard error is gone there is nobody left to tell.
    writeln!(anstream::stderr(), "{line}").unwrap_or_default();
}

/// Returns what somebody else wrote, such as the name of a file, so that it can neither steer the
/// terminal nor pass for lines of ours: control characters and marks of direction are spelled out.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return Cow::Borrowed(text);
    }
    let mut spelled = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if steers(character) {
            spelled.extend(character.escape_debug());
        } else {
            spelled.push(character);
        }
    }
    Cow::Owned(spelled)
}

fn steers(character: char) -> bool {
    character.is_control() || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Returns `text` in `style`.
pub(crate) fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn what_others_wrote_steers_nothing() {
        for (text, expected) in [
            ("خبر عاجل \\xFF.txt", "خبر عاجل \\xFF.txt"),
            ("a\u{1b}[2Jb\nc\td", "a\\u{1b}[2Jb\\nc\\td"),
            ("a\u{9b}2J\u{202e}txt.exe", "a\\u{9b}2J\\u{202e}txt.exe"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
