//! Named points at which a test can kill the process or make a system call fail.
//!
//! Without the feature `faults` every call is an empty inline function. With it, the environment
//! variable `JADWAL_FAULT` lists faults, separated by `;`:
//!
//! - `commit.before=abort@3`: the third time the point is passed, the process aborts at once, as
//!   after `kill -9`: nothing is flushed, no destructor runs.
//! - `emit.write=28@2..9`: the second to the eighth call fails with `errno` 28.

/// Passes the point `name`.
///
/// # Errors
/// Only a fault that a test asked for.
#[cfg(not(feature = "faults"))]
#[inline]
pub fn point(name: &'static str) -> std::io::Result<()> {
    let _ = name;
    Ok(())
}

#[cfg(feature = "faults")]
pub use active::point;

#[cfg(feature = "faults")]
mod active {
    use std::collections::HashMap;
    use std::io;
    use std::ops::Range;
    use std::sync::{LazyLock, Mutex, PoisonError};

    #[derive(Clone, Copy)]
    enum Action {
        Abort,
        Fail(i32),
    }

    struct Fault {
        name: String,
        action: Action,
        hits: Range<u64>,
    }

    static FAULTS: LazyLock<Vec<Fault>> = LazyLock::new(|| {
        std::env::var("JADWAL_FAULT")
            .unwrap_or_default()
            .split(';')
            .filter(|part| !part.is_empty())
            .map(|part| parse(part).unwrap_or_else(|| panic!("`{part}` is not a fault")))
            .collect()
    });

    static PASSED: LazyLock<Mutex<HashMap<&'static str, u64>>> = LazyLock::new(Mutex::default);

    fn parse(text: &str) -> Option<Fault> {
        let (name, rest) = text.split_once('=')?;
        let (action, hits) = rest.split_once('@')?;
        let action = match action {
            "abort" => Action::Abort,
            errno => Action::Fail(errno.parse().ok()?),
        };
        let hits = match hits.split_once("..") {
            Some((from, until)) => from.parse().ok()?..until.parse().ok()?,
            None => {
                let at: u64 = hits.parse().ok()?;
                at..at + 1
            }
        };
        Some(Fault {
            name: name.to_owned(),
            action,
            hits,
        })
    }

    /// Passes the point `name`: aborts, fails or goes on, as `JADWAL_FAULT` says.
    pub fn point(name: &'static str) -> io::Result<()> {
        if FAULTS.is_empty() {
            return Ok(());
        }
        let passed = {
            let mut passed = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
            let count = passed.entry(name).or_default();
            *count += 1;
            *count
        };
        let hit = FAULTS
            .iter()
            .find(|fault| fault.name == name && fault.hits.contains(&passed));
        match hit.map(|fault| fault.action) {
            None => Ok(()),
            Some(Action::Abort) => std::process::abort(),
            Some(Action::Fail(errno)) => Err(io::Error::from_raw_os_error(errno)),
        }
    }
}
