//! A PostgreSQL of one run's own, from Debian's package.
//!
//! Its data lie in a temporary folder, it listens on the loopback interface at
//! a free port, and trusts whoever connects there. Durability is on, as in the
//! field: benchmarks measure it. PostgreSQL refuses to run as root, so root
//! lends it the package's own user.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::free_port;
use crate::background::{Background, Signal, tied};
use crate::run::Run;

/// The user whom Debian's package makes.
const USER: &str = "postgres";

/// How long the database may take to come up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tests run side by side, each with a pool of its own.
const CONNECTIONS: &str = "max_connections=400";

/// A running private database.
pub(crate) struct Postgres {
    port: u16,
    // Dropped in this order: first the server ends, then its folder goes.
    _server: Background,
    _folder: TempDir,
}

impl Postgres {
    /// Makes and starts one.
    pub(crate) fn start() -> Result<Self> {
        let programs = programs()?;
        let folder = tempfile::Builder::new()
            .prefix("saksi-postgres-")
            .tempdir()
            .context("cannot make a folder for PostgreSQL")?;
        let user = lend_to_user(folder.path())?;
        let data = folder.path().join("data");
        make(&programs, &data, user)?;
        let port = free_port()?;
        let mut command: Command = tied(&programs.join("postgres").to_string_lossy(), user);
        command
            .current_dir("/")
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(folder.path())
            .args(["-p", &port.to_string()])
            .args([
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                CONNECTIONS,
                "-c",
                "fsync=on",
            ]);
        // Asked to end by SIGINT it does not wait for its clients to leave.
        let mut server = Background::start("postgres", command)?.ended_by(Signal::SIGINT);
        server.wait_until(PATIENCE, |_| accepts(&programs, port).then_some(()))?;
        Ok(Self {
            port,
            _server: server,
            _folder: folder,
        })
    }

    /// Where its data lie.
    #[cfg(test)]
    pub(super) fn folder(&self) -> &Path {
        self._folder.path()
    }

    /// Where it is, with a database that may be used or left aside.
    pub(crate) fn url(&self) -> String {
        format!("postgres://saksi@127.0.0.1:{}/postgres", self.port)
    }
}

/// Makes the folder of data.
fn make(programs: &Path, data: &Path, user: Option<&str>) -> Result<()> {
    let initdb = programs.join("initdb");
    let lent = tied(&initdb.to_string_lossy(), user);
    Run::new("make a private PostgreSQL", lent.get_program())
        .args(lent.get_args())
        .arg("-D")
        .arg(data)
        .args([
            "--auth=trust",
            "--username=saksi",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        ])
        .args(["--no-sync", "--no-instructions"])
        .dir(Path::new("/"))
        .run()
        .map(drop)
}

/// Whether it lets clients in.
fn accepts(programs: &Path, port: u16) -> bool {
    Command::new(programs.join("pg_isready"))
        .args(["--quiet", "--host=127.0.0.1", &format!("--port={port}")])
        .status()
        .is_ok_and(|status| status.success())
}

/// The folder of the newest installed version's programs.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed")?;
    let newest = versions
        .filter_map(Result::ok)
        .filter_map(|entry| entry.file_name().to_string_lossy().parse::<u32>().ok())
        .max();
    let Some(newest) = newest else {
        bail!("PostgreSQL is not installed")
    };
    Ok(PathBuf::from(format!("/usr/lib/postgresql/{newest}/bin")))
}

/// Gives the folder to the package's user when root runs this; names the user.
fn lend_to_user(folder: &Path) -> Result<Option<&'static str>> {
    if id(&["-u"])? != 0 {
        return Ok(None);
    }
    let (user, group) = (id(&["-u", USER])?, id(&["-g", USER])?);
    std::os::unix::fs::chown(folder, Some(user), Some(group))
        .context("cannot lend the folder to PostgreSQL's user")?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
        .context("cannot close the folder to others")?;
    Ok(Some(USER))
}

fn id(args: &[&str]) -> Result<u32> {
    let said = Command::new("id")
        .args(args)
        .output()
        .context("cannot ask for a user's number")?;
    String::from_utf8_lossy(&said.stdout)
        .trim()
        .parse()
        .with_context(|| format!("no such user: {}", args.join(" ")))
}
