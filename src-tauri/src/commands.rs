//! The commands of the window: each asks the device, and says what it said.
//!
//! Names, arguments and answers are what `ui/src/shared/backend` calls. The
//! arguments arrive as JSON and are owned here.

use device::view::{
    Around, CarriedView, DeliveryView, DraftChange, DraftView, ExportWhat, Failure, FormView, Home,
    Imported, Language, Link, Place, RevisionView,
};
use protocol::SlotId;
use protocol::revision::{PhotoKind, PhotoSource};
use tauri::{AppHandle, Runtime, State};

use crate::background;
use crate::giving::{self, Given};
use crate::opening::{self, Opened};
use crate::surroundings;

type App<'a> = State<'a, Opened>;

/// Everything that does not belong to one form.
#[tauri::command]
pub(crate) async fn home(app: App<'_>) -> Result<Home, Failure> {
    app.device()?.home().await
}

/// Tries to open the device again after it failed.
#[tauri::command]
pub(crate) fn open_again<R: Runtime>(handle: AppHandle<R>, app: App<'_>) {
    opening::open_again(&handle, &app);
}

/// Makes this the device of the witness whose code it is.
#[tauri::command]
pub(crate) async fn enrol(app: App<'_>, address: String, code: String) -> Result<Home, Failure> {
    app.device()?.enrol(&address, &code).await
}

/// The address that the enrolment screen offers.
#[tauri::command]
pub(crate) fn suggested_endpoint() -> Option<String> {
    surroundings::suggested_endpoint()
}

/// The form of a slot; its draft begins when there is none.
#[tauri::command]
pub(crate) async fn open_form(app: App<'_>, slot: SlotId) -> Result<FormView, Failure> {
    app.device()?.open_form(slot).await
}

/// One keystroke.
#[tauri::command]
pub(crate) async fn change_draft(
    app: App<'_>,
    slot: SlotId,
    change: DraftChange,
) -> Result<DraftView, Failure> {
    app.device()?.change_draft(slot, change).await
}

/// Where the witness is, to come back to.
#[tauri::command]
pub(crate) async fn set_place(app: App<'_>, place: Option<Place>) -> Result<(), Failure> {
    app.device()?.set_place(place).await
}

/// A photo is about to be taken or picked; answers with its pending id.
#[tauri::command]
pub(crate) async fn expect_photo(
    app: App<'_>,
    slot: SlotId,
    kind: PhotoKind,
    page: Option<u32>,
    replaces: Option<i64>,
) -> Result<i64, Failure> {
    app.device()?.expect_photo(slot, kind, page, replaces).await
}

/// A piece of the expected photo, in base64: Android's bridge carries no bytes.
#[tauri::command]
pub(crate) async fn add_photo_piece(
    app: App<'_>,
    pending: i64,
    base64: String,
    last: bool,
    source: PhotoSource,
) -> Result<Option<DraftView>, Failure> {
    app.device()?
        .add_photo_piece(pending, &base64, last, source)
        .await
}

/// The expected photo will not come.
#[tauri::command]
pub(crate) async fn cancel_photo(app: App<'_>, pending: i64) -> Result<(), Failure> {
    app.device()?.cancel_photo(pending).await
}

/// Takes a photo out of the draft.
#[tauri::command]
pub(crate) async fn remove_photo(
    app: App<'_>,
    slot: SlotId,
    id: i64,
) -> Result<DraftView, Failure> {
    app.device()?.remove_photo(slot, id).await
}

/// Moves a photo to another place among the draft's, from 0.
#[tauri::command]
pub(crate) async fn move_photo(
    app: App<'_>,
    slot: SlotId,
    id: i64,
    to: u32,
) -> Result<DraftView, Failure> {
    app.device()?.move_photo(slot, id, to).await
}

/// Says what a photo shows.
#[tauri::command]
pub(crate) async fn set_photo_page(
    app: App<'_>,
    slot: SlotId,
    id: i64,
    page: Option<u32>,
    kind: PhotoKind,
) -> Result<DraftView, Failure> {
    app.device()?.set_photo_page(slot, id, page, kind).await
}

/// Looks at a photo of the draft, off the window's thread.
#[tauri::command]
pub(crate) async fn look_at_photo(
    app: App<'_>,
    slot: SlotId,
    id: i64,
) -> Result<DraftView, Failure> {
    app.device()?.look_at_photo(slot, id).await
}

/// Takes the draft back to the newest revision, or to nothing.
#[tauri::command]
pub(crate) async fn discard_draft(app: App<'_>, slot: SlotId) -> Result<DraftView, Failure> {
    app.device()?.discard_draft(slot).await
}

/// Seals the draft as a signed revision.
#[tauri::command]
pub(crate) async fn seal<R: Runtime>(
    handle: AppHandle<R>,
    app: App<'_>,
    slot: SlotId,
) -> Result<FormView, Failure> {
    let sealed = app.device()?.seal(slot).await?;
    background::sealed(&handle);
    Ok(sealed)
}

/// The sealed revisions of a slot, newest first.
#[tauri::command]
pub(crate) async fn history(app: App<'_>, slot: SlotId) -> Result<Vec<RevisionView>, Failure> {
    app.device()?.history(slot).await
}

/// The witness's tap: delivers at once.
#[tauri::command]
pub(crate) async fn deliver_now(app: App<'_>) -> Result<DeliveryView, Failure> {
    app.device()?.deliver_now().await
}

/// The page heard the system say that there is a connection again.
#[tauri::command]
pub(crate) fn connection_returned(app: App<'_>) -> Result<(), Failure> {
    app.device()?.nudge();
    Ok(())
}

/// The inbox was read up to and with this entry.
#[tauri::command]
pub(crate) async fn read_inbox(app: App<'_>, up_to: i64) -> Result<Home, Failure> {
    app.device()?.read_inbox(up_to).await
}

/// Chooses the language of the screens.
#[tauri::command]
pub(crate) async fn set_language(app: App<'_>, language: Language) -> Result<Home, Failure> {
    app.device()?.set_language(language).await
}

/// The ways around a dead network that a form has.
#[tauri::command]
pub(crate) async fn around(app: App<'_>, slot: SlotId) -> Result<Around, Failure> {
    app.device()?.around(slot).await
}

/// Puts what is asked for into one file, and gives it to the person.
#[tauri::command]
pub(crate) async fn export_bundle<R: Runtime>(
    handle: AppHandle<R>,
    app: App<'_>,
    what: ExportWhat,
) -> Result<Given, Failure> {
    let exported = app.device()?.export_bundle(what).await?;
    giving::give(&handle, exported).await
}

/// A file or a picture of a QR code is about to come in pieces.
#[tauri::command]
pub(crate) async fn begin_import(app: App<'_>) -> Result<i64, Failure> {
    app.device()?.begin_import().await
}

/// A piece of it, in base64.
#[tauri::command]
pub(crate) async fn add_import_piece(
    app: App<'_>,
    import: i64,
    base64: String,
    last: bool,
) -> Result<Option<Imported>, Failure> {
    app.device()?.add_import_piece(import, &base64, last).await
}

/// The text of a QR code.
#[tauri::command]
pub(crate) async fn import_text(app: App<'_>, text: String) -> Result<Imported, Failure> {
    app.device()?.import_text(&text).await
}

/// What this device carries for others.
#[tauri::command]
pub(crate) async fn carried(app: App<'_>) -> Result<Vec<CarriedView>, Failure> {
    app.device()?.carried().await
}

/// What the witness says of the connection.
#[tauri::command]
pub(crate) async fn set_link(app: App<'_>, link: Link) -> Result<(), Failure> {
    app.device()?.set_link(link).await
}

/// Opens the phone's app for messages with this one written.
#[cfg(target_os = "android")]
#[tauri::command]
pub(crate) async fn compose_sms<R: Runtime>(
    handle: AppHandle<R>,
    number: String,
    body: String,
) -> Result<(), Failure> {
    crate::phone::compose_sms(&handle, &number, &body).await
}
