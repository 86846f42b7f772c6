//! Photographs many specimens, reads them back, and counts: for each
//! difficulty, how often the tag was found, how often the page was placed
//! within 3 px, and how often options were read right, unsure or wrong.
//!
//! ```text
//! cargo run --release -p saksi-specimen --example campaign -- --pages 2000 --seed 1
//! ```
//!
//! Prints a table and, with `--list`, a line for each photo that was read
//! wrong or not placed, with the seed that makes it again (`--only SEED
//! --keep DIR` writes that photo).
#![expect(clippy::print_stdout, reason = "the table is what the command is for")]

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::Parser;
use domain::{Contest, Counts, FormLayout};
use photo::page::{PageReading, PlaceLayout};
use specimen::{Filled, Head, Point, Shot, Slips};

/// Reads specimens back and counts what was right.
#[derive(Parser)]
struct Arguments {
    /// How many photos.
    #[arg(long, default_value_t = 200)]
    pages: u64,
    /// The same seed gives the same photos.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Says which photos went wrong.
    #[arg(long)]
    list: bool,
    /// Only the photo of this seed.
    #[arg(long)]
    only: Option<u64>,
    /// Folder to write every photo to that is listed.
    #[arg(long)]
    keep: Option<PathBuf>,
}

/// Difficulties from careful to hardly usable, of [`Shot::hurried`].
const LEVELS: [(&str, f32); 4] = [
    ("careful", 0.25),
    ("ordinary", 0.5),
    ("hurried", 0.75),
    ("worst", 1.0),
];

/// What was counted at one difficulty.
#[derive(Default, Clone)]
struct Tally {
    photos: u32,
    usable: u32,
    tags: u32,
    usable_tags: u32,
    placed: u32,
    options: u32,
    right: u32,
    wrong: u32,
    usable_options: u32,
    usable_right: u32,
    usable_wrong: u32,
    untidy_options: u32,
    untidy_right: u32,
    untidy_wrong: u32,
    misplaced_px: Vec<f64>,
    laid: u32,
    laid_near: u32,
}

/// Slips of every fifth form, in a hundred columns.
const UNTIDY: Slips = Slips {
    half: 15,
    crossed: 15,
    doubled: 15,
    empty: 10,
};

struct Form {
    contest: Contest,
    layout: FormLayout,
    head: Head,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let contest = sample::ppwp();
    let layout = sample::layout(&contest.form)?.ok_or_else(|| anyhow!("no form"))?;
    let head = Head {
        place: vec!["CONTOH".into(); 4],
        number: "001".into(),
        date: "2024-02-14".into(),
    };
    let form = Form {
        contest,
        layout,
        head,
    };
    let mut tallies = vec![Tally::default(); LEVELS.len()];
    let seeds: Vec<u64> = match arguments.only {
        Some(seed) => vec![seed],
        None => (0..arguments.pages)
            .map(|number| arguments.seed.wrapping_mul(1_000_003).wrapping_add(number))
            .collect(),
    };
    for seed in seeds {
        let level = usize::try_from(seed % 4)?;
        let (Some((name, difficulty)), Some(tally)) = (LEVELS.get(level), tallies.get_mut(level))
        else {
            continue;
        };
        let complaint = one(&form, seed, *difficulty, tally, &arguments)?;
        if let Some(complaint) = complaint.filter(|_| arguments.list || arguments.only.is_some()) {
            println!("{name} {seed}: {complaint}");
        }
    }
    report(&tallies);
    Ok(())
}

/// One photo; what to complain of, if anything.
fn one(
    form: &Form,
    seed: u64,
    difficulty: f32,
    tally: &mut Tally,
    arguments: &Arguments,
) -> Result<Option<String>> {
    let counts = counts(form, seed)?;
    let filled = Filled {
        form: &form.layout,
        contest: &form.contest,
        head: &form.head,
        counts: &counts,
        seed,
    };
    let shot = Shot::hurried(seed, difficulty);
    let is_untidy = seed.is_multiple_of(5);
    let slips = if is_untidy { UNTIDY } else { Slips::default() };
    let jpeg = specimen::photograph_untidy(&filled, 2, &shot, slips)?;
    let reading = photo::page::read_page(&jpeg)?;
    let is_usable = usable(&filled, &shot);
    let mut complaints = tally.count_page(&filled, &shot, &reading, is_usable);
    complaints.extend(tally.count_options(&counts, &reading, is_usable, is_untidy));
    if complaints.is_empty() {
        return Ok(None);
    }
    if let Some(folder) = &arguments.keep {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join(format!("{seed}.jpg")), &jpeg)?;
    }
    let judged = &reading.judgement;
    let (print, scale) = (judged.print, judged.px_per_mm);
    complaints.push(format!(
        "usable {is_usable} problems {:?} print {print:.2?} scale {scale:.2?} {shot:.2?}",
        judged.problems
    ));
    Ok(Some(complaints.join("; ")))
}

/// Every digit in every place, not only what a polling station gives.
fn counts(form: &Form, seed: u64) -> Result<Counts> {
    let mut counts = Counts::new();
    for (index, option) in (0_u64..).zip(&form.contest.options) {
        let mixed = seed.wrapping_add(index).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        let votes = u32::try_from(mixed % 1_000)?;
        counts.insert(format!("votes.{}", option.number), votes);
    }
    Ok(counts)
}

impl Tally {
    /// Counts the tag and where the page was placed.
    fn count_page(
        &mut self,
        filled: &Filled<'_>,
        shot: &Shot,
        reading: &PageReading,
        is_usable: bool,
    ) -> Vec<String> {
        let mut complaints = vec![];
        self.photos += 1;
        self.usable += u32::from(is_usable);
        let has_tag = reading.tag.is_some_and(|tag| tag.number == 102);
        self.tags += u32::from(has_tag);
        self.usable_tags += u32::from(has_tag && is_usable);
        if reading.tag.is_some_and(|tag| tag.number != 102) {
            complaints.push("another tag".to_owned());
        }
        match misplaced(filled, shot, reading) {
            Some(off) => {
                self.placed += u32::from(off <= 3.0);
                self.misplaced_px.push(off);
                if off > 3.0 {
                    let marks = reading.marks.iter().flatten().count();
                    complaints.push(format!("{off:.1} px off, {marks} marks"));
                }
            }
            None => complaints.push("not placed".to_owned()),
        }
        if let Some(missed) = missed(filled, shot, reading) {
            self.laid += 1;
            self.laid_near += u32::from(missed <= 3.0);
            if missed > 5.0 {
                complaints.push(format!("a figure was laid {missed:.1} px off"));
            }
        }
        complaints
    }

    /// Counts what was read of each option.
    fn count_options(
        &mut self,
        counts: &Counts,
        reading: &PageReading,
        is_usable: bool,
        is_untidy: bool,
    ) -> Vec<String> {
        let mut complaints = vec![];
        for (id, truth) in counts {
            let figure = reading.figures.iter().find(|figure| figure.id == *id);
            let number = figure.and_then(|figure| figure.number);
            let is_right = number == Some(*truth);
            let is_wrong = number.is_some() && !is_right;
            if is_wrong {
                complaints.push(format!("WRONG {id}: {number:?} is {truth}"));
            }
            if is_untidy {
                self.untidy_options += 1;
                self.untidy_right += u32::from(is_right);
                self.untidy_wrong += u32::from(is_wrong);
                continue;
            }
            self.options += 1;
            self.right += u32::from(is_right);
            self.wrong += u32::from(is_wrong);
            self.usable_options += u32::from(is_usable);
            self.usable_right += u32::from(is_usable && is_right);
            self.usable_wrong += u32::from(is_usable && is_wrong);
            if number.is_none() && is_usable {
                let digits = figure.map(|figure| figure.digits.clone());
                complaints.push(format!("unsure {id}: {digits:?} is {truth}"));
            }
        }
        complaints
    }
}

/// Whether a person could read the figures: by how the photo was taken, not
/// by what the reader makes of it.
fn usable(filled: &Filled<'_>, shot: &Shot) -> bool {
    let ends = [Point { x: 455.0, y: 560.0 }, Point { x: 522.0, y: 560.0 }];
    let scale = match specimen::places_in_photo(filled, 2, shot, &ends).as_slice() {
        [a, b] => (a.x - b.x).hypot(a.y - b.y) / 67.0,
        _ => 0.0,
    };
    let (_, height) = specimen::size_in_pixels(shot);
    let height = f64::from(height);
    let scale = f64::from(scale) * (2_000.0 / height).min(1.0);
    // A reading copy holds at most 2,000 px of the long side.
    let smear_mm =
        |thousandths: f32| f64::from(thousandths) * height.min(2_000.0) / 1_000.0 / scale;
    scale >= 0.9
        && smear_mm(shot.blur) <= 1.3
        && smear_mm(shot.motion) <= 3.0
        && shot.light >= 0.45
        && shot.glare < 0.3
}

/// How far the view puts the page's corner marks, table corners and figures
/// from where they are, on average, in pixels of the picture that was read.
fn misplaced(filled: &Filled<'_>, shot: &Shot, reading: &PageReading) -> Option<f64> {
    let view = reading.view?;
    let layout = PlaceLayout::of_form("c-hasil-ppwp-2024")?;
    let mut places = layout.marks.to_vec();
    places.extend([
        [464.9, 194.5],
        [511.9, 612.4],
        [73.0, 131.0],
        [526.9, 627.6],
        [73.0, 627.6],
    ]);
    let points: Vec<Point> = places
        .iter()
        .map(|[x, y]| Point {
            x: single(*x),
            y: single(*y),
        })
        .collect();
    let (width, _) = specimen::size_in_pixels(shot);
    let smaller = f64::from(reading.size.0) / f64::from(width);
    let truth = specimen::places_in_photo(filled, 2, shot, &points);
    let ways = places.iter().zip(truth).map(|([x, y], seen)| {
        let here = view.of(photo::page::Point { x: *x, y: *y });
        let (x, y) = (f64::from(seen.x) * smaller, f64::from(seen.y) * smaller);
        (here.x - x).hypot(here.y - y)
    });
    let ways: Vec<f64> = ways.collect();
    Some(ways.iter().sum::<f64>() / f64::from(u32::try_from(ways.len()).ok()?))
}

/// How far the last bubble of each figure was looked for from where it is, at
/// most, in pixels of the picture that was read; `None` when none was.
fn missed(filled: &Filled<'_>, shot: &Shot, reading: &PageReading) -> Option<f64> {
    let (width, _) = specimen::size_in_pixels(shot);
    let smaller = f64::from(reading.size.0) / f64::from(width);
    let layout = PlaceLayout::of_form("c-hasil-ppwp-2024")?;
    let page = layout.page_of_tag(102)?;
    let mut worst: Option<f64> = None;
    for (figure, places) in reading.figures.iter().zip(&page.figures) {
        if figure.number.is_none() {
            continue;
        }
        let bubbles = places.bubbles.iter().flatten();
        let boxes = places
            .boxes
            .iter()
            .flat_map(|[x, y, w, h]| [[*x, *y], [x + w, *y], [*x, y + h], [x + w, y + h]]);
        let points: Vec<Point> = bubbles
            .copied()
            .chain(boxes)
            .map(|[x, y]| Point {
                x: single(x),
                y: single(y),
            })
            .collect();
        let truth = specimen::places_in_photo(filled, 2, shot, &points);
        let seen = |of: fn(&Point) -> f32| {
            truth
                .iter()
                .map(move |point| f64::from(of(point)) * smaller)
        };
        let (left, right) = (
            seen(|p| p.x).fold(f64::MAX, f64::min),
            seen(|p| p.x).fold(f64::MIN, f64::max),
        );
        let (top, bottom) = (
            seen(|p| p.y).fold(f64::MAX, f64::min),
            seen(|p| p.y).fold(f64::MIN, f64::max),
        );
        let [x, y, width, height] = figure.place_px;
        let off = [x - left, y - top, x + width - right, y + height - bottom];
        let off = off.into_iter().map(f64::abs).fold(0.0, f64::max);
        worst = Some(worst.unwrap_or_default().max(off));
    }
    worst
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "millimetres of a sheet fit many times"
)]
fn single(value: f64) -> f32 {
    value as f32
}

fn report(tallies: &[Tally]) {
    println!(
        "difficulty   photos usable |  tag %  usable tag % | placed<=3px %  median px | laid<=3px % | options  right %  wrong | usable options right %  wrong | untidy options right %  wrong"
    );
    let share = |part: u32, whole: u32| 100.0 * f64::from(part) / f64::from(whole.max(1));
    let mut all = Tally::default();
    let line = |name: &str, tally: &Tally| {
        let mut off = tally.misplaced_px.clone();
        off.sort_by(f64::total_cmp);
        let middle = off.get(off.len() / 2).copied().unwrap_or_default();
        println!(
            "{name:<12} {:>6} {:>6} | {:>6.2} {:>8.2} | {:>8.2} {:>9.2} | {:>8.2} | {:>6} {:>8.2} {:>5} | {:>6} {:>8.2} {:>5} | {:>6} {:>8.2} {:>5}",
            tally.photos,
            tally.usable,
            share(tally.tags, tally.photos),
            share(tally.usable_tags, tally.usable),
            share(tally.placed, tally.photos),
            middle,
            share(tally.laid_near, tally.laid),
            tally.options,
            share(tally.right, tally.options),
            tally.wrong,
            tally.usable_options,
            share(tally.usable_right, tally.usable_options),
            tally.usable_wrong,
            tally.untidy_options,
            share(tally.untidy_right, tally.untidy_options),
            tally.untidy_wrong,
        );
    };
    for ((name, _), tally) in LEVELS.iter().zip(tallies) {
        line(name, tally);
        all.photos += tally.photos;
        all.usable += tally.usable;
        all.tags += tally.tags;
        all.usable_tags += tally.usable_tags;
        all.placed += tally.placed;
        all.options += tally.options;
        all.right += tally.right;
        all.wrong += tally.wrong;
        all.usable_options += tally.usable_options;
        all.usable_right += tally.usable_right;
        all.usable_wrong += tally.usable_wrong;
        all.untidy_options += tally.untidy_options;
        all.untidy_right += tally.untidy_right;
        all.untidy_wrong += tally.untidy_wrong;
        all.laid += tally.laid;
        all.laid_near += tally.laid_near;
        all.misplaced_px.extend(&tally.misplaced_px);
    }
    line("all", &all);
}
