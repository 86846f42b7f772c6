//! libFuzzer's way into `targets::sms`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| saksi_fuzz::targets::sms::run(data));
