//! The table of weights: one group a script, read from one small file.
//!
//! A word's features choose rows of bytes; their sum, divided by the square root of their number,
//! is mapped to one value a label, and softmax makes probabilities of these. The division keeps
//! the probability honest for one word and for a page. Several labels may share a tag.
//!
//! File, little-endian: `JADWALLM`, version `2`, number of groups; a group is its ISO 15924 code,
//! dimension, row bits, number of labels; a label is length, tag, prior; then the scale, one output
//! row of `f32` a label, the table of `i8`, and the number of sets of close languages; such a set is
//! number of labels, row bits, the labels' indices, scale, and its table of `i8`.

use std::borrow::Cow;

use crate::alphabet::ScriptId;
use crate::close::{CloseSet, MAX_SET};
use crate::words::{MAX_FEATURES, features};

const MAGIC: &[u8; 8] = b"JADWALLM";
const VERSION: u8 = 2;
/// Features after which a group has heard enough; also keeps sums far from overflow.
const ENOUGH: u32 = 1 << 20;
/// Features that a text is taken to have besides its own, which say nothing: without them single words
/// are judged too surely. Chosen on held-out sentences.
const DAMPING: f32 = 8.0;
/// The largest dimension of a group.
pub const MAX_DIM: usize = 32;

/// Why a model file can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// Another kind of file, or another version.
    #[error("the file is no language model of version {VERSION}")]
    Header,
    /// The file ends too early.
    #[error("the language model is cut short")]
    Short,
    /// A part has a value that makes no sense.
    #[error("the language model has a bad {0}")]
    Bad(&'static str),
}

/// The languages of one script and the weights that tell them apart.
#[derive(Debug, Clone)]
pub struct Group {
    /// The script.
    pub script: ScriptId,
    /// Bytes of a row: 8, 16, 24 or 32.
    pub dim: usize,
    /// The table has two to the power of this many rows.
    pub bits: u32,
    /// BCP 47 tags; `und` for what is no language.
    pub tags: Vec<String>,
    /// Added to each label's value.
    pub priors: Vec<f32>,
    /// What a step of a table's byte is worth.
    pub scale: f32,
    /// One row of `dim` values a label.
    pub outputs: Vec<f32>,
    /// The table, as signed bytes.
    pub table: Cow<'static, [u8]>,
    /// Labels that get a second look; no label is in two sets.
    pub close: Vec<CloseSet>,
}

/// What a group heard of a text.
#[derive(Debug, Clone, Copy)]
pub struct Evidence {
    sums: [i32; MAX_DIM],
    count: u32,
}

impl Default for Evidence {
    fn default() -> Self {
        Self {
            sums: [0; MAX_DIM],
            count: 0,
        }
    }
}

impl Evidence {
    /// Adds what a word says, unless enough was heard.
    #[inline]
    pub fn add(&mut self, word: &WordSums) {
        if self.count >= ENOUGH {
            return;
        }
        self.count += u32::from(word.count);
        for (total, sum) in self.sums.iter_mut().zip(word.sums) {
            *total += i32::from(sum);
        }
    }
}

/// What a word says to a group: the sum of its rows, and their number.
#[derive(Debug, Clone, Copy, Default)]
pub struct WordSums {
    // Each byte is 127 at most, so that the sums of a word fit in 16 bits.
    sums: [i16; MAX_DIM],
    count: u16,
}

impl Group {
    /// Adds what the folded letters of `word` say.
    pub fn hear(&self, word: &[u16], evidence: &mut Evidence) {
        evidence.add(&self.word_sums(word));
    }

    /// Returns what the folded letters of `word` say.
    #[must_use]
    pub fn word_sums(&self, word: &[u16]) -> WordSums {
        match self.dim {
            8 => self.sum_rows::<8>(word),
            16 => self.sum_rows::<16>(word),
            24 => self.sum_rows::<24>(word),
            _ => self.sum_rows::<32>(word),
        }
    }

    fn sum_rows<const DIM: usize>(&self, word: &[u16]) -> WordSums {
        let (rows, _) = self.table.as_chunks::<DIM>();
        // First all places, then all rows: the processor fetches the rows side by side.
        let mut places = [0_u32; MAX_FEATURES];
        let mut count = 0;
        features(word, self.bits, |place| {
            places[count] = place as u32;
            count += 1;
        });
        let mut sums = [0_i16; DIM];
        for place in &places[..count] {
            let row = &rows[*place as usize];
            for (sum, byte) in sums.iter_mut().zip(row) {
                *sum += i16::from(byte.cast_signed());
            }
        }
        let mut word = WordSums {
            sums: [0; MAX_DIM],
            count: count as u16,
        };
        word.sums[..DIM].copy_from_slice(&sums);
        word
    }

    /// Returns each label's probability, `leaning` added to its value: negative infinity rules a
    /// label out.
    #[must_use]
    pub fn judge(&self, evidence: &Evidence, leaning: &[f32]) -> Vec<f32> {
        let norm = self.scale / (evidence.count as f32 + DAMPING).sqrt();
        let sums = evidence.sums.map(|sum| sum as f32 * norm);
        let rows = self.outputs.chunks_exact(self.dim);
        let biases = self.priors.iter().zip(leaning);
        let mut values: Vec<f32> = rows
            .zip(biases)
            .map(|(weights, (prior, leaning))| dot(weights, &sums) + prior + leaning)
            .collect();
        softmax(&mut values);
        values
    }
}

/// Returns the sum of the products of `left`, whose length divides by eight, and `right`. Always in
/// the same order, eight at a time.
#[inline]
#[must_use]
pub fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (left, _) = left.as_chunks::<8>();
    let (right, _) = right.as_chunks::<8>();
    for (left, right) in left.iter().zip(right) {
        for lane in 0..8 {
            lanes[lane] += left[lane] * right[lane];
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

/// Makes probabilities of values; all 0 where no value is finite.
pub fn softmax(values: &mut [f32]) {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    if most == f32::NEG_INFINITY {
        values.fill(0.0);
        return;
    }
    let mut sum = 0.0;
    for value in values.iter_mut() {
        let below = *value - most;
        // Most labels are out of question, and an exponential costs more than the sum before it.
        *value = if below < -16.0 { 0.0 } else { below.exp() };
        sum += *value;
    }
    for value in values.iter_mut() {
        *value /= sum;
    }
}

/// Reads the groups of a model file; the tables stay where they are.
///
/// # Errors
/// When the file is of another kind, or damaged.
pub fn parse(file: &'static [u8]) -> Result<Vec<Group>, ModelError> {
    let mut reader = Reader { rest: file };
    if reader.take(MAGIC.len()).map_err(|_| ModelError::Header)? != MAGIC
        || reader.byte()? != VERSION
    {
        return Err(ModelError::Header);
    }
    let count = reader.byte()?;
    let groups = (0..count)
        .map(|_| parse_group(&mut reader))
        .collect::<Result<Vec<_>, _>>()?;
    if reader.rest.is_empty() {
        Ok(groups)
    } else {
        Err(ModelError::Bad("end"))
    }
}

fn parse_group(reader: &mut Reader) -> Result<Group, ModelError> {
    let code = reader.text(4)?;
    let script = ScriptId::from_code(code).ok_or(ModelError::Bad("script"))?;
    let dim = usize::from(reader.byte()?);
    let bits = u32::from(reader.byte()?);
    if ![8, 16, 24, 32].contains(&dim) || !(1..=24).contains(&bits) {
        return Err(ModelError::Bad("dimension"));
    }
    let labels = reader.byte()?;
    let (mut tags, mut priors) = (Vec::new(), Vec::new());
    for _ in 0..labels {
        let length = usize::from(reader.byte()?);
        tags.push(reader.text(length)?.to_owned());
        priors.push(reader.float()?);
    }
    let scale = reader.float()?;
    let outputs = (0..tags.len() * dim)
        .map(|_| reader.float())
        .collect::<Result<_, _>>()?;
    let table = Cow::Borrowed(reader.take(dim << bits)?);
    let sets = reader.byte()?;
    let close = (0..sets)
        .map(|_| parse_close(reader, tags.len()))
        .collect::<Result<_, _>>()?;
    Ok(Group {
        script,
        dim,
        bits,
        tags,
        priors,
        scale,
        outputs,
        table,
        close,
    })
}

fn parse_close(reader: &mut Reader, of: usize) -> Result<CloseSet, ModelError> {
    let count = usize::from(reader.byte()?);
    let bits = u32::from(reader.byte()?);
    let labels = reader.take(count)?.to_vec();
    let known = labels.iter().all(|label| usize::from(*label) < of);
    if !(2..=MAX_SET).contains(&count) || !(1..=24).contains(&bits) || !known {
        return Err(ModelError::Bad("set of close languages"));
    }
    let scale = reader.float()?;
    let table = Cow::Borrowed(reader.take(count << bits)?);
    Ok(CloseSet {
        labels,
        bits,
        scale,
        table,
    })
}

/// Returns the file of `groups`, as [`parse`] reads it.
///
/// # Panics
/// When a group has more than 255 labels, or a tag more than 255 bytes.
#[must_use]
pub fn write(groups: &[Group]) -> Vec<u8> {
    let short = |length: usize| u8::try_from(length).expect("groups and tags are short");
    let mut file = MAGIC.to_vec();
    file.extend([VERSION, short(groups.len())]);
    for group in groups {
        file.extend(group.script.info().code.as_bytes());
        file.extend([
            short(group.dim),
            short(group.bits as usize),
            short(group.tags.len()),
        ]);
        for (tag, prior) in group.tags.iter().zip(&group.priors) {
            file.push(short(tag.len()));
            file.extend(tag.as_bytes());
            file.extend(prior.to_le_bytes());
        }
        file.extend(group.scale.to_le_bytes());
        file.extend(group.outputs.iter().flat_map(|value| value.to_le_bytes()));
        file.extend(group.table.iter());
        file.push(short(group.close.len()));
        for set in &group.close {
            file.extend([short(set.labels.len()), short(set.bits as usize)]);
            file.extend(&set.labels);
            file.extend(set.scale.to_le_bytes());
            file.extend(set.table.iter());
        }
    }
    file
}

struct Reader {
    rest: &'static [u8],
}

impl Reader {
    fn take(&mut self, length: usize) -> Result<&'static [u8], ModelError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(ModelError::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, ModelError> {
        Ok(self.take(1)?[0])
    }

    fn float(&mut self) -> Result<f32, ModelError> {
        let bytes = self.take(4)?.try_into().map_err(|_| ModelError::Short)?;
        Some(f32::from_le_bytes(bytes))
            .filter(|value| value.is_finite())
            .ok_or(ModelError::Bad("number"))
    }

    fn text(&mut self, length: usize) -> Result<&'static str, ModelError> {
        std::str::from_utf8(self.take(length)?).map_err(|_| ModelError::Bad("name"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Group {
        Group {
            script: ScriptId::from_code("Latn").unwrap(),
            dim: 8,
            bits: 2,
            tags: vec!["en".to_owned(), "und".to_owned()],
            priors: vec![0.0, -0.5],
            scale: 0.25,
            outputs: (0_u8..16).map(f32::from).collect(),
            table: (0_u8..32).collect(),
            close: vec![CloseSet {
                labels: vec![1, 0],
                bits: 1,
                scale: 0.5,
                table: (0_u8..4).collect(),
            }],
        }
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let file: &'static [u8] = write(&[small()]).leak();
        let groups = parse(file).unwrap();
        assert_eq!(format!("{groups:?}"), format!("{:?}", [small()]));
    }

    #[test]
    fn a_damaged_file_is_refused_wherever_it_is_cut() {
        let file: &'static [u8] = write(&[small()]).leak();
        for end in 0..file.len() {
            assert!(parse(&file[..end]).is_err(), "cut at {end}");
        }
        let mut longer = file.to_vec();
        longer.push(0);
        assert!(matches!(parse(longer.leak()), Err(ModelError::Bad("end"))));
    }

    #[test]
    fn a_set_of_labels_that_are_not_there_is_refused() {
        let mut group = small();
        group.close[0].labels = vec![0, 2];
        let file: &'static [u8] = write(&[group]).leak();
        assert!(matches!(parse(file), Err(ModelError::Bad(_))));
    }

    #[test]
    fn probabilities_sum_to_one_among_the_allowed() {
        let group = small();
        let mut evidence = Evidence::default();
        group.hear(&[100, 101], &mut evidence);
        let all: f32 = group.judge(&evidence, &[0.0, 0.0]).iter().sum();
        assert!((all - 1.0).abs() < 1e-5);
        assert_eq!(
            group.judge(&evidence, &[f32::NEG_INFINITY, 0.0]),
            [0.0, 1.0]
        );
        assert_eq!(group.judge(&evidence, &[f32::NEG_INFINITY; 2]), [0.0, 0.0]);
    }
}
