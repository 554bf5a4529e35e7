//! Which elements are open around a line, and what part of the page they say it is.

use std::collections::HashMap;

use super::{Attribute, Reader, Region, Zone, closes_itself, is_caption_class, region_of};

/// How many elements of each name are open. The names that most pages are made of need no hash.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// Those of the common names.
    common: [usize; COMMON],
    others: HashMap<Vec<u8>, usize>,
}

/// Number of common names, and the places of those that name a part of the page.
const COMMON: usize = 32;
const FIGCAPTION: usize = 0;
const BESIDE: std::ops::RangeInclusive<usize> = 1..=3;
const MAIN: std::ops::RangeInclusive<usize> = 4..=5;

/// Returns the place of a common name.
#[rustfmt::skip]
fn place(name: &[u8]) -> Option<usize> {
    Some(match name {
        b"figcaption" => FIGCAPTION,
        b"nav" => 1, b"footer" => 2, b"aside" => 3,
        b"main" => 4, b"article" => 5,
        b"a" => 6, b"div" => 7, b"span" => 8, b"ul" => 9, b"ol" => 10, b"section" => 11,
        b"header" => 12, b"strong" => 13, b"em" => 14, b"b" => 15, b"i" => 16, b"h1" => 17,
        b"h2" => 18, b"h3" => 19, b"h4" => 20, b"table" => 21, b"figure" => 22, b"script" => 23,
        b"style" => 24, b"form" => 25, b"button" => 26, b"blockquote" => 27, b"head" => 28,
        b"body" => 29, b"title" => 30, b"svg" => 31,
        _ => return None,
    })
}

impl Open {
    fn count(&self, name: &[u8]) -> usize {
        match place(name) {
            Some(place) => self.common[place],
            None => self.others.get(name).copied().unwrap_or(0),
        }
    }

    /// The count of a name, to be changed; new names are counted from now on where `is_new` says so.
    fn count_mut(&mut self, name: &[u8], is_new: bool) -> Option<&mut usize> {
        if let Some(place) = place(name) {
            return Some(&mut self.common[place]);
        }
        if is_new && !self.others.contains_key(name) {
            self.others.insert(name.to_vec(), 0);
        }
        self.others.get_mut(name)
    }

    fn is_open(&self, mut places: std::ops::RangeInclusive<usize>) -> bool {
        places.any(|place| self.common[place] > 0)
    }
}

impl Reader<'_> {
    /// Takes what an attribute says of the element's part of the page.
    pub(super) fn attribute(&mut self, value: &[u8]) {
        if self.attribute == Attribute::Other || self.skipped.is_some() {
            return;
        }
        self.is_caption |= self.attribute == Attribute::Class && is_caption_class(value);
        if let Some(region) = region_of(self.attribute, value)
            && !closes_itself(&self.name)
            && !matches!(self.name.as_slice(), b"" | b"body" | b"html")
        {
            self.zones.push(Zone {
                region,
                name: self.name.clone(),
                depth: self.open.count(&self.name),
            });
        }
    }

    pub(super) fn region(&self) -> Region {
        if self.open.is_open(FIGCAPTION..=FIGCAPTION) {
            Region::Caption
        } else if self.open.is_open(BESIDE) {
            Region::Beside
        } else if let Some(zone) = self.zones.last() {
            zone.region
        } else if self.open.is_open(MAIN) {
            Region::Main
        } else {
            Region::Plain
        }
    }

    pub(super) fn count_open(&mut self, name: &[u8]) {
        if closes_itself(name) {
            return;
        }
        if let Some(count) = self.open.count_mut(name, true) {
            *count += 1;
        }
        self.open_count += 1;
        self.page.depth = self.page.depth.max(self.open_count);
    }

    pub(super) fn count_closed(&mut self, name: &[u8]) {
        let count = self.open.count_mut(name, false);
        if let Some(count) = count.filter(|count| **count > 0) {
            *count -= 1;
            self.open_count -= 1;
            let count = *count;
            let is_over = |zone: &mut Zone| zone.name == name && zone.depth > count;
            while self.zones.pop_if(is_over).is_some() {}
        }
    }
}
