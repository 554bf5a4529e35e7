//! Finds complete files in drop folders and feeds them to the pipeline.
//!
//! The scan is the truth and file-system events only point at what to look at: events get lost
//! without an error, so everything that an event would have shown is also found by a listing. A
//! file is taken when it is complete, read only after the admission budget made room for it, and
//! moved or deleted only after all its records are committed.
//!
//! Memory is bounded by [`FolderOptions`], not by the number or size of files: a settled file costs
//! nothing, neither memory nor a handle. The crate needs a Unix system.
//!
//! | module | idea |
//! |---|---|
//! | `options` | what a user may set |
//! | `rules` | which paths are ours, and what they are called in records |
//! | `walk` | lists folders, one at a time, and can pause |
//! | `order` | sorts any number of files in bounded memory |
//! | `hints` | what events say, bounded |
//! | `candidates` | files that wait until they are complete |
//! | `watches` | the watched folders and what is known of them |
//! | `rounds` | when what is looked at again without an event |
//! | `daemon`, `batch` | the two ways a folder is worked through |
//! | `open`, `unpack`, `lines`, `json_record`, `refuse`, `session`, `read` | from a file to documents |
//! | `settler` | keep, move or delete, after the commit |
//! | `stdin` | standard input as a source |
//! | `retained` | raw bytes that were kept apart, back to documents |

mod batch;
mod candidates;
mod daemon;
mod flight;
mod folder;
mod hints;
mod json_record;
mod lines;
mod look;
mod open;
mod options;
mod order;
mod read;
mod refuse;
mod retained;
mod rounds;
mod rules;
mod session;
mod settler;
mod stats;
mod stdin;
mod unpack;
mod walk;
mod watches;

pub use folder::FolderSource;
pub use options::{FolderOptions, JsonlFields, OnDone, OptionsError, Root, WatchMode};
pub use retained::read_retained;
pub use rules::{escape_path, escaped_paths};
pub use settler::names_when_done;
pub use stats::{SourceCounts, SourceStats};
pub use stdin::{StdinOptions, StdinSource};
