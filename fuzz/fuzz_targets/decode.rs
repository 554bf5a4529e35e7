//! Feeds arbitrary bytes to `jadwal_fuzz::decode`, which says what must hold.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| jadwal_fuzz::decode::check(data));
