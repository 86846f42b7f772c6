//! `seed kaltim`: the sample election.

use std::io::Write as _;
use std::time::Duration;

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::config::DataArgs;
use crate::operations::open;
use crate::seed::{self, ElectionData};
use crate::storage::StorageError;

/// A bar is shown for what takes longer than this.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Subcommand)]
pub(super) enum SeedArgs {
    /// East Kalimantan 2024: all 11,441 real polling stations, made-up pairs and rolls.
    Kaltim(DataArgs),
}

/// Puts the election in and says what is there now.
pub(super) async fn seed(args: SeedArgs) -> anyhow::Result<()> {
    let SeedArgs::Kaltim(args) = args;
    let election = ElectionData::from(sample::kaltim()?);
    let (name, tps) = (election.election.name.clone(), election.tps.len());
    let (app, tasks) = open::data(&args).await?;
    let mut bar = Bar::default();
    let seeded = app
        .writer
        .run(move |tx| {
            Box::pin(async move {
                let seeded = seed::seed(tx, election, |done, all| bar.show(done, all)).await;
                bar.clear();
                seeded
            })
        })
        .await;
    tasks.finish(app).await;
    let seeded: seed::Seeded = seeded.map_err(|cause: StorageError| cause)?;
    writeln!(
        std::io::stdout().lock(),
        "{name}: {tps} polling stations, {} slots ({} new)",
        seeded.slots,
        seeded.new_slots
    )?;
    Ok(())
}

/// A progress bar that shows itself only when things take long.
struct Bar {
    began: std::time::Instant,
    bar: Option<ProgressBar>,
}

impl Default for Bar {
    fn default() -> Self {
        Self {
            began: std::time::Instant::now(),
            bar: None,
        }
    }
}

impl Bar {
    fn show(&mut self, done: usize, all: usize) {
        if self.began.elapsed() < PATIENCE {
            return;
        }
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let bar = self.bar.get_or_insert_with(|| {
            let bar =
                ProgressBar::with_draw_target(Some(number(all)), ProgressDrawTarget::stderr());
            match ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}") {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        bar.set_position(number(done));
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
