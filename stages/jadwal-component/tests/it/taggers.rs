//! Guests in Python and JavaScript, built by the steps that `docs/component-stage.md` prints.
//!
//! They are 12 and 18 MB and need tools from PyPI and npm, so they are not kept here. To try them, build
//! them into one folder, each under a name of its own that ends in `.wasm`, and set `JADWAL_TAGGERS` to it.

use jadwal_core::Verdict;
use jadwal_core::facts::Label;
use jadwal_core::units::ByteSize;
use serde_json::json;

use crate::lab::{Lab, document};

#[test]
fn taggers_in_other_languages_find_the_same_places() {
    let Some(folder) = std::env::var_os("JADWAL_TAGGERS") else {
        eprintln!("skipped: `JADWAL_TAGGERS` names no folder of components");
        return;
    };
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let components: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "wasm"))
        .collect();
    assert!(!components.is_empty());
    for path in components {
        let mut lab = Lab::with(&std::fs::read(&path).unwrap());
        lab.options.settings.insert("words".into(), json!(["قطر"]));
        lab.options.max_memory = ByteSize::mib(256);
        let stage = lab.build();
        for text in ["🙂 e\u{301} قطر، و قطر", "قطر", "no match", ""] {
            for _ in 0..2 {
                let mut doc = document(text);
                assert_eq!(stage.apply(&mut doc).unwrap(), Verdict::Pass);
                let places = doc.facts().entities.iter();
                let found: Vec<_> = places
                    .map(|entity| (&text[entity.range.clone()], entity.label))
                    .collect();
                let expected = vec![("قطر", Label::Misc); text.matches("قطر").count()];
                assert_eq!(found, expected, "{}", path.display());
            }
        }
    }
}
