//! What is odd about how a form came: its bubbles, its photos, its time.
//!
//! Pure: the endpoint says what it knows, days and times already as people on
//! the spot would read them.

use super::finding::{Difference, Evidence, Irregularity, Kind};
use super::naming;

/// A machine's reading asks: right nine times in ten for one digit.
const BUBBLES_SCORE: u8 = 50;
const SAME_PHOTO_SCORE: u8 = 80;
/// Many phones' cameras are better outside the app: a notice.
const GALLERY_SCORE: u8 = 15;
const OTHER_DAY_SCORE: u8 = 45;
const BEFORE_CLOSING_SCORE: u8 = 75;

/// What the bubbles of a photo say of a figure that was keyed otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bubble {
    /// Field id.
    pub field: String,
    /// What was keyed.
    pub keyed: Option<u32>,
    /// What the bubbles say; `None` when that is no figure.
    pub read: Option<u32>,
}

/// A photo of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shot {
    /// Hash of its reading copy.
    pub sha256: String,
    /// Whether it was picked from files.
    pub is_from_gallery: bool,
    /// The local day it was taken on (`2024-11-27`), by the phone's clock or the
    /// photo's own word; `None` when nothing says.
    pub taken_on: Option<String>,
}

/// Another form that has one of the photos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// Hash of the reading copy here.
    pub photo: String,
    /// The other form, as election/tps/contest.
    pub slot: String,
    /// How people call its polling station, such as `TPS 003`.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// Whether it is the very same file.
    pub is_same_file: bool,
}

/// How the forms of one polling station came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Figures that bubbles say otherwise.
    pub bubbles: Vec<Bubble>,
    /// Photos of the form, each once.
    pub shots: Vec<Shot>,
    /// Other forms with one of those photos.
    pub twins: Vec<Twin>,
    /// The first and the last day on which a photo may have been taken; `None`
    /// when any may (an exercise).
    pub days: Option<(String, String)>,
    /// When the first votes arrived (`12:05`) and when the polling stations close
    /// (`13:00`), when the former is before the latter.
    pub early: Option<(String, String)>,
    /// Votes of the form, which hang on all of this.
    pub votes: u32,
}

/// Everything odd about how a form came, for the station at `station`.
#[must_use]
pub fn circumstances(station: usize, known: &Circumstances) -> Vec<Irregularity> {
    let mut found = Vec::new();
    found.extend(bubbles(station, &known.bubbles));
    found.extend(known.twins.iter().map(|it| same_photo(station, it, known)));
    found.extend(gallery(station, known));
    found.extend(other_days(station, known));
    found.extend(early(station, known));
    found
}

fn bubbles(station: usize, bubbles: &[Bubble]) -> Option<Irregularity> {
    let first = bubbles.first()?;
    let ids: Vec<String> = bubbles.iter().map(|it| it.field.clone()).collect();
    let (names, names_en) = naming::fields(&ids);
    let gap = |it: &Bubble| it.keyed.zip(it.read).map_or(0, |(a, b)| a.abs_diff(b));
    let stake = bubbles.iter().map(gap).max().unwrap_or_else(|| gap(first));
    let differences = bubbles
        .iter()
        .map(|it| Difference {
            field: it.field.clone(),
            first: it.keyed,
            other: it.read,
        })
        .collect();
    Some(
        Irregularity::of(
            station,
            Kind::BubblesDiffer,
            Evidence::Bubbles { differences },
        )
        .on(ids)
        .weighing(BUBBLES_SCORE, stake)
        .saying(
            format!("Bulatan di foto menunjukkan angka lain daripada yang diketik: {names}."),
            format!("The bubbles on the photo say another figure than was keyed: {names_en}."),
        ),
    )
}

fn same_photo(station: usize, twin: &Twin, known: &Circumstances) -> Irregularity {
    let (place, place_en) = (&twin.place, &twin.place_en);
    let (how, how_en) = if twin.is_same_file {
        ("sama persis dengan", "is the very same file as")
    } else {
        ("tampak sama dengan", "looks the same as")
    };
    let evidence = Evidence::Photo {
        photo: twin.photo.clone(),
        slot: twin.slot.clone(),
    };
    Irregularity::of(station, Kind::SamePhoto, evidence)
        .weighing(SAME_PHOTO_SCORE, known.votes)
        .saying(
            format!("Foto formulir ini {how} foto {place}. Formulir siapa?"),
            format!("The photo of this form {how_en} that of {place_en}. Whose form is it?"),
        )
}

fn gallery(station: usize, known: &Circumstances) -> Option<Irregularity> {
    let picked = known.shots.iter().filter(|it| it.is_from_gallery).count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let (count, of) = (number(picked), number(known.shots.len()));
    (picked > 0).then(|| {
        Irregularity::of(station, Kind::FromGallery, Evidence::Count { count, of })
            .weighing(GALLERY_SCORE, known.votes)
            .saying(
                format!("{count} dari {of} foto dipilih dari galeri, bukan dipotret di aplikasi."),
                format!(
                    "{count} of {of} photos were picked from the gallery, not taken in the app."
                ),
            )
    })
}

fn other_days(station: usize, known: &Circumstances) -> Vec<Irregularity> {
    let Some((first, last)) = &known.days else {
        return Vec::new();
    };
    let wrong = known.shots.iter().filter_map(|shot| {
        let day = shot.taken_on.as_ref()?;
        // Days are written so that they sort as texts.
        (day < first || day > last).then_some((shot, day))
    });
    wrong
        .map(|(shot, day)| {
            let evidence = Evidence::Moment {
                at: day.clone(),
                bound: first.clone(),
                photo: Some(shot.sha256.clone()),
            };
            Irregularity::of(station, Kind::OtherDay, evidence)
                .weighing(OTHER_DAY_SCORE, known.votes)
                .saying(
                    format!("Sebuah foto diambil pada {day}, padahal pemungutan suara {first}."),
                    format!("A photo was taken on {day}, but polling day was {first}."),
                )
        })
        .collect()
}

fn early(station: usize, known: &Circumstances) -> Option<Irregularity> {
    let (at, bound) = known.early.as_ref()?;
    let evidence = Evidence::Moment {
        at: at.clone(),
        bound: bound.clone(),
        photo: None,
    };
    Some(
        Irregularity::of(station, Kind::BeforeClosing, evidence)
            .weighing(BEFORE_CLOSING_SCORE, known.votes)
            .saying(
                format!("Suara sudah masuk pukul {at}, padahal TPS baru tutup pukul {bound}."),
                format!("Votes arrived at {at}, before the polling stations closed at {bound}."),
            ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(known: &Circumstances) -> Vec<(String, bool)> {
        let found = circumstances(0, known);
        found
            .into_iter()
            .map(|one| (one.code.clone(), one.is_flag()))
            .collect()
    }

    fn shot(day: &str) -> Shot {
        Shot {
            sha256: day.to_owned(),
            is_from_gallery: false,
            taken_on: Some(day.to_owned()),
        }
    }

    #[test]
    fn a_form_that_came_as_it_should_says_nothing() {
        let known = Circumstances {
            shots: vec![shot("2024-11-27"), shot("2024-11-28")],
            days: Some(("2024-11-27".to_owned(), "2024-11-28".to_owned())),
            ..Circumstances::default()
        };
        assert!(codes(&known).is_empty());
    }

    #[test]
    fn photos_of_other_days_are_flagged_one_by_one_and_the_gallery_is_a_notice() {
        let mut picked = shot("2024-11-26");
        picked.is_from_gallery = true;
        let known = Circumstances {
            shots: vec![picked, shot("2024-11-27"), shot("2024-11-29")],
            days: Some(("2024-11-27".to_owned(), "2024-11-28".to_owned())),
            ..Circumstances::default()
        };
        let said = |code: &str, is_flag| (code.to_owned(), is_flag);
        assert_eq!(
            codes(&known),
            [said("P301", false), said("P302", true), said("P302", true)]
        );
        let exercise = Circumstances {
            days: None,
            ..known
        };
        assert_eq!(codes(&exercise), [said("P301", false)]);
    }

    #[test]
    fn bubbles_twins_and_early_votes_are_flags() {
        let known = Circumstances {
            bubbles: vec![Bubble {
                field: "votes.2".to_owned(),
                keyed: Some(78),
                read: Some(73),
            }],
            twins: vec![Twin {
                photo: "a".to_owned(),
                slot: "e/6472011001002/gub".to_owned(),
                place: "TPS 002".to_owned(),
                place_en: "TPS 002".to_owned(),
                is_same_file: true,
            }],
            early: Some(("12:05".to_owned(), "13:00".to_owned())),
            ..Circumstances::default()
        };
        let found = circumstances(0, &known);
        assert_eq!(
            codes(&known)
                .iter()
                .map(|(code, flag)| (code.as_str(), *flag))
                .collect::<Vec<_>>(),
            [("P101", true), ("P201", true), ("P401", true)]
        );
        assert_eq!(found.first().unwrap().stake, 5);
    }
}
