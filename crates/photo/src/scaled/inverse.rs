//! From the coarsest N × N waves of a block to its N × N samples.

/// The inverse cosine transform of N samples from N weights, both ways.
pub(super) struct Inverse<const N: usize> {
    /// Weight of each wave in each sample: `at[sample][wave]`.
    at: [[f32; N]; N],
    /// The same turned over: `by[wave][sample]`.
    by: [[f32; N]; N],
}

impl<const N: usize> Inverse<N> {
    /// Weights so that the mean of a block keeps its level: those of the
    /// transform of eight, whatever N is.
    pub(super) fn new() -> Self {
        let mut at = [[0.0; N]; N];
        let mut by = [[0.0; N]; N];
        for (sample, row) in at.iter_mut().enumerate() {
            for (wave, weight) in row.iter_mut().enumerate() {
                *weight = share(sample, wave, N);
            }
        }
        for (wave, row) in by.iter_mut().enumerate() {
            for (sample, weight) in row.iter_mut().enumerate() {
                *weight = share(sample, wave, N);
            }
        }
        Self { at, by }
    }

    /// The samples of a block from its 8 × 8 weights.
    #[inline]
    pub(super) fn block(&self, waves: &[f32; 64]) -> [[u8; N]; N] {
        let (rows, _) = waves.as_chunks::<8>();
        let mut samples = [[0; N]; N];
        for (target, weights) in samples.iter_mut().zip(&self.at) {
            // One row of samples, still as waves along it.
            let mut along = [0.0; N];
            for (weight, row) in weights.iter().zip(rows) {
                for (sum, wave) in along.iter_mut().zip(row) {
                    *sum += weight * wave;
                }
            }
            let mut values = [0.0; N];
            for (wave, weights) in along.iter().zip(&self.by) {
                for (sum, weight) in values.iter_mut().zip(weights) {
                    *sum += weight * wave;
                }
            }
            *target = values.map(sample);
        }
        samples
    }
}

/// Weight of wave `wave` in sample `sample` of `count`.
fn share(sample: usize, wave: usize, count: usize) -> f32 {
    let part = |number: usize| f32::from(u8::try_from(number).unwrap_or(u8::MAX));
    if wave == 0 {
        return 8.0_f32.sqrt().recip();
    }
    let angle =
        (2.0 * part(sample) + 1.0) * part(wave) * std::f32::consts::PI / (2.0 * part(count));
    angle.cos() / 2.0
}

/// A bit for each wave besides the mean that `side` samples are made from.
pub(super) fn needed(side: usize) -> u64 {
    let row = (1_u64 << side) - 1;
    (0..side).map(|down| row << (8 * down)).sum::<u64>() & !1
}

/// A sample's level from its distance to the middle grey.
#[inline]
pub(super) fn sample(value: f32) -> u8 {
    level(value + 128.0)
}

/// The nearest level that a byte can hold.
#[inline]
pub(super) fn level(value: f32) -> u8 {
    // From 2^23 on a float's last bit is worth 1: adding it rounds, and the
    // lowest byte is the number.
    const ROUNDING: f32 = 8_388_608.0;
    let [low, ..] = (value.clamp(0.0, 255.0) + ROUNDING).to_bits().to_le_bytes();
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_one_mean_is_flat_at_every_side() {
        let mut waves = [0.0; 64];
        waves[0] = 8.0 * 40.0;
        assert_eq!(Inverse::<4>::new().block(&waves), [[168; 4]; 4]);
        assert_eq!(Inverse::<1>::new().block(&waves), [[168]]);
        assert_eq!(Inverse::<7>::new().block(&waves), [[168; 7]; 7]);
    }

    #[test]
    fn levels_stay_within_a_byte() {
        assert_eq!(sample(-400.0), 0);
        assert_eq!(sample(-127.6), 0);
        assert_eq!(sample(0.4), 128);
        assert_eq!(sample(126.6), 255);
        assert_eq!(sample(900.0), 255);
    }

    #[test]
    fn two_samples_need_three_waves_besides_the_mean() {
        assert_eq!(needed(2), 0b1_0000_0010 | 1 << 9);
        assert_eq!(needed(1), 0);
    }
}
