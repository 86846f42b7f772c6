//! libFuzzer's way into `targets::photo`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| saksi_fuzz::targets::photo::run(data));
