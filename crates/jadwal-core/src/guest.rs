//! What a stage outside this process's trust may see of a document and do to it.
//!
//! A *guest* is a stage in another process or in a sandbox. It is shown a [`DocumentView`] and
//! answers with a [`Reply`]; [`apply`] checks every word of the reply before the first one is acted on.
//! A bad reply is an error of that document, never a panic, and leaves the document as it was.
//!
//! **Units.** A guest says once, in its [`Declaration`], whether it counts bytes, code points or
//! UTF-16 units. All offsets it is shown and all it gives are in that unit, and of the text it was
//! shown: entities of a reply are moved along with its edits. Offsets between two units of one
//! character are refused.
//!
//! | module | idea |
//! |---|---|
//! | `declaration` | what a guest says of itself before the first document |
//! | `offsets` | between bytes and the guest's unit |
//! | `view` | a document as the guest sees it |
//! | `reply` | what the guest answers |
//! | `edits` | checked edits, and where they move a span |
//! | `apply` | a checked reply to a changed document |

mod apply;
mod base64;
mod declaration;
mod edits;
mod offsets;
mod reply;
#[cfg(test)]
mod tests;
mod view;

pub use apply::apply;
pub use declaration::{Declaration, GuestFact, Sees};
pub use offsets::{OffsetUnit, Offsets};
pub use reply::{Edit, FailClass, NewEntity, Reply, ReplyVerdict};
pub use view::{BlockView, DocumentView, EntityView, LanguageView, SegmentView};
