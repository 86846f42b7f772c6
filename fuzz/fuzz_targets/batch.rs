//! libFuzzer's way into `targets::batch`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| saksi_fuzz::targets::batch::run(data));
