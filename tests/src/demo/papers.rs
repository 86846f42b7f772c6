//! Forms to photograph: filled in with the sample's figures, each witness
//! holding the phone another way.

use std::sync::Arc;

use anyhow::{Context, Result};
use protocol::SlotId;
use sample::SampleElection;
use specimen::{Filled, Head, Shot};

/// Draws photos of filled forms.
#[derive(Debug, Clone)]
pub struct Papers {
    seed: u64,
    megapixels: Option<f32>,
}

impl Papers {
    /// Photos of the usual size.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            megapixels: None,
        }
    }

    /// Photos of so many millions of pixels.
    #[must_use]
    pub fn of_megapixels(seed: u64, megapixels: f32) -> Self {
        Self {
            seed,
            megapixels: Some(megapixels),
        }
    }

    /// Every page of a slot's form, by number, as one witness photographs it.
    ///
    /// # Errors
    /// When the sample has no such form.
    pub async fn photograph(
        &self,
        election: Arc<SampleElection>,
        slot: SlotId,
        witness: u64,
    ) -> Result<Vec<(u32, Vec<u8>)>> {
        let contest = election
            .contest_at(&slot.tps, &slot.contest)
            .context("no such contest")?;
        let form = election.form(&contest.form).context("no such form")?;
        let pages: Vec<u32> = form.pages.iter().map(|page| page.number).collect();
        let mut photos = Vec::with_capacity(pages.len());
        for page in pages {
            photos.push((
                page,
                self.page(election.clone(), slot.clone(), page, witness)
                    .await?,
            ));
        }
        Ok(photos)
    }

    /// One page, drawn off the async threads.
    ///
    /// # Errors
    /// When the sample has no such form, or the form no such page.
    pub async fn page(
        &self,
        election: Arc<SampleElection>,
        slot: SlotId,
        page: u32,
        witness: u64,
    ) -> Result<Vec<u8>> {
        let papers = self.clone();
        tokio::task::spawn_blocking(move || papers.draw(&election, &slot, page, witness)).await?
    }

    fn draw(
        &self,
        election: &SampleElection,
        slot: &SlotId,
        page: u32,
        witness: u64,
    ) -> Result<Vec<u8>> {
        let contest = election
            .contest_at(&slot.tps, &slot.contest)
            .context("no such contest")?;
        let head = Head {
            place: election.place(&slot.tps),
            number: slot.tps.number().to_owned(),
            date: election.election.date.clone(),
        };
        let filled = Filled {
            form: election.form(&contest.form).context("no such form")?,
            contest,
            head: &head,
            counts: &election
                .truth(&slot.tps, &slot.contest)
                .context("no such result")?,
            seed: self.seed,
        };
        let shot = Shot::good(self.seed.wrapping_mul(1_000).wrapping_add(witness));
        let shot = match self.megapixels {
            Some(megapixels) => shot.with_megapixels(megapixels),
            None => shot,
        };
        Ok(specimen::photograph(&filled, page, &shot)?)
    }
}

/// The first slot of the sample.
///
/// # Errors
/// When the sample is empty.
pub fn first_slot(election: &SampleElection) -> Result<SlotId> {
    let tps = election
        .tps
        .first()
        .context("the sample has no stations")?
        .code
        .clone();
    let contest = election
        .contests_at(&tps)
        .first()
        .context("nothing is held there")?
        .id
        .clone();
    Ok(SlotId {
        election: election.election.id.clone(),
        tps,
        contest,
    })
}
