//! What a witness waits for on the phone: saving.

use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use device::view::DraftChange;

use super::figures::{Figures, median};
use crate::demo::cast::cast;
use crate::stage::endpoint::Endpoint;
use crate::stage::witness::Witness;

/// Names of the figures.
pub const NAMES: &[&str] = &["seal_revision_ms", "keystroke_ms"];

/// How often a correction is sealed.
const ROUNDS: u32 = 51;

/// Measures keystrokes and seals on one device that has delivered nothing.
///
/// # Errors
/// When the device fails.
pub async fn measure(figures: &mut Figures, photo: &[u8]) -> Result<()> {
    let election = sample::kaltim()?;
    let endpoint = Endpoint::start()?;
    let posted = cast(&election, 1)
        .into_iter()
        .next()
        .context("nobody takes part")?;
    let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
    let witness = Witness::new()?;
    witness
        .enrol(&format!("http://{}", endpoint.address()), &code)
        .await?;
    drop(endpoint);
    let slot = witness
        .slots()
        .await?
        .into_iter()
        .next()
        .context("no slot")?;
    let counts = election
        .truth(&slot.tps, &slot.contest)
        .context("no such form")?;
    witness.key(&slot, &counts).await?;
    witness.photograph(&slot, 1, photo).await?;
    witness.save(&slot).await?;
    let (mut keys_ms, mut seals_ms) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // One figure goes to and fro, so that there is something to save.
        let text = (100 + round % 2).to_string();
        let change = DraftChange::Figure {
            id: "votes.1".into(),
            text,
        };
        let started = Instant::now();
        let changed = witness.device().change_draft(slot.clone(), change).await;
        keys_ms.push(started.elapsed().as_secs_f64() * 1_000.0);
        changed.map_err(|failure| anyhow!("a keystroke failed: {failure:?}"))?;
        let started = Instant::now();
        witness.save(&slot).await?;
        seals_ms.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    figures.add(NAMES[0], median(&seals_ms), "ms", None);
    figures.add(NAMES[1], median(&keys_ms), "ms", None);
    Ok(())
}
