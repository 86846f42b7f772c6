//! The phones of the night: each sends its figures and photos, and again when
//! a form is returned.

use std::collections::BTreeMap;
use std::sync::Mutex;

use anyhow::{Context, Result, ensure};
use domain::Counts;
use protocol::SlotId;
use protocol::pack::WitnessRole;
use protocol::photo::{PIECE_TYPE, UPLOAD_LENGTH, UPLOAD_OFFSET};
use protocol::revision::{PhotoRef, RevisionStatus};
use server::AppState;

use super::papers::{Keyed, Papers};
use super::photographs::Photographs;
use crate::bench::population::{Posting, announced, codes};
use crate::campaign::Dice;
use crate::campaign::pictures::picture;
use crate::campaign::sender::Sender;

/// A witness's phone.
pub struct Phone {
    sender: tokio::sync::Mutex<Sender>,
    /// Its number at its polling station.
    number: usize,
}

/// All phones, and what their photos show.
pub struct Phones {
    http: reqwest::Client,
    address: String,
    phones: Vec<Phone>,
    by_slot: BTreeMap<SlotId, Vec<(usize, usize)>>,
    shown: Mutex<BTreeMap<String, SlotId>>,
    pictures: Mutex<u64>,
    photographs: Photographs,
}

/// Codes for two witnesses at each station.
///
/// # Errors
/// When one is refused.
pub async fn posted(app: &AppState, papers: &Papers) -> Result<Vec<(Posting, String)>> {
    let mut postings = Vec::new();
    for tps in papers.stations() {
        for (number, role) in [WitnessRole::Inside, WitnessRole::Outside]
            .into_iter()
            .enumerate()
        {
            postings.push(Posting {
                tps: tps.clone(),
                witness: format!("Saksi {tps}-{} (contoh)", number + 1),
                role,
            });
        }
    }
    let made = codes(app, postings).await?.into_iter();
    Ok(made.map(|(who, code)| (who, code.to_string())).collect())
}

impl Phones {
    /// Enrols them all.
    ///
    /// # Errors
    /// When one is refused.
    pub async fn enrol(
        address: &str,
        codes: &[(Posting, String)],
        photographs: Photographs,
        seed: u64,
    ) -> Result<Self> {
        let http = reqwest::Client::new();
        let mut phones = Vec::with_capacity(codes.len());
        let mut by_slot: BTreeMap<SlotId, Vec<(usize, usize)>> = BTreeMap::new();
        for (at, (posting, code)) in codes.iter().enumerate() {
            let mut dice = Dice::new(seed).part(at as u64);
            let sender = Sender::enrol(&http, address, code, &mut dice).await?;
            for (place, slot) in sender.slots.iter().enumerate() {
                by_slot.entry(slot.clone()).or_default().push((at, place));
            }
            phones.push(Phone {
                sender: tokio::sync::Mutex::new(sender),
                number: usize::from(posting.role != WitnessRole::Inside),
            });
        }
        Ok(Self {
            http,
            address: address.to_owned(),
            phones,
            by_slot,
            shown: Mutex::default(),
            pictures: Mutex::new(seed << 32),
            photographs,
        })
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.phones.len()
    }

    /// The form that a photo shows.
    #[must_use]
    pub fn shown(&self, sha256: &str) -> Option<SlotId> {
        self.shown.lock().ok()?.get(sha256).cloned()
    }

    /// The phone `at` sends all its forms.
    ///
    /// # Errors
    /// When anything is refused.
    pub async fn send_all(&self, at: usize, papers: &Papers) -> Result<()> {
        let phone = self.phones.get(at).context("no such phone")?;
        let slots = phone.sender.lock().await.slots.clone();
        for (place, slot) in slots.iter().enumerate() {
            let keyed = papers.keyed.get(slot).and_then(|all| all.get(phone.number));
            let keyed = keyed.with_context(|| format!("nothing was keyed for {slot}"))?;
            self.send(at, place, keyed, papers).await?;
        }
        Ok(())
    }

    /// The witnesses of a returned form look again, and those who sent another
    /// station's form send their own.
    ///
    /// # Errors
    /// When anything is refused.
    pub async fn look_again(&self, slot: &SlotId, papers: &Papers) -> Result<()> {
        let written: &Counts = papers.written.get(slot).context("no such paper")?;
        for (at, place) in self.by_slot.get(slot).into_iter().flatten() {
            let phone = self.phones.get(*at).context("no such phone")?;
            let keyed = papers.keyed.get(slot).and_then(|all| all.get(phone.number));
            if keyed.is_some_and(|keyed| keyed.shown != *slot) {
                let right = Keyed {
                    counts: written.clone(),
                    form_tps: slot.tps.number().to_owned(),
                    shown: slot.clone(),
                    slip: None,
                };
                self.send(*at, *place, &right, papers).await?;
            }
        }
        Ok(())
    }

    async fn send(&self, at: usize, place: usize, keyed: &Keyed, papers: &Papers) -> Result<()> {
        let photos = self.taken(keyed, papers).await?;
        if let Ok(mut shown) = self.shown.lock() {
            let names = photos.iter().map(|(named, _)| named.sha256.clone());
            shown.extend(names.map(|sha256| (sha256, keyed.shown.clone())));
        }
        let phone = self.phones.get(at).context("no such phone")?;
        let mut sender = phone.sender.lock().await;
        let sealed = sender.seal_headed(
            place,
            keyed.counts.clone(),
            Some(keyed.form_tps.clone()),
            photos.iter().map(|(named, _)| named.clone()).collect(),
        )?;
        let answer = sender.post(&self.http, &self.address, &[sealed]).await?;
        let is_stored = |status| status == RevisionStatus::Stored;
        ensure!(
            answer.results.iter().all(|one| is_stored(one.status)),
            "a revision was not stored: {answer:?}"
        );
        for (named, jpeg) in photos {
            self.upload(&sender.token, &named.sha256, jpeg).await?;
        }
        Ok(())
    }

    async fn upload(&self, token: &str, sha256: &str, jpeg: Vec<u8>) -> Result<()> {
        let answer = self
            .http
            .patch(format!("{}/v1/photos/{sha256}", self.address))
            .bearer_auth(token)
            .header(UPLOAD_OFFSET, "0")
            .header(UPLOAD_LENGTH, jpeg.len().to_string())
            .header("content-type", PIECE_TYPE)
            .body(jpeg)
            .send()
            .await?;
        ensure!(answer.status() == reqwest::StatusCode::OK, "{answer:?}");
        Ok(())
    }

    /// What the camera gives of a form.
    async fn taken(&self, keyed: &Keyed, papers: &Papers) -> Result<Vec<(PhotoRef, Vec<u8>)>> {
        let number = self.next_number()?;
        let written = papers.written.get(&keyed.shown).context("no such paper")?;
        let pages = self
            .photographs
            .pages(&keyed.shown, written, number)
            .await?;
        if let Some(pages) = pages {
            return Ok(pages);
        }
        let noise = picture(number)?;
        Ok(vec![(announced(&noise), noise)])
    }

    fn next_number(&self) -> Result<u64> {
        match self.pictures.lock() {
            Ok(mut number) => {
                *number += 1;
                Ok(*number)
            }
            Err(_) => anyhow::bail!("another task failed"),
        }
    }
}
