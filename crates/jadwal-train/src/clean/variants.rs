//! Changed copies of labelled pages, so that the model learns structure and not one language.
//!
//! | variant | stands for |
//! |---|---|
//! | without phrases | a language that has no list of phrases |
//! | lower case | a script without capitals, half of them without phrases |
//! | with lists of headlines | a news page: other articles' headlines above and below the text |
//! | light | a text that was extracted well: few lines beside the article are left |
//!
//! Which page gets what follows from its number alone.

use jadwal_clean::training::Page;

/// Weights of the variants beside the page itself.
const WITHOUT_PHRASES: f64 = 0.5;
const LOWER_CASE: f64 = 0.5;
const WITH_LISTS: f64 = 0.7;
const LIGHT: f64 = 0.3;

/// Returns the variants of all `pages`.
pub(super) fn of(pages: &[Page]) -> Vec<Page> {
    let headlines: Vec<&str> = pages.iter().filter_map(headline).collect();
    let mut variants = Vec::with_capacity(pages.len() * 4);
    for (number, page) in pages.iter().enumerate() {
        let phrases = number % 2 == 0;
        variants.push(Page {
            phrases: false,
            weight: WITHOUT_PHRASES,
            ..page.clone()
        });
        variants.push(Page {
            phrases,
            weight: LOWER_CASE,
            ..lower_case(page)
        });
        if !headlines.is_empty() {
            variants.push(Page {
                phrases,
                weight: WITH_LISTS,
                ..foreign(page, &headlines, number)
            });
        }
        let light = light(page, number);
        variants.push(Page {
            weight: LIGHT,
            ..if number % 3 == 0 {
                light
            } else {
                lower_case(&light)
            }
        });
    }
    variants
}

/// Returns the page as one in a language that the stage knows nothing of: small letters, lists of
/// other pages' headlines around the text.
pub(super) fn foreign(page: &Page, headlines: &[&str], number: usize) -> Page {
    match headlines {
        [] => lower_case(page),
        headlines => lower_case(&with_lists(page, headlines, number)),
    }
}

/// First and last line of the main text.
fn ends(page: &Page) -> Option<(usize, usize)> {
    let is_text = |keep: &Option<bool>| *keep == Some(true);
    let first = page.keep.iter().position(is_text)?;
    let last = page.keep.iter().rposition(is_text)?;
    Some((first, last))
}

/// The first line of the main text, if it looks like a headline.
pub(super) fn headline(page: &Page) -> Option<&str> {
    let line = page.lines[ends(page)?.0].as_str();
    let words = line.split_whitespace().count();
    ((4..20).contains(&words) && !line.ends_with('.')).then_some(line)
}

fn lower_case(page: &Page) -> Page {
    Page {
        lines: page.lines.iter().map(|line| line.to_lowercase()).collect(),
        ..page.clone()
    }
}

/// A page without lines.
fn empty(like: &Page) -> Page {
    Page {
        lines: Vec::new(),
        keep: Vec::new(),
        ..*like
    }
}

fn push(page: &mut Page, line: &str, keep: Option<bool>) {
    page.lines.push(line.to_owned());
    page.keep.push(keep);
}

/// Adds lists of other pages' headlines, some with dates, a few lines above and below the text.
fn with_lists(page: &Page, headlines: &[&str], number: usize) -> Page {
    let Some((first, last)) = ends(page) else {
        return page.clone();
    };
    let above = first.saturating_sub(number % 7);
    let below = (last + number / 2 % 4).min(page.lines.len() - 1);
    let date = (number % 4 == 1).then(|| ["november", "may", "march"][number % 3]);
    let list = |page: &mut Page, count: usize, start: usize| {
        for entry in 0..count {
            let headline = headlines[(number * 31 + start + entry * 7) % headlines.len()];
            push(page, headline, Some(false));
            if let Some(month) = date {
                push(page, &format!("{month} 9, 2020"), Some(false));
            }
        }
    };
    let mut changed = empty(page);
    for (index, (line, keep)) in page.lines.iter().zip(&page.keep).enumerate() {
        if index == above {
            list(&mut changed, [0, 6, 12, 0, 20][number % 5], 3);
        }
        push(&mut changed, line, *keep);
        if index == below {
            list(&mut changed, [10, 0, 24, 8][number % 4], 11);
        }
    }
    changed
}

/// Keeps the text, few lines above and below it, and some of the others between.
fn light(page: &Page, number: usize) -> Page {
    let Some((first, last)) = ends(page) else {
        return page.clone();
    };
    let (above, below, every) = (number % 5, number / 5 % 6, 2 + number % 9);
    let mut changed = empty(page);
    for (index, (line, keep)) in page.lines.iter().zip(&page.keep).enumerate() {
        let near = (index < first && index + above >= first)
            || (index > last && index <= last + below)
            || (first < index && index < last && index % every == 0);
        if *keep == Some(true) || near {
            push(&mut changed, line, *keep);
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> Page {
        let lines = [
            "Menu",
            "A new market opens",
            "Text.",
            "Share",
            "More text.",
            "Contact",
        ];
        let keep = [0, 1, 1, 0, 1, 0];
        Page {
            lines: lines.map(str::to_owned).to_vec(),
            keep: keep.iter().map(|keep| Some(*keep == 1)).collect(),
            phrases: true,
            weight: 1.0,
        }
    }

    #[test]
    fn labels_stay_with_their_lines() {
        let text = |page: &Page| -> Vec<String> {
            let lines = page.lines.iter().zip(&page.keep);
            lines
                .filter(|(_, keep)| **keep == Some(true))
                .map(|(line, _)| line.to_lowercase())
                .collect()
        };
        let pages = vec![page(); 40];
        let variants = of(&pages);
        assert_eq!(variants.len(), 160);
        for variant in &variants {
            assert_eq!(text(variant), text(&page()));
            assert_eq!(variant.lines.len(), variant.keep.len());
        }
        assert!(
            variants.iter().any(|v| v.lines.len() > 40),
            "lists are added"
        );
        assert!(
            variants.iter().any(|v| v.lines.len() < 5),
            "lines are taken"
        );
    }
}
