//! When what is looked at again without an event: each root often, changed folders now and then,
//! everything seldom.
//!
//! Listing takes at most a fixed share of the time, so the spans between rounds grow with the tree.

use std::collections::VecDeque;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jadwal_core::state::FileIdentity;
use tracing::{info, warn};

use crate::look::identity_of;
use crate::options::FolderOptions;
use crate::walk::Why;
use crate::watches::FolderId;

/// Time between two looks at the roots.
const ROOTS: Duration = Duration::from_millis(1500);

/// Time between two looks at all known folders, where events are used.
const CHANGED: Duration = Duration::from_secs(30);

/// A full listing takes at most one part in this many of the time.
const SHARE: u32 = 500;

/// The same for listing changed folders where there are no events to find new files by.
const POLLING_SHARE: u32 = 20;

/// Something whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    /// This root is gone.
    Lost(usize),
    /// This root, a folder, is there, or is another one than before.
    Arrived(usize),
    /// This root, a file, is another version than before.
    Touched(usize),
    /// Look which folders changed.
    Changed,
    /// List everything.
    Full,
}

/// The schedule.
#[derive(Debug)]
pub(crate) struct Rounds {
    roots: Vec<(PathBuf, RootState)>,
    poll_interval: Duration,
    reconcile: Duration,
    pending: VecDeque<Round>,
    next_roots: Instant,
    next_changed: Instant,
    next_full: Instant,
    /// The listing that is under way; the first one is, from the start.
    running: Option<Running>,
    /// What the last full listing took.
    last_full: Duration,
    /// Whether events were lost since the last full listing began.
    events_lost: bool,
    started: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RootState {
    Unknown,
    Missing,
    Folder(FolderId),
    File(FileIdentity),
}

/// A round whose listing is not done yet.
#[derive(Debug, Default)]
struct Running {
    full: bool,
    spent: Duration,
}

impl Rounds {
    pub(crate) fn new(options: &FolderOptions) -> Self {
        let now = Instant::now();
        let paths = options.roots.iter().map(|root| root.path.clone());
        Self {
            roots: paths.map(|path| (path, RootState::Unknown)).collect(),
            poll_interval: options.poll_interval,
            reconcile: options.reconcile,
            pending: VecDeque::new(),
            next_roots: now,
            next_changed: now,
            next_full: now,
            running: Some(Running {
                full: true,
                spent: Duration::ZERO,
            }),
            last_full: Duration::ZERO,
            events_lost: false,
            started: false,
        }
    }

    /// Returns a round whose time has come.
    pub(crate) fn due(&mut self, now: Instant) -> Option<Round> {
        if now >= self.next_roots {
            self.next_roots = now + ROOTS;
            for index in 0..self.roots.len() {
                self.look_at_root(index);
            }
        }
        if let Some(round) = self.pending.pop_front() {
            return Some(round);
        }
        if self.running.is_some() {
            return None;
        }
        let full = now >= self.next_full;
        if !full && now < self.next_changed {
            return None;
        }
        self.running = Some(Running {
            full,
            spent: Duration::ZERO,
        });
        if !full {
            return Some(Round::Changed);
        }
        self.events_lost = false;
        Some(Round::Full)
    }

    /// Returns when the next round is due.
    pub(crate) fn next(&self) -> Instant {
        match self.running {
            Some(_) => self.next_roots,
            None => self.next_roots.min(self.next_full).min(self.next_changed),
        }
    }

    /// Notes that listing took this long.
    pub(crate) fn spent(&mut self, spent: Duration) {
        if let Some(running) = &mut self.running {
            running.spent += spent;
        }
    }

    /// Notes that nothing is left to list; returns whether that ends a full listing.
    pub(crate) fn finish(&mut self, now: Instant, polling: bool) -> bool {
        let Some(running) = self.running.take() else {
            return false;
        };
        let (interval, share) = match (running.full, polling) {
            (true, true) => (self.poll_interval, SHARE),
            (true, false) => (self.reconcile, SHARE),
            (false, true) => (self.poll_interval, POLLING_SHARE),
            (false, false) => (CHANGED, SHARE),
        };
        let wait = interval.max(running.spent.saturating_mul(share));
        if !running.full {
            self.next_changed = now + wait;
            return false;
        }
        self.started = true;
        self.last_full = running.spent;
        self.next_full = now + wait;
        self.next_changed = now + if polling { self.poll_interval } else { CHANGED };
        if self.events_lost {
            self.full_soon(now);
        }
        true
    }

    /// Notes that events were lost: everything is to be listed, but not all the time.
    pub(crate) fn events_lost(&mut self) {
        self.events_lost = true;
        if self.running.is_none() {
            self.full_soon(Instant::now());
        }
    }

    fn full_soon(&mut self, now: Instant) {
        let soon = now + self.last_full.saturating_mul(2);
        self.next_full = self.next_full.min(soon);
    }

    /// Returns what files found by listing everything were found by.
    pub(crate) fn why(&self) -> Why {
        if self.started { Why::Scan } else { Why::Start }
    }

    pub(crate) fn is_folder(&self, root: usize) -> bool {
        matches!(self.roots[root].1, RootState::Folder(_))
    }

    fn look_at_root(&mut self, index: usize) {
        let (path, before) = &mut self.roots[index];
        let now = match fs::metadata(&*path) {
            Ok(metadata) if metadata.is_dir() => RootState::Folder(FolderId::of(&metadata)),
            Ok(metadata) => RootState::File(identity_of(&metadata)),
            Err(_) => RootState::Missing,
        };
        if now == *before {
            return;
        }
        let path = path.display();
        match now {
            RootState::Missing => warn!(%path, "the folder is not there; waiting for it"),
            _ if *before == RootState::Missing => info!(%path, "the folder is there"),
            RootState::Folder(_) if *before != RootState::Unknown => {
                info!(%path, "the folder was replaced");
            }
            _ => {}
        }
        *before = now;
        self.pending.push_back(match now {
            RootState::Folder(_) => Round::Arrived(index),
            RootState::File(_) => Round::Touched(index),
            RootState::Missing | RootState::Unknown => Round::Lost(index),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Root;

    fn rounds() -> Rounds {
        Rounds::new(&FolderOptions {
            roots: vec![Root {
                path: "/nowhere/at/all".into(),
                label: String::new(),
            }],
            ..FolderOptions::default()
        })
    }

    #[test]
    fn the_span_between_full_listings_grows_with_what_they_take() {
        let mut rounds = rounds();
        let now = Instant::now();
        assert_eq!(rounds.due(now), Some(Round::Lost(0)));
        assert_eq!(rounds.due(now), None);
        assert_eq!(rounds.why(), Why::Start);
        rounds.spent(Duration::from_secs(10));
        assert!(rounds.finish(now, false));
        assert_eq!(rounds.why(), Why::Scan);
        let later = now + Duration::from_secs(4_990);
        assert_eq!(rounds.due(later), Some(Round::Changed));
        assert!(!rounds.finish(later, false));
        let later = now + Duration::from_secs(5_010);
        assert_eq!(rounds.due(later), Some(Round::Full));
    }

    #[test]
    fn lost_events_bring_a_full_listing_soon_even_while_one_is_under_way() {
        let mut rounds = rounds();
        let now = Instant::now();
        while rounds.due(now).is_some() {}
        rounds.events_lost();
        rounds.spent(Duration::from_secs(1));
        assert!(rounds.finish(now, false));
        assert_eq!(rounds.due(now), None);
        assert_eq!(rounds.due(now + Duration::from_secs(2)), Some(Round::Full));
    }
}
