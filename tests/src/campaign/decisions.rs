//! Of many rulings made at the same moment on the same state of a slot, one
//! counts, and all others are told that the slot has moved.

use anyhow::{Context, Result, ensure};
use domain::RulingKind;
use protocol::SlotId;
use protocol::console::DecisionRequest;
use reqwest::StatusCode;

use super::sender::Sender;
use super::{Dice, News, stop};
use crate::bench::figures::{Figures, Goal};
use crate::demo::cast::cast;
use crate::stage::backing::Backing;
use crate::stage::counting_room::CountingRoom;
use crate::stage::endpoint::Endpoint;

/// Rulings at the same moment.
const AT_ONCE: usize = 50;

/// Polling stations whose slots are ruled on in turn.
const STATIONS: usize = 20;

/// Rounds in the goal.
pub const ROUNDS: u64 = 1_000;

/// Rules `rounds` times, fifty at once, on an endpoint with this backing.
///
/// # Errors
/// The first round in which not exactly one ruling counted.
pub async fn run(backing: Backing, rounds: u64, seed: u64) -> Result<u64> {
    let mut news = News::begin("decisions", rounds, seed);
    let endpoint = Endpoint::start_on(backing)?;
    let address = format!("http://{}", endpoint.address());
    let password = crate::demo::password()?;
    endpoint.add_user("ruler", "admin", "64", &password)?;
    let room = CountingRoom::sign_in(&address, "ruler", &password).await?;
    let slots = filled_slots(&endpoint, &address, &mut Dice::new(seed)).await?;
    let mut done = 0;
    for round in 0..rounds {
        let slot = &slots[usize::try_from(round)? % slots.len()];
        race(&room, slot)
            .await
            .with_context(|| format!("seed {seed}, round {round}, {slot}"))?;
        done += 1;
        news.tell(done, || "one of fifty counted in each".to_owned());
        if stop::requested() {
            break;
        }
    }
    endpoint.run(&["verify-log"])?;
    println!("decisions: {done} rounds of {AT_ONCE}, no violation, the log verifies");
    Ok(done)
}

/// Puts the rounds among the figures.
pub fn figures(database: &str, rounds: u64, figures: &mut Figures) {
    let goal = Some(Goal::AtLeast(1_000.0));
    figures.add(
        &format!("decisions_rounds_{database}"),
        rounds as f64,
        "",
        goal,
    );
    let none = Some(Goal::AtMost(0.0));
    figures.add(&format!("decisions_violations_{database}"), 0.0, "", none);
}

/// One slot per polling station, each with one revision.
async fn filled_slots(endpoint: &Endpoint, address: &str, dice: &mut Dice) -> Result<Vec<SlotId>> {
    let election = sample::kaltim()?;
    let http = reqwest::Client::new();
    let mut slots = Vec::with_capacity(STATIONS);
    for posted in cast(&election, STATIONS * 2).into_iter().step_by(2) {
        let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
        let mut sender = Sender::enrol(&http, address, &code, dice).await?;
        let slot = sender.slots[0].clone();
        let counts = election
            .truth(&slot.tps, &slot.contest)
            .context("no such form in the sample")?;
        let sealed = sender.seal(0, counts, Vec::new())?;
        sender.post(&http, address, &[sealed]).await?;
        slots.push(slot);
    }
    Ok(slots)
}

async fn race(room: &CountingRoom, slot: &SlotId) -> Result<()> {
    let detail = room.slot(slot).await?;
    let before = detail.decisions.len();
    if before > 0 {
        let reopen = DecisionRequest {
            reason: Some("diperiksa lagi".to_owned()),
            ..ruling(RulingKind::Reopen)
        };
        room.decide(slot, &reopen).await?;
    }
    let head = detail.heads.first().context("no head")?.rev_id.clone();
    let verify = DecisionRequest {
        chosen: Some(head),
        ..ruling(RulingKind::Verify)
    };
    let etag = room.etag(slot).await?;
    let rulings = (0..AT_ONCE).map(|_| room.decide_if(slot, &etag, &verify));
    let mut counted = 0;
    for answer in futures_util::future::join_all(rulings).await {
        match answer?.status() {
            StatusCode::CREATED => counted += 1,
            StatusCode::PRECONDITION_FAILED => {}
            other => anyhow::bail!("a ruling was answered {other}"),
        }
    }
    ensure!(counted == 1, "{counted} of {AT_ONCE} rulings counted");
    let after = room.slot(slot).await?.decisions.len();
    let expected = before + 1 + usize::from(before > 0);
    ensure!(after == expected, "{after} rulings instead of {expected}");
    Ok(())
}

fn ruling(kind: RulingKind) -> DecisionRequest {
    DecisionRequest {
        kind,
        chosen: None,
        counts: None,
        device: None,
        reason: None,
    }
}
