//! libFuzzer's way into `targets::enrol_code`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| saksi_fuzz::targets::enrol_code::run(data));
