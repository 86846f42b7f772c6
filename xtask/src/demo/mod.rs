//! demo
use crate::cli::DemoOptions;
use anyhow::Result;
/// `cargo xtask demo`.
pub(crate) fn command(_options: &DemoOptions) -> Result<()> {
    Ok(())
}
