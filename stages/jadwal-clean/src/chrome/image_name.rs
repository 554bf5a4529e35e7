//! Tells names of image files that stand as lines of text.

/// Whether `line` is the name of an image: a size before a name (`900x450_name`), the prefix of a
/// camera or a messenger, or an image suffix.
pub(super) fn is_image_name(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let (Some(first), rest) = (words.next(), words.take(2).count()) else {
        return false;
    };
    if line.starts_with("WhatsApp Image") {
        return true;
    }
    if rest > 1 || !line.is_ascii() && rest > 0 {
        return false;
    }
    let lower = line.to_ascii_lowercase();
    starts_with_size(&lower)
        || ["img_", "img-", "dsc_", "dsc-", "dscn", "dcim"]
            .iter()
            .any(|prefix| lower.starts_with(prefix) && first.len() > prefix.len())
        || [".jpg", ".jpeg", ".png", ".webp", ".gif"]
            .iter()
            .any(|suffix| lower.ends_with(suffix))
}

fn starts_with_size(name: &str) -> bool {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let width = digits(name);
    let Some(rest) = name[width..].strip_prefix('x') else {
        return false;
    };
    let height = digits(rest);
    (2..=4).contains(&width) && (2..=4).contains(&height) && rest[height..].starts_with(['_', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_images_count() {
        for name in [
            "640x360_news20200101ab",
            "IMG_2031",
            "cover.jpeg",
            "صورة.png",
        ] {
            assert!(is_image_name(name), "{name}");
        }
        for text in [
            "img",
            "نشر صورة بصيغة png اليوم",
            "3x4 metres",
            "640x360",
            "a b c.jpg",
        ] {
            assert!(!is_image_name(text), "{text}");
        }
    }
}
