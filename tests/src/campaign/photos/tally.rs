//! The sums over many photos, as a table.

use photo::page::Problem;

use super::verdict::{Outcome, PROBLEMS, STRAIGHT_PX, Verdict};

/// What was counted over some photos.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Photos, and how many of them a person could use.
    pub photos: [u64; 2],
    /// Of each, those whose tag was found.
    pub tags: [u64; 2],
    /// Of each, those whose page was laid within three pixels.
    pub straight: [u64; 2],
    /// Options of all photos: right, unsure, wrong.
    pub options: [u64; 3],
    /// Options of usable photos with tidy bubbles: right, unsure, wrong.
    pub usable_options: [u64; 3],
    /// Photos with the tag of another page.
    pub other_tags: u64,
    /// For each problem: photos that have it; of these those whose page was not
    /// recognised, which the witness is told instead; of these those where
    /// nothing was said; photos that do not have it, and of these those where
    /// it was said.
    pub judged: [[u64; 5]; PROBLEMS.len()],
}

impl Tally {
    /// Adds one photo.
    pub fn count(&mut self, verdict: &Verdict) {
        let is_straight = verdict.off_px.is_some_and(|off| off <= STRAIGHT_PX);
        let kinds = [true, verdict.truth.is_usable];
        for (kind, applies) in kinds.into_iter().enumerate() {
            self.photos[kind] += u64::from(applies);
            self.tags[kind] += u64::from(applies && verdict.has_tag);
            self.straight[kind] += u64::from(applies && is_straight);
        }
        self.other_tags += u64::from(verdict.has_other_tag);
        let outcomes = [Outcome::Right, Outcome::Unsure, Outcome::Wrong];
        for (place, outcome) in outcomes.into_iter().enumerate() {
            let count = verdict.count(outcome);
            self.options[place] += count;
            if verdict.is_tidy && verdict.truth.is_usable {
                self.usable_options[place] += count;
            }
        }
        for (counts, problem) in self.judged.iter_mut().zip(PROBLEMS) {
            let is_said = verdict.said.contains(&problem);
            match verdict.truth.has(problem) {
                Some(true) => {
                    counts[0] += 1;
                    counts[1] += u64::from(!is_said && !verdict.has_tag);
                    counts[2] += u64::from(!is_said && verdict.has_tag);
                }
                Some(false) => {
                    counts[3] += 1;
                    counts[4] += u64::from(is_said);
                }
                None => {}
            }
        }
    }

    /// Adds another tally.
    pub fn add(&mut self, other: &Self) {
        let add = |sums: &mut [u64], more: &[u64]| {
            for (sum, more) in sums.iter_mut().zip(more) {
                *sum += more;
            }
        };
        add(&mut self.photos, &other.photos);
        add(&mut self.tags, &other.tags);
        add(&mut self.straight, &other.straight);
        add(&mut self.options, &other.options);
        add(&mut self.usable_options, &other.usable_options);
        self.other_tags += other.other_tags;
        for (sums, more) in self.judged.iter_mut().zip(&other.judged) {
            add(sums, more);
        }
    }

    /// One line of the table.
    #[must_use]
    pub fn line(&self, name: &str) -> String {
        let [right, unsure, wrong] = self.options;
        let [usable_right, usable_unsure, usable_wrong] = self.usable_options;
        let options = right + unsure + wrong;
        let usable_options = usable_right + usable_unsure + usable_wrong;
        format!(
            "{name:<16} {:>6} {:>7.1} {:>7.1} | {:>7.1} {:>7.1} {:>5} | {:>6} {:>7.1} {:>7.1} {:>7.1} {:>5}",
            self.photos[0],
            percent(self.tags[0], self.photos[0]),
            percent(self.straight[0], self.photos[0]),
            percent(right, options),
            percent(unsure, options),
            wrong,
            self.photos[1],
            percent(self.tags[1], self.photos[1]),
            percent(self.straight[1], self.photos[1]),
            percent(usable_right, usable_options),
            usable_wrong,
        )
    }

    /// One line about a problem of the judgement.
    #[must_use]
    pub fn judged_line(&self, problem: Problem) -> String {
        let place = PROBLEMS.iter().position(|one| *one == problem);
        let [bad, unknown, missed, fine, alarms] =
            place.map(|at| self.judged[at]).unwrap_or_default();
        format!(
            "{:<16} {bad:>6} {unknown:>7} {missed:>6} {:>7.2} | {fine:>6} {alarms:>6} {:>7.2}",
            format!("{problem:?}"),
            percent(missed, bad),
            percent(alarms, fine),
        )
    }
}

/// The head of the table.
pub const HEAD: &str = "\
difficulty       photos   tag %  <=3px% | right % unsure% wrong | usable   tag %  <=3px% right % wrong";

/// The head of the table of judgements.
pub const JUDGED_HEAD: &str = "problem           there missed       % | absent alarms       %";

/// A share in percent; 0 of nothing.
#[must_use]
pub fn percent(part: u64, whole: u64) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}
