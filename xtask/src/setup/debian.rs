//! Debian packages, by purpose.
//!
//! Other systems are told the names once and left alone: the names differ
//! there, and whoever runs one knows them.

use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cli::Purpose;
use crate::run::Run;

/// Compiling: a C compiler for SQLite and ring, WebKit for the window.
const BUILD: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
];

/// Testing: a database, a display, both browsers' drivers, fonts to draw with,
/// and what makes system calls fail.
const TEST: &[&str] = &[
    "postgresql",
    "xvfb",
    "webkit2gtk-driver",
    "chromium",
    "chromium-driver",
    "fonts-dejavu-core",
    "util-linux",
    "strace",
];

/// The Android type check: a compiler with the target, and its std's sources.
const ANDROID: &[&str] = &["rustc-web", "rust-web-src"];

/// Installs the packages that are missing for some purposes.
pub(super) fn install(purposes: &[Purpose]) -> Result<()> {
    let wanted = purposes.iter().flat_map(|purpose| match purpose {
        Purpose::Build => BUILD,
        Purpose::Test => TEST,
        Purpose::Android => ANDROID,
        Purpose::Check | Purpose::Fuzz => &[],
    });
    let wanted: Vec<&str> = wanted.copied().collect();
    let Some(missing) = missing(&wanted) else {
        eprintln!(
            "! not a Debian machine: these must be there already: {}",
            wanted.join(" ")
        );
        return Ok(());
    };
    if missing.is_empty() {
        return Ok(());
    }
    let prefix = as_root().with_context(|| {
        format!(
            "not root and no sudo; please install: apt-get install {}",
            missing.join(" ")
        )
    })?;
    apt(
        &prefix,
        "bring Debian's package lists up to date",
        &["update"],
    )?;
    let mut args = vec!["install", "--yes", "--no-install-recommends"];
    args.extend(missing.iter().map(String::as_str));
    apt(&prefix, &format!("install {}", missing.join(" ")), &args)
}

/// The packages that are not installed; nothing when this is no Debian.
fn missing(wanted: &[&str]) -> Option<Vec<String>> {
    let said = Command::new("dpkg-query")
        .args(["--show", "--showformat=${Package}\t${db:Status-Status}\n"])
        .args(wanted)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let installed: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_suffix("\tinstalled"))
        .collect();
    Some(
        wanted
            .iter()
            .filter(|name| !installed.contains(name))
            .map(|&name| name.into())
            .collect(),
    )
}

/// What must stand before a command to run it as root.
fn as_root() -> Result<Vec<String>> {
    let said = Command::new("id")
        .arg("-u")
        .output()
        .context("cannot ask who runs this")?;
    if String::from_utf8_lossy(&said.stdout).trim() == "0" {
        return Ok(vec!["env".into()]);
    }
    let sudo = Command::new("sudo")
        .args(["--non-interactive", "true"])
        .stderr(Stdio::null())
        .status();
    match sudo {
        Ok(status) if status.success() => Ok(vec![
            "sudo".into(),
            "--non-interactive".into(),
            "env".into(),
        ]),
        Ok(_) => bail!("sudo wants a password: run `sudo -v` first, then this again"),
        Err(cause) => Err(cause).context("there is no sudo"),
    }
}

fn apt(prefix: &[String], title: &str, args: &[impl AsRef<str>]) -> Result<()> {
    let Some((program, rest)) = prefix.split_first() else {
        bail!("no way to become root")
    };
    Run::new(title, program)
        .args(rest)
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"])
        .args(args.iter().map(AsRef::as_ref))
        .run()
        .map(drop)
}
