//! Small photographs that differ from one another: quick to take, and still
//! more than one packet to send.

use anyhow::Result;
use jpeg_encoder::{ColorType, Encoder};

use super::Dice;

/// Width and height in pixels.
const SIDES: (u16, u16) = (120, 160);

/// Quality of the JPEG.
const QUALITY: u8 = 80;

/// Picture number `number`, always the same: noise, so that it does not shrink.
///
/// # Errors
/// When it cannot be encoded.
pub fn picture(number: u64) -> Result<Vec<u8>> {
    let (width, height) = SIDES;
    let mut pixels = vec![0; usize::from(width) * usize::from(height)];
    Dice::new(number).fill(&mut pixels);
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, QUALITY).encode(&pixels, width, height, ColorType::Luma)?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_differ_and_can_be_taken_as_photos() {
        let (one, other) = (picture(1).expect("a JPEG"), picture(2).expect("a JPEG"));
        assert_ne!(one, other);
        assert!(one.len() > 8_000, "{} bytes", one.len());
        assert!(photo::reduce(&one).is_ok());
    }
}
