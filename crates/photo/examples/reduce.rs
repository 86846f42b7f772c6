//! Makes the reading copy of one photo and says what it cost:
//! `cargo run --release -p saksi-photo --example reduce -- IN.jpg OUT.jpg`
//!
//! Prints one line of JSON: `ms` (decode to encoded copy, without reading or
//! writing files), `bytes_in`, `bytes_out`, `width`, `height`, `warnings`,
//! `sharpness`, `paper_luma`, and `peak_kb`, the process's greatest resident
//! memory (Linux only, else 0).

use std::io::Write;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(input), Some(output)) = (arguments.next(), arguments.next()) else {
        return Err("usage: reduce IN.jpg OUT.jpg".into());
    };
    let original = std::fs::read(input)?;
    let started = Instant::now();
    let copy = photo::reduce(&original)?;
    let ms = started.elapsed().as_secs_f64() * 1_000.0;
    std::fs::write(output, &copy.jpeg)?;
    let warnings: Vec<String> = copy
        .judgement
        .warnings
        .iter()
        .map(|warning| format!("\"{warning:?}\"").to_lowercase())
        .collect();
    writeln!(
        std::io::stdout(),
        "{{\"ms\":{ms:.1},\"bytes_in\":{},\"bytes_out\":{},\"width\":{},\"height\":{},\
         \"warnings\":[{}],\"sharpness\":{:.3},\"paper_luma\":{},\"peak_kb\":{}}}",
        original.len(),
        copy.file.size_bytes,
        copy.width,
        copy.height,
        warnings.join(","),
        copy.judgement.sharpness.unwrap_or_default(),
        copy.judgement.paper_luma,
        peak_kb(),
    )?;
    Ok(())
}

/// `VmHWM` of this process.
fn peak_kb() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .unwrap_or_default()
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|value| value.split_whitespace().next()?.parse().ok())
        .unwrap_or_default()
}
