//! `serve`: runs the endpoint until it is told to stop.

use std::io::Write as _;

use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Config, ServeArgs};

/// Runs until SIGTERM or SIGINT. When requests are taken, one line with the
/// address goes to standard output; everything else goes to standard error.
pub(super) async fn serve(args: ServeArgs) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let running = crate::start(Config::try_from(args)?).await?;
    let url = running.url();
    let mut out = std::io::stdout().lock();
    writeln!(out, "siap di {url}")?;
    out.flush()?;
    drop(out);
    tracing::info!(url, "ready");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping");
    running.stop().await;
    tracing::info!("stopped");
    Ok(())
}
