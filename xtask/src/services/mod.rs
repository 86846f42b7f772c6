//! What tests need around them: a database, a display, free ports.
//!
//! Each is private to one run and gone after it.

mod display;
mod postgres;

use std::net::TcpListener;

use anyhow::{Context, Result};

pub(crate) use display::Display;
pub(crate) use postgres::Postgres;

/// A port that nobody listened on a moment ago.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port")?;
    Ok(listener.local_addr().context("no free port")?.port())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::*;

    #[test]
    #[ignore = "needs Debian's PostgreSQL: run by `cargo xtask test`"]
    fn a_private_database_comes_up_and_leaves_nothing_behind() {
        let postgres = Postgres::start().expect("it starts");
        let asked = Command::new("psql")
            .args(["--tuples-only", "--command", "show fsync", &postgres.url()])
            .output()
            .expect("psql runs");
        assert_eq!(String::from_utf8_lossy(&asked.stdout).trim(), "on");
        let folder = postgres.folder().to_path_buf();
        assert!(folder.join("data").exists());
        drop(postgres);
        assert!(!folder.exists());
    }

    #[test]
    #[ignore = "needs Debian's Xvfb: run by `cargo xtask test`"]
    fn a_display_comes_up_under_a_free_number_and_goes() {
        let display = Display::start().expect("it starts");
        let number = display.name();
        let socket = format!("/tmp/.X11-unix/X{}", number.trim_start_matches(':'));
        assert!(Path::new(&socket).exists());
        drop(display);
        assert!(!Path::new(&socket).exists());
    }
}
