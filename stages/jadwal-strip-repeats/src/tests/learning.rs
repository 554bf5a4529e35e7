//! Two passes over the same documents.

use futures::executor::block_on;
use jadwal_core::state::{Commit, StateStore};
use jadwal_core::{Document, Stage, StageCx};

use crate::learn::{forget_learned, learned_for, learner};
use crate::options::{Counting, StripRepeatsOptions};
use crate::tests::lab::{Lab, STAGE, eager};
use crate::tests::sites::{ARABIC, ENGLISH, Site};

fn learned_options() -> StripRepeatsOptions {
    StripRepeatsOptions {
        counts: Counting::Learned,
        ..eager()
    }
}

fn commit(lab: &Lab, writes: Vec<jadwal_core::state::StateWrite>) {
    let commit = Commit {
        writes,
        ..Commit::default()
    };
    lab.store.commit(&commit).unwrap();
}

/// Returns a lab that has learnt these pages.
fn learnt(pages: &[(&Site, usize)]) -> Lab {
    let lab = Lab::new(learned_options());
    let (mut stage, learning) = learner(&lab.options);
    let cx = StageCx::inline(STAGE);
    for (site, n) in pages {
        let page = site.page(*n);
        let mut doc = Document::of_text(&format!("{}/{n}.txt", site.name), &page);
        block_on(stage.process(&mut doc, &cx)).unwrap();
        assert_eq!(doc.text().unwrap(), page);
        assert!(doc.delivery_writes().is_empty());
    }
    block_on(stage.finish(&cx)).unwrap();
    let learned = learning.finish().unwrap();
    assert!(learned.groups() <= 2 && learned.lines() > 5);
    commit(&lab, learned.writes(STAGE, "inbox"));
    lab
}

/// Guarantees: the first page is cleaned as the last one is, in whatever order they come.
#[test]
fn what_was_learnt_holds_for_every_document() {
    let pages: Vec<_> = (0..60)
        .map(|n| (if n % 2 == 0 { &ARABIC } else { &ENGLISH }, n))
        .collect();
    let mut lab = learnt(&pages);
    for (site, n) in pages.iter().rev() {
        let doc = lab.pass(site.name, &site.page(*n));
        assert_eq!(doc.text().unwrap(), site.body_text(*n), "{n}");
        assert!(doc.delivery_writes().is_empty());
    }
}

/// Guarantees: a document does not count for its own lines.
#[test]
fn others_must_have_had_a_line() {
    let pages: Vec<_> = (0..5).map(|n| (&ENGLISH, n)).collect();
    let lab = Lab::new(learned_options());
    let (mut stage, learning) = learner(&lab.options);
    for (site, n) in &pages {
        let mut doc = Document::of_text("desk/1.txt", &site.page(*n));
        block_on(stage.process(&mut doc, &StageCx::inline(STAGE))).unwrap();
    }
    block_on(stage.finish(&StageCx::inline(STAGE))).unwrap();
    assert_eq!(learning.finish().unwrap().lines(), 0);
}

#[test]
fn what_was_learnt_is_named_and_forgotten() {
    let pages: Vec<_> = (0..30).map(|n| (&ARABIC, n)).collect();
    let mut lab = learnt(&pages);
    let batch = learned_for(&*lab.store, STAGE).unwrap();
    assert_eq!(batch.as_deref(), Some("inbox"));
    let doc = lab.pass(ARABIC.name, &ARABIC.page(3));
    assert_eq!(doc.text().unwrap(), ARABIC.body_text(3));
    commit(&lab, forget_learned(&*lab.store, STAGE).unwrap());
    assert_eq!(learned_for(&*lab.store, STAGE).unwrap(), None);
    lab.restart();
    let doc = lab.pass(ARABIC.name, &ARABIC.page(3));
    assert_eq!(doc.text().unwrap(), ARABIC.page(3));
}

#[test]
fn a_pass_that_did_not_end_taught_nothing() {
    let (stage, learning) = learner(&eager());
    drop(stage);
    assert!(learning.finish().is_none());
}
