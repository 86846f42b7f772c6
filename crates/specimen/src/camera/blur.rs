//! A picture out of focus: each pixel mixed with those around it, by a bell
//! curve. Row by row over all channels at once, so that the compiler can take
//! many pixels in one step: specimens are made by the thousand.

use std::collections::VecDeque;

use image::RgbImage;

use crate::measure::{level, measure, pixels};

/// Channels of a pixel, which lie side by side.
const CHANNELS: usize = 3;

/// Blurs by a bell curve of this standard deviation in pixels.
pub(super) fn blurred(photo: &RgbImage, deviation: f32) -> RgbImage {
    let weights = bell(deviation);
    let reach = weights.len() / 2;
    let (width, height) = photo.dimensions();
    let row_bytes = usize::try_from(width).unwrap_or_default() * CHANNELS;
    if row_bytes == 0 || height == 0 {
        return photo.clone();
    }
    let rows: Vec<&[u8]> = photo.as_raw().chunks_exact(row_bytes).collect();
    let last = rows.len().saturating_sub(1);
    let mixed = |place: usize| along(rows.get(place).copied().unwrap_or_default(), &weights);
    // The rows around the one that is made; beyond the edges the outermost.
    let mut near: VecDeque<Vec<f32>> = (0..weights.len())
        .map(|step| mixed(step.saturating_sub(reach).min(last)))
        .collect();
    let mut bytes = Vec::with_capacity(photo.as_raw().len());
    let mut sums = vec![0.0_f32; row_bytes];
    for place in 0..rows.len() {
        sums.fill(0.0);
        for (row, weight) in near.iter().zip(&weights) {
            add(&mut sums, row, *weight);
        }
        bytes.extend(sums.iter().map(|sum| level(*sum)));
        near.pop_front();
        near.push_back(mixed((place + 1 + reach).min(last)));
    }
    RgbImage::from_raw(width, height, bytes).unwrap_or_else(|| photo.clone())
}

/// One row mixed along itself; beyond its ends its first and last pixels go on.
fn along(row: &[u8], weights: &[f32]) -> Vec<f32> {
    let reach = weights.len() / 2;
    let first = row.get(..CHANNELS).unwrap_or_default();
    let last = row.len().checked_sub(CHANNELS);
    let last = last.and_then(|start| row.get(start..)).unwrap_or_default();
    let mut longer: Vec<f32> = Vec::with_capacity(row.len() + 2 * reach * CHANNELS);
    let more = |end: &[u8], longer: &mut Vec<f32>| {
        for _ in 0..reach {
            longer.extend(end.iter().map(|value| f32::from(*value)));
        }
    };
    more(first, &mut longer);
    longer.extend(row.iter().map(|value| f32::from(*value)));
    more(last, &mut longer);
    let mut sums = vec![0.0; row.len()];
    for (step, weight) in weights.iter().enumerate() {
        let from = longer.get(step * CHANNELS..).unwrap_or_default();
        add(&mut sums, from, *weight);
    }
    sums
}

fn add(sums: &mut [f32], values: &[f32], weight: f32) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += *value * weight;
    }
}

/// The weights of a bell curve, an odd number of them, one in sum.
fn bell(deviation: f32) -> Vec<f32> {
    let reach = pixels((deviation * 3.0).ceil()).max(1);
    let weight = |step: u32| {
        let away = measure(step) - measure(reach);
        (-away * away / (2.0 * deviation * deviation)).exp()
    };
    let weights: Vec<f32> = (0..=2 * reach).map(weight).collect();
    let sum: f32 = weights.iter().sum();
    weights.into_iter().map(|weight| weight / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn an_even_picture_stays_as_it_is_and_a_dot_becomes_a_hill() {
        let even = RgbImage::from_pixel(40, 30, Rgb([90, 120, 250]));
        assert_eq!(blurred(&even, 2.5), even);
        let mut dot = RgbImage::new(41, 41);
        dot.put_pixel(20, 20, Rgb([255, 255, 255]));
        let hill = blurred(&dot, 1.0);
        let [middle, beside, corner] = [(20, 20), (21, 20), (23, 23)].map(|at| hill[at].0[0]);
        assert!(
            middle > beside && beside > corner,
            "{middle} {beside} {corner}"
        );
        // A bell of deviation 1 has 0.159 of its volume over its middle pixel.
        assert!((38..=43).contains(&middle), "{middle}");
    }
}
