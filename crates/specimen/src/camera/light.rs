//! The light on a photo: a slope from a lamp or window, darker corners, a
//! colour, and the soft shadow of somebody in the way.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::surface::Grid;
use crate::shot::Shot;

/// Cells of the light's grid along each side; light changes slowly.
const CELLS: u32 = 96;

/// Gain of each colour channel over the photo.
pub(super) struct Light {
    grid: Grid<2>,
    tint: [f32; 3],
}

/// The shadow of an arm from below, with a hand at its end: a line from the
/// photo's lower edge to a point inside, and how far it reaches to its sides.
struct Arm {
    from: (f32, f32),
    to: (f32, f32),
    reach: f32,
}

impl Arm {
    fn of(rng: &mut ChaCha8Rng) -> Self {
        Self {
            from: (rng.random_range(0.1..0.9), 1.1),
            to: (rng.random_range(0.2..0.95), rng.random_range(0.15..0.7)),
            reach: rng.random_range(0.06..0.13),
        }
    }

    /// How much of its shadow is at a place, 0 to 1.
    fn at(&self, u: f32, v: f32) -> f32 {
        let (x, y) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let along = ((u - self.from.0) * x + (v - self.from.1) * y) / (x * x + y * y);
        let along = along.clamp(0.0, 1.0);
        let away = (u - self.from.0 - x * along).hypot(v - self.from.1 - y * along);
        ((self.reach - away) / 0.03 + 0.5).clamp(0.0, 1.0)
    }
}

impl Light {
    pub(super) fn of(shot: &Shot, rng: &mut ChaCha8Rng) -> Self {
        let angle: f32 = rng.random_range(0.0..std::f32::consts::TAU);
        let slope = shot.unevenness * 0.34;
        let corners = 0.10 + shot.unevenness * 0.18;
        // Edge of the shadow: a line across the lower part, softly curved.
        let edge: f32 = rng.random_range(0.45..0.85);
        let lean: f32 = rng.random_range(-0.5..0.5);
        let bend: f32 = rng.random_range(1.0..4.0);
        let softness: f32 = rng.random_range(0.04..0.14);
        let warmth: f32 = rng.random_range(-0.05..0.07);
        // Of their own chance, so that a shot without them stays as it was.
        let mut extra = rng.clone();
        extra.set_stream(1);
        let arm = Arm::of(&mut extra);
        let mirror: (f32, f32) = (extra.random_range(0.15..0.95), extra.random_range(0.1..0.8));
        let breadth: f32 = extra.random_range(0.04..0.12);
        let grid = Grid::new(CELLS, CELLS, |u, v| {
            let (x, y) = (u - 0.5, v - 0.5);
            let lamp = 1.0 - slope * (x * angle.cos() + y * angle.sin() + 0.35);
            let vignette = 1.0 - corners * (x * x + y * y) * 1.6;
            let line = edge + lean * x + 0.05 * (u * bend).sin();
            let inside = ((v - line) / softness).clamp(-1.0, 1.0).mul_add(0.5, 0.5);
            let inside = inside * inside * (3.0 - 2.0 * inside);
            let hand = 1.0 - shot.hand * 0.6 * arm.at(u, v);
            let away = (u - mirror.0).hypot(v - mirror.1) / breadth;
            let shade = lamp * vignette * (1.0 - shot.shadow * 0.6 * inside) * hand;
            [shade, shot.glare * (-away * away).exp()]
        });
        Self {
            grid,
            tint: [1.0 + warmth, 1.0, 1.0 - warmth],
        }
    }

    /// Gain of red, green and blue at these shares of width and height, and
    /// how much of a lamp is mirrored there, 0 to 1.
    pub(super) fn at(&self, u: f32, v: f32) -> ([f32; 3], f32) {
        let [gain, mirrored] = self.grid.at(u, v);
        (self.tint.map(|tint| tint * gain), mirrored)
    }
}
