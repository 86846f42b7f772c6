//! What was counted, as figures.

use super::difficulty::Difficulty;
use super::tally::{Tally, percent};
use super::verdict::PROBLEMS;
use super::{Counted, ROUNDS};
use crate::bench::figures::{Figures, Goal};

/// Puts everything among the figures.
pub fn add(counted: &Counted, figures: &mut Figures) {
    let all = &counted.all;
    let enough = Some(Goal::AtLeast(ROUNDS as f64));
    figures.add("photo_specimens", all.photos[0] as f64, "photos", enough);
    figures.add(
        "photo_usable_specimens",
        all.photos[1] as f64,
        "photos",
        None,
    );
    let tags = percent(all.tags[1], all.photos[1]);
    figures.add(
        "photo_usable_tag_percent",
        tags,
        "%",
        Some(Goal::AtLeast(99.0)),
    );
    let [right, unsure, wrong] = all.usable_options;
    let right = percent(right, right + unsure + wrong);
    figures.add(
        "photo_usable_right_percent",
        right,
        "%",
        Some(Goal::AtLeast(97.0)),
    );
    let [right, unsure, wrong] = all.options;
    let wrong = percent(wrong, right + unsure + wrong);
    figures.add("photo_wrong_percent", wrong, "%", Some(Goal::AtMost(0.05)));
    let none = Some(Goal::AtMost(0.0));
    figures.add("photo_other_tags", all.other_tags as f64, "photos", none);
    for (difficulty, tally) in Difficulty::ALL.iter().zip(&counted.by_difficulty) {
        of_one(difficulty.name(), tally, figures);
    }
    let [blue, black] = &counted.by_ink;
    of_one("blue_ink", blue, figures);
    of_one("black_ink", black, figures);
    for (problem, [bad, _, missed, fine, alarms]) in PROBLEMS.iter().zip(all.judged) {
        let code = problem.code();
        let name = |what: &str| format!("judged_{code}_{what}_percent");
        figures.add(&name("missed"), percent(missed, bad), "%", None);
        figures.add(&name("false_alarm"), percent(alarms, fine), "%", None);
    }
}

fn of_one(name: &str, tally: &Tally, figures: &mut Figures) {
    let mut add = |what: &str, value: f64, unit: &str| {
        figures.add(&format!("photo_{name}_{what}"), value, unit, None);
    };
    let photos = tally.photos[0];
    let [right, unsure, wrong] = tally.options;
    let options = right + unsure + wrong;
    add("tag_percent", percent(tally.tags[0], photos), "%");
    add("straight_percent", percent(tally.straight[0], photos), "%");
    add("right_percent", percent(right, options), "%");
    add("unsure_percent", percent(unsure, options), "%");
    add("wrong_options", wrong as f64, "");
}
