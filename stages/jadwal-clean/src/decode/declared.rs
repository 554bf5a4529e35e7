//! The charset that a document names in its own beginning.

/// How far into a page a declared charset is looked for.
const WINDOW: usize = 1024;

/// Returns the label of the charset in lower case, from `<meta charset=…>`, from
/// `content="text/html; charset=…"`, or from `<?xml … encoding=…?>`.
pub(super) fn declared_label(raw: &[u8]) -> Option<Vec<u8>> {
    let head = &raw[..raw.len().min(WINDOW)].to_ascii_lowercase();
    in_declaration(head).or_else(|| after(head, b"charset"))
}

fn in_declaration(head: &[u8]) -> Option<Vec<u8>> {
    let declaration = head.trim_ascii_start().strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(declaration, b"?>")?;
    after(&declaration[..end], b"encoding")
}

/// Returns the label after `name`, `=` and a quotation mark, if there is one.
fn after(head: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    for at in memchr::memmem::find_iter(head, name) {
        let rest = head[at + name.len()..].trim_ascii_start();
        let Some(value) = rest.strip_prefix(b"=") else {
            continue;
        };
        let value = value.trim_ascii_start();
        let value = value
            .strip_prefix(b"\"")
            .or(value.strip_prefix(b"'"))
            .unwrap_or(value);
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte);
        let end = value.iter().position(|byte| !is_part(byte));
        let label = &value[..end.unwrap_or(value.len())];
        if !label.is_empty() {
            return Some(label.to_vec());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_in_all_their_forms() {
        for (head, expected) in [
            ("<meta charset=windows-1256>", Some("windows-1256")),
            ("<META CHARSET = 'ISO-8859-6' />", Some("iso-8859-6")),
            (
                "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=cp720\">",
                Some("cp720"),
            ),
            (
                "<?xml version='1.0' encoding=\"utf-8\"?><a/>",
                Some("utf-8"),
            ),
            ("the charset of a page, encoding=x", None),
            ("<?xml version='1.0'?><meta charset=\"\">", None),
        ] {
            let expected = expected.map(|label| label.as_bytes().to_vec());
            assert_eq!(declared_label(head.as_bytes()), expected, "{head}");
        }
    }
}
