//! Drops files into the inbox in every way that people and scrapers do, and remembers them.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::place::Place;
use crate::random::Random;

/// How long a file stands still before the daemon takes it, unless markers are used.
pub(crate) const SETTLE: Duration = Duration::from_millis(30);

/// Kinds of files that are dropped.
const KINDS: u64 = 18;

/// A file that was dropped.
pub(crate) struct Dropped {
    pub(crate) bytes: Vec<u8>,
    pub(crate) modified: SystemTime,
    /// Records it holds, good or bad.
    pub(crate) records: u64,
}

/// A file that is written over a long time; its marker says when it is complete.
struct Slow {
    name: String,
    file: File,
    bytes: Vec<u8>,
    written: usize,
}

/// Drops files and remembers what it dropped.
pub(crate) struct Drops {
    inbox: PathBuf,
    staging: PathBuf,
    marker: &'static str,
    random: Random,
    texts: Vec<String>,
    slow: Vec<Slow>,
    count: u64,
    /// By name, relative to the inbox.
    pub(crate) files: BTreeMap<String, Dropped>,
    /// Whether writing a file in place took so long that the daemon may have taken it half written.
    pub(crate) held_up: bool,
}

impl Drops {
    /// Drops into the inbox of `place`; with a `marker` that is not empty, every complete file gets
    /// one.
    pub(crate) fn new(place: &Place, marker: &'static str, random: Random) -> Self {
        fs::create_dir_all(place.path("staging")).unwrap();
        Self {
            inbox: place.path("inbox"),
            staging: place.path("staging"),
            marker,
            random,
            texts: Vec::new(),
            slow: Vec::new(),
            count: 0,
            files: BTreeMap::new(),
            held_up: false,
        }
    }

    /// Returns the number of records in all files that are complete.
    pub(crate) fn records(&self) -> u64 {
        self.files.values().map(|file| file.records).sum()
    }

    /// Drops one more file of any kind.
    pub(crate) fn drop_one(&mut self) {
        self.write_slowly(false);
        let kind = self.random.within(0..KINDS);
        self.drop_kind(kind);
    }

    /// Drops a file of each kind.
    pub(crate) fn drop_each_kind(&mut self) {
        (0..KINDS).for_each(|kind| self.drop_kind(kind));
    }

    /// Completes what is still being written.
    pub(crate) fn finish(&mut self) {
        self.write_slowly(true);
    }

    fn drop_kind(&mut self, kind: u64) {
        let n = self.count;
        self.count += 1;
        match kind {
            0..=3 => {
                let text = self.new_text();
                self.place_text(&format!("news-{n}.txt"), text.into_bytes());
            }
            4 => {
                let text = self.new_text();
                let name = format!("desk {}/خبر {n}.txt", self.random.within(0..4));
                self.place_text(&name, text.into_bytes());
            }
            5 => {
                let copy = self.old_text();
                self.place_text(&format!("copy-{n}.txt"), copy.into_bytes());
            }
            6 => {
                let respelled = respell(&self.old_text());
                self.place_text(&format!("respelled-{n}.txt"), respelled.into_bytes());
            }
            7 => self.place_text(&format!("two\nlines-{n}.txt"), page(n).into_bytes()),
            8 | 9 => {
                let (lines, records) = self.json_lines();
                self.place_file(&format!("wire-{n}.jsonl"), lines.into_bytes(), records);
            }
            10 => {
                let (lines, records) = self.json_lines();
                let packed = zstd::bulk::compress(lines.as_bytes(), 1).unwrap();
                self.place_file(&format!("wire-{n}.jsonl.zst"), packed, records);
            }
            11 => {
                let packed = gzip(self.new_text().as_bytes());
                self.place_text(&format!("packed-{n}.txt.gz"), packed);
            }
            12 => {
                let mut packed = gzip(self.new_text().as_bytes());
                packed.truncate(packed.len() / 2);
                self.place_text(&format!("cut-{n}.txt.gz"), packed);
            }
            13 => {
                let mut image = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
                image.extend_from_slice(&n.to_le_bytes());
                self.place_text(&format!("image-{n}.txt"), image);
            }
            14 => {
                let edited = self.edited();
                self.place_text(&format!("edited-{n}.txt"), edited.into_bytes());
            }
            15 => {
                let lines: String = (0..6)
                    .map(|_| serde_json::json!({ "text": self.edited() }).to_string() + "\n")
                    .collect();
                self.place_file(&format!("edited-{n}.jsonl"), lines.into_bytes(), 6);
            }
            16 => self.place_text(&format!("blank-{n}.txt"), b" \n\t".to_vec()),
            _ => self.place_text(&format!("empty-{n}.txt"), Vec::new()),
        }
    }

    fn place_text(&mut self, name: &str, bytes: Vec<u8>) {
        self.place_file(name, bytes, 1);
    }

    /// Puts a file into the inbox in one of the ways there are.
    fn place_file(&mut self, name: &str, bytes: Vec<u8>, records: u64) {
        let path = self.inbox.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if !self.marker.is_empty() && records == 1 && self.random.once_in(4) {
            let file = File::create(&path).unwrap();
            let name = name.to_owned();
            self.slow.push(Slow {
                name,
                file,
                bytes,
                written: 0,
            });
            return;
        }
        let modified = match self.random.within(0..3) {
            0 => self.in_pieces(&path, &bytes),
            1 => {
                let part = path.with_file_name(format!("incoming-{}.part", self.count));
                moved_in(&part, &path, &bytes)
            }
            _ => moved_in(&self.staging.join("next"), &path, &bytes),
        };
        self.remember(name, bytes, modified, records);
    }

    /// Writes under the final name, without a pause that the daemon could take for the end.
    fn in_pieces(&mut self, path: &Path, bytes: &[u8]) -> SystemTime {
        let begun = Instant::now();
        let mut file = File::create(path).unwrap();
        let pieces = self.random.within(1..5);
        let size = bytes.len().div_ceil(usize::try_from(pieces).unwrap());
        for piece in bytes.chunks(size.max(1)) {
            file.write_all(piece).unwrap();
        }
        self.held_up |= self.marker.is_empty() && begun.elapsed() > SETTLE / 2;
        file.metadata().unwrap().modified().unwrap()
    }

    fn remember(&mut self, name: &str, bytes: Vec<u8>, modified: SystemTime, records: u64) {
        if !self.marker.is_empty() {
            File::create(self.inbox.join(format!("{name}{}", self.marker))).unwrap();
        }
        let dropped = Dropped {
            bytes,
            modified,
            records,
        };
        self.files.insert(name.to_owned(), dropped);
    }

    /// Writes a piece more of each file that is written slowly; all the rest at the end.
    fn write_slowly(&mut self, to_the_end: bool) {
        for mut slow in std::mem::take(&mut self.slow) {
            let left = slow.bytes.len() - slow.written;
            let piece = if to_the_end {
                left
            } else {
                left.min(usize::try_from(self.random.within(1..120)).unwrap())
            };
            let end = slow.written + piece;
            slow.file.write_all(&slow.bytes[slow.written..end]).unwrap();
            slow.written = end;
            if end < slow.bytes.len() {
                self.slow.push(slow);
                continue;
            }
            let modified = slow.file.metadata().unwrap().modified().unwrap();
            self.remember(&slow.name, slow.bytes, modified, 1);
        }
    }

    fn new_text(&mut self) -> String {
        let mut text = page(self.random.within(0..u64::MAX / 2));
        for _ in 0..self.random.within(0..4) {
            text.push_str(&page(self.random.within(0..u64::MAX / 2)));
        }
        self.texts.push(text.clone());
        text
    }

    fn old_text(&mut self) -> String {
        if self.texts.is_empty() {
            return self.new_text();
        }
        let index = self.random.within(0..self.texts.len() as u64);
        self.texts[usize::try_from(index).unwrap()].clone()
    }

    /// A text as another desk edits it: paragraphs gone, a new one, another number.
    fn edited(&mut self) -> String {
        let old = self.old_text();
        let mut paragraphs: Vec<_> = old.split_inclusive("\n\n").map(str::to_owned).collect();
        if paragraphs.len() > 2 {
            let gone = self.random.within(0..paragraphs.len() as u64);
            paragraphs.remove(usize::try_from(gone).unwrap());
        }
        if self.random.once_in(2) {
            let number = self.random.within(0..u64::MAX / 2);
            paragraphs.push(format!(
                "وأضاف المصدر أن الرحلة رقم {number} ستتأخر قليلا.\n\n"
            ));
        }
        paragraphs.concat()
    }

    fn json_lines(&mut self) -> (String, u64) {
        let records = self.random.within(1..25);
        let mut lines = String::new();
        for record in 0..records {
            let text = match self.random.within(0..6) {
                0 => self.old_text(),
                _ => self.new_text(),
            };
            let line = match self.random.within(0..8) {
                0 => format!("{{\"text\": \"half a line {record} {}", self.count),
                1 => format!("{{\"text\": {}, \"n\": {record}}}", self.count),
                _ => serde_json::json!({ "text": text, "title": "خبر", "n": record }).to_string(),
            };
            lines.push_str(&line);
            lines.push_str(if self.random.once_in(5) { "\n\n" } else { "\n" });
        }
        (lines, records)
    }
}

/// Writes a file elsewhere and gives it its name when it is complete.
fn moved_in(from: &Path, to: &Path, bytes: &[u8]) -> SystemTime {
    fs::write(from, bytes).unwrap();
    let modified = from.metadata().unwrap().modified().unwrap();
    fs::rename(from, to).unwrap();
    modified
}

/// A text that differs from that of any other number by more than spelling.
fn page(n: u64) -> String {
    format!(
        "أعلنت إدارة الميناء رقم {n} أن السفينة ستصل مساء يوم الأحد، وقال المهندس المشرف إن الأرصفة \
         جاهزة لاستقبال {} راكبا.\n\nThe second paragraph says that ferry {n} leaves at noon.\n\n",
        n % 997
    )
}

/// The same text as another desk spells it: equal when folded.
fn respell(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'أ' | 'إ' => 'ا',
            '0'..='9' => char::from_u32(letter as u32 + 0x0660 - 0x30).unwrap(),
            other => other,
        })
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
