//! Other detectors in the place of the built-in one, to compare with it. Each has a cargo feature of
//! its own and none is in the default build.
//!
//! They are given to [`LanguageTagger::new`](crate::LanguageTagger::new). The options `languages`,
//! `weights`, `varieties` and `serbo_croatian` are the built-in detector's, and these don't heed them.

#[cfg(feature = "lid176")]
mod lid176;
#[cfg(feature = "lingua")]
mod lingua;

#[cfg(feature = "lid176")]
pub use lid176::{Lid176Detector, Lid176Error};
#[cfg(feature = "lingua")]
pub use lingua::LinguaDetector;

use crate::alphabet::Alphabet;
use crate::detector::{Candidate, Detection, NO_SCRIPT, UNDETERMINED, main_script};
use crate::words::{Counts, read_words};

/// Returns what is told of `parts`, whose languages `ask` tells, likeliest first. It is asked only for
/// text that has letters.
fn detection<'d>(
    alphabet: &Alphabet,
    parts: &[&str],
    ask: impl FnOnce(&str, &str) -> Vec<Candidate<'d>>,
) -> Detection<'d> {
    let mut counts = Counts::default();
    for part in parts {
        read_words(alphabet, part, &mut counts, |_, _| {});
    }
    let script = main_script(&counts).map(crate::alphabet::ScriptId::info);
    let code = script.map_or(NO_SCRIPT, |script| script.code);
    let mut candidates = match script {
        Some(_) => ask(&parts.join(" "), code),
        None => Vec::new(),
    };
    if candidates.is_empty() {
        candidates.push(Candidate {
            tag: UNDETERMINED,
            score: 0.0,
        });
    }
    Detection {
        candidates,
        script: code,
        spaced: script.is_none_or(|script| script.spaced),
        letters: counts.letters(),
        words: counts.words,
    }
}
