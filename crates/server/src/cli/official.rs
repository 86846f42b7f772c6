//! `official`: official figures from a file at the endpoint's computer.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use clap::Args;

use crate::config::DataArgs;
use crate::official::{Bringing, FILE_MAX_BYTES, bring};
use crate::operations::open;

/// Flags of `official`.
#[derive(Debug, Args)]
pub(super) struct OfficialArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Id of the contest, such as gub.
    #[arg(long, value_name = "CONTEST")]
    contest: String,
    /// The figures: a table (CSV) with the columns that `findings` knows, or
    /// KPU's JSON. All of it is taken in, or nothing when anything is wrong.
    #[arg(long = "in", value_name = "FILE")]
    input: PathBuf,
    /// KPU's list of pairs (JSON with nomor_urut), for figures that name pairs
    /// by KPU's codes.
    #[arg(long, value_name = "FILE")]
    pairs: Option<PathBuf>,
}

/// Takes the file in, or says what is wrong with it.
pub(super) async fn official(args: OfficialArgs) -> anyhow::Result<()> {
    open::require_data(&args.data)?;
    let read = |path: &PathBuf| {
        let bytes = std::fs::read(path);
        bytes.with_context(|| format!("{} cannot be read", path.display()))
    };
    let mut bytes = read(&args.input)?;
    if let Some(pairs) = &args.pairs {
        bytes = together(&read(pairs)?, &bytes)?;
    }
    ensure!(
        bytes.len() <= FILE_MAX_BYTES,
        "a file has at most {FILE_MAX_BYTES} bytes"
    );
    let name = args.input.file_name().unwrap_or_default();
    let brought = Bringing {
        by: None,
        within: None,
        contest: args.contest.clone(),
        name: name.to_string_lossy().into_owned(),
        bytes,
    };
    let (app, tasks) = open::data(&args.data).await?;
    let answer = bring(&app, brought).await;
    tasks.finish(app).await;
    let answer = answer.map_err(|no| {
        let problem = no.into_problem();
        anyhow::anyhow!("{}: is there a contest {}?", problem.title, args.contest)
    })?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{} places with figures, {} without, {} elsewhere",
        answer.places, answer.blank, answer.elsewhere
    )?;
    for one in &answer.errors {
        writeln!(out, "  line {} {}: {}", one.line, one.place, one.why)?;
    }
    match answer.imported {
        Some(import) => writeln!(out, "taken in as entry {}", import.log_index)?,
        None => bail!(
            "nothing was taken in: {} things are wrong",
            answer.errors_all
        ),
    }
    Ok(())
}

/// Both as the one text that the import understands.
fn together(pairs: &[u8], figures: &[u8]) -> anyhow::Result<Vec<u8>> {
    let json = |bytes: &[u8], what: &str| -> anyhow::Result<serde_json::Value> {
        serde_json::from_slice(bytes).with_context(|| format!("the {what} are no JSON"))
    };
    let both = serde_json::json!({
        "pairs": json(pairs, "pairs")?,
        "figures": json(figures, "figures")?,
    });
    Ok(both.to_string().into_bytes())
}
