//! The habits of the house that a program can check: sizes of files, words
//! that must not stand in them, who may know whom, and dependencies with a
//! reason and a use.
//!
//! Lengths of functions are clippy's and eslint's matter.

#[path = "tidy/dependencies.rs"]
mod dependencies;
#[path = "tidy/files.rs"]
mod files;
#[path = "tidy/houses.rs"]
mod houses;
#[path = "tidy/sizes.rs"]
mod sizes;
#[path = "tidy/words.rs"]
mod words;
