//! Where the camera stands, and which point of the page a pixel shows.

use imageproc::geometric_transformations::Projection;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::measure::{Area, Point, at, measure};
use crate::shot::Shot;

/// Distance of the camera in heights of the sheet; nearer means more
/// perspective.
const DISTANCE_SHEETS: f32 = 1.5;

/// The way from the photo back to the page.
pub(super) struct View {
    to_page: Projection,
}

impl View {
    /// The view that `shot` has of the sheet in a frame of this size.
    pub(super) fn of(
        shot: &Shot,
        sheet: Area,
        width: u32,
        height: u32,
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let tilt = shot.tilt_degrees.clamp(0.0, 45.0).to_radians();
        // Tilted back or forth, and to one side.
        let direction: f32 = rng.random_range(0.0..std::f32::consts::TAU);
        let (nod, sway) = (tilt * direction.sin(), tilt * direction.cos());
        let turn = shot.rotation_degrees.to_radians();
        let corners = [
            at(sheet.left, sheet.top),
            at(sheet.right(), sheet.top),
            at(sheet.right(), sheet.bottom()),
            at(sheet.left, sheet.bottom()),
        ];
        let seen = corners.map(|corner| project(corner, sheet, nod, sway, turn));
        let placed = fitted(seen, shot.fill, measure(width), measure(height), rng);
        let pairs = |points: [Point; 4]| points.map(|point| (point.x, point.y));
        // Four corners of a sheet seen from its front are never in one line,
        // so there is a projection; without one the page fills the frame.
        let to_page = Projection::from_control_points(pairs(placed), pairs(corners))
            .unwrap_or_else(|| {
                Projection::scale(sheet.width / measure(width), sheet.height / measure(height))
            });
        Self { to_page }
    }

    /// The place of the photo at which a point of the page's plane is seen.
    pub(super) fn in_photo(&self, point: Point) -> Point {
        let (x, y) = self.to_page.invert() * (point.x, point.y);
        at(x, y)
    }

    /// The point of the page's plane that is seen at this place of the photo.
    pub(super) fn on_page(&self, x: f32, y: f32) -> Point {
        let (x, y) = self.to_page * (x, y);
        at(x, y)
    }
}

/// A corner as the camera sees it, in a plane of its own.
fn project(corner: Point, sheet: Area, nod: f32, sway: f32, turn: f32) -> Point {
    let centre = sheet.centre();
    let (x, y) = (corner.x - centre.x, corner.y - centre.y);
    let (x, y) = (
        x * turn.cos() - y * turn.sin(),
        x * turn.sin() + y * turn.cos(),
    );
    let (y, depth) = (y * nod.cos(), y * nod.sin());
    let (x, depth) = (
        x * sway.cos() + depth * sway.sin(),
        depth * sway.cos() - x * sway.sin(),
    );
    let distance = sheet.height * DISTANCE_SHEETS;
    let shrink = distance / (distance + depth);
    at(x * shrink, y * shrink)
}

/// The corners scaled and moved so that the page takes its share of the frame,
/// not quite in the middle.
fn fitted(
    seen: [Point; 4],
    fill: f32,
    width: f32,
    height: f32,
    rng: &mut ChaCha8Rng,
) -> [Point; 4] {
    let low = seen
        .into_iter()
        .reduce(|a, b| at(a.x.min(b.x), a.y.min(b.y)));
    let high = seen
        .into_iter()
        .reduce(|a, b| at(a.x.max(b.x), a.y.max(b.y)));
    let (low, high) = (low.unwrap_or_default(), high.unwrap_or_default());
    let scale = fill * (width / (high.x - low.x)).min(height / (high.y - low.y));
    let spare = at(
        (width - (high.x - low.x) * scale) / 2.0,
        (height - (high.y - low.y) * scale) / 2.0,
    );
    let aside = at(
        spare.x * (1.0 + rng.random_range(-0.5..0.5)),
        spare.y * (1.0 + rng.random_range(-0.5..0.5)),
    );
    seen.map(|point| {
        at(
            (point.x - low.x) * scale + aside.x,
            (point.y - low.y) * scale + aside.y,
        )
    })
}
