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
    grid: Grid<1>,
    tint: [f32; 3],
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
        let grid = Grid::new(CELLS, CELLS, |u, v| {
            let (x, y) = (u - 0.5, v - 0.5);
            let lamp = 1.0 - slope * (x * angle.cos() + y * angle.sin() + 0.35);
            let vignette = 1.0 - corners * (x * x + y * y) * 1.6;
            let line = edge + lean * x + 0.05 * (u * bend).sin();
            let inside = ((v - line) / softness).clamp(-1.0, 1.0).mul_add(0.5, 0.5);
            let inside = inside * inside * (3.0 - 2.0 * inside);
            [lamp * vignette * (1.0 - shot.shadow * 0.6 * inside)]
        });
        Self {
            grid,
            tint: [1.0 + warmth, 1.0, 1.0 - warmth],
        }
    }

    /// Gain of red, green and blue at these shares of width and height.
    pub(super) fn at(&self, u: f32, v: f32) -> [f32; 3] {
        let [gain] = self.grid.at(u, v);
        self.tint.map(|tint| tint * gain)
    }
}
