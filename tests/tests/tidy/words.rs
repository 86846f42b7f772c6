//! Words that must not stand in the repository.

use super::files::{Source, ending_in, nothing_wrong};

const TEXTS: &[&str] = &[
    ".rs", ".ts", ".svelte", ".css", ".js", ".html", ".sql", ".sh", ".toml", ".md", ".yml", ".kt",
];

/// Each in two halves, so that this file is not its own finding.
const PROMISES: &[(&str, &str)] = &[("TO", "DO"), ("FIX", "ME"), ("XX", "X "), ("HA", "CK")];

/// Beginnings of paths that exist on one machine only.
const MACHINES: &[(&str, &str)] = &[
    ("/ho", "me/"),
    ("/ro", "ot/"),
    ("/Us", "ers/"),
    ("/wo", "rk/"),
    ("C:\\", "Users"),
];

fn lines_with<'a>(
    sources: &'a [Source],
    words: &'a [(&'a str, &'a str)],
) -> impl Iterator<Item = String> + 'a {
    sources.iter().flat_map(move |source| {
        source
            .text
            .lines()
            .enumerate()
            .filter_map(move |(at, line)| {
                words
                    .iter()
                    .map(|(first, second)| format!("{first}{second}"))
                    .find(|word| line.contains(word.as_str()))
                    .map(|word| format!("{}:{}: {word}", source.path, at + 1))
            })
    })
}

#[test]
fn nothing_is_promised_for_later_in_a_comment() {
    nothing_wrong(&lines_with(&ending_in(TEXTS), PROMISES).collect::<Vec<_>>());
}

#[test]
fn no_file_names_a_path_of_one_machine() {
    nothing_wrong(&lines_with(&ending_in(TEXTS), MACHINES).collect::<Vec<_>>());
}

#[test]
fn exceptions_from_lints_are_expected_with_a_reason_never_allowed() {
    let sources = ending_in(&[".rs"]);
    let blanket = [
        ("#[al", "low("),
        ("#![al", "low("),
        ("eslint-", "disable */"),
    ];
    nothing_wrong(&lines_with(&sources, &blanket).collect::<Vec<_>>());
}

#[test]
fn no_type_is_a_manager_or_a_helper() {
    let vague = ["Manager", "Service", "Helper", "Util", "Utils", "Processor"];
    let mut complaints = Vec::new();
    for source in ending_in(&[".rs"]) {
        for (at, line) in source.text.lines().enumerate() {
            let mut words = line.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            let declared = words
                .by_ref()
                .find(|word| ["struct", "enum", "trait", "type", "mod"].contains(word))
                .and_then(|_| words.next());
            let Some(name) = declared else { continue };
            if line.trim_start().starts_with("//") {
                continue;
            }
            if vague
                .iter()
                .any(|word| name.ends_with(word) || name == word.to_lowercase())
            {
                complaints.push(format!("{}:{}: {name}", source.path, at + 1));
            }
        }
    }
    nothing_wrong(&complaints);
}
