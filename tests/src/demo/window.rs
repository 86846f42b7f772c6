//! The main job with a window: everything is prepared, the person does it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use domain::TpsCode;
use protocol::SlotId;
use sample::SampleElection;

use super::papers::Papers;
use super::progress;
use crate::stage::endpoint::Endpoint;
use crate::stage::process::{Process, built};

/// The polling station of the demonstration, in the middle of Samarinda.
const STATION_IN: &str = "6472";

/// Name of the person in the counting room.
const USER: &str = "demo";

/// Whether there is a screen to open a window on.
#[must_use]
pub fn has_display() -> bool {
    ["WAYLAND_DISPLAY", "DISPLAY"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Runs until the window is closed.
///
/// # Errors
/// When a program is missing or ends at once.
pub async fn run(seed: u64) -> Result<()> {
    let election = Arc::new(sample::kaltim()?);
    let spinner = progress::spinner("seeding the sample election");
    let endpoint = Endpoint::start()?;
    let password = super::password()?;
    endpoint.add_user(USER, "admin", "64", &password)?;
    let tps = station(&election)?;
    let code = endpoint.enrol_code(tps.as_str(), "Saksi 001 (contoh)")?;
    spinner.finish_and_clear();
    let folder = tempfile::Builder::new().prefix("saksi-demo-").tempdir()?;
    let photos = photograph(&election, &tps, folder.path(), seed).await?;
    let address = format!("http://{}", endpoint.address());
    let mut app = open_app(&folder.path().join("app"), &address)?;
    explain(&address, &password, &code, &photos, &election, &tps);
    closed(&mut app).await?;
    println!("\nThe window was closed.");
    Ok(())
}

/// The first polling station of a regency.
fn station(election: &SampleElection) -> Result<TpsCode> {
    let found = election
        .tps
        .iter()
        .find(|tps| tps.code.as_str().starts_with(STATION_IN));
    found
        .map(|tps| tps.code.clone())
        .context("the sample has no such station")
}

/// Draws every page of every form of the station into a folder to pick from.
async fn photograph(
    election: &Arc<SampleElection>,
    tps: &TpsCode,
    folder: &Path,
    seed: u64,
) -> Result<PathBuf> {
    let photos = folder.join(format!("foto-tps-{tps}"));
    std::fs::create_dir_all(&photos)?;
    let papers = Papers::new(seed);
    let contests = election.contests_at(tps);
    let bar = progress::bar("photographing specimen forms", contests.len() as u64);
    for contest in contests {
        let slot = SlotId {
            election: election.election.id.clone(),
            tps: tps.clone(),
            contest: contest.id.clone(),
        };
        for (page, jpeg) in papers.photograph(election.clone(), slot, 0).await? {
            std::fs::write(
                photos.join(format!("{}-halaman-{page}.jpg", contest.id)),
                jpeg,
            )?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(photos)
}

fn open_app(data: &Path, endpoint: &str) -> Result<Process> {
    std::fs::create_dir_all(data)?;
    let mut command = Command::new(built("saksi-app")?);
    command
        .env("SAKSI_DATA_DIR", data)
        .env("SAKSI_ENDPOINT", endpoint);
    Process::start(&mut command)
}

async fn closed(app: &mut Process) -> Result<()> {
    while !app.has_ended()? {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Ok(())
}

fn explain(
    address: &str,
    password: &str,
    code: &str,
    photos: &Path,
    election: &SampleElection,
    tps: &TpsCode,
) {
    println!("\nThe witness's window is open. Counting room: {address}");
    println!("  user       {USER}");
    println!("  password   {password}   (made for this run)");
    println!("\nIn the window:");
    println!("  1. enrol with the code   {code}");
    println!(
        "     at                    TPS {} · {}",
        tps.number(),
        election.place(tps).join(", ")
    );
    println!("  2. photograph: pick from {}", photos.display());
    println!("  3. key the figures that the photos show, and save");
    println!("  4. see it arrive in the counting room; return it or verify it there");
    println!("\nEverything is removed when the window is closed, or by Ctrl-C.");
}
