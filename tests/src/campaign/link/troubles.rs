//! Links that mislead: cut at exact bytes, reset, half open, or a hotel's.
//!
//! After each, nothing may be called received that is not; after the link is
//! good again, everything is there, once.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use device::Timeouts;
use device::view::DraftChange;
use protocol::SlotId;

use crate::campaign::{Dice, News, stop};
use crate::demo::cast::cast;
use crate::demo::papers::Papers;
use crate::demo::proof;
use crate::stage::backing::Backing;
use crate::stage::counting_room::CountingRoom;
use crate::stage::endpoint::Endpoint;
use crate::stage::relay::{Mode, Portal, Relay, Shape};
use crate::stage::witness::Witness;

/// A phone that loses patience sooner than ours do, so that half-open lines
/// take little time; a busy machine must still not be taken for one.
const QUICK: Timeouts = Timeouts {
    connect_ms: 3_000,
    silence_ms: 3_000,
    slowest_bytes_per_s: 1_000_000,
};

/// A connection is cut within so many bytes: more than any request here has.
const CUT_WITHIN_BYTES: usize = 30_000;

/// What was gone through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Endured {
    /// Cuts at an exact byte from or to the phone.
    pub cuts: u64,
    /// Connections that were reset.
    pub resets: u64,
    /// Connections that never said anything.
    pub silences: u64,
    /// Answers of somebody else.
    pub portals: u64,
}

impl Endured {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.cuts + self.resets + self.silences + self.portals
    }
}

/// A witness who corrects a form again and again while the link misleads.
struct Evening {
    relay: Relay,
    endpoint: Endpoint,
    witness: Witness,
    slot: SlotId,
    photo: Vec<u8>,
    sealed: usize,
}

/// Goes through `rounds` troubles, one after the other.
///
/// # Errors
/// The first round after which something is missing, twice there, or called
/// received without having been.
pub async fn endure(rounds: u64, seed: u64) -> Result<Endured> {
    let mut news = News::begin("link troubles", rounds, seed);
    let mut dice = Dice::new(seed);
    let mut evening = Evening::begin(seed).await?;
    let mut endured = Endured::default();
    for round in 0..rounds {
        let shape = trouble(&mut dice, &mut endured);
        let told = |cause: anyhow::Error| cause.context(format!("seed {seed}, round {round}"));
        evening.go_through(round, shape).await.map_err(told)?;
        news.tell(round, || format!("{endured:?}"));
        if stop::requested() {
            break;
        }
    }
    evening.end().await?;
    Ok(endured)
}

fn trouble(dice: &mut Dice, endured: &mut Endured) -> Shape {
    let mut shape = Shape::default();
    match dice.below(10) {
        0 => {
            endured.resets += 1;
            shape.mode = Mode::Reset;
        }
        1 => {
            endured.silences += 1;
            shape.mode = Mode::Silent;
        }
        2 | 3 => {
            endured.portals += 1;
            shape.mode = Mode::Portal(*dice.pick(&Portal::ALL));
        }
        4..=7 => {
            endured.cuts += 1;
            shape.cut_after_up_bytes = Some(1 + dice.below(CUT_WITHIN_BYTES) as u64);
        }
        _ => {
            endured.cuts += 1;
            shape.cut_after_down_bytes = Some(1 + dice.below(2_500) as u64);
        }
    }
    shape
}

impl Evening {
    async fn begin(seed: u64) -> Result<Self> {
        let relay = Relay::new().await?;
        let endpoint = Endpoint::start_behind(&relay, Backing::Embedded)?;
        let election = Arc::new(sample::kaltim()?);
        let posted = cast(&election, 1).into_iter().next().context("nobody")?;
        let witness = Witness::waiting(QUICK)?;
        let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
        witness.enrol(&relay.address(), &code).await?;
        let slot = witness.slots().await?.remove(0);
        let counts = election.truth(&slot.tps, &slot.contest).context("a form")?;
        let photo = Papers::of_megapixels(seed, 0.5)
            .page(election.clone(), slot.clone(), 1, 0)
            .await?;
        witness.key(&slot, &counts).await?;
        Ok(Self {
            relay,
            endpoint,
            witness,
            slot,
            photo,
            sealed: 0,
        })
    }

    async fn go_through(&mut self, round: u64, shape: Shape) -> Result<()> {
        let change = DraftChange::Figure {
            id: "votes.1".to_owned(),
            text: (1 + round % 300).to_string(),
        };
        let device = self.witness.device();
        let keyed = device.change_draft(self.slot.clone(), change).await;
        keyed.map_err(|failure| anyhow!("keying: {failure:?}"))?;
        if round == 0 {
            self.witness.photograph(&self.slot, 1, &self.photo).await?;
        }
        self.witness.save(&self.slot).await?;
        self.sealed += 1;
        // Connections of before are not what this is about.
        self.relay.shape(shape);
        self.relay.hang_up();
        let view = self.witness.send().await?;
        if shape.mode != Mode::Open {
            ensure!(
                view.revisions_only_here == 1 && view.trouble.is_some(),
                "{shape:?} passed for the endpoint: {view:?}"
            );
        }
        self.relay.shape(Shape::default());
        self.relay.hang_up();
        self.witness.send_all().await?;
        Ok(())
    }

    async fn end(self) -> Result<()> {
        let verified = proof::receipts(&self.witness)?;
        ensure!(verified.revisions == self.sealed, "{verified:?}");
        let password = crate::demo::password()?;
        self.endpoint.add_user("looker", "admin", "64", &password)?;
        let address = format!("http://{}", self.endpoint.address());
        let room = CountingRoom::sign_in(&address, "looker", &password).await?;
        let detail = room.slot(&self.slot).await?;
        ensure!(
            detail.history.len() == self.sealed,
            "{} revisions arrived of {}",
            detail.history.len(),
            self.sealed
        );
        ensure!(detail.photos.iter().all(|photo| photo.is_received));
        self.endpoint.run(&["verify-log", "--photos"]).map(drop)
    }
}
