//! Finds the known name that an unknown one was probably meant to be.

/// Returns the name in `known` that is most like `name`, if one is like it at all.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' ', '.'], "_");
    let name = plain(name);
    known
        .into_iter()
        .filter_map(|candidate| Some((distance(&name, &plain(candidate))?, candidate)))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Returns how many slips of the finger apart the two are, if they are few for their length.
fn distance(name: &str, candidate: &str) -> Option<usize> {
    let slips = strsim::osa_distance(name, candidate);
    let length = name.chars().count().max(candidate.chars().count());
    let few = slips <= (length / 3).max(1) && slips < length;
    let shortened = name.chars().count() >= 3 && candidate.starts_with(name);
    (few || shortened).then_some(slips)
}

/// Returns "did you mean `x`?" where a name is near.
pub(crate) fn did_you_mean<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, known).map(|name| format!("did you mean `{name}`?"))
}

/// Writes names as a list: `a`, `b`.
pub(crate) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let known = ["clean", "dedup", "detect_language", "emit", "path"];
        for (name, expected) in [
            ("claen", Some("clean")),
            ("pth", Some("path")),
            ("Detect-Language", Some("detect_language")),
            ("detect", Some("detect_language")),
            ("emitt", Some("emit")),
            ("x", None),
            ("summarise", None),
        ] {
            assert_eq!(nearest(name, known), expected, "{name}");
        }
    }
}
