//! How a photo is taken: from where, in what light, by what camera.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::measure::pixels;

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
    /// How far the phone moved while it exposed, in thousandths of the long
    /// side.
    pub motion: f32,
    /// Darkness of the shadow of a hand with the phone in it, 0 to 1.
    pub hand: f32,
    /// Strength of a lamp's mirror image on the paper, 0 to 1.
    pub glare: f32,
    /// How crumpled the sheet is: 1 is once folded in four, 3 is badly.
    pub creases: f32,
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
            motion: 0.0,
            hand: 0.0,
            glare: 0.0,
            creases: 1.0,
            held: Held::Upright,
            has_exif: true,
        }
    }

    /// A photo as people take them in a hurry: anything from careful to hardly
    /// usable. The higher `difficulty` (0 to 1), the worse each thing can be.
    #[must_use]
    pub fn hurried(seed: u64, difficulty: f32) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x4855_5252);
        let hard = difficulty.clamp(0.0, 1.0);
        let mut up_to = |most: f32| rng.random_range(0.0..1.0_f32) * most * hard;
        let (tilt_degrees, turn) = (up_to(30.0), up_to(30.0));
        let (motion, blur, noise) = (up_to(2.0), up_to(1.3), up_to(10.0));
        let (hand, glare) = (up_to(0.9), up_to(0.9));
        let (unevenness, shadow) = (up_to(1.0), up_to(0.9));
        let creases = 1.0 + up_to(2.0);
        let quality_lost = up_to(32.0);
        let darkness = up_to(0.55);
        let farther = up_to(0.35);
        let megapixels = rng.random_range(2.0..12.0);
        let has = |rng: &mut ChaCha8Rng, percent| rng.random_ratio(percent, 100);
        Self {
            megapixels,
            tilt_degrees,
            rotation_degrees: if has(&mut rng, 50) { turn } else { -turn },
            fill: rng.random_range(0.9..0.99) - farther,
            light: rng.random_range(0.92..1.1) - darkness,
            unevenness,
            shadow,
            blur: 0.15 + blur,
            noise: 1.5 + noise,
            jpeg_quality: 95 - u8::try_from(pixels(quality_lost)).unwrap_or_default(),
            motion: if has(&mut rng, 35) { motion } else { 0.0 },
            hand: if has(&mut rng, 35) { hand } else { 0.0 },
            glare: if has(&mut rng, 20) { glare } else { 0.0 },
            creases,
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
