//! libFuzzer's way into `targets::qr`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| saksi_fuzz::targets::qr::run(data));
