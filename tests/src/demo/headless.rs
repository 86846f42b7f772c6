//! The main job without a window: many devices, one endpoint, nothing believed.
//!
//! Witnesses enrol; the endpoint goes out of reach; they photograph, key and
//! save; it comes back; they deliver. Then every receipt is verified again
//! under the key pinned at enrolment, and the endpoint's totals are compared
//! with the sum of what was recorded.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use domain::Counts;
use protocol::SlotId;
use sample::SampleElection;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::cast::{Posted, cast};
use super::papers::Papers;
use super::{progress, proof};
use crate::stage::counting_room::CountingRoom;
use crate::stage::endpoint::Endpoint;
use crate::stage::witness::Witness;

/// Phones that do something at the same time; drawing papers is heavy.
const AT_ONCE: usize = 8;

/// Lines of the table of slots that are shown.
const SHOWN_SLOTS: usize = 60;

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// How many witnesses.
    pub witnesses: usize,
    /// How long the endpoint stays out of reach, at least.
    pub offline_for: Duration,
    /// Seed of the papers.
    pub seed: u64,
}

/// A witness at a post.
struct Phone {
    posted: Posted,
    witness: Witness,
}

/// What was recorded about one slot by one witness.
pub struct Recorded {
    /// The slot.
    pub slot: SlotId,
    /// The figures keyed.
    pub counts: Counts,
    /// How many photos were taken.
    pub photos: usize,
}

/// Runs it all.
///
/// # Errors
/// When anything that was recorded has not arrived, verified and whole.
pub async fn run(options: Options) -> Result<()> {
    let election = Arc::new(sample::kaltim()?);
    let spinner = progress::spinner("seeding the sample election");
    let mut endpoint = Endpoint::start()?;
    let password = super::password()?;
    endpoint.add_user("demo", "admin", "64", &password)?;
    spinner.finish_and_clear();
    let address = format!("http://{}", endpoint.address());
    println!("endpoint   {address}");

    let cast = cast(&election, options.witnesses);
    let phones = enrol(&endpoint, &address, cast).await?;
    println!("enrolled   {} witnesses", phones.len());

    endpoint.kill();
    let out_of_reach = Instant::now();
    println!("offline    the endpoint is gone");
    let recorded = record(&election, &phones, options.seed).await?;
    let photos: usize = recorded.iter().map(|one| one.photos).sum();
    println!("recorded   {} forms with {photos} photos", recorded.len());
    still_here(&phones).await?;
    stay_offline(options.offline_for.saturating_sub(out_of_reach.elapsed())).await;

    endpoint.restart()?;
    println!(
        "online     after {:.1} s",
        out_of_reach.elapsed().as_secs_f64()
    );
    deliver(&phones).await?;
    report(&endpoint, &address, &password, &phones, &recorded).await
}

/// Verifies everything, prints the table and the outcome.
async fn report(
    endpoint: &Endpoint,
    address: &str,
    password: &str,
    phones: &[Arc<Phone>],
    recorded: &[Recorded],
) -> Result<()> {
    let mut verified = proof::Verified::default();
    for phone in phones {
        let one = proof::receipts(&phone.witness).with_context(|| phone.posted.witness.clone())?;
        verified.revisions += one.revisions;
        verified.photos += one.photos;
    }
    ensure!(
        verified.revisions == recorded.len(),
        "fewer receipts than revisions"
    );
    let photos: usize = recorded.iter().map(|one| one.photos).sum();
    ensure!(verified.photos == photos, "fewer receipts than photos");
    let room = CountingRoom::sign_in(address, "demo", password).await?;
    table(&room, recorded).await?;
    println!(
        "receipts   {} of revisions, {} of photos, all verify",
        verified.revisions, verified.photos
    );
    let votes = proof::totals(&room, recorded).await?;
    println!("totals     the endpoint's {votes} votes are the sum of what was recorded");
    endpoint
        .run(&["verify-log"])
        .context("the endpoint's log does not verify")?;
    println!("log        its chain verifies");
    Ok(())
}

async fn enrol(endpoint: &Endpoint, address: &str, cast: Vec<Posted>) -> Result<Vec<Arc<Phone>>> {
    let bar = progress::bar("witnesses enrol", cast.len() as u64);
    let mut phones = Vec::with_capacity(cast.len());
    for posted in cast {
        let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
        let witness = Witness::new()?;
        witness.enrol(address, &code).await?;
        phones.push(Arc::new(Phone { posted, witness }));
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(phones)
}

/// Every witness photographs, keys and saves every form of the post.
async fn record(
    election: &Arc<SampleElection>,
    phones: &[Arc<Phone>],
    seed: u64,
) -> Result<Vec<Recorded>> {
    let bar = progress::bar("they photograph, key and save", phones.len() as u64);
    let papers = Arc::new(Papers::new(seed));
    let mut work = JoinSet::new();
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    for (number, phone) in phones.iter().enumerate() {
        let (election, phone, papers) = (election.clone(), phone.clone(), papers.clone());
        let permits = permits.clone();
        work.spawn(async move {
            let _permit = permits.acquire().await?;
            let mut recorded = Vec::new();
            for slot in phone.witness.slots().await? {
                recorded.push(
                    record_form(&election, &phone.witness, &papers, slot, number as u64).await?,
                );
            }
            anyhow::Ok(recorded)
        });
    }
    let mut recorded = Vec::new();
    while let Some(done) = work.join_next().await {
        recorded.extend(done??);
        bar.inc(1);
    }
    bar.finish_and_clear();
    recorded.sort_by(|a, b| a.slot.cmp(&b.slot));
    Ok(recorded)
}

async fn record_form(
    election: &Arc<SampleElection>,
    witness: &Witness,
    papers: &Arc<Papers>,
    slot: SlotId,
    hand: u64,
) -> Result<Recorded> {
    let counts = election
        .truth(&slot.tps, &slot.contest)
        .context("no such form in the sample")?;
    let photos = papers
        .photograph(election.clone(), slot.clone(), hand)
        .await?;
    for (page, jpeg) in &photos {
        witness.photograph(&slot, *page, jpeg).await?;
    }
    witness.key(&slot, &counts).await?;
    witness.save(&slot).await?;
    Ok(Recorded {
        slot,
        counts,
        photos: photos.len(),
    })
}

/// With the endpoint gone nothing may count as delivered, and nothing may be
/// lost by trying.
async fn still_here(phones: &[Arc<Phone>]) -> Result<()> {
    let Some(phone) = phones.first() else {
        return Ok(());
    };
    let view = phone.witness.send().await?;
    ensure!(
        view.revisions_only_here > 0,
        "delivered although nobody was there"
    );
    println!(
        "saved      {}: {} revisions and {} photos are only on this phone ({:?})",
        phone.posted.witness, view.revisions_only_here, view.photos_only_here, view.trouble
    );
    Ok(())
}

async fn stay_offline(rest: Duration) {
    let bar = progress::clock("still out of reach", rest);
    let until = Instant::now() + rest;
    while Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(100).min(rest)).await;
        let left = until.saturating_duration_since(Instant::now());
        bar.set_position(u64::try_from((rest - left.min(rest)).as_millis()).unwrap_or_default());
    }
    bar.finish_and_clear();
}

async fn deliver(phones: &[Arc<Phone>]) -> Result<()> {
    let started = Instant::now();
    let bar = progress::bar("they deliver", phones.len() as u64);
    let mut work = JoinSet::new();
    for phone in phones.iter().cloned() {
        work.spawn(async move {
            phone
                .witness
                .send_all()
                .await
                .context(phone.posted.witness.clone())
        });
    }
    while let Some(done) = work.join_next().await {
        done??;
        bar.inc(1);
    }
    bar.finish_and_clear();
    println!("delivered  in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

/// Slots and states, as the counting room lists them.
async fn table(room: &CountingRoom, recorded: &[Recorded]) -> Result<()> {
    let slots: BTreeSet<&SlotId> = recorded.iter().map(|one| &one.slot).collect();
    println!(
        "\n{:<36} {:<10} {:>5} {:>8}  place",
        "slot", "state", "heads", "photos"
    );
    for (number, slot) in slots.iter().enumerate() {
        let detail = room.slot(slot).await?;
        let arrived = detail
            .photos
            .iter()
            .filter(|photo| photo.is_received)
            .count();
        let announced = detail.photos.len();
        ensure!(
            arrived == announced,
            "{slot}: {arrived} of {announced} photos arrived"
        );
        if number < SHOWN_SLOTS {
            let state = format!("{:?}", detail.state).to_lowercase();
            println!(
                "{:<36} {state:<10} {:>5} {:>8}  {} · TPS {}",
                slot.to_string(),
                detail.heads.len(),
                format!("{arrived}/{announced}"),
                detail.place.join(", "),
                detail.number
            );
        }
    }
    if slots.len() > SHOWN_SLOTS {
        println!("… and {} more", slots.len() - SHOWN_SLOTS);
    }
    println!();
    Ok(())
}
