//! How much goes into the endpoint, on SQLite and on PostgreSQL, and how soon
//! the totals of the province are there.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use protocol::photo::{PIECE_TYPE, UPLOAD_LENGTH, UPLOAD_OFFSET};
use protocol::revision::{RevisionStatus, RevisionsAnswer};
use server::Config;

use super::export;
use super::figures::{Figures, Goal, median};
use super::load;
use super::population::{self, Sender, hash, populate};
use crate::demo::progress;
use crate::stage::counting_room::CountingRoom;
use crate::stage::process::{Process, built};

/// Parts of the names of the figures, before the database's name.
pub const NAMES: &[&str] = &[
    "revisions_per_s_",
    "photos_300kb_per_s_",
    "rollup_11441_tps_ms_",
    "export_all_csv_s_",
    "export_all_csv_mb_",
    "export_all_xlsx_s_",
    "export_all_xlsx_mb_",
    "export_all_memory_mb_",
];

/// Phones that send at the same moment.
const AT_ONCE: usize = 64;

/// Photos that are sent.
const PHOTOS: usize = 1_000;

/// Size of each, about.
pub const PHOTO_BYTES: usize = 300_000;

/// How often the totals are read.
const READS: usize = 101;

/// Measures one database; `url` is none for the embedded one.
///
/// # Errors
/// When anything is refused.
pub async fn measure(figures: &mut Figures, url: Option<&str>, photo: &[u8]) -> Result<()> {
    let database = if url.is_some() { "postgres" } else { "sqlite" };
    let folder = tempfile::tempdir()?;
    population::seed(folder.path(), url)?;
    let config = Config {
        database_url: url.map(Into::into),
        ..Config::embedded(folder.path().into())
    };
    let senders = populate(config, PHOTOS, photo).await?;
    let password = crate::demo::password()?;
    let who = [
        "user",
        "add",
        "--name",
        "bench",
        "--role",
        "admin",
        "--region",
        "64",
        "--password-stdin",
    ];
    operate(folder.path(), url, &who, &password)?;
    let (process, address) = serve(folder.path(), url)?;
    let client = reqwest::Client::new();
    let rate = revisions(&client, &address, &senders).await?;
    figures.add(
        &format!("revisions_per_s_{database}"),
        rate,
        "1/s",
        Some(Goal::AtLeast(2_000.0)),
    );
    let rate = photos(&client, &address, &senders).await?;
    figures.add(
        &format!("photos_300kb_per_s_{database}"),
        rate,
        "1/s",
        Some(Goal::AtLeast(300.0)),
    );
    let room = CountingRoom::sign_in(&address, "bench", &password).await?;
    let read_ms = rollup(&room, senders.len()).await?;
    figures.add(
        &format!("rollup_11441_tps_ms_{database}"),
        read_ms,
        "ms",
        Some(Goal::AtMost(20.0)),
    );
    let contests = sample::kaltim()?.contests;
    let contests: BTreeSet<String> = contests.into_iter().map(|held| held.contest.id).collect();
    export::measure(figures, &room, &contests, process.id(), database).await
}

/// Every device sends its figures; revisions per second with a receipt each.
async fn revisions(client: &reqwest::Client, address: &str, senders: &[Sender]) -> Result<f64> {
    let bar = progress::bar("revisions go in", senders.len() as u64);
    let started = Instant::now();
    let work = senders.iter().map(|sender| {
        let bar = bar.clone();
        async move {
            let answer = client
                .post(format!("{address}/v1/revisions"))
                .bearer_auth(&sender.token)
                .header("content-type", "application/json")
                .body(sender.body.clone())
                .send()
                .await?;
            let status = answer.status();
            let text = answer.text().await?;
            ensure!(status.is_success(), "revisions: {status}: {text}");
            let answer: RevisionsAnswer = serde_json::from_str(&text)?;
            let all_stored = answer
                .results
                .iter()
                .all(|one| one.status == RevisionStatus::Stored && one.receipt.is_some());
            ensure!(
                all_stored && answer.results.len() == sender.revisions,
                "not all stored: {text}"
            );
            bar.inc(1);
            Ok(sender.revisions)
        }
    });
    let stored: usize = load::all(work, AT_ONCE).await?.into_iter().sum();
    bar.finish_and_clear();
    Ok(stored as f64 / started.elapsed().as_secs_f64())
}

/// Every device with a photo sends it in one piece; photos per second with a
/// receipt each.
async fn photos(client: &reqwest::Client, address: &str, senders: &[Sender]) -> Result<f64> {
    let with_photo: Vec<&Sender> = senders
        .iter()
        .filter(|sender| sender.photo.is_some())
        .collect();
    let bar = progress::bar("photos go in", with_photo.len() as u64);
    let started = Instant::now();
    let work = with_photo.iter().map(|sender| {
        let bar = bar.clone();
        async move {
            let photo = sender.photo.clone().context("no photo")?;
            let answer = client
                .patch(format!("{address}/v1/photos/{}", hash(&photo)))
                .bearer_auth(&sender.token)
                .header(UPLOAD_OFFSET, "0")
                .header(UPLOAD_LENGTH, photo.len().to_string())
                .header("content-type", PIECE_TYPE)
                .body(photo.as_ref().clone())
                .send()
                .await?;
            let status = answer.status();
            let text = answer.text().await?;
            ensure!(
                status == reqwest::StatusCode::OK && text.contains("receipt"),
                "photo: {status}: {text}"
            );
            bar.inc(1);
            Ok(())
        }
    });
    load::all(work, AT_ONCE).await?;
    bar.finish_and_clear();
    Ok(with_photo.len() as f64 / started.elapsed().as_secs_f64())
}

/// Reads the province's totals by regency.
async fn rollup(room: &CountingRoom, stations: usize) -> Result<f64> {
    let mut times_ms = Vec::with_capacity(READS);
    for _ in 0..READS {
        let started = Instant::now();
        let answer = room.totals(sample::ELECTION_ID, "gub", "64").await?;
        times_ms.push(started.elapsed().as_secs_f64() * 1_000.0);
        let received: u64 = answer.regions.iter().map(|region| region.received).sum();
        ensure!(
            received == stations as u64,
            "figures of {received} stations instead of {stations}"
        );
    }
    Ok(median(&times_ms))
}

/// Runs a command of the built program on some data.
///
/// # Errors
/// When it fails.
pub fn operate(data: &Path, url: Option<&str>, args: &[&str], input: &str) -> Result<String> {
    let mut child = command(data, url, args)?
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child
        .stdin
        .take()
        .context("no standard input")?
        .write_all(input.as_bytes())?;
    let said = child.wait_with_output()?;
    if !said.status.success() {
        bail!(
            "saksi-server {args:?}: {}",
            String::from_utf8_lossy(&said.stderr)
        );
    }
    Ok(String::from_utf8(said.stdout)?)
}

fn command(data: &Path, url: Option<&str>, args: &[&str]) -> Result<Command> {
    let mut command = Command::new(built("saksi-server")?);
    command
        .args(args)
        .arg("--data")
        .arg(data)
        .env_remove("PHOTOS_URL")
        .env("SAKSI_LOG", "error");
    match url {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.env_remove("DATABASE_URL"),
    };
    Ok(command)
}

fn serve(data: &Path, url: Option<&str>) -> Result<(Process, String)> {
    let mut command = command(data, url, &["serve", "--listen", "127.0.0.1:0"])?;
    let mut process = Process::start(command.stdout(Stdio::piped()).stderr(Stdio::inherit()))?;
    let mut line = String::new();
    BufReader::new(process.stdout().context("no standard output")?).read_line(&mut line)?;
    let at = line
        .find("http://")
        .with_context(|| format!("where does it listen? {line:?}"))?;
    Ok((process, line[at..].trim().to_owned()))
}
