//! What the bubbles of a photo said, as a flag of a revision.
//!
//! A phone that made out the bubbles under a figure says so in the revision
//! that names the photo, whether or not they agree with what was keyed:
//! `bubbles:votes.2=073@2` is "on the second of `photos` the bubbles of
//! `votes.2` say 073". It is a question to people and never a figure.
//!
//! It is a flag and not a key of its own, because requests with unknown keys
//! are refused, and no endpoint may refuse figures because of it. A flag that
//! begins like one and is none is no error: nobody understands it.

use crate::limits;
use crate::revision::Revision;

/// How such a flag begins.
pub const PREFIX: &str = "bubbles:";

/// The number that a photo's bubbles show for one figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct BubbleReading {
    /// Id of the count, such as `votes.2`.
    pub field: String,
    /// One digit for each of the figure's boxes, leading zeros too.
    pub digits: String,
    /// Which of the revision's photos, from 0.
    pub photo: usize,
}

impl BubbleReading {
    /// The flag that says it.
    #[must_use]
    pub fn to_flag(&self) -> String {
        let place = self.photo.saturating_add(1);
        format!("{PREFIX}{}={}@{place}", self.field, self.digits)
    }

    /// The reading that a flag says; `None` for every other flag.
    #[must_use]
    pub fn from_flag(flag: &str) -> Option<Self> {
        let (field, rest) = flag.strip_prefix(PREFIX)?.split_once('=')?;
        let (digits, place) = rest.split_once('@')?;
        let is_field = (1..=limits::COUNT_ID_MAX_BYTES).contains(&field.len())
            && field
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        let are_digits = (1..=limits::FIGURE_DIGITS_MAX).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_place = place.bytes().all(|byte| byte.is_ascii_digit()) && !place.starts_with('0');
        let place: usize = place.parse().ok().filter(|_| is_place)?;
        (is_field && are_digits && place <= limits::PHOTOS_PER_REVISION_MAX).then(|| Self {
            field: field.to_owned(),
            digits: digits.to_owned(),
            photo: place.saturating_sub(1),
        })
    }

    /// The number that the digits are.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.digits.parse().ok()
    }
}

impl Revision {
    /// What the bubbles of its photos said, in the order of its flags. A
    /// reading of a photo that the revision does not name is none.
    pub fn bubble_readings(&self) -> impl Iterator<Item = BubbleReading> + '_ {
        self.flags
            .iter()
            .filter_map(|flag| BubbleReading::from_flag(flag))
            .filter(|reading| reading.photo < self.photos.len())
            .take(limits::READINGS_MAX)
    }

    /// The flags that the witness set: all that do not begin like a reading.
    pub fn witness_flags(&self) -> impl Iterator<Item = &str> + '_ {
        self.flags
            .iter()
            .map(String::as_str)
            .filter(|flag| !flag.starts_with(PREFIX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_comes_back_from_its_flag() {
        let reading = BubbleReading {
            field: "votes.2".to_owned(),
            digits: "073".to_owned(),
            photo: 1,
        };
        assert_eq!(reading.to_flag(), "bubbles:votes.2=073@2");
        let back = BubbleReading::from_flag("bubbles:votes.2=073@2").unwrap();
        assert_eq!(back, reading);
        assert_eq!(back.number(), Some(73));
    }

    #[test]
    fn what_is_not_exactly_a_reading_is_none() {
        for flag in [
            "objection",
            "bubbles:",
            "bubbles:votes.2=073",
            "bubbles:votes.2=@2",
            "bubbles:=073@2",
            "bubbles:votes.2=073@0",
            "bubbles:votes.2=073@02",
            "bubbles:votes.2=073@61",
            "bubbles:votes.2=+73@2",
            "bubbles:votes.2=1234567890@2",
            "bubbles:votes 2=073@2",
            "Bubbles:votes.2=073@2",
        ] {
            assert_eq!(BubbleReading::from_flag(flag), None, "{flag}");
        }
    }
}
