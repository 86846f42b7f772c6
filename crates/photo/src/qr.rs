//! QR codes in a photo: the one thing of a picture that is read here.
//!
//! One witness's phone shows a form as a code, another one photographs it. The
//! photo is of a bright screen, held by hand: looked at are the whole picture
//! and smaller ones of it, because a code that is larger than it needs to be is
//! read worse, for the noise and the moiré of the screen's own dots.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::BarcodeFormat;
use rxing::helpers::detect_in_luma_slice;

use crate::decode::decode;
use crate::error::PhotoError;
use crate::pixels::Luma;

/// Long sides, in pixels, that a photo is looked at with, in turn. The largest
/// code that a screen can show well has 177 squares on a side, which is five
/// pixels each in the first.
const LOOKED_AT_PX: [u32; 4] = [1_600, 1_000, 2_400, 700];

/// The text of the QR code in a JPEG or PNG; none when there is none, and at
/// most one, the first that can be read.
///
/// Takes 20 ms to a second: call it off the window's thread.
///
/// # Errors
/// [`PhotoError`] when the bytes are no photo that can be read within the
/// crate's limits.
pub fn read_qr(bytes: &[u8]) -> Result<Vec<String>, PhotoError> {
    let largest_px = LOOKED_AT_PX.into_iter().max().unwrap_or_default();
    let rgb = decode(bytes, largest_px)?.rgb;
    for long_side_px in LOOKED_AT_PX {
        if let Some(text) = code(&rgb.luma_within(long_side_px)?) {
            return Ok(vec![text]);
        }
    }
    Ok(Vec::new())
}

/// The text of a code in this picture. The reader is safe code; should it stop
/// on a picture all the same, there is no code in it.
fn code(luma: &Luma) -> Option<String> {
    let width = usize::try_from(luma.width).ok()?;
    let height = u32::try_from(luma.values.len().checked_div(width)?).ok()?;
    let read = || {
        let format = Some(BarcodeFormat::QR_CODE);
        detect_in_luma_slice(&luma.values, luma.width, height, format)
    };
    let found = catch_unwind(AssertUnwindSafe(read)).ok()?.ok()?;
    Some(found.getText().to_owned())
}
