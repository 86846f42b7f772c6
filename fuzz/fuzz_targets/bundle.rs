//! libFuzzer's way into `targets::bundle`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| saksi_fuzz::targets::bundle::run(data));
