//! How much goes into the endpoint, on SQLite and on PostgreSQL.

use std::time::Instant;

use anyhow::{Context, Result, ensure};
use protocol::photo::{PIECE_TYPE, UPLOAD_LENGTH, UPLOAD_OFFSET};
use protocol::revision::{RevisionStatus, RevisionsAnswer};
use reqwest::Client;

use super::figures::{Figures, Goal};
use super::load;
use super::place::Place;
use super::population::{self, Sender, hash, populate};
use crate::demo::progress;

/// Parts of the names of the figures, before the database's name.
pub const NAMES: &[&str] = &["revisions_per_s_", "photos_300kb_per_s_"];

/// Phones that send at the same moment.
const AT_ONCE: usize = 64;

/// Photos that are sent.
const PHOTOS: usize = 1_000;

/// Size of each, about.
pub const PHOTO_BYTES: usize = 300_000;

/// Measures one database; `url` is none for the embedded one.
///
/// # Errors
/// When anything is refused.
pub async fn measure(figures: &mut Figures, url: Option<&str>, photo: &[u8]) -> Result<()> {
    let place = Place::seeded(url)?;
    let database = place.database();
    let election = sample::kaltim()?;
    let postings = population::inside(&election).collect();
    let photo_of = |number| (number < PHOTOS).then(|| distinct(photo, number));
    let senders = populate(place.config(), postings, photo_of).await?;
    let served = place.serve()?;
    let client = Client::new();
    let rate = revisions(&client, &served.address, &senders).await?;
    let goal = Some(Goal::AtLeast(2_000.0));
    figures.add(&format!("revisions_per_s_{database}"), rate, "1/s", goal);
    let rate = photos(&client, &served.address, &senders).await?;
    let goal = Some(Goal::AtLeast(300.0));
    figures.add(&format!("photos_300kb_per_s_{database}"), rate, "1/s", goal);
    Ok(())
}

/// The same picture with another comment in it: another photo to the wire.
fn distinct(photo: &[u8], number: usize) -> Vec<u8> {
    let comment = format!("{number:08}");
    let mut bytes = Vec::with_capacity(photo.len() + comment.len() + 4);
    // After the two bytes that begin a JPEG: a comment segment and its length.
    bytes.extend_from_slice(&photo[..2]);
    bytes.extend_from_slice(&[0xFF, 0xFE, 0, 10]);
    bytes.extend_from_slice(comment.as_bytes());
    bytes.extend_from_slice(&photo[2..]);
    bytes
}

/// Every device sends its figures; revisions per second with a receipt each.
///
/// # Errors
/// When one is not stored.
pub async fn revisions(client: &Client, address: &str, senders: &[Sender]) -> Result<f64> {
    let bar = progress::bar("revisions go in", senders.len() as u64);
    let started = Instant::now();
    let work = senders.iter().map(|sender| {
        let bar = bar.clone();
        async move {
            send(client, address, sender).await?;
            bar.inc(1);
            Ok(sender.revisions)
        }
    });
    let stored: usize = load::all(work, AT_ONCE).await?.into_iter().sum();
    bar.finish_and_clear();
    Ok(stored as f64 / started.elapsed().as_secs_f64())
}

/// One device sends its figures.
///
/// # Errors
/// When not all of them are stored.
pub async fn send(client: &Client, address: &str, sender: &Sender) -> Result<()> {
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
    Ok(())
}

/// Every device with a photo sends it in one piece; photos per second with a
/// receipt each.
///
/// # Errors
/// When one is not taken.
pub async fn photos(client: &Client, address: &str, senders: &[Sender]) -> Result<f64> {
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
