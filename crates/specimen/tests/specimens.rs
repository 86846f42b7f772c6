//! What a specimen promises: the same picture for the same seed, every page of
//! every form, figures where they belong, and photos that a phone could have
//! taken.
#![expect(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what does not hold ends the test, in its helpers too"
)]

use domain::{Contest, Counts, FormLayout};
use photo::Warning;
use sample::SampleElection;
use specimen::{Area, Filled, Head, Held, Point, Shot, SpecimenError};

/// Resolution of flat pages in these tests, in pixels per millimetre.
const SCALE: f32 = 2.0;

struct Form {
    layout: FormLayout,
    contest: Contest,
    counts: Counts,
    head: Head,
}

impl Form {
    fn of(contest: Contest) -> Self {
        let kaltim: SampleElection = sample::kaltim().unwrap();
        let code = "6472011001001".parse().unwrap();
        let layout = sample::layout(&contest.form).unwrap().unwrap();
        let roll = kaltim.tps(&code).unwrap().roll;
        Self {
            counts: sample::counts(&layout, &contest, roll, 11),
            head: Head {
                place: kaltim.place(&code),
                number: code.number().to_owned(),
                date: kaltim.election.date.clone(),
            },
            layout,
            contest,
        }
    }

    fn ppwp() -> Self {
        Self::of(sample::ppwp())
    }

    /// Every kind of form, the regional one with 1 pair and with 4.
    fn all() -> Vec<Self> {
        let kaltim = sample::kaltim().unwrap();
        let held = |code: &str, id: &str| {
            let code = code.parse().unwrap();
            kaltim.contest_at(&code, id).unwrap().clone()
        };
        vec![
            Self::ppwp(),
            Self::of(sample::dpr()),
            Self::of(held("6472011001001", "wako")),
            Self::of(held("6474011001001", "wako")),
        ]
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
}

/// Mean brightness of a disc or box on the flat page, 0 to 255.
fn brightness(page: &image::RgbImage, area: Area) -> f32 {
    let pixel = |mm: f32| (mm * SCALE) as u32;
    let mut sum = 0.0;
    let mut count = 0.0;
    for y in pixel(area.top)..pixel(area.bottom()) {
        for x in pixel(area.left)..pixel(area.right()) {
            sum += page.get_pixel(x, y).0.map(f32::from).iter().sum::<f32>() / 3.0;
            count += 1.0;
        }
    }
    sum / count
}

fn around(centre: Point, side: f32) -> Area {
    Area {
        left: centre.x - side / 2.0,
        top: centre.y - side / 2.0,
        width: side,
        height: side,
    }
}

#[test]
fn the_same_seed_gives_the_same_photo_and_another_seed_another() {
    let form = Form::ppwp();
    let photo = |seed| {
        let shot = Shot::good(seed).with_megapixels(0.5);
        specimen::photograph(&form.filled(seed), 2, &shot).unwrap()
    };
    assert_eq!(photo(1), photo(1));
    assert_ne!(photo(1), photo(2));
}

#[test]
fn every_page_of_every_form_can_be_drawn_and_shows_all_its_figures() {
    for form in Form::all() {
        let mut shown = vec![];
        for page in &form.layout.pages {
            let flat = specimen::page_image(&form.filled(3), page.number, 0.7).unwrap();
            assert_eq!(flat.dimensions(), (420, 630));
            let places = specimen::figure_places(&form.layout, &form.contest, page.number).unwrap();
            for place in places {
                for digit in &place.boxes {
                    assert!(digit.left > 60.0 && digit.right() < 540.0, "{}", place.id);
                    assert!(digit.top > 60.0 && digit.bottom() < 880.0, "{}", place.id);
                }
                shown.push(place.id);
            }
        }
        shown.sort();
        let wanted: Vec<String> = form.counts.keys().cloned().collect();
        assert_eq!(shown, wanted, "{}", form.layout.id);
    }
}

#[test]
fn the_bubbles_of_the_written_digits_are_black_and_no_others() {
    let form = Form::ppwp();
    for seed in 0..6 {
        let flat = specimen::page_image(&form.filled(seed), 2, SCALE).unwrap();
        let places = specimen::figure_places(&form.layout, &form.contest, 2).unwrap();
        assert_eq!(places.len(), 3);
        for place in places {
            let figure = format!("{:03}", form.counts[&place.id]);
            for (column, written) in place.bubbles.iter().zip(figure.chars()) {
                for (digit, centre) in column.iter().enumerate() {
                    let is_filled = written.to_digit(10) == u32::try_from(digit).ok();
                    let light = brightness(&flat, around(*centre, place.bubble_radius_mm));
                    assert_eq!(
                        light < 150.0,
                        is_filled,
                        "{} seed {seed}: bubble {digit} is {light}",
                        place.id
                    );
                }
            }
        }
    }
}

#[test]
fn a_figure_that_is_missing_leaves_its_boxes_blank() {
    let mut form = Form::ppwp();
    let places = specimen::figure_places(&form.layout, &form.contest, 3).unwrap();
    let valid = places.iter().find(|place| place.id == "valid").unwrap();
    let inside = |form: &Form| {
        let flat = specimen::page_image(&form.filled(4), 3, SCALE).unwrap();
        brightness(&flat, around(valid.boxes[1].centre(), 15.0))
    };
    let written = inside(&form);
    form.counts.remove("valid");
    let blank = inside(&form);
    assert!(blank > 250.0 && written < blank - 5.0, "{written} {blank}");
}

#[test]
fn the_official_positions_are_kept() {
    let form = Form::ppwp();
    let places = specimen::figure_places(&form.layout, &form.contest, 2).unwrap();
    // Measured on the blank form: first and last pair, hundreds and units.
    let near = |point: Point, x: f32, y: f32| (point.x - x).hypot(point.y - y) < 0.5;
    assert!(near(places[0].boxes[0].centre(), 464.9, 194.5));
    assert!(near(places[0].bubbles[0][0], 464.9, 214.0));
    assert!(near(places[2].boxes[2].centre(), 511.9, 498.5));
    assert!(near(places[2].bubbles[2][9], 511.9, 612.4));
    let first = specimen::figure_places(&form.layout, &form.contest, 1).unwrap();
    let centre = |id: &str, digit: usize| {
        let place = first.iter().find(|place| place.id == id).unwrap();
        place.boxes[digit].centre()
    };
    assert!(near(centre("dpt_male", 0), 316.5, 395.3));
    assert!(near(centre("came_total_total", 2), 512.4, 507.3));
    assert!(near(centre("ballots_unused", 0), 466.4, 649.3));
    assert!(near(centre("disability_female", 1), 414.4, 719.2));
}

#[test]
fn a_good_photo_is_found_good_and_the_others_are_found_out() {
    let form = Form::ppwp();
    let warnings = |shot: &Shot, page: u32| {
        let bytes = specimen::photograph(&form.filled(5), page, shot).unwrap();
        photo::reduce(&bytes).unwrap().judgement.warnings
    };
    for page in 1..=3 {
        assert_eq!(warnings(&Shot::good(u64::from(page)), page), []);
    }
    assert_eq!(warnings(&Shot::dark(1), 2), [Warning::Dark]);
    assert_eq!(warnings(&Shot::blurred(1), 2), [Warning::Blurred]);
    assert_eq!(warnings(&Shot::tiny(1), 2), [Warning::Tiny]);
}

#[test]
fn however_the_phone_was_held_exif_turns_the_photo_upright() {
    let form = Form::ppwp();
    let shot = Shot::good(6).with_megapixels(0.5);
    let seen = |held: Held| {
        let shot = shot.clone().with_held(held);
        let bytes = specimen::photograph(&form.filled(6), 2, &shot).unwrap();
        let is_lying = matches!(held, Held::OnItsLeft | Held::OnItsRight);
        let stored = photo::inspect(&bytes).unwrap();
        assert_eq!(stored.width > stored.height, is_lying, "{held:?}");
        let copy = photo::reduce(&bytes).unwrap();
        image::load_from_memory(&copy.jpeg).unwrap().to_luma8()
    };
    let upright = seen(Held::Upright);
    for held in [Held::OnItsRight, Held::UpsideDown, Held::OnItsLeft] {
        let turned = seen(held);
        assert_eq!(turned.dimensions(), upright.dimensions());
        // Noise and two encodings keep even the right turn a little apart, so
        // it is held against the wrong one.
        let right = apart(&turned, &upright);
        let wrong = apart(&image::imageops::rotate180(&turned), &upright);
        assert!(right * 3 < wrong, "{held:?}: {right} against {wrong}");
    }
}

/// Sum of the differences in brightness of two pictures of one size.
fn apart(one: &image::GrayImage, other: &image::GrayImage) -> u64 {
    let pairs = one.pixels().zip(other.pixels());
    pairs.map(|(a, b)| u64::from(a.0[0].abs_diff(b.0[0]))).sum()
}

#[test]
fn exif_tells_when_the_photo_was_taken_and_can_be_left_out() {
    let form = Form::ppwp();
    let shot = Shot::good(6).with_megapixels(0.5);
    let photo = |shot: &Shot| specimen::photograph(&form.filled(6), 2, shot).unwrap();
    let taken_at = photo::reduce(&photo(&shot)).unwrap().original.taken_at;
    let taken_at = taken_at.unwrap();
    assert_eq!(taken_at.local.to_string(), "2024-11-27 15:42:07");
    assert_eq!(taken_at.offset.unwrap().local_minus_utc(), 8 * 3_600);

    let bare = photo(&Shot {
        has_exif: false,
        ..shot
    });
    assert!(!bare.windows(4).any(|bytes| bytes == b"Exif"));
    assert_eq!(photo::reduce(&bare).unwrap().original.taken_at, None);
}

#[test]
fn a_page_that_the_form_does_not_have_is_refused() {
    let form = Form::ppwp();
    let refused = specimen::photograph(&form.filled(1), 4, &Shot::good(1));
    assert!(matches!(
        refused,
        Err(SpecimenError::NoSuchPage { page: 4, .. })
    ));
}
