//! The stage as the runtime drives it, on real files.

mod lab;
mod shaky_disk;

mod broken_disks;
mod kills;
mod records;
mod restarts;
mod same_bytes;
