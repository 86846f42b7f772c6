//! libFuzzer's way into `targets::envelope`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| saksi_fuzz::targets::envelope::run(data));
