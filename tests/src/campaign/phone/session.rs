//! The phone's process: opens its folder, says what is there, goes to work.

use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use device::view::{DraftChange, Failure, PhotoView};
use device::{Device, Ports};
use protocol::SlotId;
use protocol::enrol::DeviceInfo;
use protocol::revision::{PhotoKind, PhotoSource};

use super::{Line, Order, PhotoFacts, RevisionFacts, SlotFacts};
use crate::campaign::Dice;
use crate::campaign::pictures::picture;

/// The one field that is keyed again and again.
pub const FIELD: &str = "votes.1";

/// The page that is photographed.
const PAGE: u32 = 1;

/// An open phone.
pub struct Session {
    device: Device,
    slots: Vec<SlotId>,
}

impl Session {
    /// Opens the folder and says that it is ready.
    ///
    /// # Errors
    /// When the folder cannot be opened: then the campaign has found something.
    pub async fn open(folder: &Path) -> Result<Self> {
        let began = Instant::now();
        let ports = Ports::real(DeviceInfo::default()).map_err(failed)?;
        let device = Device::open(folder, ports).map_err(failed)?;
        let home = device.home().await.map_err(failed)?;
        let open_ms = began.elapsed().as_secs_f64() * 1_000.0;
        say(&Line::Ready { open_ms })?;
        let cards = home.posts.into_iter().flat_map(|post| post.slots);
        let slots = cards.map(|card| card.slot).collect();
        Ok(Self { device, slots })
    }

    /// Says what it holds of every slot.
    ///
    /// # Errors
    /// When it cannot be read.
    pub async fn tell(&self) -> Result<()> {
        for slot in &self.slots {
            say(&Line::Slot(self.facts(slot).await?))?;
        }
        say(&Line::Told)
    }

    async fn facts(&self, slot: &SlotId) -> Result<SlotFacts> {
        let form = self.device.open_form(slot.clone()).await.map_err(failed)?;
        let mut photos = Vec::new();
        for photo in &form.draft.photos {
            photos.push(self.photo_facts(photo).await);
        }
        let history = self.device.history(slot.clone()).await.map_err(failed)?;
        let revisions = history
            .into_iter()
            .map(|revision| RevisionFacts {
                figure: revision.counts.get(FIELD).copied(),
                rev_id: revision.rev_id,
                seq: revision.seq,
                photos: revision.photos.len(),
            })
            .collect();
        Ok(SlotFacts {
            slot: slot.clone(),
            figure: form
                .draft
                .figures
                .get(FIELD)
                .and_then(|text| text.parse().ok()),
            photos,
            revisions,
        })
    }

    async fn photo_facts(&self, photo: &PhotoView) -> PhotoFacts {
        let bytes = self.device.photo_bytes(photo.id).await.unwrap_or_default();
        let is_whole = bytes.len() as u64 == photo.size_bytes && photo::inspect(&bytes).is_ok();
        PhotoFacts {
            id: photo.id,
            is_whole,
        }
    }

    async fn key(&self, slot: &SlotId, value: u32) -> Result<(), Failure> {
        let change = DraftChange::Figure {
            id: FIELD.to_owned(),
            text: value.to_string(),
        };
        self.device
            .change_draft(slot.clone(), change)
            .await
            .map(drop)
    }

    /// Takes a photo of the page, in place of the one there is.
    async fn photograph(&self, slot: &SlotId, jpeg: &[u8]) -> Result<i64, Failure> {
        let form = self.device.open_form(slot.clone()).await?;
        let replaces = form.draft.photos.first().map(|photo| photo.id);
        let pending = self
            .device
            .expect_photo(slot.clone(), PhotoKind::Form, Some(PAGE), replaces)
            .await?;
        let text = STANDARD.encode(jpeg);
        let draft = self
            .device
            .add_photo_piece(pending, &text, true, PhotoSource::Camera)
            .await?;
        let newest = draft.and_then(|draft| draft.photos.iter().map(|photo| photo.id).max());
        Ok(newest.unwrap_or_default())
    }

    async fn seal(&self, slot: &SlotId) -> Result<String, Failure> {
        self.device.seal(slot.clone()).await?;
        let history = self.device.history(slot.clone()).await?;
        let newest = history.into_iter().next();
        newest
            .map(|revision| revision.rev_id)
            .ok_or(Failure::NotFound)
    }

    async fn obey(&self, order: Order) -> Result<()> {
        let done = match order {
            Order::Tell => return self.tell().await,
            Order::Key { slot, value } => {
                let keyed = self.key(&slot, value).await;
                keyed.map(|()| Line::Keyed { slot, value })
            }
            Order::Photograph {
                slot,
                picture: number,
            } => {
                let jpeg = picture(number)?;
                let taken = self.photograph(&slot, &jpeg).await;
                taken.map(|photo| Line::Photographed { slot, photo })
            }
            Order::Seal { slot } => {
                let sealed = self.seal(&slot).await;
                sealed.map(|rev_id| Line::Sealed { slot, rev_id })
            }
        };
        say(&done.unwrap_or_else(|failure| Line::Failed {
            failure: format!("{failure:?}"),
        }))
    }

    /// Keys, photographs and seals without end.
    async fn work(&self, mut dice: Dice, first_value: u32) -> Result<()> {
        for value in first_value.. {
            let slot = dice.pick(&self.slots).clone();
            say(&Line::Keying {
                slot: slot.clone(),
                value,
            })?;
            self.obey(Order::Key {
                slot: slot.clone(),
                value,
            })
            .await?;
            if dice.once_in(2) {
                say(&Line::Photographing { slot: slot.clone() })?;
                let picture = dice.roll();
                self.obey(Order::Photograph {
                    slot: slot.clone(),
                    picture,
                })
                .await?;
            }
            if !dice.once_in(3) {
                say(&Line::Sealing { slot: slot.clone() })?;
                self.obey(Order::Seal { slot }).await?;
            }
        }
        Ok(())
    }
}

/// A phone that works and delivers until it is killed. Figures are keyed from
/// `first_value` up, so that each is told apart from all before.
///
/// # Errors
/// When the folder cannot be opened or read.
pub async fn live(folder: &Path, seed: u64, first_value: u32) -> Result<()> {
    let session = Session::open(folder).await?;
    let device = session.device.clone();
    tokio::spawn(async move { device.run(std::future::pending()).await });
    session.tell().await?;
    session.work(Dice::new(seed), first_value).await
}

/// A phone that does what it is told, and nothing else, until its standard
/// input ends.
///
/// # Errors
/// When the folder cannot be opened, or an order is none.
pub async fn obey(folder: &Path) -> Result<()> {
    let session = Session::open(folder).await?;
    for line in std::io::stdin().lock().lines() {
        let order = serde_json::from_str(&line?).context("not an order")?;
        session.obey(order).await?;
    }
    Ok(())
}

fn say(line: &Line) -> Result<()> {
    let mut text = serde_json::to_string(line)?;
    text.push('\n');
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}

fn failed(failure: Failure) -> anyhow::Error {
    anyhow!("the app says {failure:?}")
}
