//! `cargo xtask check`: everything that can be said about the project without
//! running it.

mod dependencies;
mod generated;

use anyhow::Result;

use crate::cli::{CheckOptions, Purpose};
use crate::run::Run;
use crate::stages::Stages;
use crate::{android, setup, ui};

/// `cargo xtask check`.
pub(crate) fn command(options: &CheckOptions) -> Result<()> {
    let mut stages = Stages::new("check");
    stages.needed("set up", || {
        setup::ready_for(&[Purpose::Build, Purpose::Check]).map(|()| String::new())
    })?;
    screens(&mut stages)?;
    rust(&mut stages);
    let mut not_asked = None;
    stages.stage("dependencies", || {
        not_asked = dependencies::check()?;
        Ok("licences, bans, sources".to_owned())
    });
    if let Some(reason) = not_asked {
        stages.left_out(format!("known security advisories: {reason}"));
    }
    stages.stage("generated types", generated::check);
    stages.stage("tidiness", || {
        let args = ["test", "--quiet", "--workspace", "--test", "tidy"];
        Run::cargo("tidiness")
            .args(args)
            .run()
            .map(|_| String::new())
    });
    if options.skip_android {
        stages.left_out("the type check for Android (--skip-android)");
    } else {
        stages.stage("types on Android", android::check);
    }
    stages.finish()
}

/// The screens: format, lints, types; they are built because both programs
/// embed them.
fn screens(stages: &mut Stages) -> Result<()> {
    stages.needed("build the screens", || ui::build().map(|_| String::new()))?;
    for (name, script) in [
        ("prettier", "format:check"),
        ("eslint", "lint"),
        ("svelte-check", "check"),
    ] {
        stages.stage(name, || {
            Run::npm(name)
                .args(["run", script])
                .run()
                .map(|_| String::new())
        });
    }
    Ok(())
}

/// The crates: format, lints, documentation.
fn rust(stages: &mut Stages) {
    stages.stage("rustfmt", || {
        Run::cargo("rustfmt")
            .args(["fmt", "--all", "--check"])
            .run()
            .map(|_| String::new())
    });
    stages.stage("clippy", || {
        let args = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ];
        Run::cargo("clippy").args(args).run().map(|_| String::new())
    });
    stages.stage("rustdoc", || {
        Run::cargo("rustdoc")
            .args(["doc", "--workspace", "--no-deps"])
            .env("RUSTDOCFLAGS", "--deny warnings")
            .run()
            .map(|_| String::new())
    });
}
