//! What the reader makes of specimens: the page is known and laid flat, its
//! bubbles are read right or not at all, and what is wrong with a photo is
//! said. A slice of `cargo xtask campaign photos`, small enough for
//! every run.
#![expect(
    clippy::cast_possible_truncation,
    clippy::unwrap_used,
    reason = "what does not hold ends the test, in its helpers too; millimetres of a sheet fit"
)]

use domain::{Contest, Counts, FormLayout};
use photo::page::{
    BoxMark, Digit, Doubt, PageReading, PlaceLayout, Problem, find_sheet, read_page,
};
use photo::{Likeness, reduce};
use specimen::{Filled, Head, Shot, Slips};

struct Form {
    layout: FormLayout,
    contest: Contest,
    counts: Counts,
    head: Head,
}

impl Form {
    fn of(contest: Contest) -> Self {
        let layout = sample::layout(&contest.form).unwrap().unwrap();
        let roll = sample::kaltim()
            .unwrap()
            .tps(&"6472011001001".parse().unwrap())
            .unwrap()
            .roll;
        Self {
            counts: sample::counts(&layout, &contest, roll, 7),
            head: Head {
                place: vec!["CONTOH".into(); 4],
                number: "003".into(),
                date: "2024-02-14".into(),
            },
            layout,
            contest,
        }
    }

    /// Page 2 has these votes.
    fn ppwp(votes: [u32; 3]) -> Self {
        let mut form = Self::of(sample::ppwp());
        for (option, votes) in (1..).zip(votes) {
            form.counts.insert(format!("votes.{option}"), votes);
        }
        form
    }

    fn filled(&self, seed: u64) -> Filled<'_> {
        Filled {
            form: &self.layout,
            contest: &self.contest,
            head: &self.head,
            counts: &self.counts,
            seed,
        }
    }

    fn photo(&self, seed: u64, page: u32, shot: &Shot) -> Vec<u8> {
        specimen::photograph(&self.filled(seed), page, shot).unwrap()
    }
}

fn numbers(reading: &PageReading) -> Vec<Option<u32>> {
    reading.figures.iter().map(|figure| figure.number).collect()
}

#[test]
fn the_places_in_the_layout_data_are_those_that_specimens_are_drawn_at() {
    let form = Form::of(sample::ppwp());
    let layout = PlaceLayout::of_form("c-hasil-ppwp-2024").unwrap();
    for page in &layout.pages {
        let drawn = specimen::figure_places(&form.layout, &form.contest, page.page).unwrap();
        assert_eq!(drawn.len(), page.figures.len());
        // Where bubbles are read every half millimetre counts; the other pages
        // are drawn to a millimetre or two.
        let bound = if page.page == 2 { 0.5 } else { 2.0 };
        for figure in &page.figures {
            let place = drawn.iter().find(|place| place.id == figure.id).unwrap();
            for (area, [left, top, width, height]) in place.boxes.iter().zip(&figure.boxes) {
                let centre = area.centre();
                let (x, y) = (left + width / 2.0, top + height / 2.0);
                let off = (f64::from(centre.x) - x).hypot(f64::from(centre.y) - y);
                assert!(off < bound, "{} is {off} mm off", figure.id);
            }
            let drawn = place.bubbles.iter().flatten();
            for (bubble, [x, y]) in drawn.zip(figure.bubbles.iter().flatten()) {
                let off = (f64::from(bubble.x) - x).hypot(f64::from(bubble.y) - y);
                assert!(off < 0.5, "a bubble of {} is {off} mm off", figure.id);
            }
        }
    }
}

#[test]
fn each_page_is_known_by_its_tag_and_its_four_marks_are_found() {
    let form = Form::ppwp([24, 73, 74]);
    for page in 1..=3 {
        let reading = read_page(&form.photo(3, page, &Shot::good(u64::from(page)))).unwrap();
        let seen = reading.page.unwrap();
        assert_eq!((seen.form, seen.page), ("c-hasil-ppwp-2024", page));
        assert!(reading.marks.iter().all(Option::is_some));
        assert_eq!(reading.judgement.problems, []);
    }
    let house = Form::of(sample::dpr());
    let seen = read_page(&house.photo(3, 2, &Shot::good(2))).unwrap().page;
    let seen = seen.unwrap();
    assert_eq!((seen.form, seen.page), ("c-hasil-dpr-2024", 2));
}

#[test]
fn bubbles_of_careful_photos_are_read_right() {
    for (seed, votes) in (0..).zip([[24, 73, 74], [0, 300, 9], [158, 246, 999], [510, 7, 62]]) {
        let form = Form::ppwp(votes);
        let reading = read_page(&form.photo(seed, 2, &Shot::good(seed))).unwrap();
        assert_eq!(numbers(&reading), votes.map(Some), "seed {seed}");
    }
}

#[test]
fn bubbles_of_poor_photos_are_read_right_or_not_at_all() {
    for (seed, votes) in (20..).zip([[181, 92, 0], [40, 77, 306], [5, 218, 64], [99, 130, 281]]) {
        let form = Form::ppwp(votes);
        let shot = Shot::hurried(seed, 1.0).with_megapixels(2.5);
        let reading = read_page(&form.photo(seed, 2, &shot)).unwrap();
        for (read, written) in numbers(&reading).into_iter().zip(votes) {
            assert!(
                read.is_none_or(|read| read == written),
                "seed {seed}: {read:?}"
            );
        }
    }
}

#[test]
fn untidy_bubbles_are_a_question_and_never_a_wrong_answer() {
    let votes = [136, 408, 257];
    let form = Form::ppwp(votes);
    for slips in [
        Slips {
            crossed: 100,
            ..Slips::default()
        },
        Slips {
            doubled: 100,
            ..Slips::default()
        },
        Slips {
            empty: 100,
            ..Slips::default()
        },
    ] {
        let shot = Shot::good(8);
        let jpeg = specimen::photograph_untidy(&form.filled(8), 2, &shot, slips).unwrap();
        let reading = read_page(&jpeg).unwrap();
        assert_eq!(reading.figures.len(), 3);
        for (read, written) in numbers(&reading).into_iter().zip(votes) {
            assert!(
                read.is_none_or(|read| read == written),
                "{slips:?}: {read:?}"
            );
        }
    }
}

#[test]
fn a_figure_left_blank_is_told_from_a_written_one() {
    let mut form = Form::ppwp([24, 73, 74]);
    form.counts.remove("votes.2");
    let reading = read_page(&form.photo(5, 2, &Shot::good(5))).unwrap();
    let [first, second, _] = reading.figures.as_slice() else {
        unreachable!("page 2 has three figures")
    };
    assert_eq!(second.boxes, [BoxMark::Blank; 3]);
    assert_eq!(second.digits, [Digit::Unsure(Doubt::Blank); 3]);
    assert_eq!(second.number, None);
    assert_eq!(first.boxes.last(), Some(&BoxMark::Written));
}

/// The photo turned half round, without EXIF that would say so.
fn upside_down(jpeg: &[u8]) -> Vec<u8> {
    let upright = image::load_from_memory(jpeg).unwrap();
    let mut turned = std::io::Cursor::new(Vec::new());
    let picture = upright.rotate180();
    picture
        .write_to(&mut turned, image::ImageFormat::Jpeg)
        .unwrap();
    turned.into_inner()
}

#[test]
fn a_page_upside_down_is_said_and_read_all_the_same() {
    let votes = [24, 73, 74];
    let turned = upside_down(&Form::ppwp(votes).photo(9, 2, &Shot::good(9)));
    let reading = read_page(&turned).unwrap();
    assert_eq!(reading.judgement.problems, [Problem::Turned]);
    assert_eq!(numbers(&reading), votes.map(Some));
}

#[test]
fn what_is_wrong_with_a_photo_is_said() {
    let form = Form::ppwp([24, 73, 74]);
    let problems = |shot: Shot| {
        let reading = read_page(&form.photo(5, 2, &shot)).unwrap();
        assert!(reading.page.is_some(), "{shot:?}");
        reading.judgement.problems
    };
    assert_eq!(
        problems(Shot {
            light: 0.3,
            ..Shot::good(5)
        }),
        [Problem::TooDark]
    );
    assert_eq!(
        problems(Shot {
            blur: 1.6,
            ..Shot::good(5)
        }),
        [Problem::Blurred]
    );
    let nearer = Shot {
        fill: 1.3,
        ..Shot::good(5)
    };
    let found = problems(nearer);
    assert!(found.contains(&Problem::CutOff), "{found:?}");
    let far = Shot {
        fill: 0.36,
        ..Shot::good(5)
    };
    assert!(problems(far).contains(&Problem::TooSmall));
}

#[test]
fn a_lamp_mirrored_on_boxes_or_bubbles_is_said_and_one_beside_them_is_not() {
    let form = Form::ppwp([24, 73, 74]);
    let shot = Shot {
        glare: 1.4,
        ..Shot::good(5)
    };
    let mut tried = [0, 0];
    for seed in 1..200 {
        let mirrored = mirrored_on_figures(&form.filled(seed), &shot);
        let is_there = mirrored >= 0.5;
        let tries = &mut tried[usize::from(is_there)];
        if (0.1..0.5).contains(&mirrored) || *tries == LAMPS {
            continue;
        }
        *tries += 1;
        let found = read_page(&form.photo(seed, 2, &shot))
            .unwrap()
            .judgement
            .problems;
        let expected = if is_there {
            vec![Problem::Glare]
        } else {
            vec![]
        };
        assert_eq!(found, expected, "seed {seed}, {mirrored} of white");
    }
    assert_eq!(tried, [LAMPS; 2]);
}

/// Lamps that are tried, on figures and beside them.
const LAMPS: usize = 4;

/// The most that a lamp adds on any box or bubble of page 2, of white.
fn mirrored_on_figures(filled: &Filled<'_>, shot: &Shot) -> f32 {
    let layout = PlaceLayout::of_form("c-hasil-ppwp-2024").unwrap();
    let page = layout.pages.iter().find(|page| page.page == 2).unwrap();
    let boxes = page.figures.iter().flat_map(|figure| &figure.boxes);
    let middles = boxes.map(|[x, y, width, height]| [x + width / 2.0, y + height / 2.0]);
    let bubbles = page.figures.iter().flat_map(|figure| &figure.bubbles);
    let places: Vec<specimen::Point> = middles
        .chain(bubbles.flatten().copied())
        .map(|[x, y]| specimen::Point {
            x: x as f32,
            y: y as f32,
        })
        .collect();
    let added = specimen::glare_at(filled, 2, shot, &places);
    added.into_iter().fold(0.0, f32::max)
}

#[test]
fn the_corners_of_the_sheet_are_found_where_they_were_photographed() {
    let shot = Shot {
        tilt_degrees: 18.0,
        rotation_degrees: 9.0,
        fill: 0.88,
        ..Shot::good(4)
    };
    let form = Form::ppwp([24, 73, 74]);
    let sheet = find_sheet(&form.photo(4, 2, &shot)).unwrap().unwrap();
    let corners = [(0.0, 0.0), (600.0, 0.0), (600.0, 900.0), (0.0, 900.0)];
    let corners = corners.map(|(x, y)| specimen::Point { x, y });
    let (stored_px, _) = specimen::size_in_pixels(&shot);
    let truth = specimen::places_in_photo(&form.filled(4), 2, &shot, &corners);
    let scale = f64::from(sheet.picture_px[0]) / f64::from(stored_px);
    for ([x, y], truth) in sheet.corners_px.into_iter().zip(truth) {
        let off_x = f64::from(x) - f64::from(truth.x) * scale;
        let off_y = f64::from(y) - f64::from(truth.y) * scale;
        assert!(off_x.hypot(off_y) < 4.0, "{sheet:?} {truth:?}");
    }
}

#[test]
fn one_photo_sent_twice_is_known_and_two_stations_photos_are_told_apart() {
    let photo = Form::ppwp([24, 73, 74]).photo(1, 2, &Shot::good(1));
    let again = reduce(&photo).unwrap().jpeg;
    let smaller = photo::thumbnail(&photo, 640).unwrap();
    let look = |bytes: &[u8]| Likeness::of(bytes).unwrap();
    assert!(look(&photo).is_same_photo(&look(&again)));
    assert!(look(&photo).is_same_photo(&look(&smaller)));
    let other = Form::ppwp([24, 73, 74]).photo(2, 2, &Shot::good(2));
    assert!(!look(&photo).is_same_photo(&look(&other)));
    let kept = Likeness::from_hex(&look(&photo).to_hex()).unwrap();
    assert_eq!(kept.distance(&look(&photo)), 0);
}
