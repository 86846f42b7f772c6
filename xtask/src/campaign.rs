//! `cargo xtask campaign`: builds with optimisation, then hands over to
//! `saksi-campaign`, which starts, kills and starves real processes. A
//! database of its own stands beside it where one is needed.

use std::process::Command;

use anyhow::Result;
use clap::ValueEnum as _;

use crate::build::{self, Extent, Profile};
use crate::cli::{CampaignName, CampaignOptions, Purpose};
use crate::services::Postgres;
use crate::{paths, run, setup};

/// `cargo xtask campaign`.
pub(crate) fn command(options: &CampaignOptions) -> Result<()> {
    setup::ready_for(&[Purpose::Build, Purpose::Test])?;
    let built = build::workspace(Profile::Release, Extent::Programs)?;
    run::settle_disk()?;
    let postgres = match options.name {
        CampaignName::Photos | CampaignName::Room => None,
        _ => Some(Postgres::start()?),
    };
    let mut campaign = Command::new(built.program("saksi-campaign")?);
    if let Some(name) = options.name.to_possible_value() {
        campaign.arg(name.get_name());
    }
    if let Some(rounds) = options.rounds {
        campaign.args(["--rounds", &rounds.to_string()]);
    }
    if let Some(folder) = &options.keep {
        campaign.arg("--keep").arg(folder);
    }
    campaign
        .args(["--seed", &options.seed.to_string()])
        .arg("--figures")
        .arg(paths::figures());
    if let Some(postgres) = &postgres {
        campaign.env("SAKSI_TEST_POSTGRES", postgres.url());
    }
    run::in_foreground(campaign, "the campaign")
}
