//! The endpoint as the built binary.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::backing::Backing;
use super::log::Log;
use super::process::{Process, built, run};
use super::relay::Relay;

/// Where witnesses are told to send SMS; nobody's number.
const SMS_NUMBER: &str = "5555";

/// A running endpoint with the sample election.
pub struct Endpoint {
    data: TempDir,
    backing: Backing,
    public_url: Option<String>,
    address: SocketAddr,
    process: Process,
    log: Log,
}

impl Endpoint {
    /// Seeds the sample election and serves it, on the embedded default.
    ///
    /// # Errors
    /// When the binary is not built or does not start.
    pub fn start() -> Result<Self> {
        Self::start_with(Backing::Embedded, None)
    }

    /// Seeds the sample election and serves it, on this backing.
    ///
    /// # Errors
    /// When the binary is not built or does not start.
    pub fn start_on(backing: Backing) -> Result<Self> {
        Self::start_with(backing, None)
    }

    /// Seeds the sample election and serves it behind a relay: its address is
    /// the only one that phones are told.
    ///
    /// # Errors
    /// When the binary is not built or does not start.
    pub fn start_behind(relay: &Relay, backing: Backing) -> Result<Self> {
        let endpoint = Self::start_with(backing, Some(relay.address()))?;
        relay.lead_to(endpoint.address);
        Ok(endpoint)
    }

    fn start_with(backing: Backing, public_url: Option<String>) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let command =
            |arguments: &[&str]| command(data.path(), &backing, public_url.as_deref(), arguments);
        run(command(&["seed", "kaltim"])?, "")?;
        let log = Log::of("the endpoint")?;
        let (process, address) = serve(command(&["serve", "--listen", "127.0.0.1:0"])?, &log)?;
        Ok(Self {
            data,
            backing,
            public_url,
            address,
            process,
            log,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A new enrolment code for one more device of a polling station.
    ///
    /// # Errors
    /// When the command fails.
    pub fn enrol_code(&self, tps: &str, witness: &str) -> Result<String> {
        let code = self.run(&["enrol-code", "--tps", tps, "--witness", witness])?;
        Ok(code.trim().to_owned())
    }

    /// Adds a person of the counting room.
    ///
    /// # Errors
    /// When the command fails.
    pub fn add_user(&self, name: &str, role: &str, region: &str, password: &str) -> Result<()> {
        let arguments = [
            "user",
            "add",
            "--name",
            name,
            "--role",
            role,
            "--region",
            region,
            "--password-stdin",
        ];
        run(self.command(&arguments)?, password).map(drop)
    }

    /// Runs any command of the binary on this endpoint's data, while it serves,
    /// and returns what it prints.
    ///
    /// # Errors
    /// When the command fails.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        run(self.command(arguments)?, "")
    }

    /// Kills it, as a power cut would. Nobody answers at its address then.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts it again on the same data and address.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn restart(&mut self) -> Result<()> {
        let listen = self.address.to_string();
        let command = self.command(&["serve", "--listen", &listen])?;
        let (process, address) = serve(command, &self.log)?;
        self.process = process;
        self.address = address;
        Ok(())
    }

    /// Starts it again on the same data and address, and kills it after this
    /// time whether it is ready or not.
    ///
    /// # Errors
    /// When it cannot be started.
    pub async fn start_and_kill(&mut self, after: Duration) -> Result<()> {
        let listen = self.address.to_string();
        let mut command = self.command(&["serve", "--listen", &listen])?;
        let mut process = Process::start(command.stdout(Stdio::null()).stderr(self.log.stdio()?))?;
        tokio::time::sleep(after).await;
        process.kill();
        Ok(())
    }

    /// Serves data that an endpoint with the embedded default left behind.
    ///
    /// # Errors
    /// When the binary is not built or does not start.
    pub fn at(data: TempDir) -> Result<Self> {
        let backing = Backing::Embedded;
        let serving = command(
            data.path(),
            &backing,
            None,
            &["serve", "--listen", "127.0.0.1:0"],
        )?;
        let log = Log::of("the endpoint")?;
        let (process, address) = serve(serving, &log)?;
        Ok(Self {
            data,
            backing,
            public_url: None,
            address,
            process,
            log,
        })
    }

    /// Asks it to stop, and returns its data.
    ///
    /// # Errors
    /// When it does not stop properly.
    pub fn into_data(mut self) -> Result<TempDir> {
        let status = self.process.stop()?;
        anyhow::ensure!(status.success(), "it stopped with {status}");
        Ok(self.data)
    }

    /// Its process, to ask whether it still runs.
    pub fn process_mut(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Its process.
    #[must_use]
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Where its data lie.
    #[must_use]
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Kills it, as a power cut would, and starts it again on the same data and
    /// address.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn kill_and_restart(&mut self) -> Result<()> {
        self.kill();
        self.restart()
    }

    /// Stops it, copies its whole folder as an operator's nightly backup does,
    /// and starts it again.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn save_folder(&mut self) -> Result<TempDir> {
        let backup = tempfile::tempdir()?;
        self.kill();
        copy_folder(self.data.path(), backup.path())?;
        self.restart()?;
        Ok(backup)
    }

    /// Loses its folder and goes on with what was saved of it.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn go_back_to(&mut self, backup: &TempDir) -> Result<()> {
        self.kill();
        let data = tempfile::tempdir()?;
        copy_folder(backup.path(), data.path())?;
        self.data = data;
        self.restart()
    }

    fn command(&self, arguments: &[&str]) -> Result<Command> {
        command(
            self.data.path(),
            &self.backing,
            self.public_url.as_deref(),
            arguments,
        )
    }
}

fn command(
    data: &Path,
    backing: &Backing,
    public_url: Option<&str>,
    arguments: &[&str],
) -> Result<Command> {
    let mut command = Command::new(built("saksi-server")?);
    command
        .args(arguments)
        .env("SAKSI_DATA", data)
        .env("SAKSI_SMS_NUMBERS", SMS_NUMBER);
    for variable in ["DATABASE_URL", "PHOTOS_URL"] {
        command.env_remove(variable);
    }
    command.envs(backing.environment());
    command.envs(public_url.map(|url| ("SAKSI_PUBLIC_URL", url)));
    Ok(command)
}

fn serve(command: Command, log: &Log) -> Result<(Process, SocketAddr)> {
    let (process, address) = Process::serving(command, log.stdio()?)?;
    let address = address
        .parse()
        .with_context(|| format!("the endpoint listens at {address:?}"))?;
    Ok((process, address))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir(&target)?;
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
