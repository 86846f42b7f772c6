//! The command line: one binary, one subcommand for each thing an operator
//! does. All of them also work while `serve` runs on the same data.

mod enrol_code;
mod export;
pub mod findings;
mod import;
mod logging;
mod official;
mod roster;
mod seed;
mod serve;
mod verify;

pub use logging::LoggingArgs;

use enrol_code::EnrolCodeArgs;
use export::ExportArgs;
use findings::FindingsArgs;
use import::ImportArgs;
use official::OfficialArgs;
use roster::RosterArgs;
use seed::SeedArgs;
use verify::VerifyDossierArgs;

use clap::{Parser, Subcommand};

use crate::config::ServeArgs;
use crate::operations::backup::{self, BackupArgs};
use crate::operations::device::{self, DeviceCommand};
use crate::operations::post::{self, PostArgs};
use crate::operations::restore::{self, RestoreArgs};
use crate::operations::user::{self, UserCommand};
use crate::operations::verify_log::{self, VerifyArgs};

/// saksi-server: the endpoint of polling-station witnesses and counting rooms.
#[derive(Debug, Parser)]
#[command(name = "saksi-server", version, about, max_term_width = 100)]
pub struct Cli {
    /// What is logged to standard error.
    #[command(flatten)]
    pub logging: LoggingArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the endpoint until SIGTERM or Ctrl-C.
    Serve(ServeArgs),
    /// Put an election's data in: regions, polling stations, contests, forms.
    #[command(subcommand)]
    Seed(SeedArgs),
    /// Make one enrolment code for one more device of a polling station, and print it.
    EnrolCode(EnrolCodeArgs),
    /// Put witnesses in from a CSV file, with their phone numbers if it has any.
    Roster(RosterArgs),
    /// See the phones of a polling station, and refuse one.
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Post a witness to another polling station.
    Post(PostArgs),
    /// Say who may sign in to the counting room.
    #[command(subcommand)]
    User(UserCommand),
    /// Take in .saksi files, as if they had come over the network.
    Import(ImportArgs),
    /// Write all figures of a contest, with states and findings, into one file.
    Export(ExportArgs),
    /// Find what is wrong or odd in any table of results (needs no data folder).
    Findings(FindingsArgs),
    /// Take in official figures, to be compared with ours.
    Official(OfficialArgs),
    /// Save everything in one file.
    Backup(BackupArgs),
    /// Make an endpoint of a backup.
    Restore(RestoreArgs),
    /// Check a dossier offline (needs no data folder).
    Verify(VerifyDossierArgs),
    /// Prove that nothing taken in has been changed since.
    VerifyLog(VerifyArgs),
}

impl Cli {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(args) => serve::serve(args).await,
            Command::Seed(args) => seed::seed(args).await,
            Command::EnrolCode(args) => enrol_code::enrol_code(args).await,
            Command::Roster(args) => roster::roster(args).await,
            Command::Device(command) => device::run(command).await,
            Command::Post(args) => post::run(args).await,
            Command::User(command) => user::run(command).await,
            Command::Import(args) => import::import(args).await,
            Command::Export(args) => export::export(args).await,
            Command::Findings(args) => findings::findings(&args),
            Command::Official(args) => official::official(args).await,
            Command::Backup(args) => backup::run(args).await,
            Command::Restore(args) => restore::run(args).await,
            Command::Verify(args) => verify::run(&args),
            Command::VerifyLog(args) => verify_log::run(args).await,
        }
    }
}
