//! Runs pipelines over scripted files and counts what became of every record.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jadwal_core::BuiltStage;
use jadwal_core::state::{
    Commit, DocumentRow, FateCounts, FileRow, StateError, StateRead, StateStore,
};
use jadwal_runtime::{
    BreakerSettings, Condition, Cpu, Limits, OnError, Pipeline, PlannedStage, Quarantine, RunError,
    Summary,
};
use jadwal_store::MemoryStore;

use crate::paper::Paper;
use crate::source::{ScriptFile, ScriptSource};

/// A pipeline over scripted files whose store and output survive its runs.
pub struct Lab {
    /// The durable state.
    pub store: Arc<FailingStore>,
    /// The output.
    pub paper: Paper,
    /// Bounds; change them before a run.
    pub limits: Limits,
    /// Threads of the CPU pool.
    pub workers: usize,
    /// Time a document may take in a stage.
    pub timeout: Duration,
    /// Retries of transient errors, and what follows them.
    pub retries: (u32, OnError),
    /// Conditions of stages, by id.
    pub conditions: Vec<(&'static str, Condition)>,
    files: Vec<ScriptFile>,
}

/// What a lab holds after a run.
#[derive(Debug)]
pub struct LabReport {
    /// How the run ended.
    pub result: Result<Summary, RunError>,
    /// Lines of the output.
    pub lines: Vec<String>,
    /// Rows of the ledger, in admission order.
    pub rows: Vec<DocumentRow>,
}

impl LabReport {
    /// Returns the fates in admission order: `delivered`, `dropped`, `quarantined`.
    #[must_use]
    pub fn fates(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row.fate.as_str()).collect()
    }
}

impl Lab {
    /// Returns a lab with these files in its folder.
    #[must_use]
    pub fn new(files: Vec<ScriptFile>) -> Self {
        Self {
            store: Arc::default(),
            paper: Paper::default(),
            limits: Limits {
                batch_size: 16,
                queue: 4,
                max_documents: 64,
                max_bytes: 1 << 20,
                breaker: BreakerSettings {
                    window: 0,
                    share: 1.0,
                },
            },
            workers: 2,
            timeout: Duration::from_secs(20),
            retries: (5, OnError::Stop),
            conditions: Vec::new(),
            files,
        }
    }

    /// Returns a lab with one file for each of `texts`.
    #[must_use]
    pub fn with_texts<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Self {
        let file = |(index, text): (usize, S)| {
            ScriptFile::new(
                &format!("{index:05}.txt"),
                [text.as_ref().as_bytes().to_vec()],
            )
        };
        Self::new(texts.into_iter().enumerate().map(file).collect())
    }

    /// Runs `stages` and then the paper over the files that are not done, and checks the law of
    /// conservation.
    pub async fn run(&self, stages: Vec<(&str, BuiltStage)>) -> LabReport {
        let store = Arc::clone(&self.store) as Arc<dyn StateStore>;
        let source = ScriptSource::new(self.files.clone(), Arc::clone(&store));
        let mut planned: Vec<_> = stages
            .into_iter()
            .map(|(id, built)| self.plan(id, built))
            .collect();
        planned.push(self.plan("paper", BuiltStage::stage(self.paper.clone())));
        let pipeline = Pipeline::new(
            planned,
            Box::new(source),
            store,
            Quarantine::discard(),
            self.limits,
            Cpu::new(self.workers),
        );
        let result = pipeline.run().await;
        let report = LabReport {
            result,
            lines: self.paper.lines(),
            rows: self.store.inner.documents(),
        };
        self.check_conservation(&report);
        report
    }

    fn plan(&self, id: &str, built: BuiltStage) -> PlannedStage {
        PlannedStage {
            id: id.to_owned(),
            when: self
                .conditions
                .iter()
                .find(|(stage, _)| *stage == id)
                .map(|(_, condition)| condition.clone()),
            built,
            timeout: self.timeout,
            retries: self.retries.0,
            on_error: self.retries.1,
            sink: id.starts_with("paper"),
        }
    }

    /// Records in = fates in the ledger + still there; each record has one fate; the output's
    /// committed part holds the delivered ones, in admission order.
    fn check_conservation(&self, report: &LabReport) {
        let records: usize = self.files.iter().map(|file| file.records.len()).sum();
        let mut places: Vec<_> = report
            .rows
            .iter()
            .map(|row| (row.file_path.clone(), row.record_index))
            .collect();
        places.sort();
        places.dedup();
        assert_eq!(places.len(), report.rows.len(), "a record has two fates");
        let left = records - places.len();
        if report.result.is_ok() {
            assert_eq!(left, 0, "a record has no fate, and the run ended well");
        }
        let delivered = report
            .rows
            .iter()
            .filter(|row| row.fate == "delivered")
            .count();
        let committed = self
            .store
            .position("paper")
            .ok()
            .flatten()
            .and_then(|bytes| bytes.try_into().ok())
            .map_or(0, u64::from_be_bytes);
        // A paper with a condition leaves some to other sinks.
        if self.conditions.iter().all(|(id, _)| *id != "paper") {
            assert_eq!(
                committed, delivered as u64,
                "the committed position covers the delivered records"
            );
        }
    }
}

/// A store in memory that refuses a commit when told to, as if the process had died there.
#[derive(Debug, Default)]
pub struct FailingStore {
    inner: MemoryStore,
    commits: AtomicU64,
    fail_at: AtomicU64,
}

impl FailingStore {
    /// Makes the `n`-th commit from now fail, before anything of it is true.
    pub fn fail_commit(&self, n: u64) {
        self.fail_at
            .store(self.commits.load(Ordering::SeqCst) + n, Ordering::SeqCst);
    }
}

impl StateRead for FailingStore {
    fn get(&self, stage: &str, key: &[u8]) -> Result<Option<Vec<u8>>, StateError> {
        self.inner.get(stage, key)
    }

    fn scan(
        &self,
        stage: &str,
        keys: std::ops::Range<&[u8]>,
        visit: &mut jadwal_core::state::ScanVisitor<'_>,
    ) -> Result<(), StateError> {
        self.inner.scan(stage, keys, visit)
    }
}

impl StateStore for FailingStore {
    fn file(&self, path: &Path) -> Result<Option<FileRow>, StateError> {
        self.inner.file(path)
    }

    fn resume(&self) -> Result<Option<PathBuf>, StateError> {
        self.inner.resume()
    }

    fn position(&self, stage: &str) -> Result<Option<Vec<u8>>, StateError> {
        self.inner.position(stage)
    }

    fn next_seq(&self) -> Result<u64, StateError> {
        self.inner.next_seq()
    }

    fn commit(&self, commit: &Commit) -> Result<(), StateError> {
        let number = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        if number == self.fail_at.load(Ordering::SeqCst) {
            return Err(StateError::new("commit", "told to fail"));
        }
        self.inner.commit(commit)
    }

    fn totals(&self) -> Result<FateCounts, StateError> {
        self.inner.totals()
    }
}
