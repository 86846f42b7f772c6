//! A busy hour: fifty people decide, revisions come in, and everybody follows.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use domain::{RulingKind, TpsCode};
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt as _, StreamExt as _};
use protocol::console::DecisionRequest;
use protocol::queue::{ClaimRequest, KnownItem, QueueItem, ReadingRequest, Task};
use reqwest::{Client, StatusCode};
use sample::SampleElection;

use super::reads::{board, rollup, time_ms};
use crate::bench::endpoint::send;
use crate::bench::load;
use crate::bench::place::Place;
use crate::bench::population::Sender;
use crate::demo::progress;
use crate::stage::counting_room::CountingRoom;

/// People at work.
const CONSOLES: usize = 50;
/// Forms that each decides.
const ITEMS_EACH: usize = 20;
/// Items that each holds.
const HOLD: u32 = 3;
/// How long a person looks at one.
const LOOK: Duration = Duration::from_millis(1_500);
/// Revisions that come in meanwhile.
pub const REVISIONS_PER_S: f64 = 200.0;
/// How often somebody reads totals and board.
const READ_EVERY: Duration = Duration::from_millis(500);
/// Of so many changes, one is followed to the figures on the screen.
const FOLLOWED: usize = 20;
/// People who sign in at the same moment.
const SIGN_IN_AT_ONCE: usize = 4;

/// How long things took, in milliseconds.
#[derive(Debug, Default)]
pub struct Waits {
    /// From a decision to its answer; the next form, held already, is on the
    /// screen by then.
    pub decide_ms: Vec<f64>,
    /// To claim one more behind it.
    pub next_ms: Vec<f64>,
    /// The province's totals.
    pub rollup_ms: Vec<f64>,
    /// The province's board.
    pub board_ms: Vec<f64>,
    /// From a phone's sending to the slot read anew by somebody who follows.
    pub live_ms: Vec<f64>,
    /// Revisions that came in, in a second.
    pub revisions_per_s: f64,
}

/// Adds the people of the room, by their names.
///
/// # Errors
/// When one is refused.
pub fn add_people(place: &Place, password: &str) -> Result<Vec<String>> {
    let names: Vec<String> = (0..CONSOLES).map(|number| format!("op{number}")).collect();
    for name in &names {
        place.add_user(name, "operator", password)?;
    }
    Ok(names)
}

/// The busy hour, shortened: until everybody has decided their share.
///
/// # Errors
/// When anything is refused.
pub async fn work(
    address: &str,
    names: &[String],
    password: &str,
    admin: &CountingRoom,
    late: &[Sender],
) -> Result<Waits> {
    let signing_in = names
        .iter()
        .map(|name| CountingRoom::sign_in(address, name, password));
    let rooms = load::all(signing_in, SIGN_IN_AT_ONCE).await?;
    let bar = progress::bar("forms are decided", (CONSOLES * ITEMS_EACH) as u64);
    let election = sample::kaltim()?;
    let sent = RefCell::new(BTreeMap::new());
    let reads = RefCell::new(Waits::default());
    let all_decide = rooms.iter().map(|room| {
        let (bar, election) = (bar.clone(), &election);
        async move {
            tokio::select! {
                waits = decide(room, election, || bar.inc(1)) => waits,
                ended = listen(room) => bail!("the line of events ended: {ended:?}"),
            }
        }
    });
    let began = Instant::now();
    let decided = tokio::select! {
        decided = load::all(all_decide, CONSOLES) => decided?,
        ended = come_in(address, late, &sent) => bail!("no revisions are left: {ended:?}"),
        ended = read(admin, &reads) => bail!("nobody reads: {ended:?}"),
        ended = follow(admin, &sent, &reads) => bail!("nobody follows: {ended:?}"),
    };
    let took_s = began.elapsed().as_secs_f64();
    bar.finish_and_clear();
    let mut waits = reads.into_inner();
    for one in decided {
        waits.decide_ms.extend(one.decide_ms);
        waits.next_ms.extend(one.next_ms);
    }
    let sent = sent.into_inner();
    let came: usize = sent.values().map(|sent: &Sent| sent.revisions).sum();
    waits.revisions_per_s = came as f64 / took_s;
    Ok(waits)
}

/// When a polling station's figures were sent, and how many revisions.
struct Sent {
    at: Instant,
    revisions: usize,
    /// Of these, the ones that nobody has heard of.
    unheard: usize,
}

impl Sent {
    /// When it was sent, if this is news of it; a form that is verified
    /// afterwards changes once more.
    fn heard(&mut self) -> Option<Instant> {
        self.unheard = self.unheard.checked_sub(1)?;
        Some(self.at)
    }
}

/// The late ones send, one after the other, evenly.
async fn come_in(
    address: &str,
    late: &[Sender],
    sent: &RefCell<BTreeMap<TpsCode, Sent>>,
) -> Result<()> {
    let client = Client::new();
    let revisions_each = late.first().context("nobody is late")?.revisions;
    let every = Duration::from_secs_f64(revisions_each as f64 / REVISIONS_PER_S);
    let mut beat = tokio::time::interval(every);
    let mut under_way = FuturesUnordered::new();
    for sender in late {
        beat.tick().await;
        let now = Sent {
            at: Instant::now(),
            revisions: sender.revisions,
            unheard: sender.revisions,
        };
        sent.borrow_mut().insert(sender.tps.clone(), now);
        under_way.push(send(&client, address, sender));
        while let Some(Some(outcome)) = under_way.next().now_or_never() {
            outcome?;
        }
    }
    while let Some(outcome) = under_way.next().await {
        outcome?;
    }
    Ok(())
}

/// Somebody looks at totals and board all the time.
async fn read(room: &CountingRoom, waits: &RefCell<Waits>) -> Result<()> {
    loop {
        let took_ms = time_ms(room, &rollup()).await?;
        waits.borrow_mut().rollup_ms.push(took_ms);
        let took_ms = time_ms(room, &board()).await?;
        waits.borrow_mut().board_ms.push(took_ms);
        tokio::time::sleep(READ_EVERY).await;
    }
}

/// Somebody follows what changes, and reads one in so many of it anew.
async fn follow(
    room: &CountingRoom,
    sent: &RefCell<BTreeMap<TpsCode, Sent>>,
    waits: &RefCell<Waits>,
) -> Result<()> {
    let mut heard = 0;
    let mut changes = room.follow().await?;
    while let Some(change) = changes.next().await? {
        let at = sent.borrow_mut().get_mut(&change.tps).and_then(Sent::heard);
        let Some(at) = at else {
            continue;
        };
        heard += 1;
        if heard % FOLLOWED == 0 {
            time_ms(room, &format!("/v1/slots/{}", change.slot)).await?;
            let took_ms = at.elapsed().as_secs_f64() * 1_000.0;
            waits.borrow_mut().live_ms.push(took_ms);
        }
    }
    Ok(())
}

/// A console that is open hears everything; what it makes of it takes time of
/// its own computer, not of this one.
async fn listen(room: &CountingRoom) -> Result<()> {
    let mut line = room.get("/v1/events").await?.error_for_status()?;
    while line.chunk().await?.is_some() {}
    Ok(())
}

/// One person's hour.
async fn decide(
    room: &CountingRoom,
    election: &SampleElection,
    decided: impl Fn(),
) -> Result<Waits> {
    let mut waits = Waits::default();
    let mut items = claim(room, Vec::new()).await?;
    for _ in 0..ITEMS_EACH {
        tokio::time::sleep(LOOK).await;
        let item = items.first().context("nothing waits")?;
        let began = Instant::now();
        let is_taken = finish(room, election, item).await?;
        if is_taken {
            waits.decide_ms.push(ms_since(began));
        }
        decided();
        let began = Instant::now();
        items = claim(room, items).await?;
        waits.next_ms.push(ms_since(began));
    }
    Ok(waits)
}

/// What is held now, of which `items` are known already.
async fn claim(room: &CountingRoom, items: Vec<QueueItem>) -> Result<Vec<QueueItem>> {
    let mut known: BTreeMap<_, _> = items
        .into_iter()
        .map(|item| (item.slot.clone(), item))
        .collect();
    let tagged = known.values().map(|item| KnownItem {
        slot: item.slot.clone(),
        tag: item.tag.clone(),
    });
    let asked = ClaimRequest {
        region: None,
        contest: None,
        kinds: Vec::new(),
        hold: HOLD,
        known: tagged.collect(),
    };
    let claimed = room.claim(&asked).await?;
    let told = claimed.items.into_iter();
    known.extend(told.map(|item| (item.slot.clone(), item)));
    let held = claimed.held.iter().map(|slot| {
        let item = known.remove(slot);
        item.with_context(|| format!("{slot} was never told"))
    });
    held.collect()
}

/// Confirms a form, or reads one that is drawn to be read blind; `false` when
/// figures came in at the same moment, and it is to be looked at again.
async fn finish(room: &CountingRoom, election: &SampleElection, item: &QueueItem) -> Result<bool> {
    let answer = match &item.task {
        Task::Look { detail, .. } => {
            let head = detail.heads.first().context("a form without figures")?;
            let ruling = DecisionRequest {
                kind: RulingKind::Verify,
                chosen: Some(head.rev_id.clone()),
                counts: None,
                device: None,
                reason: None,
            };
            room.decide_if(&item.slot, &detail.etag, &ruling).await?
        }
        Task::Blind { .. } => {
            let truth = election.truth(&item.slot.tps, &item.slot.contest);
            let reading = ReadingRequest {
                slot: item.slot.clone(),
                counts: truth.context("no such form in the sample")?,
                note: None,
            };
            room.send_reading(&reading).await?
        }
        Task::Resolve { .. } => bail!("{}: nobody differs here", item.slot),
    };
    match answer.status() {
        StatusCode::CREATED => Ok(true),
        StatusCode::PRECONDITION_FAILED => Ok(false),
        status => bail!("{}: {status}: {}", item.slot, answer.text().await?),
    }
}

fn ms_since(began: Instant) -> f64 {
    began.elapsed().as_secs_f64() * 1_000.0
}
