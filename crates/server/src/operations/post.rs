//! `post`: a witness goes to another polling station.

use std::io::Write as _;

use clap::Args;
use domain::TpsCode;

use super::open;
use crate::config::DataArgs;
use crate::enrol::{PostingFault, move_witness};

/// Flags of `post`.
#[derive(Debug, Args)]
pub struct PostArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Name of the witness.
    #[arg(long, value_name = "NAME")]
    witness: String,
    /// Code of the polling station where the witness is posted now, 13 digits.
    #[arg(long, value_name = "CODE")]
    from: TpsCode,
    /// Code of the one to go to, 13 digits.
    #[arg(long, value_name = "CODE")]
    to: TpsCode,
}

/// Does it.
///
/// # Errors
/// A sentence for the operator.
pub async fn run(args: PostArgs) -> anyhow::Result<()> {
    open::require_data(&args.data)?;
    let (app, tasks) = open::data(&args.data).await?;
    let PostArgs {
        witness, from, to, ..
    } = args;
    let line = format!("{witness} is posted at {to} now; the phone hears of it when it has signal");
    let moved = app
        .writer
        .run::<_, PostingFault, _>(move |tx| {
            Box::pin(async move { move_witness(tx, None, &witness, from, to).await })
        })
        .await;
    tasks.finish(app).await;
    moved?;
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}
