//! Errors put into a made-up region at their real rates, from seeds, and found
//! again: the floors under which the analysis must not fall. The measured
//! figures are in docs/irregularities.md.

use domain::irregularity::Params;
use saksi_tests::measure::injected::{Known, Outcome, run};
use saksi_tests::measure::region;

/// Errors of ten thousand stations: ten times the real rate, so that a small
/// region has enough of each.
const PER_TEN_THOUSAND: u32 = 780;

fn outcome(known: Known) -> Outcome {
    let villages = region::villages(7, 400);
    let params = Params::default();
    run(
        &region::sheet(),
        &params,
        &villages,
        known,
        1..=2,
        PER_TEN_THOUSAND,
    )
}

fn recall(outcome: &Outcome, class: &str) -> f64 {
    let share = outcome.recall.of(class);
    assert!(share.all >= 5, "only {} of {class}", share.all);
    share.percent()
}

#[test]
fn one_reading_shows_most_slips_and_few_clean_stations() {
    let outcome = outcome(Known::OneReading);
    assert!(recall(&outcome, "one digit") >= 82.0);
    assert!(recall(&outcome, "transposed digits") >= 98.0);
    assert!(outcome.clean.per_thousand() <= 100.0, "{:?}", outcome.clean);
    assert!(outcome.first_hundred >= 50.0, "{}", outcome.first_hundred);
}

#[test]
fn a_form_of_another_station_is_seen_by_its_number() {
    let outcome = outcome(Known::FormNumber);
    assert!(recall(&outcome, "wrong TPS of the village") >= 99.0);
}

#[test]
fn a_second_reading_shows_every_error_and_names_most() {
    let outcome = outcome(Known::BothReadings);
    for class in ["one digit", "wrong TPS of the village", "another figure"] {
        assert!(recall(&outcome, class) >= 99.9, "{class}");
    }
    assert!(outcome.named.of("wrong TPS of the village").percent() >= 90.0);
    assert!(outcome.named.of("one digit").percent() >= 95.0);
}
