//! One photo to try the reader on: which difficulty it has, and everything
//! else about it, by its seed alone.

use anyhow::{Result, anyhow};
use domain::{Contest, Counts, FormLayout};
use specimen::{Filled, Head, Held, Shot, Slips};

use super::difficulty::Difficulty;
use crate::campaign::Dice;

/// The page with bubbles.
pub const PAGE: u32 = 2;

/// Its tag.
pub const TAG: u32 = 102;

/// The form whose pages are photographed.
#[derive(Debug)]
pub struct Form {
    contest: Contest,
    layout: FormLayout,
    head: Head,
}

impl Form {
    /// The presidential form of 2024.
    ///
    /// # Errors
    /// When the sample does not have it.
    pub fn ppwp() -> Result<Self> {
        let contest = sample::ppwp();
        let layout = sample::layout(&contest.form)?;
        Ok(Self {
            layout: layout.ok_or_else(|| anyhow!("there is no form {}", contest.form))?,
            contest,
            head: Head {
                place: vec!["CONTOH".into(); 4],
                number: "001".into(),
                date: "2024-02-14".into(),
            },
        })
    }
}

/// One photo: how it is taken, and what stands on the page.
#[derive(Debug)]
pub struct Trial<'a> {
    form: &'a Form,
    /// Decides everything.
    pub seed: u64,
    /// What is hard about it.
    pub difficulty: Difficulty,
    /// How it is taken.
    pub shot: Shot,
    /// How untidily its bubbles are filled.
    pub slips: Slips,
    /// What stands on it.
    pub counts: Counts,
}

impl<'a> Trial<'a> {
    /// The trial of a seed.
    #[must_use]
    pub fn of(form: &'a Form, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let difficulty = Difficulty::of(seed);
        let mut shot = Shot::hurried(seed, difficulty.everything_else());
        // Small and large pictures as often: a phone's setting, not a chance.
        shot.megapixels = 2.0 * 6.0_f32.powf(dice.share());
        shot.jpeg_quality = 60 + u8::try_from(dice.below(36)).unwrap_or_default();
        shot.held = *dice.pick(&[
            Held::Upright,
            Held::OnItsRight,
            Held::UpsideDown,
            Held::OnItsLeft,
        ]);
        let slips = difficulty.slips();
        difficulty.put_on(&mut shot, &mut dice);
        let counts = (1..=form.contest.options.len())
            .map(|option| {
                // Every digit in every place, not only what a station gives.
                let votes = u32::try_from(dice.below(1_000)).unwrap_or_default();
                (format!("votes.{option}"), votes)
            })
            .collect();
        Self {
            form,
            seed,
            difficulty,
            shot,
            slips,
            counts,
        }
    }

    /// The form as filled in.
    #[must_use]
    pub fn filled(&self) -> Filled<'_> {
        Filled {
            form: &self.form.layout,
            contest: &self.form.contest,
            head: &self.form.head,
            counts: &self.counts,
            seed: self.seed,
        }
    }

    /// The bytes of the photo.
    ///
    /// # Errors
    /// None with sound data.
    pub fn photograph(&self) -> Result<Vec<u8>> {
        let jpeg = specimen::photograph_untidy(&self.filled(), PAGE, &self.shot, self.slips)?;
        Ok(if self.difficulty == Difficulty::Turned {
            without_exif(jpeg)
        } else {
            jpeg
        })
    }

    /// Whether the pen is blue; else it is black.
    #[must_use]
    pub fn is_blue(&self) -> bool {
        specimen::ink_of(self.seed).is_blue()
    }
}

/// The file without what says how the phone was held.
fn without_exif(mut jpeg: Vec<u8>) -> Vec<u8> {
    let mark = jpeg.windows(6).position(|window| window == b"Exif\0\0");
    if let Some(start) = mark.and_then(|place| place.checked_sub(4)) {
        let length = usize::from(u16::from_be_bytes([jpeg[start + 2], jpeg[start + 3]]));
        jpeg.drain(start..start + 2 + length);
    }
    jpeg
}
