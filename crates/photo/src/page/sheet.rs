//! Where the sheet lies in the photo: enough for a screen to show the page as
//! if photographed from straight in front, with the pixels of the photo.

use serde::{Deserialize, Serialize};

use super::geometry::{Point, View, at};
use super::layout::PlaceLayout;
use super::number::nearest;
use super::reading::{sheet_in, upright};
use crate::error::PhotoError;

/// Least nearness of a corner, where the middle of what was found is at 1: a
/// sheet that goes on towards the horizon cannot be shown from in front.
const NEARNESS_MIN: f64 = 0.1;

/// Where a sheet lies in a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct SheetPlace {
    /// Width and height of the sheet, in millimetres.
    pub sheet_mm: [u32; 2],
    /// Width and height of the upright picture, in pixels.
    pub picture_px: [u32; 2],
    /// Its corners in that picture, in pixels to the right and down: top left,
    /// top right, bottom right, bottom left. What was not photographed lies
    /// outside the picture.
    pub corners_px: [[i32; 2]; 4],
}

impl SheetPlace {
    pub(super) fn seen(view: &View, layout: &PlaceLayout, picture_px: (u32, u32)) -> Option<Self> {
        let [width, height] = layout.sheet;
        let corners = [
            at(0.0, 0.0),
            at(width, 0.0),
            at(width, height),
            at(0.0, height),
        ];
        let is_near = |corner: &Point| view.nearness(*corner) >= NEARNESS_MIN;
        corners.iter().all(is_near).then(|| Self {
            sheet_mm: layout.sheet.map(|side| nearest(side).unsigned_abs()),
            picture_px: picture_px.into(),
            corners_px: corners.map(|corner| {
                let seen = view.of(corner);
                [nearest(seen.x), nearest(seen.y)]
            }),
        })
    }
}

/// Finds the sheet in a camera's file or a reading copy; `None` when its tag,
/// and with it its place, is not found.
///
/// # Errors
/// [`PhotoError`] as for [`crate::reduce`].
pub fn find_sheet(bytes: &[u8]) -> Result<Option<SheetPlace>, PhotoError> {
    let (rgb, _) = upright(bytes)?;
    sheet_in(&rgb)
}
