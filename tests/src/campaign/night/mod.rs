//! A whole night: phones send a made-up truth with the errors that people
//! really make, the counting room works its queue, and what is verified in the
//! end is held against the papers.
//!
//! The endpoint is the built program. Phones speak the wire, people the
//! console's calls. Photos are pictures of noise; what a person sees on one is
//! looked up, and missed at stated rates (`people`).

mod papers;
mod people;
mod phones;
mod report;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use futures_util::future::try_join_all;
use protocol::queue::{QueueMode, QueueSettingsRequest};
use server::Config;

use self::papers::{Papers, drawn};
use self::people::Room;
use self::phones::Phones;
pub use self::report::{Report, Share};
use super::{Dice, News, stop};
use crate::bench::load;
use crate::stage::counting_room::CountingRoom;
use crate::stage::endpoint::Endpoint;

/// Polling stations, unless told otherwise.
pub const ROUNDS: u64 = 1_000;

/// People who look or read, and those who settle.
const OPERATORS: usize = 8;
const COORDINATORS: usize = 2;

/// Phones that send at the same moment.
const AT_ONCE: usize = 8;

/// Of a hundred looks, how many are read again blind.
const CHECK_PERCENT: u32 = 10;

/// Both ways of verifying, with their words.
pub const MODES: [(QueueMode, &str); 2] = [(QueueMode::Look, "look"), (QueueMode::Blind, "blind")];

/// One night with about so many polling stations.
///
/// # Errors
/// When the endpoint refuses what it should take, loses something, or its
/// totals are not the sums of its slots.
pub async fn run(mode: QueueMode, stations: u64, seed: u64) -> Result<Report> {
    let election = sample::kaltim()?;
    let papers = drawn(&election, usize::try_from(stations)?, seed)?;
    let (endpoint, codes) = posted(&papers).await?;
    let address = format!("http://{}", endpoint.address());
    let phones = Phones::enrol(&address, &codes, seed).await?;
    let (operators, coordinators) = signed_in(&endpoint, &address).await?;
    let head = coordinators.first().context("no coordinator")?;
    let settings = QueueSettingsRequest {
        mode,
        check_percent: CHECK_PERCENT,
    };
    head.set_queue(&settings).await?;
    let room = Room {
        papers: &papers,
        phones: &phones,
        seed,
        sending: AtomicUsize::new(phones.count()),
        kinds: Mutex::default(),
        visits: Mutex::default(),
    };
    let people = operators
        .iter()
        .map(|console| room.work(console, false))
        .collect::<Vec<_>>();
    let others = coordinators
        .iter()
        .map(|console| room.work(console, true))
        .collect::<Vec<_>>();
    tokio::try_join!(
        send(&room, seed),
        try_join_all(people),
        try_join_all(others)
    )?;
    anyhow::ensure!(!stop::requested(), "stopped");
    let kinds = room.kinds.into_inner().unwrap_or_default();
    let report = Report::of(head, &papers, &kinds).await?;
    endpoint.run(&["verify-log"])?;
    Ok(report)
}

/// All phones send, in an order of chance.
async fn send(room: &Room<'_>, seed: u64) -> Result<()> {
    let mut order: Vec<usize> = (0..room.phones.count()).collect();
    let mut dice = Dice::new(seed);
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at + 1));
    }
    let mut news = News::begin("night", order.len() as u64, seed);
    let news = Mutex::new(&mut news);
    let work = order.into_iter().map(|at| async move {
        room.phones.send_all(at, room.papers).await?;
        room.sending.fetch_sub(1, Ordering::SeqCst);
        anyhow::Ok(())
    });
    let total = room.phones.count();
    let told = work.map(|one| async {
        one.await?;
        let left = room.sending.load(Ordering::SeqCst);
        if let Ok(mut news) = news.lock() {
            news.tell((total - left) as u64, || "phones have sent".to_owned());
        }
        anyhow::Ok(())
    });
    load::all(told, AT_ONCE).await.map(drop)
}

/// An endpoint with the sample election, and codes for everybody.
async fn posted(
    papers: &Papers,
) -> Result<(Endpoint, Vec<(crate::bench::population::Posting, String)>)> {
    let data = Endpoint::start()?.into_data()?;
    let running = server::start(Config::embedded(data.path().to_owned())).await?;
    let codes = phones::posted(&running.app(), papers).await?;
    running.stop().await;
    Ok((Endpoint::at(data)?, codes))
}

async fn signed_in(
    endpoint: &Endpoint,
    address: &str,
) -> Result<(Vec<CountingRoom>, Vec<CountingRoom>)> {
    let password = crate::demo::password()?;
    let mut operators = Vec::new();
    for number in 0..OPERATORS {
        let name = format!("operator{number}");
        endpoint.add_user(&name, "operator", "64", &password)?;
        operators.push(CountingRoom::sign_in(address, &name, &password).await?);
    }
    let mut coordinators = Vec::new();
    for number in 0..COORDINATORS {
        let name = format!("koordinator{number}");
        endpoint.add_user(&name, "admin", "64", &password)?;
        coordinators.push(CountingRoom::sign_in(address, &name, &password).await?);
    }
    Ok((operators, coordinators))
}
