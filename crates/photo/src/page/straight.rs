//! The page as if photographed from straight in front: another view beside
//! the photo, which stays the evidence.

use super::geometry::{View, at};
use super::grey::SHIFT_TO_MIDDLE;
use super::layout::PlaceLayout;
use super::number::{level, real, whole};
use super::reading::{read_rgb, upright};
use crate::encode::encode_within;
use crate::error::PhotoError;
use crate::limits::READING_COPY_MAX_BYTES;
use crate::pixels::Rgb;

/// Pixels per millimetre of a straightened page: 1,200 × 1,800 for a wall
/// form, about what a reading copy holds of it.
const PX_PER_MM: f64 = 2.0;

/// A straightened page.
#[derive(Debug, Clone, PartialEq)]
pub struct Straightened {
    /// Progressive JPEG without metadata, of at most
    /// [`READING_COPY_MAX_BYTES`](crate::limits::READING_COPY_MAX_BYTES).
    pub jpeg: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Pixels per millimetre of the sheet.
    pub px_per_mm: f64,
}

/// Straightens the page that a photo shows; `None` when its tag, and with it
/// its place, is not found.
///
/// # Errors
/// [`PhotoError`] as for [`crate::reduce`].
pub fn straighten(bytes: &[u8]) -> Result<Option<Straightened>, PhotoError> {
    let (rgb, _) = upright(bytes)?;
    let reading = read_rgb(&rgb)?;
    let layout = reading
        .page
        .and_then(|page| PlaceLayout::of_form(page.form));
    let (Some(view), Some(layout)) = (reading.view, layout) else {
        return Ok(None);
    };
    let flat = flattened(&rgb, &view, layout.sheet);
    let wanted = f64::from(flat.width);
    let encoded = encode_within(flat, READING_COPY_MAX_BYTES)?;
    Ok(Some(Straightened {
        px_per_mm: PX_PER_MM * f64::from(encoded.width) / wanted,
        jpeg: encoded.jpeg,
        width: encoded.width,
        height: encoded.height,
    }))
}

/// The sheet read through its view; white where the photo does not reach.
fn flattened(rgb: &Rgb, view: &View, [width_mm, height_mm]: [f64; 2]) -> Rgb {
    let side = |mm: f64| u32::try_from(whole(mm * PX_PER_MM)).unwrap_or(1).max(1);
    let (width, height) = (side(width_mm), side(height_mm));
    let mut pixels = Vec::new();
    for row in 0..height {
        for column in 0..width {
            let middle = |place: u32| (f64::from(place) + SHIFT_TO_MIDDLE) / PX_PER_MM;
            let seen = view.of(at(middle(column), middle(row)));
            pixels.extend(between(rgb, seen.x, seen.y));
        }
    }
    Rgb {
        width,
        height,
        pixels,
    }
}

/// The colour at a place between pixels.
fn between(rgb: &Rgb, x: f64, y: f64) -> [u8; 3] {
    let (x, y) = (x - SHIFT_TO_MIDDLE, y - SHIFT_TO_MIDDLE);
    let (last_x, last_y) = (f64::from(rgb.width) - 1.0, f64::from(rgb.height) - 1.0);
    if !(-1.0..=last_x + 1.0).contains(&x) || !(-1.0..=last_y + 1.0).contains(&y) {
        return [255; 3];
    }
    let (x, y) = (x.clamp(0.0, last_x), y.clamp(0.0, last_y));
    let row_px = usize::try_from(rgb.width).unwrap_or(1);
    let (left, top) = (
        whole(x).min(row_px.saturating_sub(2)),
        whole(y).min(whole(last_y).saturating_sub(1)),
    );
    let (across, down) = (x - real(left), y - real(top));
    let mut mixed = [0.0; 3];
    for (row, share) in [(top, 1.0 - down), (top + 1, down)] {
        let start = (row * row_px + left) * 3;
        let Some([r1, g1, b1, r2, g2, b2]) = rgb.pixels.get(start..start + 6) else {
            return [255; 3];
        };
        for (sum, (a, b)) in mixed.iter_mut().zip([(r1, r2), (g1, g2), (b1, b2)]) {
            let (a, b) = (f64::from(*a), f64::from(*b));
            *sum += (a + (b - a) * across) * share;
        }
    }
    mixed.map(level)
}
