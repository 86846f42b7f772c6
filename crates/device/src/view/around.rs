//! What the window shows of the ways around a dead network: codes, messages
//! and bundles that leave this phone, and what it carries for others.

use protocol::{ProblemCode, SlotId, Timestamp};
use serde::{Deserialize, Serialize};

/// The ways in which the newest sealed figures of a slot can leave this phone
/// without a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Around {
    /// The slot.
    pub slot: SlotId,
    /// Number of the revision.
    pub seq: u64,
    /// Whether its figures have their receipt already.
    pub is_received: bool,
    /// A QR code for another witness's phone, as SVG; `None` when the revision
    /// is too large for one.
    pub qr_svg: Option<String>,
    /// An SMS; `None` when this election or this form takes none.
    pub sms: Option<SmsView>,
}

/// An SMS that is ready to be sent by the phone's own app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct SmsView {
    /// Numbers that take it; any one will do.
    pub numbers: Vec<String>,
    /// The text, which must not be changed.
    pub body: String,
    /// How many messages the network counts it as.
    pub parts: u32,
}

/// What goes into a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct ExportWhat {
    /// One slot's revisions; without it all of this phone's, and all that it
    /// carries for others.
    pub slot: Option<SlotId>,
    /// Also the untouched originals, which are much larger.
    pub with_originals: bool,
    /// Only what has no receipt yet.
    pub only_unreceived: bool,
}

/// A bundle that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Exported {
    /// Where it is: an absolute path.
    pub file: String,
    /// Its name, to be shown and shared under.
    pub name: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Revisions in it.
    pub revisions: u32,
    /// Photos in it.
    pub photos: u32,
    /// Revisions and photos that one bundle had no room for.
    pub left_out: u32,
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct Imported {
    /// Revisions that this phone carries from now on.
    pub revisions_new: u32,
    /// Revisions that it carried already.
    pub revisions_known: u32,
    /// Revisions that are its own.
    pub revisions_own: u32,
    /// Photos that this phone carries from now on.
    pub photos_new: u32,
    /// Photos that were here already.
    pub photos_known: u32,
    /// What could not be taken in, each kind once.
    pub problems: Vec<ImportProblem>,
}

/// Why something could not be imported. The rest was.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ImportProblem {
    /// Neither a bundle, nor a picture, nor a code of Saksi's.
    NotOurs,
    /// A picture in which no code of Saksi's can be read.
    NoCode,
    /// The file or code is damaged or incomplete.
    Damaged,
    /// The file is larger than a bundle may be.
    TooLarge,
    /// A form in it is not a signed revision.
    FormInvalid,
    /// A photo in it is damaged, or is none.
    PhotoInvalid,
    /// A photo that belongs to no form that is here.
    PhotoUnnamed,
    /// This phone carries as much as it may: let it deliver first.
    NoRoom,
    /// This phone is not enrolled yet, so it cannot carry anything.
    NotEnrolled,
}

/// One revision that this phone carries for another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct CarriedView {
    /// Its id.
    pub rev_id: String,
    /// Id of the device that signed it.
    pub device: String,
    /// Code of the polling station.
    pub tps: String,
    /// Id of the contest.
    pub contest: String,
    /// Number of the revision on its own device.
    pub seq: u64,
    /// When it came here, by this device's clock.
    pub taken_at: Timestamp,
    /// Whether its receipt is here.
    pub is_received: bool,
    /// Why the endpoint refused it.
    pub refused: Option<ProblemCode>,
    /// Photos of it that came along.
    pub photos: u32,
    /// Those with a receipt.
    pub photos_received: u32,
    /// Those that were refused.
    pub photos_refused: u32,
}

/// All that this phone carries for others, in numbers. Never among the
/// witness's own four.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct CarriedCounts {
    /// Revisions.
    pub revisions: u32,
    /// Those with a receipt.
    pub revisions_received: u32,
    /// Photos.
    pub photos: u32,
    /// Those with a receipt.
    pub photos_received: u32,
    /// Revisions and photos that the endpoint refused.
    pub refused: u32,
}

/// What the present connection costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Link {
    /// By the byte, or nobody knows.
    #[default]
    Metered,
    /// Nothing: originals go too, without being asked for.
    Unmetered,
}
