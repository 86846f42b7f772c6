//! Photos of real forms, for the polling stations where people look at them.
//!
//! Drawing a form takes long, so that a night sends noise for most stations.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Context, Result};
use domain::{Counts, FormLayout, RegionCode, TpsCode};
use protocol::SlotId;
use protocol::revision::PhotoRef;
use sample::SampleElection;
use specimen::{Filled, Head, Shot};

use crate::bench::population::announced;

/// As sharp as figures need to be read on a screen.
const MEGAPIXELS: f32 = 3.0;

/// Whose forms are photographed, and of which election.
#[derive(Debug, Clone)]
pub struct Photographs {
    election: Arc<SampleElection>,
    stations: Arc<BTreeSet<TpsCode>>,
    seed: u64,
}

impl Photographs {
    /// Of the stations in this region; of nobody without one.
    #[must_use]
    pub fn of(
        election: SampleElection,
        stations: Vec<TpsCode>,
        region: Option<&RegionCode>,
        seed: u64,
    ) -> Self {
        let is_in =
            |tps: &TpsCode| region.is_some_and(|region| tps.as_str().starts_with(region.as_str()));
        Self {
            election: Arc::new(election),
            stations: Arc::new(stations.into_iter().filter(is_in).collect()),
            seed,
        }
    }

    /// Every page of a form as a phone sends it, announced; `None` where
    /// nobody draws them.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub async fn pages(
        &self,
        shown: &SlotId,
        written: &Counts,
        number: u64,
    ) -> Result<Option<Vec<(PhotoRef, Vec<u8>)>>> {
        if !self.stations.contains(&shown.tps) {
            return Ok(None);
        }
        let (own, shown, written) = (self.clone(), shown.clone(), written.clone());
        let drawing = tokio::task::spawn_blocking(move || own.draw(&shown, &written, number));
        drawing.await?.map(Some)
    }

    /// A form with tags: the real ones have them, and the sample does not know
    /// their numbers, so that those of the presidential form stand in.
    fn tagged(&self, id: &str) -> Result<FormLayout> {
        let mut form = self.election.form(id).context("no such form")?.clone();
        let known = sample::layout(sample::PPWP_FORM)?.context("no presidential form")?;
        for (page, known) in form.pages.iter_mut().zip(&known.pages) {
            page.tag = known.tag;
        }
        Ok(form)
    }

    fn draw(
        &self,
        slot: &SlotId,
        counts: &Counts,
        number: u64,
    ) -> Result<Vec<(PhotoRef, Vec<u8>)>> {
        let contest = self.election.contest_at(&slot.tps, &slot.contest);
        let contest = contest.context("no such contest")?;
        let form = &self.tagged(&contest.form)?;
        let head = Head {
            place: self.election.place(&slot.tps),
            number: slot.tps.number().to_owned(),
            date: self.election.election.date.clone(),
        };
        let seed = self.seed.wrapping_mul(1_000).wrapping_add(number);
        let filled = Filled {
            form,
            contest,
            head: &head,
            counts,
            seed,
        };
        let page = |page: u32| {
            let shot = Shot::good(seed.wrapping_mul(10).wrapping_add(u64::from(page)));
            let shot = shot.with_megapixels(MEGAPIXELS);
            let taken = specimen::photograph(&filled, page, &shot)?;
            let copy = photo::reduce(&taken)?.jpeg;
            let named = PhotoRef {
                page: Some(page),
                ..announced(&copy)
            };
            Ok((named, copy))
        };
        form.pages.iter().map(|it| page(it.number)).collect()
    }
}
