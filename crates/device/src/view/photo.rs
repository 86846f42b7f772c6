//! A photo as the window shows it, what was made out on it, and what follows
//! from that. Every sentence is a question or a piece of advice; nothing here
//! fills in a figure or keeps anybody from going on.

use photo::page::SheetPlace;
use protocol::revision::{PhotoKind, PhotoSource};
use serde::{Deserialize, Serialize};

/// A photo in a draft or revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct PhotoView {
    /// Number on this device.
    pub id: i64,
    /// What it shows.
    pub kind: PhotoKind,
    /// Page of the form.
    pub page: Option<u32>,
    /// Camera or gallery.
    pub source: PhotoSource,
    /// Reading copy: width and height in pixels.
    pub width: u32,
    /// See `width`.
    pub height: u32,
    /// Size of the reading copy.
    pub size_bytes: u64,
    /// What was made out on it; absent until it was looked at, and in
    /// revisions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub look: Option<PhotoLook>,
    /// Whether a receipt for the reading copy is here.
    pub is_received: bool,
    /// Why the endpoint refused it, by code; `file_gone` when its file is no
    /// longer on this device. The way out is to take it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub refused: Option<String>,
}

/// What was made out on a photo, besides figures.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct PhotoLook {
    /// What makes it hard to read, each at most once, in a fixed order.
    pub troubles: Vec<PhotoTrouble>,
    /// Where its sheet lies on the reading copy, so that its page can be shown
    /// as if seen from straight in front; `None` when that was not made out.
    pub sheet: Option<SheetPlace>,
}

/// Something that makes a photo hard to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct PhotoTrouble {
    /// What.
    pub problem: PhotoProblem,
    /// Where on the reading copy; empty when it is everywhere or nowhere.
    pub places: Vec<PicturePlace>,
}

/// What may make a photo hard to read. It may be used all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PhotoProblem {
    /// The paper is dark.
    TooDark,
    /// The paper is blown out nearly everywhere.
    TooBright,
    /// Light is mirrored on some figures.
    Glare,
    /// Out of focus or moved.
    Blurred,
    /// The figures have too few pixels.
    TooSmall,
    /// Part of the page is outside the photo.
    CutOff,
    /// The page lies upside down or on its side.
    Turned,
    /// The file ends early; the lower part or the fine detail is missing.
    Partial,
}

/// A box on a photo's reading copy, in pixels from its top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct PicturePlace {
    /// To the right.
    pub left: u32,
    /// Down.
    pub top: u32,
    /// How wide.
    pub width: u32,
    /// How high.
    pub height: u32,
}

/// Something about the photos of a form's pages together, as their tags tell.
/// Photos without a tag count for the page they were taken for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum PageFinding {
    /// A photo shows another form.
    WrongForm {
        /// The photo.
        photo: i64,
        /// Id of the form it shows.
        form: String,
    },
    /// A photo shows another page than the one it stands at.
    WrongPage {
        /// The photo.
        photo: i64,
        /// The page it stands at.
        meant: u32,
        /// The page it shows.
        seen: u32,
        /// Whether no other photo stands at the page it shows.
        is_free: bool,
    },
    /// Several photos show one page.
    PageTwice {
        /// The page.
        page: u32,
        /// The photos.
        photos: Vec<i64>,
    },
    /// There are photos, and none of this page.
    PageMissing {
        /// The page.
        page: u32,
    },
}

/// Bubbles on a photo that say something else than what was keyed. It is put
/// only after the figure was keyed, so that it suggests none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct BubbleQuestion {
    /// Id of the count.
    pub field: String,
    /// What was keyed, in as many digits as the bubbles have.
    pub keyed: String,
    /// What the bubbles say.
    pub read: String,
    /// The photo.
    pub photo: i64,
    /// The figure's boxes and bubbles on it.
    pub place: PicturePlace,
    /// Under this code an answer settles the question …
    pub code: String,
    /// … when it is this: the figure as keyed is right.
    pub settled: String,
}
