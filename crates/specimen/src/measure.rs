//! Measures on the paper, in millimetres from its top left corner, and the
//! few roundings to pixels and levels that all drawing goes through.

/// A point on the paper.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Millimetres from the left edge.
    pub x: f32,
    /// Millimetres from the top edge.
    pub y: f32,
}

/// An upright rectangle on the paper.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Area {
    /// Millimetres from the left edge of the paper.
    pub left: f32,
    /// Millimetres from the top edge of the paper.
    pub top: f32,
    /// Width in millimetres.
    pub width: f32,
    /// Height in millimetres.
    pub height: f32,
}

/// The point at `x`, `y`.
pub(crate) const fn at(x: f32, y: f32) -> Point {
    Point { x, y }
}

impl Point {
    pub(crate) fn between(self, other: Self, share: f32) -> Self {
        at(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
        )
    }

    pub(crate) fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

impl Area {
    /// The area between these edges.
    pub(crate) const fn spanning(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self {
            left,
            top,
            width: right - left,
            height: bottom - top,
        }
    }

    /// A square around `centre`.
    pub(crate) const fn around(centre: Point, side: f32) -> Self {
        Self {
            left: centre.x - side / 2.0,
            top: centre.y - side / 2.0,
            width: side,
            height: side,
        }
    }

    /// The right edge.
    #[must_use]
    pub fn right(&self) -> f32 {
        self.left + self.width
    }

    /// The bottom edge.
    #[must_use]
    pub fn bottom(&self) -> f32 {
        self.top + self.height
    }

    /// The middle.
    #[must_use]
    pub fn centre(&self) -> Point {
        at(self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    /// The point at these shares of width and height.
    pub(crate) fn spot(&self, across: f32, down: f32) -> Point {
        at(
            self.left + self.width * across,
            self.top + self.height * down,
        )
    }

    /// Smaller by `margin` millimetres on every side.
    pub(crate) fn inset(&self, margin: f32) -> Self {
        Self::spanning(
            self.left + margin,
            self.top + margin,
            self.right() - margin,
            self.bottom() - margin,
        )
    }
}

/// The largest whole number of pixels not above `value`; 0 when negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float converts to the nearest value of the range, which is meant"
)]
pub(crate) fn pixels(value: f32) -> u32 {
    value as u32
}

/// The nearest whole number of pixels, which way ever.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float converts to the nearest value of the range, which is meant"
)]
pub(crate) fn rounded(value: f32) -> i64 {
    value.round() as i64
}

/// The nearest level of a colour channel.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float converts to the nearest value of the range, which is meant; rounding by the library is a call for every pixel"
)]
pub(crate) fn level(value: f32) -> u8 {
    (value + 0.5) as u8
}

/// A small count or a pixel number as a measure; exact up to 16 million.
#[expect(
    clippy::cast_precision_loss,
    reason = "no picture has a side of 16 million pixels"
)]
pub(crate) fn measure(count: u32) -> f32 {
    count as f32
}

/// The place of a thing in a list as a measure.
pub(crate) fn nth(index: usize) -> f32 {
    measure(u32::try_from(index).unwrap_or(u32::MAX))
}
