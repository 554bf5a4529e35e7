//! Finds web addresses, mail addresses and international telephone numbers.
//!
//! A web address starts with `http://`, `https://` or `www.` and ends before closing punctuation; a
//! bracket belongs to it only where it was opened in it. A telephone number starts with `+` or `00`
//! and a country code; its normal form is E.164. Others can't be told from other numbers but by a word
//! before them (`هاتف`, `Tel.`); their normal form is their digits.

use jadwal_core::facts::Label;

use crate::context::with_open_bracket;
use crate::found::Found;
use crate::items::Items;
use crate::lexicon::Cues;

/// The longest local part and domain that RFC 5321 allows.
const LOCAL_MAX: usize = 64;
const DOMAIN_MAX: usize = 255;

/// Finds an address at item `at`.
pub(crate) fn address_at(items: &Items<'_>, at: usize) -> Option<Found> {
    match items.symbol(at) {
        Some('@') => return email_around(items.text, items.start(at)),
        Some('+') => return phone(items, at, at + 1, 0),
        Some(_) => return None,
        None => {}
    }
    if items.is(at, Cues::URL) {
        return url_at(items.text, items.start(at));
    }
    let (_, digits) = items.figures(at)?;
    if digits >= 3 && starts_with_zeros(items.slice(at)) {
        return phone(items, at, at, 2);
    }
    behind_phone_word(items, at).then(|| national_phone(items, at))?
}

/// Whether a word for a telephone stands before item `at`: `هاتف: 44123456`, `Tél. : 01 23`.
fn behind_phone_word(items: &Items<'_>, at: usize) -> bool {
    let gap = |at: usize| {
        items
            .gap(at)
            .trim_matches([' ', ':', '.', '\u{A0}', '(', '/', '-'])
    };
    at > 0 && items.is(at - 1, Cues::PHONE) && gap(at - 1).is_empty()
}

fn url_at(text: &str, start: usize) -> Option<Found> {
    let before = text[..start].chars().next_back();
    if before.is_some_and(|before| before.is_ascii_alphanumeric() || "@._-/".contains(before)) {
        return None;
    }
    let rest = &text[start..];
    let scheme = ["http://", "https://"]
        .into_iter()
        .find(|scheme| starts_with(rest, scheme))
        .map(str::len);
    let prefix = scheme.or_else(|| starts_with(rest, "www.").then_some(4))?;
    let end = rest
        .find(|character: char| character.is_whitespace() || is_forbidden(character))
        .unwrap_or(rest.len());
    let url = trimmed(rest.get(..end)?);
    let host = url.get(prefix..)?;
    let named = host.starts_with(|first: char| first.is_alphanumeric() || first == '[');
    let dotted = scheme.is_some() || host.trim_end_matches('/').contains('.');
    if !named || !dotted {
        return None;
    }
    let norm = match scheme {
        Some(_) => url.to_owned(),
        None => format!("http://{url}"),
    };
    Some(Found::new(start..start + url.len(), Label::Url, norm, 1.0))
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn is_forbidden(character: char) -> bool {
    matches!(
        character,
        '<' | '>' | '"' | '«' | '»' | '“' | '”' | '،' | '؛' | '؟' | '{' | '}' | '|' | '\\' | '`'
            | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
    )
}

/// Cuts off closing punctuation, and brackets that were opened before the address.
fn trimmed(url: &str) -> &str {
    let count = |bracket: char| url.matches(bracket).count();
    let mut surplus_round = count(')').saturating_sub(count('('));
    let mut surplus_square = count(']').saturating_sub(count('['));
    let mut url = url;
    while let Some(last) = url.chars().next_back() {
        match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '’' | '…' => {}
            ')' if surplus_round > 0 => surplus_round -= 1,
            ']' if surplus_square > 0 => surplus_square -= 1,
            _ => break,
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url
}

/// Finds the mail address around the `@` at byte `at`.
fn email_around(text: &str, at: usize) -> Option<Found> {
    let local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let before = text.as_bytes()[..at].iter().rev();
    let length = before
        .take(LOCAL_MAX + 1)
        .take_while(|byte| local(byte))
        .count();
    let name = text[at - length..at].trim_start_matches(['.', '%', '+', '-']);
    let after = text.as_bytes()[at + 1..].iter().take(DOMAIN_MAX + 1);
    let domain = |byte: &&u8| byte.is_ascii_alphanumeric() || b".-".contains(*byte);
    let length = after.take_while(domain).count();
    let host = text[at + 1..at + 1 + length].trim_end_matches(['.', '-']);
    let (labels, top) = host.rsplit_once('.')?;
    let top_is_word = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    let labels_are_full = labels.split('.').all(|label| !label.is_empty());
    let name_fits = !name.is_empty() && name.len() <= LOCAL_MAX && !name.ends_with('.');
    if !top_is_word || !labels_are_full || !name_fits {
        return None;
    }
    let range = at - name.len()..at + 1 + host.len();
    // Domains don't know case; mailboxes do, by the letter of the standard.
    let norm = format!("{name}@{}", host.to_ascii_lowercase());
    Some(Found::new(range, Label::Email, norm, 1.0))
}

fn starts_with_zeros(figures: &str) -> bool {
    let mut digits = figures.chars();
    let mut zero = || matches!(digits.next(), Some('0' | '٠' | '۰'));
    zero() && zero()
}

/// Reads the digits from item `first` on, leaves out `prefix` of them, and checks the length.
fn phone(items: &Items<'_>, at: usize, first: usize, prefix: usize) -> Option<Found> {
    let starts = if first > at {
        items.glued(at) && opens(items, at)
    } else {
        items.opens(at)
    };
    if !starts {
        return None;
    }
    let mut norm = String::from("+");
    let mut last = first;
    let mut skip = prefix;
    loop {
        let (value, digits) = items.figures(last)?;
        let figures = format!("{value:0width$}", width = usize::from(digits));
        let cut = skip.min(figures.len());
        skip -= cut;
        norm.push_str(&figures[cut..]);
        let more = is_phone_gap(items.gap(last)) && items.figures(last + 1).is_some();
        let room = items
            .figures(last + 1)
            .map_or(0, |(_, digits)| usize::from(digits));
        if !more || norm.len() + room > 16 {
            break;
        }
        last += 1;
    }
    let digits = norm.len() - 1;
    let fits = (9..=15).contains(&digits) && !norm.starts_with("+0") && items.closes(last);
    let range = with_open_bracket(items.text, items.range(at, last));
    fits.then(|| Found::new(range, Label::Phone, norm, 0.9))
}

/// A number without country code: its normal form is its digits, as the country is not known.
fn national_phone(items: &Items<'_>, at: usize) -> Option<Found> {
    let mut norm = String::new();
    let mut last = at;
    loop {
        let (value, digits) = items.figures(last)?;
        norm.push_str(&format!("{value:0width$}", width = usize::from(digits)));
        if norm.len() >= 15 || !is_phone_gap(items.gap(last)) || items.figures(last + 1).is_none() {
            break;
        }
        last += 1;
    }
    let fits = (6..=12).contains(&norm.len()) && items.closes(last);
    // Pages from right to left often turn `+974 44123456` around.
    let turned = items.glued(last) && items.symbol(last + 1) == Some('+') && last > at;
    if turned && let Some((code, 1..=3)) = items.figures(last) {
        let local =
            &norm[..norm.len() - items.figures(last).map_or(0, |(_, digits)| digits.into())];
        let range = items.range(at, last + 1);
        return Some(Found::new(
            range,
            Label::Phone,
            format!("+{code}{local}"),
            0.7,
        ));
    }
    fits.then(|| Found::new(items.range(at, last), Label::Phone, norm, 0.7))
}

fn opens(items: &Items<'_>, at: usize) -> bool {
    !items
        .char_before(at)
        .is_some_and(|before| before.is_ascii_alphanumeric() || before == '_')
}

fn is_phone_gap(gap: &str) -> bool {
    matches!(
        gap,
        " " | "-" | "." | " (" | ") " | "(" | ")" | "\u{A0}" | "\u{202F}" | " - " | "/"
    )
}
