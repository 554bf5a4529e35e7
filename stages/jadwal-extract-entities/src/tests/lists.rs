//! Lists of the user's own.

use std::path::{Path, PathBuf};

use jadwal_core::facts::Label;

use super::{extraction, without_tagger};
use crate::ExtractEntitiesOptions;
use crate::extractor::Extractor;

fn with_list(list: &str) -> Result<Extractor, String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("people.tsv"), list).unwrap();
    let options = ExtractEntitiesOptions {
        lists: vec![PathBuf::from("people.tsv")],
        ..without_tagger()
    };
    Extractor::new(options, folder.path()).map_err(|error| told(&error, folder.path()))
}

/// The chain of errors, without the folder.
fn told(error: &dyn std::error::Error, folder: &Path) -> String {
    let mut told = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        told = format!("{told}: {error}");
        source = error.source();
    }
    let folder = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
    told.replace(&folder, "")
}

#[test]
fn own_names_are_found_before_all_others() {
    let list = "name\tlabel\tlink\tnorm\n\
        # people\n\
        هند الزاهر\tPER\tstaff:17\tHind Al-Zahir\n\
        May Foundation\torg\n\
        قطر\tMISC\tship:3\tthe ship Qatar\n\
        مايو\tPER\n\
        acme\tORG\n";
    let extractor = with_list(list).unwrap();
    let text = "التقت هند الزّاهر وبهند الزاهر May Foundation في قطر، ومايو 2016، ACME and acme";
    let entities = extraction(&extractor, text, "").entities;
    let found: Vec<_> = entities
        .iter()
        .map(|entity| {
            let text = &text[entity.range.clone()];
            format!("{text} {:?} {} {}", entity.label, entity.norm, entity.link)
        })
        .collect();
    assert_eq!(
        found,
        [
            "هند الزّاهر Per Hind Al-Zahir staff:17",
            "هند الزاهر Per Hind Al-Zahir staff:17",
            "May Foundation Org May Foundation ",
            "قطر Misc the ship Qatar ship:3",
            "مايو Per مايو ",
            "ACME Org acme ",
            "acme Org acme ",
        ]
    );
    assert_eq!(entities[0].label, Label::Per);
    assert_eq!(entities[1].mention_of, Some(0));
}

#[test]
fn a_bad_line_is_told_with_its_place() {
    let line = |line: &str| with_list(line).err().unwrap();
    let prefix = "failed to read the lists of names: line";
    for (list, expected) in [
        (
            "a name\n",
            "1 of the list `people.tsv`: a name and a label with a tab between them were expected",
        ),
        (
            "x\tORG\ny\tPERSON\n",
            "2 of the list `people.tsv`: the label `PERSON` is none of \
             PER LOC ORG MISC EVENT DATE TIME MONEY PERCENT QUANTITY URL EMAIL PHONE",
        ),
        (
            "# two\nأحمد\tPER\nاحمد\tPER\n",
            "3 of the list `people.tsv`: `احمد` was given before, on line 2 of `people.tsv`",
        ),
        (
            "...\tPER\n",
            "1 of the list `people.tsv`: the name `...` has no word in it",
        ),
        (
            "x\tPER\ta b\n",
            "1 of the list `people.tsv`: the link `a b` has a blank in it",
        ),
        (
            "x\tPER\ta\tb\tc\n",
            "1 of the list `people.tsv`: 5 columns, and at most name, label, link, norm were expected",
        ),
    ] {
        assert_eq!(line(list), format!("{prefix} {expected}"));
    }
}

#[test]
fn a_list_that_is_not_there_is_told_by_its_name() {
    let options = ExtractEntitiesOptions {
        lists: vec![PathBuf::from("no-such.tsv")],
        ..without_tagger()
    };
    let error = Extractor::new(options, Path::new("lists")).err().unwrap();
    let told = told(&error, Path::new("lists"));
    assert!(
        told.contains("failed to read the list `no-such.tsv`"),
        "{told}"
    );
}
