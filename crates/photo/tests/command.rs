//! The `saksi-photo` command, as a stranger with a shell uses it.
#![expect(
    clippy::unwrap_used,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

mod common;

use std::process::Command;

use common::Picture;
use serde_json::Value;

/// Runs it; the exit code, standard output and standard error.
fn run(arguments: &[&str]) -> (i32, String, String) {
    let ran = Command::new(env!("CARGO_BIN_EXE_saksi-photo"))
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        ran.status.code().unwrap(),
        text(ran.stdout),
        text(ran.stderr),
    )
}

/// A file of the test's own in the build's folder for such files.
fn file(name: &str, bytes: &[u8]) -> String {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, bytes).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn a_photo_without_a_tag_is_no_error_and_shows_no_page() {
    let photo = file("without-tag.jpg", &Picture::page(600, 800).jpeg());
    let (code, said, errors) = run(&["read", &photo, "--layout", "c-hasil-ppwp-2024"]);
    assert_eq!((code, errors.as_str()), (0, ""));
    let facts: Value = serde_json::from_str(&said).unwrap();
    for name in ["form", "page", "tag", "is_this_form"] {
        assert_eq!(facts[name], Value::Null, "{name}");
    }
    assert_eq!(facts["options"], Value::Array(vec![]));
}

#[test]
fn a_problem_has_a_code_and_a_sentence_in_both_languages() {
    let photo = file(
        "dark.jpg",
        &Picture::filled(900, 1_200, [30, 30, 28]).jpeg(),
    );
    let (_, said, _) = run(&["read", &photo]);
    let facts: Value = serde_json::from_str(&said).unwrap();
    let problem = &facts["judgement"]["problems"][0];
    assert_eq!(problem["code"], "too_dark");
    assert_eq!(problem["id"], "Foto terlalu gelap.");
    assert_eq!(problem["en"], "The photo is too dark.");
}

#[test]
fn a_reading_copy_is_written_and_described() {
    let photo = file("in.jpg", &Picture::page(1_200, 1_600).jpeg());
    let copy = file("out.jpg", b"");
    let (code, said, _) = run(&["reduce", &photo, &copy]);
    assert_eq!(code, 0);
    let facts: Value = serde_json::from_str(&said).unwrap();
    let bytes = std::fs::read(&copy).unwrap();
    assert_eq!(facts["bytes_out"], bytes.len());
    assert_eq!(
        (&facts["width"], &facts["height"]),
        (&1_200.into(), &1_600.into())
    );
    assert!(photo::inspect(&bytes).is_ok());
}

#[test]
fn what_cannot_be_read_is_one_sentence_that_names_the_file() {
    let text = file("notes.txt", b"no picture at all, whatever its name");
    let (code, said, errors) = run(&["read", &text]);
    assert_eq!((code, said.as_str()), (1, ""));
    assert_eq!(
        errors,
        format!("saksi-photo: {text}: the file is not a picture\n")
    );
    let (code, _, errors) = run(&["reduce", "nowhere.jpg", "out.jpg"]);
    assert_eq!(code, 1);
    assert!(errors.starts_with("saksi-photo: nowhere.jpg: "), "{errors}");
}

#[test]
fn a_command_that_is_not_understood_leads_to_the_help() {
    for arguments in [
        &[][..],
        &["look"],
        &["read", "a.jpg", "--layout", "c1-kwk-2015"],
    ] {
        let (code, said, errors) = run(arguments);
        assert_eq!((code, said.as_str()), (2, ""));
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
    let (code, help, _) = run(&["--help"]);
    assert_eq!(code, 0);
    for word in ["reduce", "read", "forms", "Exit codes", "unsure"] {
        assert!(help.contains(word), "{word}");
    }
    assert_eq!(run(&["forms"]).1, "c-hasil-ppwp-2024\n");
}
