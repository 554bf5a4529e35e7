//! fastText's language identification: `lid.176.ftz` or `lid.176.bin`, or another model with the same
//! labels. The file is the user's own (fasttext.cc, CC BY-SA 3.0).

use std::path::{Path, PathBuf};

use fasttext_pure_rs::FastText;

use super::detection;
use crate::alphabet::Alphabet;
use crate::detector::{Candidate, Detection, Detector};

/// The 176 labels.
const LABELS: &str = "af als am an ar arz as ast av az azb ba bar bcl be bg bh bn bo bpy br bs bxr ca cbk ce ceb \
    ckb co cs cv cy da de diq dsb dty dv el eml en eo es et eu fa fi fr frr fy ga gd gl gn gom \
    gu gv he hi hif hr hsb ht hu hy ia id ie ilo io is it ja jbo jv ka kk km kn ko krc ku kv kw \
    ky la lb lez li lmo lo lrc lt lv mai mg mhr min mk ml mn mr mrj ms mt mwl my myv mzn nah nap \
    nds ne new nl nn no oc or os pa pam pfl pl pms pnb ps pt qu rm ro ru rue sa sah sc scn sco \
    sd sh si sk sl so sq sr su sv sw ta te tg th tk tl tr tt tyv ug uk ur uz vec vep vi vls vo \
    wa war wuu xal xmf yi yo yue zh";
const PREFIX: &str = "__label__";
/// Labels whose tag depends on the script.
const IN_TWO_SCRIPTS: [(&str, &str, &str); 4] = [
    ("sr", "Cyrl", "sr-Cyrl"),
    ("sr", "Latn", "sr-Latn"),
    ("uz", "Cyrl", "uz-Cyrl"),
    ("az", "Cyrl", "az-Cyrl"),
];
/// Labels that are no tags of ours.
const OTHER_NAMES: [(&str, &str); 3] = [("no", "nb"), ("ku", "kmr"), ("als", "gsw")];

/// A fastText model in the place of the built-in detector.
pub struct Lid176Detector {
    model: FastText,
    alphabet: Alphabet,
}

/// Why a fastText model can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Lid176Error {
    /// The file can't be read, or is of another kind.
    #[error("failed to read the fastText model `{0}`")]
    Model(PathBuf, #[source] fasttext_pure_rs::Error),
}

impl Lid176Detector {
    /// Reads the model in the file `path`.
    ///
    /// # Errors
    /// When there is no such file, or it is no fastText model of version 12.
    pub fn load(path: &Path) -> Result<Self, Lid176Error> {
        let model =
            FastText::load(path).map_err(|error| Lid176Error::Model(path.to_owned(), error))?;
        Ok(Self {
            model,
            alphabet: Alphabet::new(),
        })
    }
}

impl Detector for Lid176Detector {
    fn detect(&self, parts: &[&str]) -> Detection<'_> {
        detection(&self.alphabet, parts, |text, script| {
            // A line break is a word of its own to fastText. Text that it has no word for is not told.
            let line = text.replace(['\n', '\r'], " ");
            let told = self.model.predict(&line, 3, 0.0).unwrap_or_default();
            let candidates = told.into_iter().filter_map(|one| {
                let tag = tag(one.label.strip_prefix(PREFIX)?, script)?;
                let score = one.probability.clamp(0.0, 1.0);
                Some(Candidate { tag, score })
            });
            candidates.collect()
        })
    }

    fn languages(&self) -> Vec<&str> {
        let two_scripts = IN_TWO_SCRIPTS.iter().map(|(_, _, tag)| *tag);
        let plain = LABELS.split_whitespace().filter_map(|label| tag(label, ""));
        let mut tags: Vec<_> = plain
            .filter(|tag| *tag != "sr")
            .chain(two_scripts)
            .collect();
        tags.sort_unstable();
        tags
    }
}

/// Returns the tag of a label of the model, told of text in `script`.
fn tag(label: &str, script: &str) -> Option<&'static str> {
    let in_script = IN_TWO_SCRIPTS
        .iter()
        .find(|(one, of, _)| *one == label && *of == script);
    let other = OTHER_NAMES.iter().find(|(one, _)| *one == label);
    in_script
        .map(|(_, _, tag)| *tag)
        .or(other.map(|(_, tag)| *tag))
        .or_else(|| LABELS.split_whitespace().find(|one| *one == label))
}

impl std::fmt::Debug for Lid176Detector {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Lid176Detector")
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A model of two labels and a word for each, in the format of fastText, version 12.
    fn small() -> Vec<u8> {
        let mut file = Vec::new();
        let ints = |file: &mut Vec<u8>, values: &[i32]| {
            file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        };
        let longs = |file: &mut Vec<u8>, values: &[i64]| {
            file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        };
        // Dimension 2, softmax, supervised, no buckets, no runs of letters.
        ints(
            &mut file,
            &[793_712_314, 12, 2, 5, 1, 1, 5, 1, 3, 3, 0, 0, 0, 100],
        );
        file.extend(1e-4_f64.to_le_bytes());
        ints(&mut file, &[5, 3, 2]);
        longs(&mut file, &[4, -1]);
        let entries = [
            ("</s>", 0_u8),
            ("كتاب", 0),
            ("knjiga", 0),
            ("__label__ar", 1),
            ("__label__sr", 1),
        ];
        for (word, kind) in entries {
            file.extend(word.as_bytes());
            file.push(0);
            longs(&mut file, &[2]);
            file.push(kind);
        }
        let floats = |file: &mut Vec<u8>, values: &[f32]| {
            file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        };
        file.push(0);
        longs(&mut file, &[3, 2]);
        floats(&mut file, &[0.0, 0.0, 9.0, 0.0, 0.0, 9.0]);
        file.push(0);
        longs(&mut file, &[2, 2]);
        floats(&mut file, &[1.0, 0.0, 0.0, 1.0]);
        file
    }

    #[test]
    fn a_model_of_the_user_tells_languages() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small.bin");
        std::fs::write(&path, small()).unwrap();
        let detector = Lid176Detector::load(&path).unwrap();
        for (text, wanted, script) in [
            ("كتاب\nكتاب", "ar", "Arab"),
            ("knjiga", "sr-Latn", "Latn"),
            ("12 %", "und", "Zyyy"),
        ] {
            let detection = detector.detect(&[text]);
            assert_eq!((detection.best().tag, detection.script), (wanted, script));
        }
        assert!(detector.detect(&["knjiga"]).best().score > 0.9);
    }

    #[test]
    fn what_is_no_model_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cut.bin");
        std::fs::write(&path, &small()[..90]).unwrap();
        let error = Lid176Detector::load(&path).unwrap_err();
        assert!(error.to_string().contains("cut.bin"));
    }
}
