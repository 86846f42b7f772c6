//! How large a piece of a photo to send at once.
//!
//! A piece should take five to eight seconds of air time: long enough that a
//! request's overhead does not matter, short enough that a cut loses little.

/// The first piece, in bytes.
const FIRST_BYTES: u64 = 32 * 1024;
/// The smallest piece, in bytes.
const MIN_BYTES: u64 = 8 * 1024;
/// The largest piece, in bytes.
const MAX_BYTES: u64 = 512 * 1024;
/// The air time aimed at, in milliseconds.
const TARGET_MS: u64 = 6_500;
/// At most this many times the last piece: one fast piece may be chance.
const GROWTH_MAX: u64 = 4;

/// The size of the next piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    piece_bytes: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            piece_bytes: FIRST_BYTES,
        }
    }
}

impl Pace {
    /// Bytes of the next piece.
    pub(crate) fn piece_bytes(self) -> u64 {
        self.piece_bytes
    }

    /// After `bytes` arrived in `elapsed_ms`.
    pub(crate) fn after(self, bytes: u64, elapsed_ms: u64) -> Self {
        let reached = bytes.saturating_mul(TARGET_MS) / elapsed_ms.max(1);
        let most = self.piece_bytes.saturating_mul(GROWTH_MAX);
        // A last, short piece says little: it never makes the next one smaller
        // than the link has already borne.
        let least = if bytes < self.piece_bytes && elapsed_ms < TARGET_MS {
            self.piece_bytes
        } else {
            MIN_BYTES
        };
        Self {
            piece_bytes: reached.clamp(least, most).clamp(MIN_BYTES, MAX_BYTES),
        }
    }

    /// After a piece that did not arrive.
    pub(crate) fn after_failure(self) -> Self {
        Self {
            piece_bytes: (self.piece_bytes / 2).max(MIN_BYTES),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_grow_quickly_on_a_fast_link_and_shrink_on_a_slow_one() {
        let start = Pace::default();
        assert_eq!(start.piece_bytes(), 32 * 1024);
        let fast = start.after(32 * 1024, 20);
        assert_eq!(fast.piece_bytes(), 128 * 1024);
        assert_eq!(fast.after(128 * 1024, 80).piece_bytes(), 512 * 1024);
        // 20 kbit/s carry 2,500 bytes a second.
        let slow = start.after(32 * 1024, 13_107);
        assert!((12_500..=20_000).contains(&slow.piece_bytes()), "{slow:?}");
    }

    #[test]
    fn a_short_last_piece_does_not_slow_the_next_photo() {
        let pace = Pace {
            piece_bytes: 200_000,
        };
        assert_eq!(pace.after(1_000, 300).piece_bytes(), 200_000);
    }

    #[test]
    fn failures_halve_the_piece_to_a_smallest_one() {
        let mut pace = Pace::default();
        for _ in 0..10 {
            pace = pace.after_failure();
        }
        assert_eq!(pace.piece_bytes(), MIN_BYTES);
    }
}
