//! What the source did so far, for the metrics and the progress bar.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

macro_rules! stats {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// Counters that the source keeps; shared, read at any time through
        /// [`SourceStats::counts`].
        #[derive(Debug, Default)]
        pub struct SourceStats {
            $(pub(crate) $name: Count,)+
            polling: AtomicBool,
        }

        /// The counters at one moment.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct SourceCounts {
            $($(#[doc = $doc])+ pub $name: u64,)+
            /// Whether changes are found by listing alone.
            pub polling: bool,
        }

        impl SourceStats {
            /// Returns the counters as they are now.
            #[must_use]
            pub fn counts(&self) -> SourceCounts {
                SourceCounts {
                    $($name: self.$name.get(),)+
                    polling: self.polling.load(Ordering::Relaxed),
                }
            }
        }
    };
}

stats! {
    /// Files that a batch found to read; 0 until all are listed.
    total_files,
    /// Their bytes on disk.
    total_bytes,
    /// Files that a batch passed over because no glob of `include` takes their names.
    passed_over,
    /// Files that a batch found done already.
    done_before,
    /// Files whose records were all submitted.
    admitted_files,
    /// Their bytes on disk.
    admitted_bytes,
    /// Records submitted, refused ones included.
    documents,
    /// Records refused by the source.
    refused,
    /// Files found when the source started.
    found_at_start,
    /// Files found through an event.
    found_by_event,
    /// Files that only a later scan found: events missed them.
    found_by_scan,
    /// Folders known (and watched, unless polling).
    folders,
    /// Files that wait until they are complete or until there is room.
    waiting,
    /// Files put back because they changed while they were read.
    changed_while_read,
    /// Files that a batch left because they would not stand still or could not be read.
    left,
    /// Files and folders that may not be read.
    unreadable,
    /// Files that vanished before they were read.
    vanished,
    /// FIFOs, sockets, devices, and symbolic links that are not followed.
    special,
    /// Reads that failed and were put off.
    read_errors,
    /// Files that a batch left because their marker is missing.
    unmarked,
    /// Files that were moved or removed after the commit.
    settled_away,
    /// Files that could not be moved or removed.
    settle_failures,
    /// Full listings made.
    full_scans,
}

impl SourceStats {
    pub(crate) fn set_polling(&self) {
        self.polling.store(true, Ordering::Relaxed);
    }
}

/// A number that several threads count with.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
