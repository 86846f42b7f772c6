//! How long files are.

use super::files::{Source, ending_in, nothing_wrong};

/// The longest source file, in lines.
const LONGEST: usize = 500;

/// The highest median of Rust files, in lines: a house of small rooms.
const MEDIAN: usize = 150;

const SOURCES: &[&str] = &[".rs", ".ts", ".svelte", ".css", ".js", ".sql", ".sh"];

fn length(source: &Source) -> usize {
    source.text.lines().count()
}

#[test]
fn no_source_file_is_longer_than_five_hundred_lines() {
    let too_long: Vec<String> = ending_in(SOURCES)
        .iter()
        .filter(|source| length(source) > LONGEST)
        .map(|source| format!("{}: {} lines", source.path, length(source)))
        .collect();
    nothing_wrong(&too_long);
}

#[test]
fn the_median_rust_file_is_short() {
    let mut lengths: Vec<usize> = ending_in(&[".rs"]).iter().map(length).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2];
    assert!(
        median <= MEDIAN,
        "the median of Rust files is {median} lines"
    );
}

/// A module's tests beside it need no word of their own, and a file that is
/// included into two others can only have an ordinary comment.
#[test]
fn every_rust_file_says_what_it_is() {
    let silent: Vec<String> = ending_in(&[".rs"])
        .iter()
        .filter(|source| !source.path.ends_with("/tests.rs"))
        .filter(|source| !source.text.trim_start().starts_with("//"))
        .map(|source| format!("{}: does not begin with a word about itself", source.path))
        .collect();
    nothing_wrong(&silent);
}
