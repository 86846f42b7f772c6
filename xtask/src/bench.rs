//! bench
use crate::cli::BenchOptions;
use anyhow::Result;
/// `cargo xtask bench`.
pub(crate) fn command(_options: &BenchOptions) -> Result<()> {
    Ok(())
}
