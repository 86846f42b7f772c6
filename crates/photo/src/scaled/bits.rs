//! The bits of a scan, without the zeros stuffed behind each 0xFF.

/// Reads bits from the most significant on.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    /// Bits that were taken from `data` and not used yet, at the top.
    held: u64,
    /// How many of them count.
    count: u32,
    /// Bits that were made up because a marker stood in the way.
    made_up: u32,
}

/// Bits that are sure to be held after a refill.
const REFILLED: u32 = 32;

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            held: 0,
            count: 0,
            made_up: 0,
        }
    }

    /// Makes sure that a code of 16 bits and its value of up to 11 are held.
    #[inline]
    pub(super) fn refill(&mut self) {
        if self.count < REFILLED {
            self.take_bytes();
        }
    }

    fn take_bytes(&mut self) {
        if let Some((eight, _)) = self.data.split_first_chunk::<8>() {
            let word = u64::from_be_bytes(*eight);
            if !has_all_ones(word) {
                // What is laid below the counted bits is laid again, the same,
                // by the next refill.
                self.held |= word >> self.count;
                let taken = (63 - self.count) >> 3;
                self.count += taken * 8;
                self.data = usize::try_from(taken)
                    .ok()
                    .and_then(|taken| self.data.get(taken..))
                    .unwrap_or_default();
                return;
            }
        }
        // Only what is counted may stay: below it may lie part of a byte.
        self.held &= !(u64::MAX >> self.count);
        while self.count <= 56 {
            let byte = match self.data {
                [0xFF, 0x00, rest @ ..] => {
                    self.data = rest;
                    0xFF
                }
                [0xFF, ..] | [] => {
                    self.made_up += 8;
                    0
                }
                [byte, rest @ ..] => {
                    self.data = rest;
                    *byte
                }
            };
            self.held |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
    }

    /// The next `bits` (1 to 16) without using them up.
    #[inline]
    pub(super) fn peek(&self, bits: u32) -> usize {
        usize::try_from(self.held >> (64 - bits)).unwrap_or_default()
    }

    #[inline]
    pub(super) fn skip(&mut self, bits: u32) {
        self.held <<= bits;
        self.count = self.count.saturating_sub(bits);
    }

    /// A value of `size` bits (0 to 11) as JPEG writes them: those that begin
    /// with 0 are negative.
    #[inline]
    pub(super) fn extended(&mut self, size: u8) -> i32 {
        if size == 0 {
            return 0;
        }
        let size = u32::from(size);
        let value = i32::try_from(self.peek(size)).unwrap_or_default();
        self.skip(size);
        if value < 1 << (size - 1) {
            value - (1 << size) + 1
        } else {
            value
        }
    }

    /// Goes on behind a restart marker; `None` when none stands here.
    pub(super) fn restart(&mut self) -> Option<()> {
        if !self.is_sound() {
            return None;
        }
        let [0xFF, 0xD0..=0xD7, rest @ ..] = self.data else {
            return None;
        };
        *self = Self::new(rest);
        Some(())
    }

    /// Whether no bit was used that is not in the file.
    pub(super) fn is_sound(&self) -> bool {
        self.made_up <= self.count
    }
}

/// Whether some byte of `word` is 0xFF.
fn has_all_ones(word: u64) -> bool {
    let flipped = !word;
    let lows = 0x0101_0101_0101_0101;
    flipped.wrapping_sub(lows) & word & (lows << 7) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_of_ones_is_seen_wherever_it_stands() {
        for place in 0..8 {
            assert!(has_all_ones(0xFF << (8 * place)), "{place}");
            assert!(!has_all_ones(0xFE << (8 * place)), "{place}");
        }
        assert!(!has_all_ones(0xF0F0_0F0F_7F7F_FEFE));
    }

    #[test]
    fn stuffed_zeros_are_left_out_and_missing_bits_are_known() {
        let mut bits = Bits::new(&[0xFF, 0x00, 0x12]);
        bits.refill();
        assert_eq!(bits.peek(16), 0xFF12);
        bits.skip(16);
        assert!(bits.is_sound());
        bits.skip(1);
        assert!(!bits.is_sound());
    }
}
