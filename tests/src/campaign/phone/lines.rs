//! What a phone's process says and hears, one JSON object a line.

use protocol::SlotId;
use serde::{Deserialize, Serialize};

/// What it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub enum Line {
    /// It is open and its first screen could be drawn.
    Ready {
        /// From opening the folder, in milliseconds.
        open_ms: f64,
    },
    /// What it holds of a slot.
    Slot(SlotFacts),
    /// It has said what it holds of every slot.
    Told,
    /// A figure is about to be keyed.
    Keying {
        /// Where.
        slot: SlotId,
        /// The figure.
        value: u32,
    },
    /// It was keyed.
    Keyed {
        /// Where.
        slot: SlotId,
        /// The figure.
        value: u32,
    },
    /// A photo is about to be taken.
    Photographing {
        /// Where.
        slot: SlotId,
    },
    /// It was taken.
    Photographed {
        /// Where.
        slot: SlotId,
        /// Its number on the phone.
        photo: i64,
    },
    /// The draft is about to be sealed.
    Sealing {
        /// Where.
        slot: SlotId,
    },
    /// It was sealed.
    Sealed {
        /// Where.
        slot: SlotId,
        /// The revision's id.
        rev_id: String,
    },
    /// The app told the witness that this did not work.
    Failed {
        /// Its failure.
        failure: String,
    },
}

/// What a phone holds of a slot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SlotFacts {
    /// The slot.
    pub slot: SlotId,
    /// The figure in the one field that is keyed.
    pub figure: Option<u32>,
    /// Photos of the draft.
    pub photos: Vec<PhotoFacts>,
    /// Sealed revisions, newest first.
    pub revisions: Vec<RevisionFacts>,
}

/// A photo of the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoFacts {
    /// Its number on the phone.
    pub id: i64,
    /// Whether its bytes are there, as many as its row says, and a picture.
    pub is_whole: bool,
}

/// A sealed revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionFacts {
    /// Its id.
    pub rev_id: String,
    /// Its number.
    pub seq: u64,
    /// The figure in the one field that is keyed.
    pub figure: Option<u32>,
    /// How many photos it names.
    pub photos: usize,
}

/// What it hears, when it obeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// Key the figure.
    Key {
        /// Where.
        slot: SlotId,
        /// The figure.
        value: u32,
    },
    /// Take a photo.
    Photograph {
        /// Where.
        slot: SlotId,
        /// Which picture.
        picture: u64,
    },
    /// Seal the draft.
    Seal {
        /// Where.
        slot: SlotId,
    },
    /// Say what there is.
    Tell,
}
