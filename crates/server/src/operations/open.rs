//! Opening the data for a command that is not `serve`, beside a `serve` that
//! may be running on it.

use anyhow::bail;

use crate::app::{App, AppState, Tasks};
use crate::config::{Config, DataArgs, PhotosArgs};
use crate::keys::KEY_FILE;

/// Opens the data, without photos of another place than the data folder.
///
/// # Errors
/// A sentence for the operator.
pub async fn data(args: &DataArgs) -> anyhow::Result<(AppState, Tasks)> {
    with_photos(args, &PhotosArgs::default()).await
}

/// Opens the data and the place of the photos.
///
/// # Errors
/// A sentence for the operator.
pub async fn with_photos(
    args: &DataArgs,
    photos: &PhotosArgs,
) -> anyhow::Result<(AppState, Tasks)> {
    let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let config = Config {
        database_url: filled(&args.database_url),
        photos_url: filled(&photos.photos_url),
        ..Config::embedded(args.data.clone())
    };
    Ok(App::open(config).await?)
}

/// Refuses a folder in which no endpoint has ever run: opening it would make a
/// new, empty one, and a mistyped path would look like lost data.
///
/// # Errors
/// A sentence for the operator.
pub fn require_data(args: &DataArgs) -> anyhow::Result<()> {
    if !args.data.join(KEY_FILE).is_file() {
        bail!(
            "there is no endpoint's data in {}: is --data (or SAKSI_DATA) right?",
            args.data.display()
        );
    }
    Ok(())
}
