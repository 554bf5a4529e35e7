//! Which machine was measured, in the words of its kernel.

use std::fs;

use serde::Serialize;

use crate::process::kilobytes;

/// What figures depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Machine {
    /// Cores that this process may use.
    pub cores: usize,
    /// The processor's name for itself.
    pub processor: String,
    /// Memory in bytes.
    pub memory_bytes: u64,
    /// Name and version of the operating system's kernel.
    pub kernel: String,
}

impl Machine {
    /// Returns this machine; what can't be found out is empty.
    #[must_use]
    pub fn here() -> Self {
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let cpuinfo = read("/proc/cpuinfo");
        let model = cpuinfo.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            (key.trim() == "model name").then(|| value.trim().to_owned())
        });
        let memory = kilobytes(&read("/proc/meminfo"), "MemTotal:");
        Self {
            cores: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            processor: model.unwrap_or_default(),
            memory_bytes: memory.unwrap_or_default() * 1024,
            kernel: format!(
                "{} {}",
                read("/proc/sys/kernel/ostype").trim(),
                read("/proc/sys/kernel/osrelease").trim()
            ),
        }
    }
}
