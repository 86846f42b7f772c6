//! How much memory the largest pictures take that are taken at all, from the
//! file to the reading, in a process of its own: a phone has little.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

mod common;

use common::{Picture, claiming};
use jpeg_encoder::{ColorType, Encoder};
use photo::page::read_page;

/// Most memory of the process at any time, in kilobytes.
const PEAK_MAX_KB: u64 = 300_000;

/// Side of the largest picture, in pixels: 64 megapixels.
const SIDE_PX: u16 = 8_000;

/// The process's greatest resident memory, in kilobytes.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let value = line.unwrap().split_whitespace().nth(1).unwrap();
    value.parse().unwrap()
}

/// Lets the peak begin anew at what is resident now.
fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
}

/// What is done with every photo; how much memory it took at most.
fn peak_kb_of(bytes: &[u8]) -> u64 {
    forget_peak();
    let _ = photo::reduce(bytes);
    let _ = read_page(bytes);
    peak_kb()
}

/// An even grey picture of 64 megapixels in some 200 kB.
fn vast(progressive: bool) -> Vec<u8> {
    let side = usize::from(SIDE_PX);
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 50);
    encoder.set_progressive(progressive);
    encoder
        .encode(&vec![180; side * side], SIDE_PX, SIDE_PX, ColorType::Luma)
        .unwrap();
    jpeg
}

/// One test, so that nothing else of this process counts.
#[test]
fn no_picture_takes_more_than_three_hundred_megabytes() {
    let small = Picture::page(600, 800);
    let mut cut = vast(false);
    cut.truncate(cut.len() - 4_000);
    let files = [
        ("64 megapixels", vast(false)),
        ("64 megapixels, progressive", vast(true)),
        ("64 megapixels, cut off", cut),
        (
            "12 megapixels",
            Picture::page(3_000, 4_000).camera_file(true, None),
        ),
        (
            "200 megapixels by its header",
            claiming(small.jpeg(), 20_000, 10_000),
        ),
        (
            "64 megapixels by its header",
            claiming(small.jpeg(), 8_000, 8_000),
        ),
        (
            "CMYK of 36 megapixels by its header",
            claiming(small.cmyk_jpeg(), 6_000, 6_000),
        ),
        (
            "progressive by its header",
            claiming(small.progressive_jpeg(), 8_000, 8_000),
        ),
    ];
    for (name, bytes) in files {
        let peak_kb = peak_kb_of(&bytes);
        assert!(peak_kb <= PEAK_MAX_KB, "{name}: {peak_kb} kB");
    }
}
