//! An endpoint to measure: a data folder with the sample election, and the
//! built program that serves it.

use std::process::{Command, Stdio};

use anyhow::Result;
use server::Config;
use tempfile::TempDir;

use crate::stage::process::{Process, built, run};

/// A seeded endpoint that is not running.
#[derive(Debug)]
pub struct Place {
    data: TempDir,
    url: Option<String>,
}

/// The same, while it runs.
pub struct Served {
    /// The program.
    pub process: Process,
    /// Where it listens.
    pub address: String,
}

impl Place {
    /// With the sample election; `url` is none for the embedded database.
    ///
    /// # Errors
    /// When the program fails.
    pub fn seeded(url: Option<&str>) -> Result<Self> {
        let place = Self {
            data: tempfile::tempdir()?,
            url: url.map(Into::into),
        };
        place.operate(&["seed", "kaltim"], "")?;
        Ok(place)
    }

    /// The database, as names of figures say it.
    #[must_use]
    pub fn database(&self) -> &'static str {
        match self.url {
            Some(_) => "postgres",
            None => "sqlite",
        }
    }

    /// To serve it inside this process.
    #[must_use]
    pub fn config(&self) -> Config {
        Config {
            database_url: self.url.clone(),
            ..Config::embedded(self.data.path().into())
        }
    }

    /// Adds somebody of the whole province.
    ///
    /// # Errors
    /// When the program refuses.
    pub fn add_user(&self, name: &str, role: &str, password: &str) -> Result<()> {
        let who = ["user", "add", "--name", name, "--role", role];
        let args = [&who[..], &["--region", "64", "--password-stdin"]].concat();
        self.operate(&args, password)
    }

    /// Serves it until that is dropped.
    ///
    /// # Errors
    /// When the program does not start.
    pub fn serve(&self) -> Result<Served> {
        let command = self.command(&["serve", "--listen", "127.0.0.1:0"])?;
        let (process, address) = Process::serving(command, Stdio::inherit())?;
        Ok(Served {
            process,
            address: format!("http://{address}"),
        })
    }

    fn operate(&self, args: &[&str], input: &str) -> Result<()> {
        run(self.command(args)?, input).map(drop)
    }

    fn command(&self, args: &[&str]) -> Result<Command> {
        let mut command = Command::new(built("saksi-server")?);
        command
            .args(args)
            .arg("--data")
            .arg(self.data.path())
            .env_remove("PHOTOS_URL")
            .env("SAKSI_LOG", "error");
        match &self.url {
            Some(url) => command.env("DATABASE_URL", url),
            None => command.env_remove("DATABASE_URL"),
        };
        Ok(command)
    }
}
