//! A whole night: phones send a made-up truth with the errors that people
//! really make, the counting room works its queue, and what is verified in the
//! end is held against the papers.
//!
//! The endpoint is the built program. Phones speak the wire, people the
//! console's calls. Photos are pictures of noise, but for one village where that
//! is wanted; what a person sees on one is looked up, and missed at stated rates
//! (`people`).

mod papers;
mod people;
mod phones;
mod photographs;
mod report;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result, ensure};
use domain::RegionCode;
use futures_util::future::try_join_all;
use protocol::queue::{QueueMode, QueueSettingsRequest};
use sample::SampleElection;
use server::Config;

pub use self::papers::Papers;
use self::papers::drawn;
use self::people::Room;
use self::phones::Phones;
use self::photographs::Photographs;
pub use self::report::{Report, Share};
use super::{Dice, News, stop};
use crate::bench::load;
use crate::bench::population::Posting;
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

/// An endpoint with all phones of a night, before anything is sent.
pub struct Evening {
    /// The endpoint.
    pub endpoint: Endpoint,
    /// What is true, and what is sent.
    pub papers: Papers,
    /// A village whose forms are photographed as forms; those of all others are
    /// pictures of noise.
    pub village: Option<RegionCode>,
    phones: Phones,
}

impl Evening {
    /// Enrols two phones at each of about so many polling stations.
    ///
    /// # Errors
    /// When the endpoint refuses one.
    pub async fn begin(stations: u64, seed: u64) -> Result<Self> {
        let election = sample::kaltim()?;
        let papers = drawn(&election, usize::try_from(stations)?, seed)?;
        Self::enrolled(election, papers, None, seed).await
    }

    /// The same, and in a village with so many polling stations or somewhat
    /// more, where two witnesses disagree, all forms are photographed as forms.
    ///
    /// # Errors
    /// When there is no such village, or the endpoint refuses a phone.
    pub async fn with_photographs(stations: u64, seed: u64, village_of: usize) -> Result<Self> {
        let election = sample::kaltim()?;
        let papers = drawn(&election, usize::try_from(stations)?, seed)?;
        let village = papers.disputed_village(village_of);
        let village = village.context("no village of that size where witnesses disagree")?;
        Self::enrolled(election, papers, Some(village), seed).await
    }

    async fn enrolled(
        election: SampleElection,
        papers: Papers,
        village: Option<RegionCode>,
        seed: u64,
    ) -> Result<Self> {
        let (endpoint, codes) = posted(&papers).await?;
        let address = format!("http://{}", endpoint.address());
        let photographs = Photographs::of(election, papers.stations(), village.as_ref(), seed);
        let phones = Phones::enrol(&address, &codes, photographs, seed).await?;
        Ok(Self {
            endpoint,
            papers,
            village,
            phones,
        })
    }

    /// All phones send all that they have; nobody looks at it.
    ///
    /// # Errors
    /// When the endpoint refuses anything.
    pub async fn send(&self, seed: u64) -> Result<()> {
        let left = AtomicUsize::new(self.phones.count());
        send(&self.phones, &self.papers, &left, seed).await
    }
}

/// One night with about so many polling stations.
///
/// # Errors
/// When the endpoint refuses what it should take, loses something, or its
/// totals are not the sums of its slots.
pub async fn run(mode: QueueMode, stations: u64, seed: u64) -> Result<Report> {
    let evening = Evening::begin(stations, seed).await?;
    let Evening {
        endpoint,
        papers,
        phones,
        ..
    } = &evening;
    let (operators, coordinators) = signed_in(endpoint).await?;
    let head = coordinators.first().context("no coordinator")?;
    let settings = QueueSettingsRequest {
        mode,
        check_percent: CHECK_PERCENT,
    };
    head.set_queue(&settings).await?;
    let room = Room {
        papers,
        phones,
        seed,
        sending: AtomicUsize::new(phones.count()),
        kinds: Mutex::default(),
        visits: Mutex::default(),
    };
    let looking = operators.iter().map(|console| room.work(console, false));
    let settling = coordinators.iter().map(|console| room.work(console, true));
    tokio::try_join!(
        send(phones, papers, &room.sending, seed),
        try_join_all(looking),
        try_join_all(settling)
    )?;
    ensure!(!stop::requested(), "stopped");
    let kinds = room.kinds.into_inner().unwrap_or_default();
    let report = Report::of(head, papers, &kinds).await?;
    endpoint.run(&["verify-log"])?;
    Ok(report)
}

/// All phones send, in an order of chance.
async fn send(phones: &Phones, papers: &Papers, left: &AtomicUsize, seed: u64) -> Result<()> {
    let mut order: Vec<usize> = (0..phones.count()).collect();
    let mut dice = Dice::new(seed);
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at + 1));
    }
    let total = order.len();
    let news = Mutex::new(News::begin("night", total as u64, seed));
    let news = &news;
    let work = order.into_iter().map(|at| async move {
        phones.send_all(at, papers).await?;
        let left = left.fetch_sub(1, Ordering::SeqCst) - 1;
        if let Ok(mut news) = news.lock() {
            news.tell((total - left) as u64, || "phones have sent".to_owned());
        }
        Ok(())
    });
    load::all(work, AT_ONCE).await.map(drop)
}

/// An endpoint with the sample election, and codes for everybody.
async fn posted(papers: &Papers) -> Result<(Endpoint, Vec<(Posting, String)>)> {
    let data = Endpoint::start()?.into_data()?;
    let running = server::start(Config::embedded(data.path().to_owned())).await?;
    let codes = phones::posted(&running.app(), papers).await?;
    running.stop().await;
    Ok((Endpoint::at(data)?, codes))
}

async fn signed_in(endpoint: &Endpoint) -> Result<(Vec<CountingRoom>, Vec<CountingRoom>)> {
    let address = format!("http://{}", endpoint.address());
    let password = crate::demo::password()?;
    let mut operators = Vec::new();
    for number in 0..OPERATORS {
        let name = format!("operator{number}");
        endpoint.add_user(&name, "operator", "64", &password)?;
        operators.push(CountingRoom::sign_in(&address, &name, &password).await?);
    }
    let mut coordinators = Vec::new();
    for number in 0..COORDINATORS {
        let name = format!("koordinator{number}");
        endpoint.add_user(&name, "admin", "64", &password)?;
        coordinators.push(CountingRoom::sign_in(&address, &name, &password).await?);
    }
    Ok((operators, coordinators))
}
