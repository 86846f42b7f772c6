//! The few roundings between counts of pixels and places between them.

/// A count as a place; exact for any picture.
#[expect(
    clippy::cast_precision_loss,
    reason = "no picture has a side of 2^53 pixels"
)]
pub(super) fn real(count: usize) -> f64 {
    count as f64
}

/// The whole number below a place; 0 when it is negative or no number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float converts to the nearest value of the range, which is meant"
)]
pub(super) fn whole(place: f64) -> usize {
    place as usize
}

/// The nearest whole number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float converts to the nearest value of the range, which is meant"
)]
pub(super) fn nearest(value: f64) -> i32 {
    value.round() as i32
}

/// The median of some values; `None` when there are none.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// The value that this share of the values lies below.
pub(super) fn quantile(values: &mut [f64], share: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let place = whole(real(last) * share + 0.5).min(last);
    let (_, value, _) = values.select_nth_unstable_by(place, f64::total_cmp);
    Some(*value)
}
