//! The stage as the runtime drives it, against a store in memory.

mod near;
mod options;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::executor::block_on;
use jadwal_core::origin::{Edited, OriginMap};
use jadwal_core::state::{ScanVisitor, StateError, StateRead};
use jadwal_core::{
    Batch, Clock, Document, DropReason, ErrorClass, Fate, Provenance, Settled, Slot, Stage,
    StageCx, StageDeps, StageResult, StageSpec, Verdict,
};
use proptest::prelude::*;

use crate::stage::DedupStage;
use crate::{Dedup, DedupOptions, Policies, Policy};

const STAGE: &str = "dedup";

/// Values by stage and key.
type Values = BTreeMap<(String, Vec<u8>), Vec<u8>>;

/// The committed state; `broken` makes every read fail.
#[derive(Default)]
struct Memory {
    values: Mutex<Values>,
    broken: AtomicBool,
}

impl StateRead for Memory {
    fn get(&self, stage: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        if self.broken.load(Ordering::Relaxed) {
            return Err(StateError::new("read the store", "the disk is gone"));
        }
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(values.get(&(stage.to_owned(), key.to_vec())).cloned())
    }

    fn scan(
        &self,
        stage: &str,
        keys: std::ops::Range<&[u8]>,
        visit: &mut ScanVisitor<'_>,
    ) -> Result<(), StateError> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = [keys.start, keys.end].map(|key| (stage.to_owned(), key.to_vec()));
        let [from, to] = ends;
        for ((_, key), value) in values.range(from..to) {
            if visit(key, value).is_break() {
                break;
            }
        }
        Ok(())
    }
}

/// A stage with its store, and the runtime's part: admission numbers, commits, settlements.
struct Lab {
    state: Arc<Memory>,
    options: DedupOptions,
    dedup: DedupStage,
    next_seq: u64,
}

impl Lab {
    fn new(options: DedupOptions) -> Self {
        let state = Arc::new(Memory::default());
        let dedup = stage(&options, &state);
        Self {
            state,
            options,
            dedup,
            next_seq: 0,
        }
    }

    fn with_policy(policy: Policy) -> Self {
        Self::new(DedupOptions {
            policy: Policies::all(policy),
            ..DedupOptions::default()
        })
    }

    /// Loses what is in memory, as a crash does.
    fn restart(&mut self) {
        self.dedup = stage(&self.options, &self.state);
    }

    /// Returns a new document. Every other one is prepared, as the runtime does it: nobody may notice.
    fn document(&mut self, raw: &str, text: &str) -> Document {
        let mut doc = Document::new(Bytes::copy_from_slice(raw.as_bytes()), provenance());
        doc.set_seq(self.next_seq);
        self.next_seq += 1;
        doc.replace_text(Edited {
            text: text.to_owned(),
            map: OriginMap::identity(text.len()),
        });
        if let Some(preparation) = self
            .dedup
            .preparation()
            .filter(|_| doc.seq().is_multiple_of(2))
        {
            assert_eq!(preparation.apply(&mut doc).unwrap(), Verdict::Pass);
        }
        doc
    }

    /// Offers a document whose raw bytes are its text.
    fn offer(&mut self, text: &str) -> (Document, Verdict) {
        let doc = self.document(text, text);
        self.offer_document(doc)
    }

    fn offer_document(&mut self, mut doc: Document) -> (Document, Verdict) {
        let verdict = block_on(self.dedup.process(&mut doc, &StageCx::inline(STAGE))).unwrap();
        (doc, verdict)
    }

    fn offer_batch(
        &mut self,
        docs: Vec<Document>,
    ) -> StageResult<Vec<(Document, Option<StageResult>)>> {
        let mut batch = Batch {
            slots: docs.into_iter().map(Slot::new).collect(),
        };
        block_on(
            self.dedup
                .process_batch(&mut batch, &StageCx::inline(STAGE)),
        )?;
        Ok(batch.slots.into_iter().map(Slot::into_parts).collect())
    }

    fn deliver(&mut self, doc: &Document) {
        let mut values = self.state.values.lock().unwrap();
        for write in doc.delivery_writes() {
            let key = (write.stage.clone(), write.key.clone());
            match &write.value {
                Some(value) => values.insert(key, value.clone()),
                None => values.remove(&key),
            };
        }
        drop(values);
        self.settle(doc, Fate::Delivered);
    }

    fn quarantine(&mut self, doc: &Document) {
        let fate = Fate::Quarantined {
            stage: "emit".to_owned(),
            error: "too long".to_owned(),
        };
        self.settle(doc, fate);
    }

    fn settle(&mut self, doc: &Document, fate: Fate) {
        let settled = Settled {
            id: doc.id(),
            seq: doc.seq(),
            fate,
        };
        block_on(self.dedup.settled(&[settled], &StageCx::inline(STAGE))).unwrap();
    }
}

fn stage(options: &DedupOptions, state: &Arc<Memory>) -> DedupStage {
    DedupStage::new(options.clone(), &deps(Arc::clone(state)))
}

fn deps(state: Arc<Memory>) -> StageDeps {
    StageDeps {
        stage: STAGE.to_owned(),
        pipeline: Arc::default(),
        state,
        clock: Clock::fixed(jiff::Timestamp::UNIX_EPOCH),
        base_dir: ".".into(),
    }
}

fn provenance() -> Provenance {
    Provenance {
        file_path: "a.txt".to_owned(),
        file_bytes: 0,
        modified: jiff::Timestamp::UNIX_EPOCH,
        record_index: 0,
        bytes: 0..0,
    }
}

fn duplicate(of: &Document, by: &str) -> Verdict {
    Verdict::Drop(DropReason::Duplicate {
        of: of.id(),
        similarity: 1.0,
        by: by.to_owned(),
    })
}

#[test]
fn a_new_document_is_the_first_of_its_cluster() {
    let mut lab = Lab::with_policy(Policy::Drop);
    let (doc, verdict) = lab.offer("فتح المعبر صباح اليوم");
    assert_eq!(verdict, Verdict::Pass);
    let facts = doc.facts().duplicate.clone().unwrap();
    assert_eq!(facts.cluster_id, doc.id().to_string());
    assert_eq!((facts.cluster_size, facts.similarity), (1, 0.0));
    assert_eq!(facts.duplicate_of, "");
    assert_eq!(doc.delivery_writes().len(), 2);
}

#[test]
fn a_twin_in_flight_waits_and_is_dropped_after_the_delivery() {
    let mut lab = Lab::with_policy(Policy::Drop);
    let (first, _) = lab.offer("one text");
    let (twin, verdict) = lab.offer("one text");
    assert_eq!(verdict, Verdict::Defer);
    assert!(twin.facts().duplicate.is_none());

    lab.deliver(&first);
    let (_, verdict) = lab.offer_document(twin);
    assert_eq!(verdict, duplicate(&first, "raw"));
    assert!(lab.dedup.holds_nothing());
}

#[test]
fn a_twin_passes_when_the_first_is_quarantined() {
    let mut lab = Lab::with_policy(Policy::Drop);
    let (first, _) = lab.offer("one text");
    let (twin, _) = lab.offer("one text");
    lab.quarantine(&first);
    let (twin, verdict) = lab.offer_document(twin);
    assert_eq!(verdict, Verdict::Pass);
    lab.deliver(&twin);
    assert_eq!(lab.offer("one text").1, duplicate(&twin, "raw"));
}

/// Scenario: the process dies after the look-up and before the commit.
/// Guarantees: the second attempt is no duplicate of the first.
#[test]
fn a_lost_attempt_leaves_no_claim() {
    let mut lab = Lab::with_policy(Policy::Drop);
    assert_eq!(lab.offer("one text").1, Verdict::Pass);
    lab.restart();
    assert_eq!(lab.offer("one text").1, Verdict::Pass);
}

#[test]
fn a_document_offered_again_does_not_wait_for_itself() {
    let mut lab = Lab::with_policy(Policy::Drop);
    let doc = lab.document("one text", "one text");
    assert_eq!(lab.offer_document(doc.clone()).1, Verdict::Pass);
    assert_eq!(lab.offer_document(doc).1, Verdict::Pass);
}

#[test]
fn spellings_of_one_text_are_twins_and_other_figures_are_not() {
    let cases = [
        ("أعلن إبراهيم الخبر", "اعلن ابراهيم الخبر", true),
        ("افتتاح الحديقة", "افتتاح الحديـــقة", true),
        ("زارها ١٢٠ ألفا", "زارها 120 ألفا", true),
        ("قال: «نعم»، ثم مضى.", "قال نعم ثم مضى", true),
        ("مُدَرِّسٌ", "مدرس", true),
        ("The Port re-opens", "the port re opens!", true),
        ("زارها ١٢٠ ألفا", "زارها ١٣٠ ألفا", false),
        ("ارتفع 2.5 بالمئة", "ارتفع 25 بالمئة", false),
        ("the port opens", "the port opened", false),
    ];
    for (left, right, twins) in cases {
        let mut lab = Lab::with_policy(Policy::Drop);
        let (first, _) = lab.offer(left);
        lab.deliver(&first);
        let wanted = if twins {
            duplicate(&first, "text")
        } else {
            Verdict::Pass
        };
        assert_eq!(lab.offer(right).1, wanted, "{left} and {right}");
    }
}

#[test]
fn options_choose_what_is_compared() {
    let cases = [
        (true, false, "a b", "A b", false),
        (true, false, "a b", "a b", true),
        (false, true, "a b", "A, b", true),
        (false, true, "a b", "a c", false),
    ];
    for (raw, text, left, right, twins) in cases {
        let mut lab = Lab::new(DedupOptions {
            policy: Policies::all(Policy::Drop),
            raw,
            text,
            ..DedupOptions::default()
        });
        let (first, _) = lab.offer(left);
        assert_eq!(first.delivery_writes().len(), 1);
        lab.deliver(&first);
        let dropped = lab.offer(right).1 != Verdict::Pass;
        assert_eq!(dropped, twins, "raw {raw}, text {text}: {left} and {right}");
    }
}

#[test]
fn texts_without_a_letter_are_twins_by_their_bytes_only() {
    let mut lab = Lab::with_policy(Policy::Drop);
    let (first, _) = lab.offer("***");
    assert_eq!(first.delivery_writes().len(), 1);
    lab.deliver(&first);
    assert_eq!(lab.offer("---").1, Verdict::Pass);
    assert_eq!(lab.offer("***").1, duplicate(&first, "raw"));
}

#[test]
fn a_marked_copy_joins_the_cluster_with_the_keys_of_its_own() {
    let mut lab = Lab::with_policy(Policy::Mark);
    let (first, _) = lab.offer("A text");
    lab.deliver(&first);

    let (copy, verdict) = lab.offer("a text");
    assert_eq!(verdict, Verdict::Pass);
    let facts = copy.facts().duplicate.clone().unwrap();
    assert_eq!(facts.duplicate_of, first.id().to_string());
    assert_eq!(facts.cluster_id, first.id().to_string());
    assert_eq!((facts.cluster_size, facts.similarity), (2, 1.0));
    // Its raw key and the size of the cluster.
    assert_eq!(copy.delivery_writes().len(), 2);

    let other = lab.document("a text", "other words");
    let (other, verdict) = lab.offer_document(other);
    assert_eq!(
        verdict,
        Verdict::Defer,
        "the copy's raw key is still in flight"
    );
    lab.deliver(&copy);
    let (other, verdict) = lab.offer_document(other);
    assert_eq!(verdict, Verdict::Pass);
    let facts = other.facts().duplicate.clone().unwrap();
    assert_eq!(facts.cluster_id, first.id().to_string());
}

#[test]
fn a_kept_copy_is_a_document_of_its_own_that_tells_its_relation() {
    let mut lab = Lab::with_policy(Policy::Keep);
    let (first, _) = lab.offer("A text");
    lab.deliver(&first);
    let (copy, verdict) = lab.offer("a text");
    assert_eq!(verdict, Verdict::Pass);
    let facts = copy.facts().duplicate.clone().unwrap();
    assert_eq!(facts.duplicate_of, "");
    assert_eq!(facts.cluster_id, first.id().to_string());
    let told = &copy.extra()[STAGE];
    assert_eq!(told["relation"], "text");
    assert_eq!(told["of"], first.id().to_string());
    lab.deliver(&copy);
    assert!(lab.dedup.holds_nothing());
}

#[test]
fn a_batch_stops_at_the_first_document_that_has_to_wait() {
    let mut lab = Lab::with_policy(Policy::Drop);
    let docs = ["one", "two", "One", "three"]
        .map(|text| lab.document(text, text))
        .to_vec();
    let slots = lab.offer_batch(docs).unwrap();
    let verdicts: Vec<_> = slots
        .iter()
        .map(|(_, result)| result.as_ref().map(|result| result.as_ref().unwrap()))
        .collect();
    assert_eq!(
        verdicts,
        [
            Some(&Verdict::Pass),
            Some(&Verdict::Pass),
            Some(&Verdict::Defer),
            None
        ]
    );

    let mut docs: Vec<_> = slots.into_iter().map(|(doc, _)| doc).collect();
    lab.deliver(&docs[0]);
    lab.deliver(&docs[1]);
    let slots = lab.offer_batch(docs.split_off(2)).unwrap();
    let verdicts: Vec<_> = slots
        .into_iter()
        .map(|(_, result)| result.unwrap().unwrap())
        .collect();
    assert_eq!(verdicts, [duplicate(&docs[0], "text"), Verdict::Pass]);
}

#[test]
fn a_store_that_fails_for_a_moment_leaves_no_reservation() {
    let mut lab = Lab::with_policy(Policy::Drop);
    let docs = ["one", "two"].map(|text| lab.document(text, text)).to_vec();
    lab.state.broken.store(true, Ordering::Relaxed);
    let error = lab.offer_batch(docs.clone()).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Transient);
    assert!(lab.dedup.holds_nothing());

    lab.state.broken.store(false, Ordering::Relaxed);
    for (_, result) in lab.offer_batch(docs).unwrap() {
        assert_eq!(result.unwrap().unwrap(), Verdict::Pass);
    }
}

#[test]
fn a_value_of_an_unknown_layout_stops_the_pipeline() {
    let mut lab = Lab::with_policy(Policy::Drop);
    let (first, _) = lab.offer("one");
    lab.deliver(&first);
    for value in lab.state.values.lock().unwrap().values_mut() {
        value[0] = 9;
    }
    let mut doc = lab.document("one", "one");
    let error = block_on(lab.dedup.process(&mut doc, &StageCx::inline(STAGE))).unwrap_err();
    assert_eq!(error.class(), ErrorClass::Fatal);
}

proptest! {
    /// Scenario: few different texts, batches of any size, each document delivered or quarantined.
    /// Guarantees: each text is delivered once at most, and only quarantined ones not at all.
    #[test]
    fn each_text_is_delivered_once_however_batches_fall(
        stream in prop::collection::vec((0_u8..6, prop::bool::weighted(0.8)), 1..40),
        size in 1_usize..9,
    ) {
        let mut lab = Lab::with_policy(Policy::Drop);
        let mut waiting: Vec<_> = stream
            .iter()
            .map(|(text, fate)| (lab.document(&text.to_string(), &text.to_string()), *fate))
            .collect();
        let mut delivered = Vec::new();
        while !waiting.is_empty() {
            let offered: Vec<_> = waiting.iter().take(size).map(|(doc, _)| doc.clone()).collect();
            let slots = lab.offer_batch(offered).unwrap();
            let mut done = 0;
            for (doc, result) in slots {
                match result.map(Result::unwrap) {
                    Some(Verdict::Pass) if waiting[done].1 => {
                        delivered.push(doc.id());
                        lab.deliver(&doc);
                    }
                    Some(Verdict::Pass) => lab.quarantine(&doc),
                    Some(Verdict::Drop(reason)) => lab.settle(&doc, Fate::Dropped(reason)),
                    Some(Verdict::Defer) | None => break,
                }
                done += 1;
            }
            prop_assert!(done > 0, "the first of a batch never waits when all before it are settled");
            waiting.drain(..done);
        }
        let mut wanted: Vec<_> = stream
            .iter()
            .filter(|(_, fate)| *fate)
            .map(|(text, _)| jadwal_core::DocumentId::of(text.to_string().as_bytes()))
            .collect();
        wanted.sort_unstable();
        wanted.dedup();
        delivered.sort_unstable();
        prop_assert_eq!(delivered, wanted);
        prop_assert!(lab.dedup.holds_nothing());
    }
}
