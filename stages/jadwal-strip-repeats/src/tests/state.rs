//! What is in flight, crashes and replays make no difference, and what is stored is forgotten in time.

use jadwal_core::{Document, ErrorClass, Fate, Stage, StageCx, Verdict};
use proptest::prelude::*;

use crate::options::StripRepeatsOptions;
use crate::row::row_key;
use crate::tests::lab::{Lab, STAGE, eager};
use crate::tests::sites::{ARABIC, ENGLISH, ordinal};

const LAGGING: StripRepeatsOptions = StripRepeatsOptions {
    key: crate::options::GroupBy::Auto,
    min_documents: 3,
    min_share: 0.1,
    repeats: crate::options::Repeats::Remove,
    window: 24,
    max_lines: 16,
    max_counters: 64,
    lag: 4,
    counts: crate::options::Counting::Live,
    in_batch: false,
};

fn page(n: usize) -> (&'static str, String) {
    match n % 3 {
        0 => (ARABIC.name, ARABIC.page(n)),
        _ => (ENGLISH.name, ENGLISH.page(n)),
    }
}

/// Some documents fail behind the stage.
fn fails(n: usize) -> bool {
    n % 7 == 2 || n % 5 == 1
}

fn told(doc: &Document) -> String {
    format!("{} {:?}", doc.text().unwrap(), doc.facts().removed)
}

fn settle(lab: &mut Lab, doc: &Document, n: usize) {
    if fails(n) {
        let stage = "emit".to_owned();
        let error = "too long".to_owned();
        lab.settle(doc, Fate::Quarantined { stage, error });
    } else {
        lab.deliver(doc);
    }
}

/// Returns the first document that is not settled.
fn first_flying(docs: &[Option<Document>]) -> Option<usize> {
    docs.iter().position(Option::is_some)
}

const PAGES: usize = 90;

/// One document after the other, each settled before the next comes.
fn one_by_one() -> Vec<String> {
    let mut lab = Lab::new(LAGGING);
    (0..PAGES)
        .map(|n| {
            let (site, text) = page(n);
            let mut doc = lab.document(site, &text);
            assert_eq!(lab.offer(&mut doc).unwrap(), Verdict::Pass);
            settle(&mut lab, &doc, n);
            told(&doc)
        })
        .collect()
}

/// What a run does next.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// Offers so many documents together.
    Offer(usize),
    /// Settles so many.
    Settle(usize),
    /// Dies; what was not settled comes again.
    Crash,
    /// The last batch failed in another way and is offered again.
    Again,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        6 => (1usize..12).prop_map(Move::Offer),
        6 => (1usize..9).prop_map(Move::Settle),
        1 => Just(Move::Crash),
        1 => Just(Move::Again),
    ];
    prop::collection::vec(one, 0..60)
}

/// A run with documents in flight.
struct Run {
    lab: Lab,
    /// Documents that have passed and are not settled.
    flying: Vec<Option<Document>>,
    out: Vec<String>,
    next: usize,
    last_batch: usize,
}

impl Run {
    fn new() -> Self {
        Self {
            lab: Lab::new(LAGGING),
            flying: Vec::new(),
            out: Vec::new(),
            next: 0,
            last_batch: 0,
        }
    }

    fn offer(&mut self, count: usize) {
        let end = (self.next + count).min(PAGES);
        let mut docs = Vec::new();
        for n in self.next..end {
            let (site, text) = page(n);
            self.lab.next_seq = n as u64;
            docs.push(self.lab.document(site, &text));
        }
        let passed = self.lab.offer_batch(docs);
        self.last_batch = self.next;
        self.next += passed.len();
        self.out.truncate(self.last_batch);
        self.out.extend(passed.iter().map(told));
        self.flying.truncate(self.last_batch);
        self.flying.extend(passed.into_iter().map(Some));
        self.lab.next_seq = self.next as u64;
    }

    fn settle(&mut self, count: usize) {
        for _ in 0..count {
            let Some(n) = first_flying(&self.flying) else {
                return;
            };
            let doc = self.flying[n].take().unwrap();
            settle(&mut self.lab, &doc, n);
        }
    }

    fn crash(&mut self) {
        self.next = first_flying(&self.flying).unwrap_or(self.next);
        self.flying.truncate(self.next);
        self.last_batch = self.next;
        self.lab.restart();
    }

    /// Goes back to the beginning of the last batch, if nothing of it is settled: it was not passed on.
    fn again(&mut self) {
        let unsettled = self
            .flying
            .get(self.last_batch)
            .is_some_and(Option::is_some);
        if unsettled {
            self.next = self.last_batch;
            self.flying.truncate(self.next);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    /// Scenario: documents of two sites, some of which fail later, in batches of any size, settled at
    /// any time, with crashes.
    /// Guarantees: each document comes out as if it had been alone in the pipeline.
    #[test]
    fn what_is_in_flight_makes_no_difference(moves in moves()) {
        let mut run = Run::new();
        for next in moves {
            match next {
                Move::Offer(count) => run.offer(count),
                Move::Settle(count) => run.settle(count),
                Move::Crash => run.crash(),
                Move::Again => run.again(),
            }
        }
        while run.next < PAGES {
            run.offer(9);
            run.settle(3);
        }
        let expected = one_by_one();
        for (n, (found, expected)) in run.out.iter().zip(&expected).enumerate() {
            prop_assert_eq!(found, expected, "document {}", n);
        }
        prop_assert_eq!(run.out.len(), PAGES);
        prop_assert!(expected.iter().any(|told| told.contains("repeat:")));
    }
}

#[test]
fn a_document_waits_for_the_fates_it_depends_on_and_no_others() {
    let mut lab = Lab::new(LAGGING);
    let mut docs = Vec::new();
    for n in 0..8 {
        let mut doc = lab.document(ARABIC.name, &ARABIC.page(n));
        assert_eq!(lab.offer(&mut doc).unwrap(), Verdict::Pass);
        docs.push(doc);
    }
    // Number 8 sees those below 4.
    let mut doc = lab.document(ARABIC.name, &ARABIC.page(8));
    for early in &docs[..4] {
        assert_eq!(lab.offer(&mut doc).unwrap(), Verdict::Defer);
        lab.deliver(early);
    }
    assert_eq!(lab.offer(&mut doc).unwrap(), Verdict::Pass);
    assert!(!doc.facts().removed.is_empty());
}

/// Guarantees: rows are forgotten when nothing reads them any more, so the store does not grow; and
/// neither does memory.
#[test]
fn what_is_out_of_reach_is_forgotten() {
    let mut lab = Lab::new(LAGGING);
    for n in 0..400 {
        let (site, text) = page(n);
        let mut doc = lab.document(site, &text);
        assert_eq!(lab.offer(&mut doc).unwrap(), Verdict::Pass);
        // Rows that would have gone with a document that fails go with another one.
        settle(&mut lab, &doc, n);
        assert!(lab.stored().len() <= 3 * 24, "{} rows", lab.stored().len());
        let (counters, rows) = lab.stage.held();
        assert!(
            counters <= LAGGING.max_counters && rows <= 8,
            "{counters} {rows}"
        );
    }
    lab.restart();
    lab.pass("desk", "a line");
    assert!(lab.stored()[0] >= 400 - 3 * 24, "{:?}", lab.stored());
}

/// Scenario: one group whose lines alone would fill all counters.
/// Guarantees: both generations together stay within the bound.
#[test]
fn one_group_can_not_take_more_than_all_room() {
    let mut lab = Lab::new(StripRepeatsOptions {
        max_lines: 64,
        ..LAGGING
    });
    for n in 0..60 {
        let lines: Vec<_> = (0..20).map(|line| ordinal(n * 20 + line)).collect();
        lab.pass("desk", &lines.join("\n"));
        let (counters, _) = lab.stage.held();
        assert!(counters <= 64, "{counters}");
    }
}

/// Guarantees: site lines that are no more in use are forgotten after two windows at the latest.
#[test]
fn old_lines_are_forgotten() {
    let mut lab = Lab::new(LAGGING);
    let body = |n: usize| ENGLISH.body_text(n);
    for n in 0..20 {
        lab.pass("desk", &format!("Old slogan\n{}", body(n)));
    }
    let passes = |lab: &mut Lab, n: usize| {
        let text = format!("Old slogan\n{}", body(n));
        lab.pass("desk", &text).text().unwrap() == text
    };
    assert!(!passes(&mut lab, 20));
    for n in 21..80 {
        lab.pass("desk", &body(n));
    }
    assert!(passes(&mut lab, 80));
}

#[test]
fn what_another_version_stored_is_refused() {
    use jadwal_core::state::{Commit, StateStore, StateWrite};
    let mut lab = Lab::new(eager());
    let write = StateWrite {
        stage: STAGE.to_owned(),
        key: row_key(0).to_vec(),
        value: Some(b"\xFFnews".to_vec()),
    };
    let commit = Commit {
        writes: vec![write],
        ..Commit::default()
    };
    lab.store.commit(&commit).unwrap();
    let mut doc = lab.document("desk", "a line");
    let error = lab.offer(&mut doc).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Fatal);
    assert!(error.to_string().contains("jadwal state forget"));
}

#[test]
fn without_counts_documents_pass_untouched() {
    let options = StripRepeatsOptions {
        counts: crate::options::Counting::Off,
        ..eager()
    };
    let mut lab = Lab::new(options);
    for n in 0..30 {
        let page = ENGLISH.page(n);
        let doc = lab.pass("desk", &page);
        assert_eq!(doc.text().unwrap(), page);
    }
    assert!(lab.stored().is_empty());
    let finished = futures::executor::block_on(lab.stage.finish(&StageCx::inline(STAGE)));
    assert!(finished.is_ok());
}
