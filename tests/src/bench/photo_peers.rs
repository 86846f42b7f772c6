//! The reading copy beside what everybody has: `vipsthumbnail` and
//! ImageMagick, on the same photos, in one run, each on one core.
//!
//! Wall time, processor time and peak memory are those of whole programs, from
//! start to written file, told by GNU `time`. Legibility is compared at equal
//! bytes: libvips' quality is searched for that gives the bytes of our copy,
//! and both copies are read back.
//!
//! A program that is not installed is skipped, and says so.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::figures::{Figures, Goal, median};
use crate::campaign::photos::trial::{Form, TAG, Trial};

/// How the names of the figures begin.
const NAMES: [&str; 3] = ["photo_reduce_", "photo_equal_bytes_", "photo_read_copy_ms"];

/// Whether a figure whose name contains this is among these.
#[must_use]
pub fn is_wanted(only: &str) -> bool {
    let mut names = NAMES.into_iter();
    names.any(|name| name.contains(only) || only.contains(name))
}

/// How often each program reduces each photo, in turns.
const ROUNDS: usize = 7;

/// Specimens that are compared at equal bytes.
const COMPARED: u64 = 24;

/// The first seed of them.
const COMPARED_FROM: u64 = 30_001;

/// Debian's name of ImageMagick's program, then those elsewhere.
const MAGICKS: [&str; 3] = ["convert-im6.q16", "magick", "convert"];

/// A program that makes a smaller copy of a photo.
struct Reducer {
    name: &'static str,
    program: PathBuf,
}

impl Reducer {
    /// Its arguments to make `output` of `input`.
    fn arguments(&self, input: &Path, output: &Path) -> Vec<String> {
        let text = |path: &Path| path.display().to_string();
        let (input, output) = (text(input), text(output));
        match self.name {
            "saksi" => vec!["reduce".into(), input, output],
            "vips" => vec![
                input,
                "--size".into(),
                "2000x2000".into(),
                "-o".into(),
                format!("{output}[Q=75,strip]"),
            ],
            _ => {
                let options = [
                    "-auto-orient",
                    "-resize",
                    "2000x2000>",
                    "-strip",
                    "-quality",
                ];
                let options = options.into_iter().map(str::to_owned);
                let ends = ["75".to_owned(), output];
                [input].into_iter().chain(options).chain(ends).collect()
            }
        }
    }
}

/// What one run of a program cost.
#[derive(Debug, Clone, Copy)]
struct Cost {
    wall_ms: f64,
    user_ms: f64,
    peak_mb: f64,
    size_bytes: f64,
}

/// Measures with a photo of 12 megapixels; `saksi_photo` is our program.
///
/// # Errors
/// When our own program fails.
pub fn measure(figures: &mut Figures, photo: &Path, saksi_photo: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    read_copy(figures, photo)?;
    if !has("/usr/bin/time", "--version") || !has("taskset", "--version") {
        println!("! GNU time or taskset is not installed: nothing is compared with peers");
        return Ok(());
    }
    let mut reducers = vec![Reducer {
        name: "saksi",
        program: saksi_photo.to_owned(),
    }];
    let has_vips = has("vipsthumbnail", "--vips-version");
    if has_vips {
        reducers.push(Reducer {
            name: "vips",
            program: "vipsthumbnail".into(),
        });
    } else {
        println!("! vipsthumbnail is not installed (Debian: libvips-tools): not compared");
    }
    let magick = MAGICKS.into_iter().find(|name| has(name, "-version"));
    if let Some(magick) = magick {
        reducers.push(Reducer {
            name: "magick",
            program: magick.into(),
        });
    } else {
        println!("! ImageMagick is not installed (Debian: imagemagick): not compared");
    }
    costs(figures, &reducers, "420", photo)?;
    if let Some(magick) = magick {
        let kinds: [(&str, [&str; 2]); 2] = [
            ("422", ["-sampling-factor", "2x1"]),
            ("progressive", ["-interlace", "JPEG"]),
        ];
        for (kind, options) in kinds {
            let other = folder.path().join(format!("{kind}.jpg"));
            let made = Command::new(magick)
                .arg(photo)
                .args(options)
                .args(["-quality", "93"])
                .arg(&other)
                .status()?;
            ensure!(made.success(), "{magick} made no {kind} photo");
            costs(figures, &reducers, kind, &other)?;
        }
    }
    if has_vips {
        equal_bytes(figures, folder.path())?;
    }
    Ok(())
}

fn has(program: &str, version: &str) -> bool {
    let said = Command::new(program).arg(version).output();
    said.is_ok_and(|said| said.status.success())
}

/// How long reading a page from its reading copy takes, judgement included.
fn read_copy(figures: &mut Figures, photo: &Path) -> Result<()> {
    let copy = photo::reduce(&std::fs::read(photo)?)?.jpeg;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        photo::page::read_page(&copy)?;
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    let goal = Some(Goal::AtMost(100.0));
    figures.add("photo_read_copy_ms", median(&times), "ms", goal);
    Ok(())
}

/// All programs in turns on one photo.
fn costs(figures: &mut Figures, reducers: &[Reducer], kind: &str, photo: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut all: Vec<Vec<Cost>> = vec![Vec::new(); reducers.len()];
    for _ in 0..ROUNDS {
        for (reducer, costs) in reducers.iter().zip(&mut all) {
            costs.push(cost(reducer, photo, &folder.path().join("copy.jpg"))?);
        }
    }
    let of = |costs: &[Cost], pick: fn(&Cost) -> f64| {
        median(&costs.iter().map(pick).collect::<Vec<f64>>())
    };
    for (reducer, costs) in reducers.iter().zip(&all) {
        let name = |what: &str| format!("photo_reduce_{kind}_{}_{what}", reducer.name);
        let is_ours = reducer.name == "saksi";
        let memory = is_ours.then_some(Goal::AtMost(100.0));
        figures.add(&name("wall_ms"), of(costs, |cost| cost.wall_ms), "ms", None);
        figures.add(&name("user_ms"), of(costs, |cost| cost.user_ms), "ms", None);
        figures.add(
            &name("peak_mb"),
            of(costs, |cost| cost.peak_mb),
            "MB",
            memory,
        );
        figures.add(
            &name("bytes"),
            of(costs, |cost| cost.size_bytes),
            "bytes",
            None,
        );
    }
    if let ([ours, theirs, ..], [_, peer, ..]) = (all.as_slice(), reducers)
        && peer.name == "vips"
    {
        let ratio = |pick: fn(&Cost) -> f64| of(ours, pick) / of(theirs, pick);
        let wall = ratio(|cost| cost.wall_ms);
        let goal = Some(Goal::AtMost(0.5));
        figures.add(&format!("photo_reduce_{kind}_wall_of_vips"), wall, "", goal);
        let user = ratio(|cost| cost.user_ms);
        figures.add(&format!("photo_reduce_{kind}_user_of_vips"), user, "", None);
    }
    Ok(())
}

/// One run on one core.
fn cost(reducer: &Reducer, photo: &Path, copy: &Path) -> Result<Cost> {
    let started = Instant::now();
    let ran = Command::new("taskset")
        .args(["-c", "0", "/usr/bin/time", "-f", "%U %M"])
        .arg(&reducer.program)
        .args(reducer.arguments(photo, copy))
        .env("VIPS_CONCURRENCY", "1")
        .output()?;
    let wall_ms = started.elapsed().as_secs_f64() * 1_000.0;
    let said = String::from_utf8_lossy(&ran.stderr);
    ensure!(ran.status.success(), "{}: {said}", reducer.name);
    let last = said.lines().last().context("time said nothing")?;
    let (user_s, peak_kb) = last.split_once(' ').context("time said something else")?;
    Ok(Cost {
        wall_ms,
        user_ms: user_s.parse::<f64>()? * 1_000.0,
        peak_mb: peak_kb.parse::<f64>()? / 1_000.0,
        size_bytes: std::fs::metadata(copy)?.len() as f64,
    })
}

/// Legibility of our copies and of libvips', at equal bytes.
fn equal_bytes(figures: &mut Figures, folder: &Path) -> Result<()> {
    let form = Form::ppwp()?;
    let (mut ours, mut theirs) = ([0_u64; 3], [0_u64; 3]);
    let (mut options, mut bytes) = (0, [0.0, 0.0]);
    for seed in COMPARED_FROM..COMPARED_FROM + COMPARED {
        let mut trial = Trial::of(&form, seed);
        trial.shot.megapixels = 12.0;
        let photo = trial.photograph()?;
        let copy = photo::reduce(&photo)?.jpeg;
        let other = of_vips(&photo, copy.len(), folder)?;
        options += trial.counts.len();
        bytes[0] += copy.len() as f64;
        bytes[1] += other.len() as f64;
        for (sums, copy) in [(&mut ours, &copy), (&mut theirs, &other)] {
            for (sum, more) in sums.iter_mut().zip(legible(&trial, copy)?) {
                *sum += more;
            }
        }
    }
    let percent = |part: u64, whole: u64| 100.0 * part as f64 / whole.max(1) as f64;
    let kinds = [("saksi", ours, bytes[0]), ("vips", theirs, bytes[1])];
    for (name, [tags, right, wrong], bytes) in kinds {
        let figure = |what: &str| format!("photo_equal_bytes_{name}_{what}");
        let mean = bytes / COMPARED as f64;
        figures.add(&figure("mean_bytes"), mean, "bytes", None);
        figures.add(&figure("tag_percent"), percent(tags, COMPARED), "%", None);
        let right = percent(right, options as u64);
        figures.add(&figure("right_percent"), right, "%", None);
        figures.add(&figure("wrong_options"), wrong as f64, "", None);
    }
    Ok(())
}

/// Whether the tag is found, and how many options are read right and wrong.
fn legible(trial: &Trial<'_>, copy: &[u8]) -> Result<[u64; 3]> {
    let reading = photo::page::read_page(copy)?;
    let has_tag = reading.tag.is_some_and(|tag| tag.number == TAG);
    let (mut right, mut wrong) = (0, 0);
    for figure in &reading.figures {
        match (figure.number, trial.counts.get(&figure.id)) {
            (Some(number), Some(written)) if number == *written => right += 1,
            (Some(_), _) => wrong += 1,
            (None, _) => {}
        }
    }
    Ok([u64::from(has_tag), right, wrong])
}

/// The largest of libvips' copies that is no larger than this.
fn of_vips(photo: &[u8], at_most_bytes: usize, folder: &Path) -> Result<Vec<u8>> {
    let (input, output) = (folder.join("photo.jpg"), folder.join("vips.jpg"));
    std::fs::write(&input, photo)?;
    let made = |quality: u8| -> Result<Vec<u8>> {
        let made = Command::new("vipsthumbnail")
            .arg(&input)
            .args(["--size", "2000x2000", "-o"])
            .arg(format!("{}[Q={quality},strip]", output.display()))
            .status()?;
        ensure!(made.success(), "vipsthumbnail made nothing of a specimen");
        Ok(std::fs::read(&output)?)
    };
    let (mut low, mut high) = (10, 95);
    let mut best = made(low)?;
    while high - low > 1 {
        let middle = u8::midpoint(low, high);
        let copy = made(middle)?;
        if copy.len() <= at_most_bytes {
            (low, best) = (middle, copy);
        } else {
            high = middle;
        }
    }
    Ok(best)
}
