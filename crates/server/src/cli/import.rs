//! `import`: bundles that came on a stick, at the counting room's computer.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use protocol::bundle::BundleAnswer;
use protocol::limits::BUNDLE_MAX_BYTES;
use protocol::revision::RevisionStatus;
use protocol::{Problem, ProblemCode};

use crate::app::AppState;
use crate::bundles;
use crate::config::{DataArgs, PhotosArgs};
use crate::operations::open;

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    photos: PhotosArgs,

    /// The .saksi files. Taking in a file again, or one whose contents came
    /// another way, changes nothing. Ends with an error when anything was
    /// refused; the rest is taken in all the same.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What became of the entries of some kind.
#[derive(Debug, Default)]
struct Tally {
    new: usize,
    known: usize,
    refused: BTreeMap<String, usize>,
}

impl Tally {
    fn count(&mut self, status: RevisionStatus, problem: Option<&Problem>) {
        match status {
            RevisionStatus::Stored => self.new = self.new.saturating_add(1),
            RevisionStatus::Known => self.known = self.known.saturating_add(1),
            RevisionStatus::Refused => {
                let why = self.refused.entry(reason(problem)).or_default();
                *why = why.saturating_add(1);
            }
        }
    }

    fn refused(&self) -> usize {
        self.refused.values().sum()
    }
}

/// Says what became of each file, and fails when anything was refused.
pub(super) async fn import(args: ImportArgs) -> anyhow::Result<()> {
    open::require_data(&args.data)?;
    let (app, tasks) = open::with_photos(&args.data, &args.photos).await?;
    let mut bad = 0_usize;
    for file in &args.files {
        let name = file.display();
        match one(&app, file).await {
            Ok(answer) => bad = bad.saturating_add(say(file, &answer)?),
            Err(cause) => {
                bad = bad.saturating_add(1);
                writeln!(std::io::stdout().lock(), "{name}: not taken in: {cause:#}")?;
            }
        }
    }
    tasks.finish(app).await;
    if bad > 0 {
        bail!("{bad} of what was brought was refused; the rest is in");
    }
    Ok(())
}

async fn one(app: &AppState, path: &Path) -> anyhow::Result<BundleAnswer> {
    let file = File::open(path).context("the file cannot be read")?;
    let size_bytes = file.metadata().context("the file cannot be read")?.len();
    ensure!(
        size_bytes <= BUNDLE_MAX_BYTES,
        "it is larger than a bundle may be ({BUNDLE_MAX_BYTES} bytes)"
    );
    let taken = bundles::take_in(app, file, None).await;
    if let Ok(answer) = &taken {
        bundles::note(app, None, answer).await?;
    }
    taken.map_err(|no| {
        let problem = no.into_problem();
        let detail = problem.detail.unwrap_or_default();
        match problem.code {
            Some(ProblemCode::BundleInvalid) => anyhow::anyhow!("{detail}"),
            _ => anyhow::anyhow!("{} {detail}", problem.title),
        }
    })
}

/// Prints a file's lines and returns how much of it was refused.
fn say(file: &Path, answer: &BundleAnswer) -> std::io::Result<usize> {
    let (mut revisions, mut photos) = (Tally::default(), Tally::default());
    for one in &answer.results {
        revisions.count(one.status, one.problem.as_ref());
    }
    for one in &answer.photos {
        photos.count(one.status, one.problem.as_ref());
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", file.display())?;
    for (what, tally) in [("revisions", &revisions), ("photos", &photos)] {
        writeln!(
            out,
            "  {what:<10} {:>4} new {:>4} known {:>4} refused",
            tally.new,
            tally.known,
            tally.refused()
        )?;
        for (why, count) in &tally.refused {
            writeln!(out, "    {count:>4} {why}")?;
        }
    }
    Ok(revisions.refused().saturating_add(photos.refused()))
}

/// Why something was refused, in words for an operator.
fn reason(problem: Option<&Problem>) -> String {
    let Some(problem) = problem else {
        return "refused".to_owned();
    };
    let kept = "kept: a coordinator may let it in";
    let text = match problem.code {
        Some(ProblemCode::NotAssigned) => "of a polling station that is not the witness's",
        Some(ProblemCode::WindowClosed) => "outside the time of taking in",
        Some(ProblemCode::DeviceRevoked) => "signed by a phone that was revoked",
        Some(ProblemCode::DeviceUnknown) => "signed by a phone that is not known here",
        Some(ProblemCode::PhotoNotAnnounced) => "photo that no revision here names",
        Some(ProblemCode::HashMismatch) => "photo that was damaged on the way",
        _ => {
            let detail = problem.detail.as_deref().unwrap_or_default();
            return format!("{}: {detail}", problem.title);
        }
    };
    match problem.code {
        Some(ProblemCode::NotAssigned | ProblemCode::WindowClosed | ProblemCode::DeviceRevoked) => {
            format!("{text} ({kept})")
        }
        _ => text.to_owned(),
    }
}
