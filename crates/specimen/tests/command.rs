//! The `specimen` command, as somebody preparing a rehearsal uses it.
#![expect(
    clippy::unwrap_used,
    reason = "what does not hold ends the test, in its helpers too"
)]

use std::path::Path;
use std::process::{Command, Output};

fn specimen(out: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_specimen"))
        .arg("--out")
        .arg(out)
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn it_writes_a_photo_of_each_page_and_names_them_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("foto");
    let ran = specimen(
        &out,
        &[
            "--tps",
            "6472011001001",
            "--megapixels",
            "0.4",
            "--seed",
            "3",
        ],
    );
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let mut names: Vec<String> = std::fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "gub-halaman-1.jpg",
            "gub-halaman-2.jpg",
            "wako-halaman-1.jpg",
            "wako-halaman-2.jpg"
        ]
    );
    for name in names {
        let bytes = std::fs::read(out.join(name)).unwrap();
        assert!(photo::inspect(&bytes).is_ok());
    }
}

#[test]
fn a_contest_that_is_not_held_there_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let ran = specimen(
        folder.path(),
        &["--tps", "6472011001001", "--contest", "bup"],
    );
    assert!(!ran.status.success());
    let said = String::from_utf8_lossy(&ran.stderr);
    assert!(
        said.contains("6472011001001 does not hold the contest bup"),
        "{said}"
    );
}
