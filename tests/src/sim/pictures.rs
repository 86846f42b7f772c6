//! A few small photographs, made once and used by all seeds.

use anyhow::Result;
use jpeg_encoder::{ColorType, Encoder};
use protocol::encoding::sha256_hex;

/// Sizes in pixels: most are small and quick, some take several pieces.
const SIZES: [(u16, u16); 8] = [
    (48, 64),
    (50, 64),
    (52, 64),
    (54, 64),
    (56, 64),
    (240, 320),
    (250, 320),
    (300, 400),
];

/// A photograph.
pub struct Picture {
    /// What the trace calls it.
    pub name: String,
    /// The camera's bytes.
    pub camera: Vec<u8>,
    /// Hash of the reading copy that every phone makes of it.
    pub copy_sha256: String,
}

/// All photographs, in order.
///
/// # Errors
/// When one cannot be drawn or reduced.
pub fn pictures() -> Result<Vec<Picture>> {
    let numbered = SIZES.into_iter().enumerate();
    numbered
        .map(|(number, (width, height))| {
            let camera = noise(number as u32 + 1, width, height)?;
            let copy = photo::reduce(&camera)?;
            Ok(Picture {
                name: format!("photo {number}"),
                copy_sha256: sha256_hex(&copy.jpeg),
                camera,
            })
        })
        .collect()
}

/// A picture that does not compress: its size follows from its sides.
fn noise(seed: u32, width: u16, height: u16) -> Result<Vec<u8>> {
    let mut state = seed.wrapping_mul(2_654_435_761);
    let pixels: Vec<u8> = (0..usize::from(width) * usize::from(height))
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state.to_le_bytes()[1]
        })
        .collect();
    let mut jpeg = Vec::new();
    Encoder::new(&mut jpeg, 80).encode(&pixels, width, height, ColorType::Luma)?;
    Ok(jpeg)
}
