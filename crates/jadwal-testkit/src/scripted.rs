//! Stages that do what a document tells them to.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jadwal_core::state::{StateRead, StateWrite};
use jadwal_core::{
    Document, DropReason, Settled, Stage, StageCx, StageError, StageResult, Transform, Verdict,
};

/// A transform that obeys the first word of the raw bytes: `drop`, `fail`, `fatal`, `panic`, `hang`,
/// `spin`; anything else passes.
pub struct Scripted {
    gate: Mutex<Receiver<()>>,
    /// Dropping it ends what hangs.
    _release: SyncSender<()>,
}

impl Default for Scripted {
    fn default() -> Self {
        let (release, gate) = sync_channel(0);
        Self {
            gate: Mutex::new(gate),
            _release: release,
        }
    }
}

impl Transform for Scripted {
    fn apply(&self, doc: &mut Document) -> StageResult {
        match first_word(doc).as_str() {
            "drop" => Ok(Verdict::Drop(DropReason::Empty)),
            "fail" => Err(StageError::document("obey the script", "told to fail")),
            "fatal" => Err(StageError::fatal("obey the script", "told to stop")),
            "panic" => panic!("told to panic"),
            "hang" => {
                // Ends with the stage: the channel closes then.
                let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
                match gate.recv() {
                    Ok(()) | Err(_) => Ok(Verdict::Pass),
                }
            }
            "spin" => {
                // Uneven work, so that order is not kept by luck.
                let turns = doc.raw().iter().map(|byte| u64::from(*byte)).sum::<u64>() % 97;
                let sum = (0..turns * 500).fold(0u64, |sum, turn| sum.rotate_left(3) ^ turn);
                doc.set_extra("scripted", serde_json::json!(sum % 2));
                Ok(Verdict::Pass)
            }
            _ => Ok(Verdict::Pass),
        }
    }
}

fn first_word(doc: &Document) -> String {
    let text = String::from_utf8_lossy(doc.raw());
    text.split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// A small exact dedup: reserves in memory, records with the delivery, defers twins in flight.
pub struct TwinGuard {
    state: Arc<dyn StateRead>,
    reserved: HashMap<Vec<u8>, u64>,
}

impl TwinGuard {
    /// Returns a guard that looks delivered documents up in `state`, under the stage id `twins`.
    #[must_use]
    pub fn new(state: Arc<dyn StateRead>) -> Self {
        Self {
            state,
            reserved: HashMap::new(),
        }
    }
}

#[async_trait]
impl Stage for TwinGuard {
    async fn process(&mut self, doc: &mut Document, cx: &StageCx) -> StageResult {
        let key = doc.id().as_bytes().to_vec();
        if self.reserved.get(&key).is_some_and(|seq| *seq != doc.seq()) {
            return Ok(Verdict::Defer);
        }
        let known = self.state.get(cx.stage(), &key);
        let known = known.map_err(|error| StageError::fatal("look a twin up", error))?;
        if known.is_some() {
            return Ok(Verdict::Drop(DropReason::Duplicate {
                of: doc.id(),
                similarity: 1.0,
                by: "raw".to_owned(),
            }));
        }
        self.reserved.insert(key.clone(), doc.seq());
        doc.write_on_delivery(StateWrite {
            stage: cx.stage().to_owned(),
            key,
            value: Some(vec![1]),
        });
        Ok(Verdict::Pass)
    }

    async fn settled(&mut self, settled: &[Settled], _: &StageCx) -> StageResult<()> {
        for settled in settled {
            self.reserved.retain(|_, seq| *seq != settled.seq);
        }
        Ok(())
    }
}
