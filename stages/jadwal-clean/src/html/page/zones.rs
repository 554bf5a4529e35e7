//! Which elements are open around a line, and what part of the page they say it is.

use super::{Attribute, Reader, Region, Zone, closes_itself, is_caption_class, region_of};

impl Reader<'_> {
    /// Takes what an attribute says of the element's part of the page.
    pub(super) fn attribute(&mut self, value: &[u8]) {
        if self.attribute == Attribute::Other || self.skipped.is_some() {
            return;
        }
        self.is_caption |= self.attribute == Attribute::Class && is_caption_class(value);
        if let Some(region) = region_of(self.attribute, value)
            && let Some(depth) = self.open.get(&self.name)
            && !closes_itself(&self.name)
            && !matches!(self.name.as_slice(), b"body" | b"html")
        {
            self.zones.push(Zone {
                region,
                name: self.name.clone(),
                depth: *depth,
            });
        }
    }

    pub(super) fn region(&self) -> Region {
        let is_open = |name: &[u8]| self.open.get(name).is_some_and(|count| *count > 0);
        if is_open(b"figcaption") {
            Region::Caption
        } else if [&b"nav"[..], b"footer", b"aside"]
            .iter()
            .any(|name| is_open(name))
        {
            Region::Beside
        } else if let Some(zone) = self.zones.last() {
            zone.region
        } else if is_open(b"main") || is_open(b"article") {
            Region::Main
        } else {
            Region::Plain
        }
    }

    pub(super) fn count_open(&mut self, name: &[u8]) {
        if closes_itself(name) {
            return;
        }
        match self.open.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(self.open.insert(name.to_vec(), 1)),
        }
        self.open_count += 1;
        self.page.depth = self.page.depth.max(self.open_count);
    }

    pub(super) fn count_closed(&mut self, name: &[u8]) {
        if let Some(count) = self.open.get_mut(name).filter(|count| **count > 0) {
            *count -= 1;
            self.open_count -= 1;
            let count = *count;
            let is_over = |zone: &mut Zone| zone.name == name && zone.depth > count;
            while self.zones.pop_if(is_over).is_some() {}
        }
    }
}
