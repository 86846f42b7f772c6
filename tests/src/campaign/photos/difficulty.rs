//! What can be hard about a photo. Each trial has one difficulty for which it
//! is drawn from hard to extreme; everything else about it is ordinary.

use specimen::{Held, Shot, Slips};

use crate::campaign::Dice;

/// Of a hundred columns with slips, how many have one.
const SLIPS_PERCENT: u32 = 60;

/// What is hard about a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Difficulty {
    /// Nothing.
    Ordinary,
    /// The camera looks 15° to 30° from aside.
    Angle,
    /// The page lies 10° to 30° askew.
    Rotation,
    /// The page takes only half of the photo's height and less.
    Distance,
    /// Light falls unevenly, and somebody stands in it.
    UnevenLight,
    /// The shadow of a hand lies on the page.
    HandShadow,
    /// The phone moved.
    Motion,
    /// Out of focus.
    Focus,
    /// Grains, as at night.
    Noise,
    /// The sheet is crumpled.
    Creases,
    /// Hard compression.
    Jpeg,
    /// Two megapixels.
    Small,
    /// Twelve megapixels.
    Large,
    /// Bubbles filled by half.
    HalfFilled,
    /// Bubbles crossed.
    Crossed,
    /// Two bubbles of a column filled.
    Doubled,
    /// Bubbles forgotten.
    Forgotten,
    /// Everything at once, from hardly to as hard as can be.
    Everything,
    /// Spoiled: dark.
    Dark,
    /// Spoiled: far too bright.
    Bright,
    /// Spoiled: a lamp is mirrored on the page.
    Mirrored,
    /// Spoiled: blurred beyond use.
    Blurred,
    /// Spoiled: from far away.
    Far,
    /// Spoiled: the page is not all in the photo.
    CutOff,
    /// Spoiled: lying on its side or head, and nothing says so.
    Turned,
}

use Difficulty as D;

impl Difficulty {
    /// All of them, in the order of the table.
    pub const ALL: [Self; 25] = [
        D::Ordinary,
        D::Angle,
        D::Rotation,
        D::Distance,
        D::UnevenLight,
        D::HandShadow,
        D::Motion,
        D::Focus,
        D::Noise,
        D::Creases,
        D::Jpeg,
        D::Small,
        D::Large,
        D::HalfFilled,
        D::Crossed,
        D::Doubled,
        D::Forgotten,
        D::Everything,
        D::Dark,
        D::Bright,
        D::Mirrored,
        D::Blurred,
        D::Far,
        D::CutOff,
        D::Turned,
    ];

    /// The difficulty of a seed: each as often as any other.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        let place = seed % Self::ALL.len() as u64;
        Self::ALL[usize::try_from(place).unwrap_or_default()]
    }

    /// Its name in tables and figures.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            D::Ordinary => "ordinary",
            D::Angle => "angle",
            D::Rotation => "rotation",
            D::Distance => "distance",
            D::UnevenLight => "uneven_light",
            D::HandShadow => "hand_shadow",
            D::Motion => "motion",
            D::Focus => "focus",
            D::Noise => "noise",
            D::Creases => "creases",
            D::Jpeg => "jpeg",
            D::Small => "small",
            D::Large => "large",
            D::HalfFilled => "half_filled",
            D::Crossed => "crossed",
            D::Doubled => "doubled",
            D::Forgotten => "forgotten",
            D::Everything => "everything",
            D::Dark => "spoiled_dark",
            D::Bright => "spoiled_bright",
            D::Mirrored => "spoiled_glare",
            D::Blurred => "spoiled_blur",
            D::Far => "spoiled_far",
            D::CutOff => "spoiled_cut_off",
            D::Turned => "spoiled_turned",
        }
    }

    /// How hard everything else may be, of [`Shot::hurried`].
    pub(super) fn everything_else(self) -> f32 {
        if self == D::Everything { 1.0 } else { 0.35 }
    }

    /// How bubbles are filled.
    pub(super) fn slips(self) -> Slips {
        let mut slips = Slips::default();
        match self {
            D::HalfFilled => slips.half = SLIPS_PERCENT,
            D::Crossed => slips.crossed = SLIPS_PERCENT,
            D::Doubled => slips.doubled = SLIPS_PERCENT,
            D::Forgotten => slips.empty = SLIPS_PERCENT,
            _ => {}
        }
        slips
    }

    /// Makes a shot as hard as this says.
    pub(super) fn put_on(self, shot: &mut Shot, dice: &mut Dice) {
        let mut within = |low: f32, high: f32| low + (high - low) * dice.share();
        match self {
            D::Angle => shot.tilt_degrees = within(15.0, 30.0),
            D::Rotation => {
                let turn = within(-20.0, 20.0);
                shot.rotation_degrees = turn + 10.0_f32.copysign(turn);
            }
            D::Distance => shot.fill = within(0.42, 0.65),
            D::UnevenLight => {
                shot.unevenness = within(0.6, 1.0);
                shot.shadow = within(0.4, 0.9);
            }
            D::HandShadow => shot.hand = within(0.4, 0.9),
            D::Motion => shot.motion = within(0.8, 2.5),
            D::Focus => shot.blur = within(0.6, 1.4),
            D::Noise => shot.noise = within(6.0, 14.0),
            D::Creases => shot.creases = within(1.8, 3.0),
            D::Jpeg => shot.jpeg_quality = 60 + u8::try_from(dice.below(6)).unwrap_or_default(),
            D::Small => shot.megapixels = within(2.0, 2.3),
            D::Large => shot.megapixels = within(11.5, 12.2),
            D::Dark => shot.light = within(0.12, 0.28),
            D::Bright => shot.light = within(1.5, 2.2),
            D::Mirrored => shot.glare = within(0.8, 2.0),
            D::Blurred => shot.blur = within(2.4, 4.0),
            D::Far => shot.fill = within(0.22, 0.36),
            D::CutOff => shot.fill = within(1.12, 1.4),
            D::Turned => {
                let ways = [Held::OnItsRight, Held::UpsideDown, Held::OnItsLeft];
                shot.held = *dice.pick(&ways);
            }
            D::Ordinary
            | D::HalfFilled
            | D::Crossed
            | D::Doubled
            | D::Forgotten
            | D::Everything => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_difficulty_has_a_name_of_its_own_and_its_turn() {
        let mut names: Vec<&str> = Difficulty::ALL.iter().map(|one| one.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Difficulty::ALL.len());
        let count = Difficulty::ALL.len() as u64;
        for (place, difficulty) in Difficulty::ALL.iter().enumerate() {
            assert_eq!(Difficulty::of(7 * count + place as u64), *difficulty);
        }
    }
}
