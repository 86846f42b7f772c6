//! `device list`, `device revoke`: the phones that may send.

use std::io::Write as _;

use anyhow::bail;
use clap::{Args, Subcommand};
use domain::TpsCode;
use protocol::Timestamp;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::open;
use crate::app::AppState;
use crate::config::DataArgs;
use crate::enrol;
use crate::storage::StorageError;

/// What to do with devices.
#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// List the devices of a polling station: id, witness, model, since when.
    List(ListArgs),
    /// Refuse a device from now on. What it has sent stays.
    Revoke(RevokeArgs),
}

/// Flags of `device list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Code of the polling station, 13 digits.
    #[arg(long, value_name = "CODE")]
    tps: TpsCode,
}

/// Flags of `device revoke`.
#[derive(Debug, Args)]
pub struct RevokeArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Id of the device, as `device list` prints it.
    #[arg(long)]
    id: String,
}

/// Does it.
///
/// # Errors
/// A sentence for the operator.
pub async fn run(command: DeviceCommand) -> anyhow::Result<()> {
    match command {
        DeviceCommand::List(args) => list(args).await,
        DeviceCommand::Revoke(args) => revoke(args).await,
    }
}

async fn list(args: ListArgs) -> anyhow::Result<()> {
    open::require_data(&args.data)?;
    let (app, tasks) = open::data(&args.data).await?;
    let rows = devices_at(&app, &args.tps).await;
    tasks.finish(app).await;
    let mut out = std::io::stdout().lock();
    for row in rows? {
        let text = |column: &str| row.try_get::<String, _>(column);
        let since = Timestamp::from_unix_ms(row.try_get("enrolled_at")?);
        let end = match row.try_get::<Option<i64>, _>("revoked_at")? {
            Some(_) => "\trevoked",
            None => "",
        };
        let (id, witness, model) = (text("id")?, text("name")?, text("model")?);
        writeln!(out, "{id}\t{witness}\t{model}\t{since}{end}")?;
    }
    Ok(())
}

/// Of witnesses who are posted there, or who have sent something from there.
async fn devices_at(app: &AppState, tps: &TpsCode) -> Result<Vec<AnyRow>, StorageError> {
    let sql = "SELECT d.id, w.name, d.model, d.enrolled_at, d.revoked_at
         FROM devices d JOIN witnesses w ON w.id = d.witness
         WHERE d.witness IN (SELECT witness FROM assignments WHERE tps = $1)
            OR d.id IN (SELECT r.device FROM revisions r JOIN slots s ON s.slot = r.slot
                        WHERE s.tps = $1)
         ORDER BY d.enrolled_at, d.id";
    Ok(sqlx::query(sql)
        .bind(tps.to_string())
        .fetch_all(app.storage.reading())
        .await?)
}

async fn revoke(args: RevokeArgs) -> anyhow::Result<()> {
    open::require_data(&args.data)?;
    let (app, tasks) = open::data(&args.data).await?;
    let id = args.id.clone();
    let was = app
        .writer
        .run::<_, StorageError, _>(move |tx| {
            Box::pin(async move { enrol::revoke(tx, None, &id).await })
        })
        .await;
    tasks.finish(app).await;
    if !was? {
        bail!("there is no device {} that may still send", args.id);
    }
    writeln!(
        std::io::stdout().lock(),
        "device {} is refused from now on; what it has sent stays",
        args.id
    )?;
    Ok(())
}
