//! Whether two files are one photo: the same picture, sent again, made
//! smaller, stored once more.
//!
//! Forms are all alike, so a coarse look of eight by eight cells cannot tell
//! two stations' photos of one page apart. This looks at 32 × 32 places, and
//! notes for each whether brightness climbs or falls to the right of it and
//! below it: 2,048 bits in which light, background, wrinkles and every mark of
//! the pen take part, and which survive a new size and compression. Rates of
//! error stand in `docs/photo.md`.

use crate::error::PhotoError;
use crate::page;
use crate::pixels::Rgb;

/// Places along each side that are looked at.
const SIDE: u32 = 32;
/// Words of 64 bits of a look.
const WORDS: usize = 32;
/// Of 2,048 bits, how many may differ in one and the same photo.
pub const SAME_PHOTO_MAX_BITS: u32 = 240;

/// How a photo looks, for comparing it with others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Likeness {
    words: [u64; WORDS],
}

impl Likeness {
    /// The look of a camera's file or a reading copy, upright.
    ///
    /// # Errors
    /// [`PhotoError`] as for [`crate::reduce`].
    pub fn of(bytes: &[u8]) -> Result<Self, PhotoError> {
        Self::of_rgb(&page::picture(bytes)?)
    }

    pub(crate) fn of_rgb(rgb: &Rgb) -> Result<Self, PhotoError> {
        let cells = rgb.luma_exactly(SIDE + 1, SIDE + 1)?;
        let row_px = usize::try_from(SIDE + 1).unwrap_or(usize::MAX);
        let rows: Vec<&[u8]> = cells.chunks_exact(row_px).collect();
        let mut bits = Vec::new();
        for pair in rows.windows(2) {
            let [here, below] = pair else { continue };
            for (place, under) in here.windows(2).zip(*below) {
                let [value, beside] = place else { continue };
                bits.push(beside > value);
                bits.push(under > value);
            }
        }
        let mut words = [0; WORDS];
        for (word, bits) in words.iter_mut().zip(bits.chunks(64)) {
            *word = bits.iter().fold(0, |word, bit| word << 1 | u64::from(*bit));
        }
        Ok(Self { words })
    }

    /// Bits that differ, of 2,048.
    #[must_use]
    pub fn distance(&self, other: &Self) -> u32 {
        let pairs = self.words.iter().zip(&other.words);
        pairs.map(|(a, b)| (a ^ b).count_ones()).sum()
    }

    /// Whether both are one photo, as far as looks can tell.
    #[must_use]
    pub fn is_same_photo(&self, other: &Self) -> bool {
        self.distance(other) <= SAME_PHOTO_MAX_BITS
    }

    /// The look as 512 lower-case hexadecimal digits, for keeping.
    #[must_use]
    pub fn to_hex(&self) -> String {
        self.words
            .iter()
            .map(|word| format!("{word:016x}"))
            .collect()
    }

    /// The look from [`to_hex`](Self::to_hex); `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = hex::decode(text).ok()?;
        let (chunks, rest) = bytes.as_chunks::<8>();
        let mut words = [0; WORDS];
        if chunks.len() != WORDS || !rest.is_empty() {
            return None;
        }
        for (word, chunk) in words.iter_mut().zip(chunks) {
            *word = u64::from_be_bytes(*chunk);
        }
        Some(Self { words })
    }
}
