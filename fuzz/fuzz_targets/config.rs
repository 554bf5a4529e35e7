//! Feeds arbitrary bytes to `jadwal_fuzz::config`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jadwal_fuzz::config::check(data));
