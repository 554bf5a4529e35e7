//! One instance of a guest: calls with a deadline, errors in words.

use std::sync::Arc;

use jadwal_core::guest::Declaration;
use jadwal_core::units::{ByteSize, TimeSpan};
use tracing::{debug, error, info, warn};
use wasmtime::{Store, Trap};

use crate::bindings::jadwal::stage::host::{Host, Level};
use crate::bindings::jadwal::stage::types::{self, Document, Reply};
use crate::bindings::{Stage, StagePre};
use crate::convert;
use crate::limits::{Limits, TooMuchMemory};
use crate::ticker::Ticker;

/// Lines that a guest may log for one document; those after it are left out.
const LOG_LINES: u32 = 16;
/// Longest line of the log, in characters.
const LOG_LINE: usize = 2000;

/// What all instances of a stage share.
pub(crate) struct Recipe {
    pub(crate) pre: StagePre<Inside>,
    pub(crate) ticker: Ticker,
    pub(crate) stage: Arc<str>,
    /// JSON.
    pub(crate) settings: String,
    pub(crate) deadline: TimeSpan,
    pub(crate) start_timeout: TimeSpan,
    pub(crate) max_memory: ByteSize,
}

/// What the host keeps for one instance.
pub(crate) struct Inside {
    stage: Arc<str>,
    limits: Limits,
    lines_left: u32,
}

/// A guest that was started and has had its settings.
pub(crate) struct Instance {
    store: Store<Inside>,
    guest: Stage,
    pub(crate) served: u32,
}

/// Why a call gave no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("it took longer than {0}")]
    TooLong(TimeSpan),
    #[error("{0}")]
    TooMuchMemory(String),
    #[error("it trapped: {0}")]
    Trapped(String),
    #[error("it called `{0}`, which the sandbox does not have")]
    NotGranted(String),
    #[error("its answer can't be read: {0}")]
    Unreadable(String),
    #[error("it refused its settings: {0}")]
    Settings(String),
    #[error("its declaration is wrong: {0}")]
    Declaration(String),
}

impl Recipe {
    /// Starts an instance and returns it with what it says of itself.
    pub(crate) fn start(&self) -> Result<(Instance, Declaration), CallError> {
        let limit = self.start_timeout;
        let inside = Inside {
            stage: Arc::clone(&self.stage),
            limits: Limits::new(self.max_memory),
            lines_left: LOG_LINES,
        };
        let mut store = Store::new(self.pre.engine(), inside);
        store.limiter(|inside| &mut inside.limits);
        store.epoch_deadline_trap();
        // What a reply makes the host allocate: lists may point at the same bytes again and again.
        store.set_hostcall_fuel(usize::try_from(self.max_memory.bytes()).unwrap_or(usize::MAX));
        store.set_epoch_deadline(Ticker::counts(limit.0));
        let _running = self.ticker.run();
        let told = |error: wasmtime::Error| told(&error, limit);
        let guest = self.pre.instantiate(&mut store).map_err(told)?;
        let declaration = guest.call_declare(&mut store).map_err(told)?;
        let declaration = convert::declaration(declaration).map_err(CallError::Declaration)?;
        let configured = guest.call_configure(&mut store, &self.settings);
        configured.map_err(told)?.map_err(CallError::Settings)?;
        let instance = Instance {
            store,
            guest,
            served: 0,
        };
        Ok((instance, declaration))
    }

    /// Has `instance` work on a document. After an error the instance must be thrown away.
    pub(crate) fn process(
        &self,
        instance: &mut Instance,
        doc: Document<'_>,
    ) -> Result<Reply, CallError> {
        let store = &mut instance.store;
        store.data_mut().lines_left = LOG_LINES;
        store.set_epoch_deadline(Ticker::counts(self.deadline.0));
        instance.served += 1;
        let _running = self.ticker.run();
        let reply = instance.guest.call_process(store, doc);
        reply.map_err(|error| told(&error, self.deadline))
    }
}

/// Words an error of wasmtime.
fn told(error: &wasmtime::Error, limit: TimeSpan) -> CallError {
    if let Some(too_much) = error.downcast_ref::<TooMuchMemory>() {
        return CallError::TooMuchMemory(too_much.to_string());
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => CallError::TooLong(limit),
        Some(trap) => {
            let trap = trap.to_string();
            CallError::Trapped(trap.trim_start_matches("wasm trap: ").to_owned())
        }
        None => {
            let chain = one_line(&format!("{error:#}"));
            match missing_import(&chain) {
                Some(name) => CallError::NotGranted(name.to_owned()),
                None => CallError::Unreadable(chain),
            }
        }
    }
}

/// Returns the import that a guest called though nothing is behind it; wasmtime tells it in words only.
fn missing_import(chain: &str) -> Option<&str> {
    let (_, rest) = chain.split_once("unknown import: `")?;
    let (name, _) = rest.split_once('`')?;
    Some(name)
}

/// Joins the lines of an error, and cuts it to a readable length.
fn one_line(text: &str) -> String {
    let line = text.lines().collect::<Vec<_>>().join("; ");
    line.chars().take(500).collect()
}

impl Host for Inside {
    fn log(&mut self, level: Level, message: String) {
        if self.lines_left == 0 {
            return;
        }
        self.lines_left -= 1;
        let line: String = message.chars().take(LOG_LINE).collect();
        let stage = &*self.stage;
        match level {
            Level::Debug => debug!(stage, line, "said by a component"),
            Level::Info => info!(stage, line, "said by a component"),
            Level::Warn => warn!(stage, line, "said by a component"),
            Level::Error => error!(stage, line, "said by a component"),
        }
    }
}

impl types::Host for Inside {}
