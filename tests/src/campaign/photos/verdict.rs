//! What the reader made of one photo, held against the truth.

use anyhow::Result;
use photo::page::{self, PageReading, Problem};
use specimen::Slips;

use super::trial::{TAG, Trial};
use super::truth::Truth;

/// Farthest that a straightened page may lie beside its place, on average, in
/// pixels of the picture that was read.
pub const STRAIGHT_PX: f64 = 3.0;

/// All problems, in the order of the table.
pub const PROBLEMS: [Problem; 7] = [
    Problem::TooDark,
    Problem::TooBright,
    Problem::Glare,
    Problem::Blurred,
    Problem::TooSmall,
    Problem::CutOff,
    Problem::Turned,
];

/// What came of one option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Its number was read, and is what was written.
    Right,
    /// No number was read.
    Unsure,
    /// A number was read that was not written.
    Wrong,
}

/// What came of one photo.
#[derive(Debug)]
pub struct Verdict {
    /// Whether the page's own tag was found.
    pub has_tag: bool,
    /// Whether another page's tag was.
    pub has_other_tag: bool,
    /// How far the page lies beside its place, on average, in pixels; `None`
    /// when it was not placed.
    pub off_px: Option<f64>,
    /// What came of each option.
    pub options: Vec<Outcome>,
    /// Whether its bubbles are filled as they should be.
    pub is_tidy: bool,
    /// What is true of the photo.
    pub truth: Truth,
    /// What was said to be wrong with it.
    pub said: Vec<Problem>,
    /// How it went, in words.
    pub trace: String,
}

impl Verdict {
    /// Photographs, reads and judges; gives the photo's bytes too.
    ///
    /// # Errors
    /// When the photo cannot be made or is refused.
    pub fn of(trial: &Trial<'_>) -> Result<(Self, Vec<u8>)> {
        let jpeg = trial.photograph()?;
        let reading = page::read_page(&jpeg)?;
        let truth = Truth::of(trial)?;
        let numbers = trial.counts.iter().map(|(id, written)| {
            let figure = reading.figures.iter().find(|figure| figure.id == *id);
            (*written, figure.and_then(|figure| figure.number))
        });
        let options = numbers.map(|(written, number)| match number {
            Some(number) if number == written => Outcome::Right,
            Some(_) => Outcome::Wrong,
            None => Outcome::Unsure,
        });
        let number = reading.tag.map(|tag| tag.number);
        let verdict = Self {
            has_tag: number == Some(TAG),
            has_other_tag: number.is_some_and(|number| number != TAG),
            off_px: off_px(&reading, &truth),
            options: options.collect(),
            is_tidy: trial.slips == Slips::default(),
            said: reading.judgement.problems.clone(),
            trace: trace(trial, &reading, &truth),
            truth,
        };
        Ok((verdict, jpeg))
    }

    /// How many options came out like this.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.options.iter().filter(|one| **one == outcome).count() as u64
    }

    /// Whether something should be looked into.
    #[must_use]
    pub fn is_poor(&self) -> bool {
        let is_missed = self.is_tidy && self.truth.is_usable && self.count(Outcome::Unsure) > 0;
        let is_misjudged = PROBLEMS.iter().any(|problem| {
            let is_said = self.said.contains(problem);
            match self.truth.has(*problem) {
                Some(true) => self.has_tag && !is_said,
                Some(false) => is_said,
                None => false,
            }
        });
        self.count(Outcome::Wrong) > 0 || self.has_other_tag || is_missed || is_misjudged
    }
}

/// How far the places of the page are from where the view puts them.
fn off_px(reading: &PageReading, truth: &Truth) -> Option<f64> {
    let view = reading.view?;
    let ways = truth.places.iter().map(|([x, y], [seen_x, seen_y])| {
        let here = view.of(page::Point { x: *x, y: *y });
        (here.x - seen_x).hypot(here.y - seen_y)
    });
    Some(ways.sum::<f64>() / truth.places.len() as f64)
}

/// Everything that helps to understand one photo.
fn trace(trial: &Trial<'_>, reading: &PageReading, truth: &Truth) -> String {
    let marks = reading.marks.iter().flatten().count();
    let wrong_bits = reading.tag.map(|tag| tag.wrong_bits);
    let mut lines = vec![
        format!("{:.2?}", trial.shot),
        format!(
            "usable {}, bubbles of {:.1} px, blur {:.2} mm, paper {:.0?}, mirrored {:.2}, cut off {}",
            truth.is_usable,
            truth.bubble_px,
            truth.blur_mm,
            truth.paper,
            truth.mirrored,
            truth.is_cut_off
        ),
        format!(
            "tag {:?} with {wrong_bits:?} bits mended, {marks} marks, off {:.1?} px",
            reading.tag.map(|tag| tag.number),
            off_px(reading, truth)
        ),
        format!("{:.2?}", reading.judgement),
    ];
    for (id, written) in &trial.counts {
        let figure = reading.figures.iter().find(|figure| figure.id == *id);
        let seen = figure.map(|figure| (figure.number, &figure.digits, &figure.boxes));
        lines.push(format!("{id} {written:03}: {seen:?}"));
    }
    lines.join("\n    ")
}
