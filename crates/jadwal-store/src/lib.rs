//! The durable state: ledger, fingerprints and sink positions in one transaction.
//!
//! One embedded LSM store ([fjall](https://docs.rs/fjall)) in one folder, opened by one process.
//! Everything that a batch of settled documents makes true goes into one atomic, synced write batch;
//! a crash leaves all of it or none of it.
//!
//! | keyspace | key | value |
//! |---|---|---|
//! | `files` | absolute path, bytes | [`FileRow`](jadwal_core::state::FileRow), JSON |
//! | `documents` | admission number, 8 bytes big-endian | [`DocumentRow`](jadwal_core::state::DocumentRow), JSON |
//! | `ids` | document id, admission number | empty |
//! | `stages` | stage id, NUL, the stage's key | the stage's value |
//! | `meta` | `format`, `next_seq`, `resume`, `totals`, `position:<stage>` | JSON or bytes |

mod error;
mod inspect;
mod lock;
mod memory;
mod store;

pub use error::StoreError;
pub use inspect::VerifyReport;
pub use memory::MemoryStore;
pub use store::Store;
