//! A witness with a phone, without its window: the very `device` crate.

use std::io::Cursor;
use std::path::Path;

use anyhow::{Result, anyhow, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use device::view::{DeliveryView, DraftChange, ExportWhat, Failure, FormView, Home, Standing};
use device::{Device, Ports, Timeouts, Trust};
use domain::Counts;
use protocol::bundle::Bundle;
use protocol::enrol::DeviceInfo;
use protocol::revision::{PhotoKind, PhotoSource};
use protocol::{Envelope, SlotId};
use tempfile::TempDir;

/// Bytes of a photo handed over at once, as the window does it.
const PIECE_BYTES: usize = 256 * 1024;

/// A witness.
pub struct Witness {
    folder: TempDir,
    timeouts: Timeouts,
    device: Device,
}

impl Witness {
    /// A witness with a new phone.
    ///
    /// # Errors
    /// When the phone has no room.
    pub fn new() -> Result<Self> {
        Self::waiting(Timeouts::default())
    }

    /// A witness with a new phone that waits so long for answers.
    ///
    /// # Errors
    /// When the phone has no room.
    pub fn waiting(timeouts: Timeouts) -> Result<Self> {
        Self::opened(tempfile::tempdir()?, timeouts)
    }

    /// The witness whose phone's data lie in a folder.
    ///
    /// # Errors
    /// When what lies in it cannot be opened.
    pub fn at(folder: TempDir) -> Result<Self> {
        Self::opened(folder, Timeouts::default())
    }

    fn opened(folder: TempDir, timeouts: Timeouts) -> Result<Self> {
        let device = open(folder.path(), timeouts)?;
        Ok(Self {
            folder,
            timeouts,
            device,
        })
    }

    /// Closes the app; the phone's data stay.
    #[must_use]
    pub fn into_folder(self) -> TempDir {
        self.folder
    }

    /// The device.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// Where the phone keeps its data.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The slots of this witness's posts.
    ///
    /// # Errors
    /// The app's own failure.
    pub async fn slots(&self) -> Result<Vec<SlotId>> {
        let home = self.device.home().await.map_err(failed)?;
        let cards = home.posts.into_iter().flat_map(|post| post.slots);
        Ok(cards.map(|card| card.slot).collect())
    }

    /// Enrols with a code.
    ///
    /// # Errors
    /// The app's own failure.
    pub async fn enrol(&self, address: &str, code: &str) -> Result<()> {
        self.device
            .enrol(address, code)
            .await
            .map(drop)
            .map_err(failed)
    }

    /// Keys every figure of a form, one after the other.
    ///
    /// # Errors
    /// The app's own failure.
    pub async fn key(&self, slot: &SlotId, counts: &Counts) -> Result<()> {
        self.device.open_form(slot.clone()).await.map_err(failed)?;
        for (id, value) in counts {
            let change = DraftChange::Figure {
                id: id.clone(),
                text: value.to_string(),
            };
            self.device
                .change_draft(slot.clone(), change)
                .await
                .map_err(failed)?;
        }
        let change = DraftChange::FormTps {
            text: slot.tps.number().to_owned(),
        };
        self.device
            .change_draft(slot.clone(), change)
            .await
            .map(drop)
            .map_err(failed)
    }

    /// Adds a photo of a page of the form.
    ///
    /// # Errors
    /// The app's own failure.
    pub async fn photograph(&self, slot: &SlotId, page: u32, jpeg: &[u8]) -> Result<()> {
        let pending = self
            .device
            .expect_photo(slot.clone(), PhotoKind::Form, Some(page), None)
            .await
            .map_err(failed)?;
        self.hand_over(pending, jpeg, PhotoSource::Camera).await
    }

    /// The camera, opened for a page, hands its picture over.
    ///
    /// # Errors
    /// The app's own failure.
    pub async fn hand_over(&self, pending: i64, jpeg: &[u8], source: PhotoSource) -> Result<()> {
        let mut pieces = jpeg.chunks(PIECE_BYTES).peekable();
        while let Some(piece) = pieces.next() {
            let last = pieces.peek().is_none();
            let text = STANDARD.encode(piece);
            self.device
                .add_photo_piece(pending, &text, last, source)
                .await
                .map_err(failed)?;
        }
        Ok(())
    }

    /// Saves the form: seals a revision.
    ///
    /// # Errors
    /// The app's own failure.
    pub async fn save(&self, slot: &SlotId) -> Result<FormView> {
        self.device.seal(slot.clone()).await.map_err(failed)
    }

    /// Presses "send now".
    ///
    /// # Errors
    /// The app's own failure; trouble on the way is in the answer.
    pub async fn send(&self) -> Result<DeliveryView> {
        self.device.deliver_now().await.map_err(failed)
    }

    /// Presses "send now", and expects that nothing is only here afterwards.
    ///
    /// # Errors
    /// When something is.
    pub async fn send_all(&self) -> Result<()> {
        let delivery = self.send().await?;
        let only_here = (delivery.revisions_only_here, delivery.photos_only_here);
        ensure!(only_here == (0, 0), "still only here: {delivery:?}");
        Ok(())
    }

    /// What the home screen shows.
    ///
    /// # Errors
    /// The app's own failure.
    pub async fn home(&self) -> Result<Home> {
        self.device.home().await.map_err(failed)
    }

    /// Throws away what was keyed since the form was last saved.
    ///
    /// # Errors
    /// The app's own failure.
    pub async fn discard(&self, slot: &SlotId) -> Result<()> {
        let discarded = self.device.discard_draft(slot.clone()).await;
        discarded.map(drop).map_err(failed)
    }

    /// Everything sealed on this phone as a `.saksi` file.
    ///
    /// # Errors
    /// The app's own failure.
    pub async fn bundle(&self) -> Result<Vec<u8>> {
        let what = ExportWhat {
            slot: None,
            with_originals: false,
            only_unreceived: false,
        };
        let exported = self.device.export_bundle(what).await.map_err(failed)?;
        Ok(std::fs::read(exported.file)?)
    }

    /// The newest envelope of a slot, with its id.
    ///
    /// # Errors
    /// When nothing is sealed.
    pub async fn envelope(&self, slot: &SlotId) -> Result<(String, Envelope)> {
        let history = self.device.history(slot.clone()).await.map_err(failed)?;
        let newest = history
            .first()
            .ok_or_else(|| anyhow!("nothing is sealed"))?;
        let mut bundle = Bundle::open(Cursor::new(self.bundle().await?))?;
        let envelope = serde_json::from_str(&bundle.envelope(&newest.rev_id)?)?;
        Ok((newest.rev_id.clone(), envelope))
    }

    /// Where a slot stands for the witness.
    ///
    /// # Errors
    /// When there is no such slot on this phone.
    pub async fn standing(&self, slot: &SlotId) -> Result<Standing> {
        let home = self.device.home().await.map_err(failed)?;
        let mut cards = home.posts.into_iter().flat_map(|post| post.slots);
        let card = cards
            .find(|card| card.slot == *slot)
            .ok_or_else(|| anyhow!("no slot {slot} here"))?;
        Ok(card.standing)
    }

    /// The phone's battery dies, and it is started again.
    ///
    /// # Errors
    /// When what lies on it cannot be opened again.
    pub fn restart(self) -> Result<Self> {
        let Self {
            folder,
            timeouts,
            device,
        } = self;
        drop(device);
        Self::opened(folder, timeouts)
    }
}

fn open(folder: &Path, timeouts: Timeouts) -> Result<Device> {
    let ports = Ports::trusting(DeviceInfo::default(), &Trust::default(), timeouts);
    Device::open(folder, ports.map_err(failed)?).map_err(failed)
}

fn failed(failure: Failure) -> anyhow::Error {
    anyhow!("the app says {failure:?}")
}
