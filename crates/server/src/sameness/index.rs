//! All likenesses in memory: 256 bytes each, so that a hundred thousand photos
//! take 30 MB and one is compared with all of them in a few milliseconds.

use photo::{Likeness, SAME_PHOTO_MAX_BITS};

/// Most photos that one is paired with: somebody who sends one picture a
/// thousand times is found out by less.
const PAIRS_MAX: usize = 20;

/// The likenesses of all photos, in the order of their numbers.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Number of the last one that is in here.
    pub(super) newest: i64,
    photos: Vec<(String, Likeness)>,
}

impl Index {
    pub(super) fn add(&mut self, number: i64, sha256: String, likeness: Option<Likeness>) {
        self.newest = self.newest.max(number);
        if let Some(likeness) = likeness {
            self.photos.push((sha256, likeness));
        }
    }

    /// How many photos are in here.
    pub(super) fn count(&self) -> usize {
        self.photos.len()
    }

    /// Photos that look most like this one, each with the number of bits that
    /// differ; the first `after` of the index are passed over.
    pub(super) fn like(
        &self,
        sha256: &str,
        likeness: &Likeness,
        after: usize,
    ) -> Vec<(String, u32)> {
        let found = self
            .photos
            .iter()
            .skip(after)
            .filter(|(other, _)| other != sha256)
            .map(|(other, known)| (other.as_str(), likeness.distance(known)))
            .filter(|(_, bits)| *bits <= SAME_PHOTO_MAX_BITS);
        let owned = found.map(|(other, bits)| (other.to_owned(), bits));
        closest(owned.collect())
    }
}

/// Of photos that look like one, those that do most, no more than anybody needs.
pub(super) fn closest(mut found: Vec<(String, u32)>) -> Vec<(String, u32)> {
    found.sort_unstable_by_key(|(_, bits)| *bits);
    found.truncate(PAIRS_MAX);
    found
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// A likeness in which every bit is drawn, from a number.
    fn drawn(number: u64) -> Likeness {
        let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let digits: String = (0..512)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                char::from_digit((state >> 40) as u32 & 15, 16).unwrap()
            })
            .collect();
        Likeness::from_hex(&digits).unwrap()
    }

    fn retouched(likeness: &Likeness, digits: usize) -> Likeness {
        let text = likeness.to_hex();
        let (head, tail) = text.split_at(digits);
        let other: String = head
            .chars()
            .map(|digit| if digit == '0' { '1' } else { '0' })
            .collect();
        Likeness::from_hex(&format!("{other}{tail}")).unwrap()
    }

    #[test]
    fn among_the_photos_of_a_province_the_one_that_looks_the_same_is_found() {
        const PHOTOS: u64 = 23_000;
        let mut index = Index::default();
        for number in 0..PHOTOS {
            let at = i64::try_from(number).unwrap();
            index.add(at + 1, format!("photo-{number}"), Some(drawn(number)));
        }
        let again = retouched(&drawn(17_171), 20);
        let began = Instant::now();
        let found = index.like("new", &again, 0);
        println!("one among {PHOTOS}: {:?}", began.elapsed());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "photo-17171");
        assert!(found[0].1 <= 80, "{found:?}");
        assert!(index.like("new", &again, 17_172).is_empty(), "passed over");
        assert!(index.like("photo-5", &drawn(5), 0).is_empty(), "not itself");
        assert!(index.like("other", &drawn(PHOTOS), 0).is_empty());
    }

    #[test]
    fn what_shows_nothing_is_passed_over_but_not_looked_at_again() {
        let mut index = Index::default();
        index.add(7, "dark".to_owned(), None);
        assert_eq!(index.newest, 7);
        assert!(index.like("x", &drawn(1), 0).is_empty());
    }
}
