//! QR codes in a photo: the one thing of a picture that is read here.
//!
//! One witness's phone shows a form as a code, another one photographs it. The
//! photo is of a bright screen, held by hand: looked at are the whole picture
//! and smaller ones of it, because a code that is larger than it needs to be is
//! read worse, for the noise and the moiré of the screen's own dots.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rqrr::PreparedImage;

use crate::decode::decode;
use crate::error::PhotoError;
use crate::pixels::Luma;

/// Long sides, in pixels, that a photo is looked at with, in turn. The largest
/// code that a screen can show well has 177 squares on a side, which is five
/// pixels each in the first.
const LOOKED_AT_PX: [u32; 4] = [1_600, 1_000, 2_400, 700];

/// The texts of the QR codes in a JPEG or PNG; none when there are none.
///
/// Takes 100 ms to a second: call it off the window's thread.
///
/// # Errors
/// [`PhotoError`] when the bytes are no photo that can be read within the
/// crate's limits.
pub fn read_qr(bytes: &[u8]) -> Result<Vec<String>, PhotoError> {
    let largest_px = LOOKED_AT_PX.into_iter().max().unwrap_or_default();
    let rgb = decode(bytes, largest_px)?.rgb;
    for long_side_px in LOOKED_AT_PX {
        let texts = codes(&rgb.luma_within(long_side_px)?);
        if !texts.is_empty() {
            return Ok(texts);
        }
    }
    Ok(Vec::new())
}

/// The texts of the codes that can be read in this picture. The reader is safe
/// code; should it stop on a picture all the same, there is no code in it.
fn codes(luma: &Luma) -> Vec<String> {
    let read = || {
        let width = usize::try_from(luma.width).unwrap_or_default();
        let height = luma.values.len().checked_div(width).unwrap_or_default();
        let mut prepared = PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            let place = y.saturating_mul(width).saturating_add(x);
            luma.values.get(place).copied().unwrap_or(u8::MAX)
        });
        let grids = prepared.detect_grids();
        let texts = grids.into_iter().filter_map(|grid| grid.decode().ok());
        texts.map(|(_, text)| text).collect()
    };
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_default()
}
