//! `enrol-code`: one new code for one more device.

use std::io::Write as _;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use domain::TpsCode;
use protocol::EnrolCode;
use protocol::pack::WitnessRole;

use crate::config::DataArgs;
use crate::enrol::code::{CodeFault, NewDevice, make_code};
use crate::operations::open;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 60 * 60 * 1_000;

#[derive(Debug, Args)]
pub(super) struct EnrolCodeArgs {
    #[command(flatten)]
    data: DataArgs,

    /// Code of the polling station, 13 digits.
    #[arg(long, value_name = "CODE")]
    tps: TpsCode,

    /// Name of the witness. The same name at the same polling station is the
    /// same witness, with one more device.
    #[arg(long, value_name = "NAME")]
    witness: String,

    /// Where the witness stands.
    #[arg(long, value_enum, default_value_t = RoleArg::Inside)]
    role: RoleArg,

    /// Hours until the code expires, at most a year.
    #[arg(long, default_value_t = 168, value_name = "HOURS",
          value_parser = clap::value_parser!(i64).range(1..=8_784))]
    valid_hours: i64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum RoleArg {
    /// Inside the polling station, with a mandate.
    Inside,
    /// Outside, as the second.
    Outside,
    /// In reserve.
    Reserve,
}

impl From<RoleArg> for WitnessRole {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Inside => Self::Inside,
            RoleArg::Outside => Self::Outside,
            RoleArg::Reserve => Self::Reserve,
        }
    }
}

/// Prints the code alone on a line.
pub(super) async fn enrol_code(args: EnrolCodeArgs) -> anyhow::Result<()> {
    open::require_data(&args.data)?;
    let (app, tasks) = open::data(&args.data).await?;
    let wanted = NewDevice {
        tps: args.tps,
        witness: args.witness,
        role: args.role.into(),
        valid_ms: args.valid_hours.saturating_mul(HOUR_MS),
    };
    let key = Arc::clone(&app.key);
    let code: Result<EnrolCode, CodeFault> = app
        .writer
        .run(move |tx| Box::pin(async move { make_code(tx, &key, None, wanted).await }))
        .await;
    tasks.finish(app).await;
    writeln!(std::io::stdout().lock(), "{}", code?)?;
    Ok(())
}
