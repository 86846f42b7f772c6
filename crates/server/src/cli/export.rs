//! `export`: all figures of a contest in a file.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use domain::RegionCode;

use crate::config::DataArgs;
use crate::operations::backup::progress;
use crate::operations::open;
use crate::workbooks::export::{By, Kind, Wanted, make};

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Id of the contest, as `gub`.
    #[arg(long, value_name = "ID")]
    contest: String,
    /// What one row stands for.
    #[arg(long, value_name = "LEVEL")]
    level: By,
    /// Only what lies in this region.
    #[arg(long, value_name = "CODE")]
    region: Option<RegionCode>,
    /// The file to write: `.xlsx` or `.csv`. It must not exist yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes the file, and says what it stands for.
pub(super) async fn export(args: ExportArgs) -> anyhow::Result<()> {
    let kind = match args.out.extension().and_then(|end| end.to_str()) {
        Some(end) if end.eq_ignore_ascii_case("xlsx") => Kind::Xlsx,
        Some(end) if end.eq_ignore_ascii_case("csv") => Kind::Csv,
        _ => anyhow::bail!("the name of the file ends in .xlsx or .csv"),
    };
    open::require_data(&args.data)?;
    let place = args.out.clone();
    // First of all: what cannot be written must not be in the log as exported.
    let out = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&place)
        .with_context(|| format!("{} cannot be written", place.display()))?;
    let filled = fill(args, kind, out).await;
    if filled.is_err() {
        // Half a table is none; why it failed is what is told.
        std::fs::remove_file(&place).ok();
    }
    filled
}

async fn fill(args: ExportArgs, kind: Kind, mut out: File) -> anyhow::Result<()> {
    let name = args.out.display();
    let (app, tasks) = open::data(&args.data).await?;
    let wanted = Wanted {
        contest: args.contest,
        by: args.level,
        region: args.region,
        kind,
        asked_by: None,
    };
    let bar = progress("polling stations", 0);
    let made = make(&app, &wanted, |read, all| {
        bar.set_length(u64::try_from(all).unwrap_or_default());
        bar.set_position(u64::try_from(read).unwrap_or_default());
    })
    .await;
    bar.finish_and_clear();
    tasks.finish(app).await;
    let mut made = made
        .map_err(|no| anyhow::anyhow!("{}", no.into_problem().title))
        .context("nothing was exported: is the contest's id right?")?;
    std::io::copy(&mut made.file, &mut out).with_context(|| format!("{name} cannot be written"))?;
    out.sync_all()?;
    writeln!(
        std::io::stdout().lock(),
        "{name}: {} rows as of {}, log entry {} {}",
        made.rows,
        made.moment.at,
        made.moment.log_index,
        made.moment.log_hash
    )?;
    Ok(())
}
