//! Compiles the workspace once, and tells where the programs are.
//!
//! Everything that a command runs comes out of one `cargo build` of the whole
//! workspace: building single packages would resolve other features and
//! compile the same dependencies again.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::run::Run;
use crate::{paths, ui};

/// How much to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Libraries and programs.
    Programs,
    /// These and every test.
    Everything,
}

/// How to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to compile.
    Dev,
    /// Quick to run.
    Release,
}

/// What a build gave.
pub(crate) struct Built {
    programs: Vec<Program>,
}

/// A compiled test program.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// The package, e.g. `saksi-domain`.
    pub(crate) package: String,
    /// The target in it, e.g. `saksi_domain` or `vectors`.
    pub(crate) target: String,
    /// The file to run.
    pub(crate) file: PathBuf,
    /// The package's folder, where its tests expect to run.
    pub(crate) dir: PathBuf,
    /// Whether it is a test harness.
    pub(crate) is_test: bool,
}

/// What cargo says about each thing it built.
#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<PathBuf>,
    package_id: Option<String>,
    target: Option<Target>,
    profile: Option<TestFlag>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct TestFlag {
    test: bool,
}

/// Builds the screens, then the workspace around them.
pub(crate) fn workspace(profile: Profile, extent: Extent) -> Result<Built> {
    ui::build()?;
    let mut args = vec![
        "build",
        "--workspace",
        "--message-format=json-render-diagnostics",
    ];
    args.push(match extent {
        Extent::Programs => "--bins",
        Extent::Everything => "--all-targets",
    });
    if profile == Profile::Release {
        args.push("--release");
    }
    let title = match extent {
        Extent::Programs => "compile the programs",
        Extent::Everything => "compile the workspace and its tests",
    };
    let finished = Run::cargo(title).args(args).run()?;
    let programs = finished.stdout.lines().filter_map(program).collect();
    Ok(Built { programs })
}

impl Built {
    /// Where a program is.
    pub(crate) fn program(&self, name: &str) -> Result<PathBuf> {
        self.programs
            .iter()
            .find(|program| !program.is_test && program.target == name)
            .map(|program| program.file.clone())
            .with_context(|| format!("the workspace has no program {name}"))
    }

    /// The test programs, in the order of their packages and names.
    pub(crate) fn tests(&self) -> Vec<Program> {
        let mut tests: Vec<Program> = self
            .programs
            .iter()
            .filter(|program| program.is_test)
            .cloned()
            .collect();
        tests.sort_by(|a, b| (&a.package, &a.target).cmp(&(&b.package, &b.target)));
        tests
    }
}

/// Reads one of cargo's messages; only programs are of interest.
fn program(line: &str) -> Option<Program> {
    let message: Message = serde_json::from_str(line).ok()?;
    if message.reason != "compiler-artifact" {
        return None;
    }
    let target = message.target?;
    let is_program = target.kind.iter().any(|kind| kind == "bin");
    let is_test = message.profile.is_some_and(|profile| profile.test);
    if !(is_program || is_test) {
        return None;
    }
    let dir = message.manifest_path?.parent()?.to_path_buf();
    Some(Program {
        package: package_name(&message.package_id?),
        target: target.name,
        file: message.executable?,
        dir,
        is_test,
    })
}

/// The name in a package id such as `path+file:///…/domain#saksi-domain@0.1.0`.
fn package_name(id: &str) -> String {
    let after = id.rsplit('#').next().unwrap_or(id);
    match after.split_once('@') {
        Some((name, _)) => name.to_owned(),
        // `path+file:///…/xtask#0.1.0`: the folder is called like the package.
        None => id
            .split('#')
            .next()
            .and_then(|path| path.rsplit('/').next())
            .unwrap_or(id)
            .to_owned(),
    }
}

/// The variables of `.cargo/config.toml` that a test program started without
/// cargo would miss.
pub(crate) fn test_environment() -> Vec<(String, String)> {
    let generated = paths::ui().join("src").join("generated");
    vec![
        (
            "TS_RS_EXPORT_DIR".into(),
            generated.to_string_lossy().into_owned(),
        ),
        ("TS_RS_LARGE_INT".into(), "number".into()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_a_package_id_are_understood() {
        assert_eq!(
            package_name("path+file:///x/crates/domain#saksi-domain@0.1.0"),
            "saksi-domain"
        );
        assert_eq!(package_name("path+file:///x/xtask#0.1.0"), "xtask");
    }
}
