//! The device as the window knows it: one method per command.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use protocol::SlotId;
use protocol::revision::{PhotoKind, PhotoSource};
use sync::Progress;
use tokio::sync::watch;

use crate::core::Core;
use crate::delivery::{Delivery, on_disk};
use crate::ports::Ports;
use crate::view::{
    Around, CarriedView, DeliveryView, DraftChange, DraftView, ExportWhat, Exported, Failure,
    FormView, Home, Imported, Language, Link, Place, RevisionView,
};

/// Everything a witness's device does. Cheap to clone; clones are one device.
///
/// Methods need a Tokio runtime with time and I/O. Dropping a method's future
/// loses nothing that it has not answered for.
#[derive(Clone)]
pub struct Device {
    core: Arc<Core>,
    delivery: Arc<Delivery>,
}

impl Device {
    /// Opens (or begins) the device whose data lie in `dir`, and takes up
    /// whatever a killed app left behind. Waits for the disk, and two seconds
    /// for another device on the same folder to end.
    ///
    /// # Errors
    /// [`Failure::Database`] (`in_use` when another one, in this process or any
    /// other, has the folder open), [`Failure::ReadOnly`],
    /// [`Failure::DiskFull`]; the folder is left as it was.
    pub fn open(dir: impl AsRef<Path>, ports: Ports) -> Result<Self, Failure> {
        let core = Arc::new(Core::open(dir.as_ref(), ports)?);
        let delivery = Arc::new(Delivery::new(Arc::clone(&core)));
        Ok(Self { core, delivery })
    }

    /// The whole state of the app that does not belong to one form.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn home(&self) -> Result<Home, Failure> {
        let delivery = self.delivery_view().await?;
        on_disk(&self.core, move |core| core.home(delivery)).await
    }

    /// Enrols with an address and a code as typed, or an enrolment link in
    /// either. Asking again after a lost answer is always right.
    ///
    /// # Errors
    /// [`Failure::Trouble`].
    pub async fn enrol(&self, address: &str, code: &str) -> Result<Home, Failure> {
        let asked = self.core.read_enrolment(address, code)?;
        let held = self.delivery.gate.lock().await;
        let identity = on_disk(&self.core, Core::enrolling_identity).await?;
        let request = self.core.enrol_request(&asked, &identity);
        let ports = &self.core.ports;
        let enrolled = sync::enrol(
            ports.transport.as_ref(),
            ports.clock.as_ref(),
            &asked.address,
            &request,
        )
        .await
        .inspect_err(|report| tracing::info!(%report, "not enrolled"))?;
        on_disk(&self.core, move |core| {
            core.finish_enrolment(identity.id, &asked.address, enrolled)
        })
        .await?;
        drop(held);
        self.delivery.nudge();
        self.home().await
    }

    /// The form of `slot`. Its draft begins when absent: for a correction,
    /// from the newest revision's figures and photos.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when the pack has no such slot.
    pub async fn open_form(&self, slot: SlotId) -> Result<FormView, Failure> {
        on_disk(&self.core, move |core| core.open_form(&slot)).await
    }

    /// One keystroke; in the database before this answers.
    ///
    /// # Errors
    /// [`Failure::Figure`] when it is not digits that fit the form's boxes;
    /// then the box is as it was.
    pub async fn change_draft(
        &self,
        slot: SlotId,
        change: DraftChange,
    ) -> Result<DraftView, Failure> {
        on_disk(&self.core, move |core| core.change_draft(&slot, change)).await
    }

    /// Remembers where in the app the witness is.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn set_place(&self, place: Option<Place>) -> Result<(), Failure> {
        on_disk(&self.core, move |core| core.set_place(place.as_ref())).await
    }

    /// Says that a photo is about to be taken or picked: call it before the
    /// camera opens. Returns the pending id. `replaces` is the photo of a
    /// retake.
    ///
    /// # Errors
    /// [`Failure::NotFound`]; [`Failure::Photo`] `too_many`.
    pub async fn expect_photo(
        &self,
        slot: SlotId,
        kind: PhotoKind,
        page: Option<u32>,
        replaces: Option<i64>,
    ) -> Result<i64, Failure> {
        on_disk(&self.core, move |core| {
            core.expect_photo(&slot, kind, page, replaces)
        })
        .await
    }

    /// One base64 piece of the expected photo, in order. With `last` the photo
    /// is kept, reduced and put into the draft, which is returned. After a
    /// failure the photo can be handed over again from its first piece.
    ///
    /// # Errors
    /// [`Failure::Photo`]: its file is kept until [`Device::cancel_photo`].
    /// [`Failure::DiskFull`]: figures can still be keyed and sealed.
    pub async fn add_photo_piece(
        &self,
        pending: i64,
        base64: &str,
        last: bool,
        source: PhotoSource,
    ) -> Result<Option<DraftView>, Failure> {
        let base64 = base64.to_owned();
        on_disk(&self.core, move |core| {
            core.add_photo_piece(pending, &base64, last, source)
        })
        .await
    }

    /// Gives up an expected photo, and what came of it.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn cancel_photo(&self, pending: i64) -> Result<(), Failure> {
        on_disk(&self.core, move |core| core.cancel_photo(pending)).await
    }

    /// Takes a photo out of the draft. Revisions that named it keep it.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn remove_photo(&self, slot: SlotId, id: i64) -> Result<DraftView, Failure> {
        on_disk(&self.core, move |core| core.remove_photo(&slot, id)).await
    }

    /// Moves a photo to place `to` in the draft, counted from 0.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn move_photo(&self, slot: SlotId, id: i64, to: u32) -> Result<DraftView, Failure> {
        on_disk(&self.core, move |core| core.move_photo(&slot, id, to)).await
    }

    /// Says what a photo shows.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn set_photo_page(
        &self,
        slot: SlotId,
        id: i64,
        page: Option<u32>,
        kind: PhotoKind,
    ) -> Result<DraftView, Failure> {
        on_disk(&self.core, move |core| {
            core.set_photo_page(&slot, id, page, kind)
        })
        .await
    }

    /// The reading copy (JPEG) of a photo, for the window.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn photo_bytes(&self, id: i64) -> Result<Vec<u8>, Failure> {
        on_disk(&self.core, move |core| core.photo_bytes(id)).await
    }

    /// Looks at a photo of the draft: whether it can be read, which page it
    /// shows, what its bubbles say. Takes up to a second or so on a slow phone
    /// the first time, and nothing after that; only one photo is looked at at
    /// a time. The draft that it returns has the photo's `look`.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when the draft has no such photo, or its file is
    /// gone.
    pub async fn look_at_photo(&self, slot: SlotId, id: i64) -> Result<DraftView, Failure> {
        on_disk(&self.core, move |core| core.look_at_photo(&slot, id)).await
    }

    /// Takes the draft back to the newest revision, or to nothing.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub async fn discard_draft(&self, slot: SlotId) -> Result<DraftView, Failure> {
        on_disk(&self.core, move |core| core.discard_draft(&slot)).await
    }

    /// Seals the draft as a signed revision, which is then on its way by
    /// itself.
    ///
    /// # Errors
    /// [`Failure::NothingToSave`] when nothing differs from the newest
    /// revision.
    pub async fn seal(&self, slot: SlotId) -> Result<FormView, Failure> {
        let sealed = on_disk(&self.core, move |core| core.seal(&slot)).await?;
        self.delivery.announce_change();
        self.delivery.nudge();
        Ok(sealed)
    }

    /// The sealed revisions of a slot, newest first.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn history(&self, slot: SlotId) -> Result<Vec<RevisionView>, Failure> {
        on_disk(&self.core, move |core| core.history(&slot)).await
    }

    /// The witness's tap: delivers at once, whatever the back-off says, refused
    /// things too. While a delivery runs already, it only makes that one go on
    /// with everything, and answers without waiting for it.
    ///
    /// # Errors
    /// [`Failure`] of the database or disk; trouble on the way is in the answer.
    pub async fn deliver_now(&self) -> Result<DeliveryView, Failure> {
        self.delivery.deliver_now().await?;
        self.delivery_view().await
    }

    /// Delivers what is due, and waits for it; every piece that arrived is
    /// told to `on_progress`. For callers that are not windows.
    ///
    /// # Errors
    /// As [`Device::deliver_now`].
    pub async fn deliver(
        &self,
        on_progress: impl Fn(Progress) + Send + Sync,
    ) -> Result<DeliveryView, Failure> {
        let held = self.delivery.gate.lock().await;
        self.delivery.deliver(&on_progress).await?;
        drop(held);
        self.delivery_view().await
    }

    /// The same for whatever waits as well, as after a change of the network.
    pub(crate) async fn deliver_waiting(&self) -> Result<DeliveryView, Failure> {
        self.delivery.reset(false).await?;
        self.deliver(|_| ()).await
    }

    /// The ways in which the newest sealed figures of a slot can leave this
    /// phone without a connection.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when nothing of it is sealed.
    pub async fn around(&self, slot: SlotId) -> Result<Around, Failure> {
        on_disk(&self.core, move |core| core.around(&slot)).await
    }

    /// Writes a bundle for any other way to the counting room. It stays until
    /// the next start. Nothing counts as sent because of it.
    ///
    /// # Errors
    /// [`Failure::NothingToSave`] when there is nothing to put in;
    /// [`Failure::DiskFull`].
    pub async fn export_bundle(&self, what: ExportWhat) -> Result<Exported, Failure> {
        on_disk(&self.core, move |core| core.export_bundle(&what)).await
    }

    /// Says that a file to import is about to come, and numbers it.
    ///
    /// # Errors
    /// [`Failure::DiskFull`].
    pub async fn begin_import(&self) -> Result<i64, Failure> {
        on_disk(&self.core, Core::begin_import).await
    }

    /// One base64 piece of a bundle, of a picture of a QR code, or of the
    /// code's text, in order; which of them it is, its content says. With
    /// `last` it is taken in, and what came of it is returned.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when no such import began, or it ended.
    pub async fn add_import_piece(
        &self,
        import: i64,
        base64: &str,
        last: bool,
    ) -> Result<Option<Imported>, Failure> {
        let base64 = base64.to_owned();
        let imported = on_disk(&self.core, move |core| {
            core.add_import_piece(import, &base64, last)
        })
        .await?;
        if imported.is_some() {
            self.delivery.announce_change();
            self.delivery.nudge();
        }
        Ok(imported)
    }

    /// Takes in the text of a QR code.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn import_text(&self, text: &str) -> Result<Imported, Failure> {
        let text = text.to_owned();
        let imported = on_disk(&self.core, move |core| core.import_text(&text)).await?;
        self.delivery.announce_change();
        self.delivery.nudge();
        Ok(imported)
    }

    /// What this phone carries for others, newest first.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn carried(&self) -> Result<Vec<CarriedView>, Failure> {
        on_disk(&self.core, Core::carried).await
    }

    /// What the present connection costs; metered at every start. Over one
    /// that costs nothing, originals go without being asked for.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn set_link(&self, link: Link) -> Result<(), Failure> {
        let is_free = link == Link::Unmetered;
        on_disk(&self.core, move |core| core.set_link(is_free)).await?;
        if is_free {
            self.delivery.nudge();
        }
        Ok(())
    }

    /// How delivery stands: the `delivery` of [`Device::home`].
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn delivery_view(&self) -> Result<DeliveryView, Failure> {
        let view = on_disk(&self.core, Core::delivery_view).await?;
        Ok(self.delivery.fill_in(view))
    }

    /// Marks the inbox as read up to and with entry `up_to`.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn read_inbox(&self, up_to: i64) -> Result<Home, Failure> {
        on_disk(&self.core, move |core| {
            Ok(core.store().read_inbox(up_to)?)
        })
        .await?;
        self.home().await
    }

    /// Chooses the language of the screens.
    ///
    /// # Errors
    /// [`Failure`] of the database.
    pub async fn set_language(&self, language: Language) -> Result<Home, Failure> {
        on_disk(&self.core, move |core| core.set_language(language)).await?;
        self.home().await
    }

    /// Changes its value whenever delivery or the inbox changed anything:
    /// then [`Device::home`] is worth asking again. It may change often; a
    /// window looks a few times a second.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.delivery.changes()
    }

    /// The connection came back, or the app came to the foreground: what waits
    /// is tried at once by [`Device::run`].
    pub fn nudge(&self) {
        self.delivery.nudge();
    }

    /// Delivers by itself until `stop` is done: at once, whenever something
    /// becomes due, after every nudge, seal and enrolment; and listens for
    /// news while there is a connection. Run it once per device.
    pub async fn run(&self, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return,
                () = self.delivery.turn() => {}
            }
        }
    }
}
