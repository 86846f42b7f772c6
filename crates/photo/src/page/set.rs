//! The photos of one form together: which are of another form or page, which
//! page is there twice, and which is missing. Pure: nothing is looked at here.

use serde::Serialize;

use super::family::FormPage;

/// One photo of a form: for which page it was taken, and what its tag says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageSighting {
    /// The page it was taken for, if the person who took it said so.
    pub meant: Option<u32>,
    /// What its tag says; `None` when there is no tag to be found.
    pub seen: Option<FormPage>,
}

/// Something wrong with a form's photos.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum SetFinding {
    /// A photo shows another form.
    WrongForm {
        /// Which photo, from 0.
        photo: usize,
        /// The form it shows.
        form: &'static str,
    },
    /// A photo shows another page than it was taken for.
    WrongPage {
        /// Which photo, from 0.
        photo: usize,
        /// The page it was taken for.
        meant: u32,
        /// The page it shows.
        seen: u32,
    },
    /// Several photos show one page.
    PageTwice {
        /// The page.
        page: u32,
        /// The photos, from 0.
        photos: Vec<usize>,
    },
    /// No photo shows this page.
    PageMissing {
        /// The page.
        page: u32,
    },
}

/// Looks over the photos of form `form`, which has these pages.
///
/// A photo without a tag counts for the page it was taken for: forms and
/// photos without a legible tag are ordinary.
#[must_use]
pub fn check_pages(form: &str, pages: &[u32], photos: &[PageSighting]) -> Vec<SetFinding> {
    let mut findings = Vec::new();
    for (photo, sighting) in photos.iter().enumerate() {
        let Some(seen) = sighting.seen else { continue };
        if seen.form != form {
            let form = seen.form;
            findings.push(SetFinding::WrongForm { photo, form });
        } else if let Some(meant) = sighting
            .meant
            .filter(|meant| *meant != page_of(seen, pages))
        {
            let seen = page_of(seen, pages);
            findings.push(SetFinding::WrongPage { photo, meant, seen });
        }
    }
    for page in pages {
        let of_page = |sighting: &PageSighting| match sighting.seen {
            Some(seen) => seen.form == form && page_of(seen, pages) == *page,
            None => sighting.meant == Some(*page),
        };
        let showing: Vec<usize> = photos
            .iter()
            .enumerate()
            .filter(|(_, sighting)| of_page(sighting))
            .map(|(photo, _)| photo)
            .collect();
        match showing.len() {
            0 => findings.push(SetFinding::PageMissing { page: *page }),
            1 => {}
            _ => findings.push(SetFinding::PageTwice {
                page: *page,
                photos: showing,
            }),
        }
    }
    findings
}

/// The page's number; the last of the form where the tag only says that.
fn page_of(seen: FormPage, pages: &[u32]) -> u32 {
    if seen.is_last() {
        pages.last().copied().unwrap_or(seen.page)
    } else {
        seen.page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PPWP: &str = "c-hasil-ppwp-2024";

    fn photo(meant: u32, tag: Option<u32>) -> PageSighting {
        PageSighting {
            meant: Some(meant),
            seen: tag.map(|tag| FormPage::of_tag(tag).unwrap()),
        }
    }

    fn check(photos: &[PageSighting]) -> Vec<SetFinding> {
        check_pages(PPWP, &[1, 2, 3], photos)
    }

    #[test]
    fn a_whole_form_has_nothing_wrong_even_where_a_tag_is_not_found() {
        let whole = [photo(1, Some(101)), photo(2, None), photo(3, Some(103))];
        assert_eq!(check(&whole), []);
    }

    #[test]
    fn a_page_of_another_form_is_named_and_its_page_is_missing() {
        let photos = [
            photo(1, Some(101)),
            photo(2, Some(202)),
            photo(3, Some(103)),
        ];
        let form = "c-hasil-dpr-2024";
        assert_eq!(
            check(&photos),
            [
                SetFinding::WrongForm { photo: 1, form },
                SetFinding::PageMissing { page: 2 }
            ]
        );
    }

    #[test]
    fn one_page_photographed_twice_is_noticed_and_so_is_the_other() {
        let photos = [
            photo(1, Some(101)),
            photo(2, Some(101)),
            photo(3, Some(103)),
        ];
        let (meant, seen) = (2, 1);
        let twice = SetFinding::PageTwice {
            page: 1,
            photos: vec![0, 1],
        };
        assert_eq!(
            check(&photos),
            [
                SetFinding::WrongPage {
                    photo: 1,
                    meant,
                    seen
                },
                twice,
                SetFinding::PageMissing { page: 2 }
            ]
        );
    }

    #[test]
    fn a_last_page_counts_as_the_last_whatever_its_number() {
        let dpd = "c-hasil-dpd-2024";
        let last = PageSighting {
            meant: Some(12),
            seen: FormPage::of_tag(399),
        };
        assert_eq!(check_pages(dpd, &[12], &[last]), []);
    }
}
