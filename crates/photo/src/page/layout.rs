//! Where things stand on the pages of a form, in millimetres: as data.
//!
//! The places are those of the official blank form, taken from its vector
//! drawing by `cargo xtask layout` and kept in `data/`.

use serde::{Deserialize, Serialize};

use super::geometry::{Point, at};

/// Places on all pages of one form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlaceLayout {
    /// Id of the form, such as `c-hasil-ppwp-2024`.
    pub form: String,
    /// Width and height of the sheet.
    pub sheet: [f64; 2],
    /// Where the two squares of each corner mark touch: top left, top right,
    /// bottom right, bottom left.
    pub marks: [[f64; 2]; 4],
    /// Side of one of a mark's squares.
    pub mark_side: f64,
    /// Left, top and side of the tag with its black border.
    pub tag: [f64; 3],
    /// Its pages.
    pub pages: Vec<PagePlaces>,
}

/// Places on one page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PagePlaces {
    /// Number of the page from 1.
    pub page: u32,
    /// Number of its tag.
    pub tag: u32,
    /// Its figures.
    pub figures: Vec<FigurePlaces>,
}

/// Places of one figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigurePlaces {
    /// Id of the count, such as `votes.1`.
    pub id: String,
    /// Left, top, width and height of each digit's box, the most significant
    /// first.
    pub boxes: Vec<[f64; 4]>,
    /// For each digit the middles of its bubbles from 0 to 9; empty where the
    /// form has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bubbles: Vec<Vec<[f64; 2]>>,
    /// Radius of a bubble; 0 where the form has none.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub bubble_radius: f64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands it over like this"
)]
fn is_nought(value: &f64) -> bool {
    *value == 0.0
}

/// Layouts that are compiled in, as their files stand in `data/`.
const KNOWN: [(&str, &str); 1] = [(
    "c-hasil-ppwp-2024",
    include_str!("../../data/c-hasil-ppwp-2024.json"),
)];

impl PlaceLayout {
    /// The layout of form `id`; `None` when its places are not known here.
    #[must_use]
    pub fn of_form(id: &str) -> Option<Self> {
        let (_, json) = KNOWN.iter().find(|(form, _)| *form == id)?;
        // A test reads every file that is compiled in.
        serde_json::from_str(json).ok()
    }

    /// Ids of all forms whose places are known.
    pub fn known() -> impl Iterator<Item = &'static str> {
        KNOWN.iter().map(|(form, _)| *form)
    }

    /// The places on the page with this tag.
    #[must_use]
    pub fn page_of_tag(&self, tag: u32) -> Option<&PagePlaces> {
        self.pages.iter().find(|page| page.tag == tag)
    }

    pub(super) fn tag_corners(&self) -> [Point; 4] {
        let [left, top, side] = self.tag;
        [
            at(left, top),
            at(left + side, top),
            at(left + side, top + side),
            at(left, top + side),
        ]
    }

    pub(super) fn mark_places(&self) -> [Point; 4] {
        self.marks.map(|[x, y]| at(x, y))
    }
}

impl FigurePlaces {
    /// The middle of everything that belongs to it.
    pub(super) fn centre(&self) -> Point {
        let mut low = at(f64::MAX, f64::MAX);
        let mut high = at(f64::MIN, f64::MIN);
        let corners = self.boxes.iter().flat_map(|[left, top, width, height]| {
            [at(*left, *top), at(left + width, top + height)]
        });
        let bubbles = self.bubbles.iter().flatten().map(|[x, y]| at(*x, *y));
        for point in corners.chain(bubbles) {
            low = at(low.x.min(point.x), low.y.min(point.y));
            high = at(high.x.max(point.x), high.y.max(point.y));
        }
        low.plus(high).times(0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_that_is_compiled_in_can_be_read() {
        for form in PlaceLayout::known() {
            let layout = PlaceLayout::of_form(form).unwrap();
            assert_eq!(layout.form, form);
            assert!(!layout.pages.is_empty());
            for figure in layout.pages.iter().flat_map(|page| &page.figures) {
                let has_bubbles = !figure.bubbles.is_empty();
                assert_eq!(has_bubbles, figure.bubble_radius > 0.0, "{}", figure.id);
                assert!(!has_bubbles || figure.bubbles.len() == figure.boxes.len());
                assert!(figure.bubbles.iter().all(|column| column.len() == 10));
            }
        }
        assert_eq!(PlaceLayout::of_form("c1-kwk-2015"), None);
    }
}
