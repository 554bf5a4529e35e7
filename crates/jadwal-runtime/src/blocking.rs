//! Runs work that may block on a disk without holding up other tasks.

/// Runs `work` in place; on a multi-thread runtime the other tasks of this worker move elsewhere
/// first.
pub fn block<R>(work: impl FnOnce() -> R) -> R {
    use tokio::runtime::{Handle, RuntimeFlavor};
    let multi_thread = Handle::try_current()
        .is_ok_and(|handle| handle.runtime_flavor() == RuntimeFlavor::MultiThread);
    if multi_thread {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is the one place that blocks"
        )]
        tokio::task::block_in_place(work)
    } else {
        work()
    }
}
