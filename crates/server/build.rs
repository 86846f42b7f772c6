//! Rebuilds the crate when a migration is added: the compiler only notices
//! changes to files that it has already read.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
