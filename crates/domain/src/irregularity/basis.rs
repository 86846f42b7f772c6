//! What a ruling on a finding was made on.
//!
//! Somebody looks at a finding and says "explained". That holds as long as it
//! is the same finding: the same code about the same figures. It does not hold
//! any longer when a figure has changed, and it still holds when only the rest
//! of the village has.

use std::fmt::Write as _;

use super::finding::{Evidence, Irregularity};
use super::sheet::Sheet;
use super::station::Figures;

impl Irregularity {
    /// What tells it from other findings of its code at the station: nothing for
    /// most, since there is one of each.
    #[must_use]
    pub fn about(&self) -> String {
        match &self.evidence {
            Evidence::Photo { photo, slot } => format!("{slot} {photo}"),
            Evidence::Moment {
                photo: Some(photo), ..
            } => photo.clone(),
            Evidence::Sums { .. }
            | Evidence::Repairs { .. }
            | Evidence::Stations { .. }
            | Evidence::Shares { .. }
            | Evidence::Readings { .. }
            | Evidence::Bubbles { .. }
            | Evidence::Distance { .. }
            | Evidence::Count { .. }
            | Evidence::Moment { photo: None, .. } => String::new(),
        }
    }

    /// The numbers behind it as a text: the station's own figures that it is
    /// about, and its evidence without what the neighbours alone can change.
    #[must_use]
    pub fn basis(&self, sheet: &Sheet, figures: &Figures) -> String {
        let mut text = self.code.clone();
        for field in &self.fields {
            let value = sheet.column(field).and_then(|column| figures.get(column));
            let value = value.map_or_else(|| "-".to_owned(), |value| value.to_string());
            // Writing to a text does not fail.
            let _ = write!(text, " {field}={value}");
        }
        text.push_str(" | ");
        text.push_str(&self.evidence.basis());
        text
    }
}

impl Evidence {
    fn basis(&self) -> String {
        let listed = |mut parts: Vec<String>| {
            parts.sort_unstable();
            parts.join(",")
        };
        match self {
            Self::Sums { left, right } => format!("{left} {right}"),
            Self::Repairs { repairs, .. } => {
                // Which comes first depends on the neighbours.
                let each = repairs.iter();
                listed(
                    each.map(|one| format!("{}:{}>{}", one.field, one.from, one.to))
                        .collect(),
                )
            }
            Self::Stations { numbers } => listed(numbers.iter().map(u32::to_string).collect()),
            Self::Shares { here, .. } => here.to_string(),
            Self::Readings { differences, .. } | Self::Bubbles { differences } => {
                let each = differences.iter();
                listed(
                    each.map(|one| format!("{}:{:?}|{:?}", one.field, one.first, one.other))
                        .collect(),
                )
            }
            Self::Photo { photo, slot } => format!("{photo} {slot}"),
            Self::Moment { at, bound, photo } => {
                format!("{at} {bound} {}", photo.as_deref().unwrap_or_default())
            }
            Self::Distance { at, .. } => at.clone(),
            Self::Count { count, of } => format!("{count} {of}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Kind;
    use super::*;

    fn sheet() -> Sheet {
        Sheet::new(["votes.1", "votes.2"].map(str::to_owned).to_vec(), &[])
    }

    #[test]
    fn a_finding_stays_the_same_while_only_its_neighbours_change() {
        let (sheet, figures) = (sheet(), Figures::new(vec![Some(0), Some(90)]));
        let zero = |around| {
            Irregularity::of(0, Kind::OwnZero, Evidence::Shares { here: 0, around })
                .on(vec!["votes.1".to_owned()])
        };
        assert_eq!(
            zero(300).basis(&sheet, &figures),
            zero(410).basis(&sheet, &figures)
        );
        let corrected = Figures::new(vec![Some(3), Some(90)]);
        assert_ne!(
            zero(300).basis(&sheet, &figures),
            zero(300).basis(&sheet, &corrected)
        );
    }

    #[test]
    fn a_copy_of_another_station_is_another_finding() {
        let (sheet, figures) = (sheet(), Figures::new(vec![Some(40), Some(90)]));
        let copy = |number| {
            let numbers = vec![number];
            Irregularity::of(0, Kind::ExactCopy, Evidence::Stations { numbers })
                .basis(&sheet, &figures)
        };
        assert_ne!(copy(2), copy(3));
    }
}
