//! Which photos are warned of. Poor ones are warned of and taken all the same.
#![expect(
    clippy::unwrap_used,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

mod common;

use common::Picture;
use photo::{Warning, reduce};

fn warnings(picture: &Picture) -> Vec<Warning> {
    reduce(&picture.jpeg()).unwrap().judgement.warnings
}

fn page() -> Picture {
    Picture::page(1_500, 2_000)
}

#[test]
fn a_page_in_focus_and_light_is_not_warned_of() {
    assert_eq!(warnings(&page()), []);
    assert_eq!(warnings(&Picture::page(750, 1_000)), []);
}

#[test]
fn a_page_out_of_focus_is_blurred() {
    assert_eq!(warnings(&page().blurred(4)), [Warning::Blurred]);
    assert_eq!(warnings(&page().blurred(9)), [Warning::Blurred]);
}

#[test]
fn a_trace_of_softness_is_no_blur() {
    assert_eq!(warnings(&page().blurred(1)), []);
}

#[test]
fn the_grain_of_a_night_photo_is_no_focus() {
    assert_eq!(warnings(&page().blurred(5).grainy(18)), [Warning::Blurred]);
    assert_eq!(warnings(&page().grainy(18)), []);
}

#[test]
fn the_same_blur_counts_against_the_page_not_the_pixel() {
    let large = reduce(&Picture::page(3_000, 4_000).blurred(6).jpeg()).unwrap();
    let small = reduce(&Picture::page(1_500, 2_000).blurred(3).jpeg()).unwrap();
    let apart = large.judgement.sharpness.unwrap() - small.judgement.sharpness.unwrap();
    assert!(apart.abs() < 0.06, "{apart}");
}

#[test]
fn a_page_in_the_dark_is_dark() {
    assert_eq!(warnings(&page().dimmed(30)), [Warning::Dark]);
    assert_eq!(warnings(&page().dimmed(5)), [Warning::Dark]);
    assert_eq!(warnings(&page().dimmed(60)), []);
}

#[test]
fn a_covered_lens_is_dark_and_a_white_wall_shows_no_form() {
    let covered = Picture::filled(1_200, 1_600, [6, 5, 7]).grainy(4);
    assert_eq!(warnings(&covered), [Warning::Dark]);
    let wall = Picture::filled(1_200, 1_600, [220, 219, 214]).grainy(4);
    assert_eq!(warnings(&wall), [Warning::Blurred]);
}

#[test]
fn a_page_small_in_a_dark_room_is_not_dark() {
    let mut scene = Picture::filled(1_500, 2_000, [25, 22, 20]);
    let sheet = Picture::page(700, 900);
    for y in 0..sheet.height {
        for x in 0..sheet.width {
            scene.rectangle(x + 400, y + 500, 1, 1, sheet.at(x, y));
        }
    }
    assert!(!warnings(&scene).contains(&Warning::Dark));
}

#[test]
fn a_picture_of_few_pixels_is_tiny() {
    assert!(warnings(&Picture::page(600, 800)).contains(&Warning::Tiny));
    assert!(!warnings(&Picture::page(675, 900)).contains(&Warning::Tiny));
}

#[test]
fn warnings_are_written_in_snake_case_for_the_screens() {
    let all = [
        Warning::Dark,
        Warning::Blurred,
        Warning::Tiny,
        Warning::Partial,
    ];
    let json = serde_json::to_string(&all).unwrap();
    assert_eq!(json, r#"["dark","blurred","tiny","partial"]"#);
}
