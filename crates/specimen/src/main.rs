//! `specimen`: writes a folder of photographed sample forms.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use clap::{Parser, ValueEnum};
use domain::{Contest, Counts, FormLayout, TpsCode};
use indicatif::{ProgressBar, ProgressDrawTarget};
use sample::SampleElection;
use specimen::{Filled, Head, Shot};

/// Work that takes longer than this shows how far it is.
const QUIET_FOR: Duration = Duration::from_secs(2);

/// Writes photos of filled sample forms, one JPEG for each page.
///
/// The figures are those of the sample election, so that what is keyed from a
/// photo can be compared with what it should be. Nobody's name is on them.
#[derive(Parser)]
#[command(name = "specimen", version)]
struct Arguments {
    /// Folder to write to; made if it is not there.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Polling station of the sample election.
    #[arg(long, value_name = "CODE", default_value = "6472011001001")]
    tps: TpsCode,
    /// Contest: gub, wako or bup as held there; ppwp or dpr for the forms of a
    /// general election. All that are held there if not given.
    #[arg(long, value_name = "ID")]
    contest: Option<String>,
    /// The same seed gives the same photos.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Size of each photo in millions of pixels; phones take 12.
    #[arg(long, value_name = "N")]
    megapixels: Option<f32>,
    /// What kind of photo.
    #[arg(long, value_enum, default_value_t = Kind::Good)]
    shot: Kind,
}

/// Kinds of photos.
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Legible.
    Good,
    /// Too dark.
    Dark,
    /// Out of focus.
    Blurred,
    /// Too few pixels.
    Tiny,
}

/// A form to photograph, with its figures.
struct Form {
    contest: Contest,
    layout: FormLayout,
    counts: Counts,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let election = sample::kaltim()?;
    let forms = forms(&election, &arguments)?;
    std::fs::create_dir_all(&arguments.out)
        .with_context(|| format!("cannot make the folder {}", arguments.out.display()))?;
    let head = Head {
        place: election.place(&arguments.tps),
        number: arguments.tps.number().to_owned(),
        date: election.election.date.clone(),
    };
    let pages = forms
        .iter()
        .map(|form| form.layout.pages.len())
        .sum::<usize>();
    let started = Instant::now();
    let bar =
        ProgressBar::with_draw_target(u64::try_from(pages).ok(), ProgressDrawTarget::hidden());
    for form in &forms {
        for page in &form.layout.pages {
            let file = write_page(&arguments, &head, form, page.number)?;
            if bar.is_hidden() && started.elapsed() > QUIET_FOR {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            bar.inc(1);
            bar.suspend(|| writeln!(std::io::stdout(), "{}", file.display()))?;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

/// The forms asked for: one contest's, or those of all held at the station.
fn forms(election: &SampleElection, arguments: &Arguments) -> Result<Vec<Form>> {
    let code = &arguments.tps;
    let station = election
        .tps(code)
        .ok_or_else(|| anyhow!("{code} is not a polling station of the sample election"))?;
    let contests: Vec<Contest> = match arguments.contest.as_deref() {
        None => election.contests_at(code).into_iter().cloned().collect(),
        Some("ppwp") => vec![sample::ppwp()],
        Some("dpr") => vec![sample::dpr()],
        Some(id) => {
            let held = election.contest_at(code, id);
            let held = held.ok_or_else(|| anyhow!("{code} does not hold the contest {id}"))?;
            vec![held.clone()]
        }
    };
    let form = |contest: Contest| {
        let layout = sample::layout(&contest.form)?
            .ok_or_else(|| anyhow!("there is no form {}", contest.form))?;
        let counts = election
            .truth(code, &contest.id)
            .unwrap_or_else(|| sample::counts(&layout, &contest, station.roll, arguments.seed));
        Ok(Form {
            contest,
            layout,
            counts,
        })
    };
    contests.into_iter().map(form).collect()
}

/// Photographs one page and writes it; returns the file.
fn write_page(arguments: &Arguments, head: &Head, form: &Form, page: u32) -> Result<PathBuf> {
    let filled = Filled {
        form: &form.layout,
        contest: &form.contest,
        head,
        counts: &form.counts,
        seed: arguments.seed,
    };
    let seed = arguments.seed.wrapping_add(u64::from(page));
    let shot = match arguments.shot {
        Kind::Good => Shot::good(seed),
        Kind::Dark => Shot::dark(seed),
        Kind::Blurred => Shot::blurred(seed),
        Kind::Tiny => Shot::tiny(seed),
    };
    let shot = match arguments.megapixels {
        Some(megapixels) => shot.with_megapixels(megapixels),
        None => shot,
    };
    let jpeg = specimen::photograph(&filled, page, &shot)?;
    let name = format!("{}-halaman-{page}.jpg", form.contest.id);
    let file = Path::new(&arguments.out).join(name);
    std::fs::write(&file, jpeg).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}
