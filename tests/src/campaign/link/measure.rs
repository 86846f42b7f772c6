//! One witness's evening behind a thin link.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use protocol::SlotId;
use protocol::console::SlotDetail;
use tokio::sync::oneshot;

use crate::demo::cast::cast;
use crate::demo::papers::Papers;
use crate::demo::proof;
use crate::stage::backing::Backing;
use crate::stage::counting_room::CountingRoom;
use crate::stage::endpoint::Endpoint;
use crate::stage::relay::{Relay, Shape};
use crate::stage::witness::Witness;

/// How often the phone is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A link that gets nothing through in this time is broken, not slow.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// What is played.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// The link once there is coverage.
    pub shape: Shape,
    /// How long there is none before.
    pub outage: Duration,
    /// Size of the camera's photo, in millions of pixels.
    pub megapixels: f32,
    /// Seed of the paper.
    pub seed: u64,
}

/// What came of it.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    /// Signed payloads and the photo.
    pub payload_bytes: u64,
    /// The photo alone.
    pub photo_bytes: u64,
    /// Everything that passed the link, both ways.
    pub wire_bytes: u64,
    /// From coverage to the last figures' receipt.
    pub counts_after: Duration,
    /// From the figures' receipts to the photo's.
    pub photo_took: Duration,
}

/// Keys two slots and photographs one while there is no coverage, then waits
/// for all receipts behind the shaped link.
///
/// # Errors
/// When anything has not arrived, whole and once.
pub async fn measure(scenario: Scenario) -> Result<Measured> {
    let relay = Relay::new().await?;
    let endpoint = Endpoint::start_behind(&relay, Backing::Embedded)?;
    let election = Arc::new(sample::kaltim()?);
    let posted = cast(&election, 1).into_iter().next().context("nobody")?;
    let witness = Witness::new()?;
    let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
    witness.enrol(&relay.address(), &code).await?;
    let slots = witness.slots().await?;
    let (stop, stopped) = oneshot::channel::<()>();
    let device = witness.device().clone();
    let delivering = tokio::spawn(async move {
        let stopped = async {
            let _ = stopped.await;
        };
        device.run(stopped).await;
    });

    relay.cut();
    for slot in &slots {
        let counts = election.truth(&slot.tps, &slot.contest).context("a form")?;
        witness.key(slot, &counts).await?;
        if slot == &slots[0] {
            let papers = Papers::of_megapixels(scenario.seed, scenario.megapixels);
            let jpeg = papers.page(election.clone(), slot.clone(), 1, 0).await?;
            witness.photograph(slot, 1, &jpeg).await?;
        }
        witness.save(slot).await?;
    }
    tokio::time::sleep(scenario.outage).await;
    let before = relay.traffic().bytes();
    let photo_bytes = copy_bytes(&witness, &slots[0]).await?;
    relay.shape(scenario.shape);
    // The system tells the app that there is a connection again.
    witness.device().nudge();
    let coverage = Instant::now();
    until(&witness, |view| view.revisions_only_here == 0).await?;
    let counts_after = coverage.elapsed();
    until(&witness, |view| view.photos_only_here == 0).await?;
    let photo_took = coverage.elapsed().saturating_sub(counts_after);
    let wire_bytes = relay.traffic().bytes() - before;
    let _ = stop.send(());
    delivering.await?;
    let arrived = arrived(&endpoint, &slots).await?;
    proof::receipts(&witness)?;
    let signed = signed_bytes(&witness)?;
    ensure!(arrived == slots.len(), "{arrived} of {} slots", slots.len());
    Ok(Measured {
        payload_bytes: signed + photo_bytes,
        photo_bytes,
        wire_bytes,
        counts_after,
        photo_took,
    })
}

async fn until(
    witness: &Witness,
    is_reached: impl Fn(&device::view::DeliveryView) -> bool,
) -> Result<()> {
    let began = Instant::now();
    loop {
        let view = witness.device().delivery_view().await;
        let view = view.map_err(|failure| anyhow!("the app says {failure:?}"))?;
        if is_reached(&view) {
            return Ok(());
        }
        ensure!(began.elapsed() < PATIENCE, "nothing gets through: {view:?}");
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Size of the reading copy that will go over the link.
async fn copy_bytes(witness: &Witness, slot: &SlotId) -> Result<u64> {
    let store = store::Store::open(&witness.folder().join("saksi.db"))?;
    let newest = store.newest_revision(slot)?.context("nothing is sealed")?;
    let photos = store.revision_photos(&newest.revision.rev_id)?;
    Ok(photos.iter().map(|one| one.photo.facts.copy_bytes).sum())
}

/// Bytes that were signed, as they are before anybody wraps them.
fn signed_bytes(witness: &Witness) -> Result<u64> {
    let store = store::Store::open(&witness.folder().join("saksi.db"))?;
    let mut bytes = 0;
    for slot in store.sealed_slots()? {
        for row in store.revisions(&slot)? {
            let envelope: protocol::Envelope = serde_json::from_str(&row.revision.envelope)?;
            bytes += envelope.payload_bytes()?.len() as u64;
        }
    }
    Ok(bytes)
}

/// How many of the slots are there with one revision and all its photos.
async fn arrived(endpoint: &Endpoint, slots: &[SlotId]) -> Result<usize> {
    let password = crate::demo::password()?;
    endpoint.add_user("looker", "admin", "64", &password)?;
    let address = format!("http://{}", endpoint.address());
    let room = CountingRoom::sign_in(&address, "looker", &password).await?;
    let is_whole = |detail: &SlotDetail| {
        detail.history.len() == 1 && detail.photos.iter().all(|photo| photo.is_received)
    };
    let mut arrived = 0;
    for slot in slots {
        arrived += usize::from(is_whole(&room.slot(slot).await?));
    }
    Ok(arrived)
}
