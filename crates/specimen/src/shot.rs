//! How a photo is taken: from where, in what light, by what camera.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// How the phone was held, as its EXIF tells: the picture is stored turned,
/// and the tag says how to turn it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Stored as seen (EXIF orientation 1).
    Upright,
    /// Stored a quarter turn to the left; turn it right to see it (6).
    OnItsRight,
    /// Stored upside down (3).
    UpsideDown,
    /// Stored a quarter turn to the right; turn it left to see it (8).
    OnItsLeft,
}

impl Held {
    /// The EXIF orientation that says so.
    #[must_use]
    pub fn exif(self) -> u16 {
        match self {
            Self::Upright => 1,
            Self::OnItsRight => 6,
            Self::UpsideDown => 3,
            Self::OnItsLeft => 8,
        }
    }
}

/// How one photo is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Shot {
    /// Size of the picture in millions of pixels, three wide to four high.
    pub megapixels: f32,
    /// Tilt of the camera away from straight in front, in degrees, up to 45.
    pub tilt_degrees: f32,
    /// Turn of the page in the picture, in degrees clockwise.
    pub rotation_degrees: f32,
    /// Share of the frame that the page takes, 0 to 1; above 1 it is cut off.
    pub fill: f32,
    /// Exposure: 1 shows the paper light grey to white.
    pub light: f32,
    /// How unevenly the light falls, 0 to 1.
    pub unevenness: f32,
    /// Darkness of the shadow of somebody standing there, 0 to 1.
    pub shadow: f32,
    /// Standard deviation of the blur, in thousandths of the long side.
    pub blur: f32,
    /// Standard deviation of the sensor's noise, in levels of 255.
    pub noise: f32,
    /// JPEG quality, 1 to 100.
    pub jpeg_quality: u8,
    /// How the phone was held.
    pub held: Held,
    /// Whether the file has EXIF: made-up camera, time and place. Without it
    /// nothing says how the phone was held, and the picture is stored upright.
    pub has_exif: bool,
}

impl Shot {
    /// A careful photo in a lit room: 2 megapixels, everything legible.
    #[must_use]
    pub fn good(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x5348_4f54);
        Self {
            megapixels: 2.0,
            tilt_degrees: rng.random_range(2.0..14.0),
            rotation_degrees: rng.random_range(-4.0..4.0),
            fill: rng.random_range(0.93..0.99),
            light: rng.random_range(0.9..1.08),
            unevenness: rng.random_range(0.15..0.5),
            shadow: rng.random_range(0.0..0.35),
            blur: rng.random_range(0.15..0.4),
            noise: rng.random_range(1.5..4.0),
            jpeg_quality: rng.random_range(90..96),
            held: Held::Upright,
            has_exif: true,
        }
    }

    /// By the light of one lamp far away.
    #[must_use]
    pub fn dark(seed: u64) -> Self {
        Self {
            light: 0.24,
            unevenness: 0.6,
            noise: 9.0,
            ..Self::good(seed)
        }
    }

    /// Moved while taking it.
    #[must_use]
    pub fn blurred(seed: u64) -> Self {
        Self {
            blur: 3.4,
            ..Self::good(seed)
        }
    }

    /// Sent through a messenger first: 640 × 853 pixels, hard compression.
    #[must_use]
    pub fn tiny(seed: u64) -> Self {
        Self {
            megapixels: 0.546,
            jpeg_quality: 60,
            ..Self::good(seed)
        }
    }

    /// The same with another size.
    #[must_use]
    pub fn with_megapixels(self, megapixels: f32) -> Self {
        Self { megapixels, ..self }
    }

    /// The same with the phone held another way.
    #[must_use]
    pub fn with_held(self, held: Held) -> Self {
        Self { held, ..self }
    }
}
