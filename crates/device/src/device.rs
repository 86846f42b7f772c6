//! The device as the window knows it: one method per command.

use std::future::Future;
use std::path::Path;

use protocol::SlotId;
use protocol::revision::{PhotoKind, PhotoSource};
use tokio::sync::watch;

use crate::ports::Ports;
use crate::view::{
    DeliveryView, DraftChange, DraftView, Failure, FormView, Home, Language, Place, RevisionView,
};

/// Everything a witness's device does. Cheap to clone; clones are one device.
#[derive(Clone)]
pub struct Device {}

impl Device {
    /// Opens (or begins) the device whose data lie in `dir`.
    ///
    /// # Errors
    /// [`Failure::Database`], [`Failure::ReadOnly`], [`Failure::DiskFull`].
    pub fn open(_dir: impl AsRef<Path>, _ports: Ports) -> Result<Self, Failure> {
        Err(Failure::Internal)
    }

    /// The whole state of the app that does not belong to one form.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn home(&self) -> Result<Home, Failure> {
        Err(Failure::Internal)
    }

    /// Enrols with an address (or link) and a code as typed.
    ///
    /// # Errors
    /// [`Failure::Trouble`].
    pub async fn enrol(&self, _address: &str, _code: &str) -> Result<Home, Failure> {
        Err(Failure::Internal)
    }

    /// The form of `slot`; its draft begins when absent.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn open_form(&self, _slot: SlotId) -> Result<FormView, Failure> {
        Err(Failure::Internal)
    }

    /// One keystroke; in the database before this answers.
    ///
    /// # Errors
    /// [`Failure::Figure`].
    pub async fn change_draft(
        &self,
        _slot: SlotId,
        _change: DraftChange,
    ) -> Result<DraftView, Failure> {
        Err(Failure::Internal)
    }

    /// Remembers where in the app the witness is.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn set_place(&self, _place: Option<Place>) -> Result<(), Failure> {
        Err(Failure::Internal)
    }

    /// Says that a photo is about to be taken or picked: call it before the
    /// camera opens. Returns the pending id. `replaces` is the photo of a retake.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn expect_photo(
        &self,
        _slot: SlotId,
        _kind: PhotoKind,
        _page: Option<u32>,
        _replaces: Option<i64>,
    ) -> Result<i64, Failure> {
        Err(Failure::Internal)
    }

    /// One base64 piece of the expected photo; the draft once `last`.
    ///
    /// # Errors
    /// [`Failure::Photo`], [`Failure::DiskFull`].
    pub async fn add_photo_piece(
        &self,
        _pending: i64,
        _base64: &str,
        _last: bool,
        _source: PhotoSource,
    ) -> Result<Option<DraftView>, Failure> {
        Err(Failure::Internal)
    }

    /// Gives up an expected photo.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn cancel_photo(&self, _pending: i64) -> Result<(), Failure> {
        Err(Failure::Internal)
    }

    /// Takes a photo out of the draft.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn remove_photo(&self, _slot: SlotId, _id: i64) -> Result<DraftView, Failure> {
        Err(Failure::Internal)
    }

    /// Moves a photo to place `to` (from 0) in the draft.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn move_photo(
        &self,
        _slot: SlotId,
        _id: i64,
        _to: u32,
    ) -> Result<DraftView, Failure> {
        Err(Failure::Internal)
    }

    /// Says what a photo shows.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn set_photo_page(
        &self,
        _slot: SlotId,
        _id: i64,
        _page: Option<u32>,
        _kind: PhotoKind,
    ) -> Result<DraftView, Failure> {
        Err(Failure::Internal)
    }

    /// The reading copy (JPEG) of a photo, for the window.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn photo_bytes(&self, _id: i64) -> Result<Vec<u8>, Failure> {
        Err(Failure::Internal)
    }

    /// Takes the draft back to the newest revision, or to nothing.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn discard_draft(&self, _slot: SlotId) -> Result<DraftView, Failure> {
        Err(Failure::Internal)
    }

    /// Seals the draft as a signed revision.
    ///
    /// # Errors
    /// [`Failure::NothingToSave`].
    pub async fn seal(&self, _slot: SlotId) -> Result<FormView, Failure> {
        Err(Failure::Internal)
    }

    /// The sealed revisions of a slot, newest first.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn history(&self, _slot: SlotId) -> Result<Vec<RevisionView>, Failure> {
        Err(Failure::Internal)
    }

    /// The witness's tap: delivers at once, whatever the back-off says.
    ///
    /// # Errors
    /// [`Failure`] of the database; trouble on the way is in the answer.
    pub async fn deliver_now(&self) -> Result<DeliveryView, Failure> {
        Err(Failure::Internal)
    }

    /// Marks the inbox as read up to and with entry `up_to`.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn read_inbox(&self, _up_to: i64) -> Result<Home, Failure> {
        Err(Failure::Internal)
    }

    /// Chooses the language of the screens.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn set_language(&self, _language: Language) -> Result<Home, Failure> {
        Err(Failure::Internal)
    }

    /// Changes its value whenever delivery or the inbox changed anything:
    /// then `home` is worth asking again.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        watch::channel(0).1
    }

    /// The connection came back, or the app came to the foreground.
    pub fn nudge(&self) {}

    /// Delivers by itself until `stop` is done. Run once, in the background.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        stop.await;
    }
}
