//! Licences, bans and sources of dependencies, by cargo-deny.
//!
//! Known security advisories stand in a database on a host that is not always
//! within reach; when it is not, this says so instead of passing quietly.

use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use anyhow::Result;

use crate::run::Run;
use crate::{paths, setup};

/// Where the advisories are.
const ADVISORIES: &str = "github.com:443";

/// How long to try to reach them.
const PATIENCE: Duration = Duration::from_secs(5);

/// Checks; answers why advisories were not asked, if they were not.
pub(crate) fn check() -> Result<Option<String>> {
    let within_reach = reachable();
    let mut checks = vec!["licenses", "bans", "sources"];
    if within_reach {
        checks.push("advisories");
    }
    Run::new(
        "licences, bans and sources of dependencies",
        setup::cargo_deny(),
    )
    .dir(&paths::root())
    .args(["--workspace", "check", "--hide-inclusion-graph"])
    .args(checks)
    .run()?;
    Ok((!within_reach).then(|| format!("{ADVISORIES} is out of reach")))
}

fn reachable() -> bool {
    let Ok(addresses) = ADVISORIES.to_socket_addrs() else {
        return false;
    };
    addresses
        .into_iter()
        .any(|address| TcpStream::connect_timeout(&address, PATIENCE).is_ok())
}
