//! A daemon in a place, started and killed as the test says.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::drops::{Drops, SETTLE};
use crate::oracle;
use crate::place::{Place, Running};
use crate::random::Random;
use crate::wait::{LIMIT, wait_until, waited};

/// What a run varies.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Variant {
    pub(crate) output: &'static str,
    pub(crate) on_done: &'static str,
    /// Ending of done markers; empty for none.
    pub(crate) marker: &'static str,
    pub(crate) stages: &'static str,
    /// Tables of further stages.
    pub(crate) options: &'static str,
}

impl Variant {
    pub(crate) const PLAIN: Self = Self {
        output: "out/records.jsonl",
        on_done: "keep",
        marker: "",
        stages: r#"["clean", "dedup", "emit"]"#,
        options: "",
    };

    pub(crate) const PACKED: Self = Self {
        output: "out/records.jsonl.zst",
        on_done: "move",
        ..Self::PLAIN
    };

    /// Small limits, so that batches, segments and commits are many.
    pub(crate) fn config(&self) -> String {
        let Self {
            output,
            on_done,
            marker,
            stages,
            options,
        } = self;
        format!(
            "[pipeline]\nname = \"crash\"\nstages = {stages}\nworkers = 2\nbatch_size = 8\nqueue = 4\n\
             max_in_flight = 48\nbreaker.enabled = false\n\n\
             [source]\nsettle = \"{}ms\"\non_done = \"{on_done}\"\ndone_marker = \"{marker}\"\n\n\
             [stages.emit.options]\npath = \"{output}\"\nroll_bytes = \"12 KiB\"\n\n{options}",
            SETTLE.as_millis()
        )
    }
}

/// A place, what is dropped into it, and how often its daemon was killed.
pub(crate) struct Machine {
    pub(crate) variant: Variant,
    pub(crate) place: Place,
    pub(crate) drops: Drops,
    pub(crate) random: Random,
    pub(crate) kills: u64,
    /// Records that were settled before the last life, the undisturbed one.
    pub(crate) settled_before: u64,
}

impl Machine {
    pub(crate) fn new(variant: Variant, seed: u64) -> Self {
        let place = Place::with_config(&variant.config());
        Self {
            drops: Drops::new(&place, variant.marker, Random::new(seed ^ 0xD80B)),
            random: Random::new(seed),
            place,
            variant,
            kills: 0,
            settled_before: 0,
        }
    }

    /// Starts the daemon with these faults.
    pub(crate) fn start(&self, faults: &str) -> Running {
        let daemon = self.place.jadwal(["run", "--log", "warn"]);
        daemon.env("JADWAL_FAULT", faults).start()
    }

    /// Starts the daemon with these faults and waits until it listens to signals.
    pub(crate) fn start_listening(&self, faults: &str) -> Running {
        let daemon = self.place.jadwal(["run", "--log", "info"]);
        let daemon = daemon.env("JADWAL_FAULT", faults).start();
        wait_until("it runs", || daemon.errors().contains("running"));
        daemon
    }

    /// Drops files, one every few milliseconds, for `span` or until the daemon has ended.
    pub(crate) fn drop_for(&mut self, span: Duration, daemon: &mut Running) {
        let end = Instant::now() + span;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let pause = Duration::from_millis(self.random.within(1..30));
            if waited(pause.min(left), || daemon.has_ended()) || Instant::now() >= end {
                return;
            }
            self.drops.drop_one();
        }
    }

    /// One life: starts, drops files, kills after a time by chance; one in four while it starts.
    pub(crate) fn live_and_die(&mut self) {
        let (mut daemon, most) = match self.random.once_in(4) {
            true => (self.start(""), 60),
            false => (self.start_listening(""), 220),
        };
        let span = Duration::from_millis(self.random.within(2..most));
        self.drop_for(span, &mut daemon);
        assert!(!daemon.has_ended(), "it ended: {}", daemon.errors());
        daemon.signal(Signal::KILL);
        daemon.wait();
        self.kills += 1;
    }

    /// Lets the daemon finish in peace, stops it, and checks the law. `false` when a file was written
    /// so slowly that it was taken before its end: then the run says nothing.
    pub(crate) fn finish_and_check(&mut self) -> bool {
        self.drops.finish();
        let settled = settled_of(&self.status()["totals"]);
        self.settled_before = settled;
        let missing = self.drops.records().saturating_sub(settled);
        let mut daemon = self.start("");
        let done = waited(LIMIT, || {
            if daemon.has_ended() {
                return true;
            }
            let last = &self.status()["last"];
            last["pid"] == daemon.pid() && settled_of(&last["counters"]) >= missing
        });
        let outcome = daemon.stop();
        let documents = oracle::documents(&self.place);
        if self.drops.held_up && oracle::took_half_a_file(&documents, &self.drops) {
            return false;
        }
        assert!(
            done,
            "{missing} records were missing and did not all come; it said: {}",
            outcome.err
        );
        oracle::check(self, &documents);
        true
    }

    /// Whether every file left the inbox: a daemon that moves or deletes them is done then.
    pub(crate) fn all_left(&self) -> bool {
        let mut names = self.drops.files.keys();
        !names.any(|name| self.place.path("inbox").join(name).exists())
    }

    fn status(&self) -> Value {
        let outcome = self.place.jadwal(["status", "--format", "json"]).run();
        serde_json::from_slice(&outcome.expect(0).out).unwrap()
    }
}

/// Sums the fates; nothing was settled where there are no counts yet.
fn settled_of(counts: &Value) -> u64 {
    ["delivered", "dropped", "quarantined"]
        .iter()
        .filter_map(|fate| counts[fate].as_u64())
        .sum()
}

/// Runs a scenario with seeds that follow each other until one run says something, which is the
/// first one unless this machine is very busy; returns what that one leaves.
pub(crate) fn scenario(name: &str, variant: Variant, live: impl Fn(&mut Machine)) -> Machine {
    let first = crate::random::seed();
    for seed in first..first + 5 {
        println!("{name}: JADWAL_SEED={seed}");
        let begun = Instant::now();
        let mut machine = Machine::new(variant, seed);
        live(&mut machine);
        let counts = machine.finish_and_check();
        println!(
            "{name}: {} kills, {} files, {} records, {} of them settled before the last start, {:.1} s",
            machine.kills,
            machine.drops.files.len(),
            machine.drops.records(),
            machine.settled_before,
            begun.elapsed().as_secs_f64()
        );
        if counts {
            return machine;
        }
        println!("{name}: the test was too slow in writing a file; once more");
    }
    panic!("five times a file was taken while the test wrote it");
}
