//! Measures, prints, and writes the figures. Built with optimisation and
//! started by `cargo xtask bench`, which also gives it a database and a
//! display.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Parser;
use saksi_tests::bench::figures::Figures;
use saksi_tests::bench::{bundles, device, endpoint, photo, photo_peers, room, slow_phone, window};
use saksi_tests::demo::papers::Papers;

/// The measurements.
#[derive(Debug, Parser)]
struct Options {
    /// Only figures whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// The file that the figures are written to.
    #[arg(long, default_value = "figures.json")]
    out: PathBuf,
    /// The built screens.
    #[arg(long, default_value = "ui/dist")]
    bundles: PathBuf,
    /// Our program for one photo; by default the one beside this program.
    #[arg(long)]
    saksi_photo: Option<PathBuf>,
    /// Reduces one photo and says what it cost: for this program itself.
    #[arg(long, hide = true)]
    reduce: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    saksi_tests::install_tls();
    let options = Options::parse();
    let outcome = match &options.reduce {
        Some(file) => photo::reduce(file),
        None => measure(&options).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("error: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: &Options) -> Result<()> {
    let mut figures = Figures::new(&options.only);
    let folder = tempfile::tempdir()?;
    let (camera, copy) = photos(folder.path()).await?;
    if figures.wanted(bundles::NAMES) {
        bundles::measure(&mut figures, &options.bundles)?;
    }
    if figures.wanted(photo::NAMES) {
        photo::measure(&mut figures, &camera)?;
    }
    if photo_peers::is_wanted(&options.only) {
        let program = match &options.saksi_photo {
            Some(program) => program.clone(),
            None => std::env::current_exe()?.with_file_name("saksi-photo"),
        };
        photo_peers::measure(&mut figures, &camera, &program)?;
    }
    if figures.wanted(device::NAMES) {
        device::measure(&mut figures, &std::fs::read(&camera)?).await?;
    }
    if figures.wanted(window::NAMES) {
        window::measure(&mut figures).await?;
    }
    if figures.wanted(slow_phone::NAMES) {
        slow_phone::measure(&mut figures).await?;
    }
    let postgres = std::env::var("SAKSI_TEST_POSTGRES").ok();
    for (name, url) in [("sqlite", None), ("postgres", Some(postgres.as_deref()))] {
        let is_wanted = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|part| format!("{part}{name}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            figures.wanted(&names)
        };
        let (is_endpoint, is_room) = (is_wanted(endpoint::NAMES), is_wanted(room::NAMES));
        if !is_endpoint && !is_room {
            continue;
        }
        let url = url
            .map(|url| url.context("no PostgreSQL was given"))
            .transpose()?;
        if is_endpoint {
            endpoint::measure(&mut figures, url, &copy).await?;
        }
        if is_room {
            room::measure(&mut figures, url).await?;
        }
    }
    figures.finish(&options.out)
}

/// A camera's photo of 12 megapixels as a file, and a reading copy of about
/// 300 KB.
async fn photos(folder: &Path) -> Result<(PathBuf, Vec<u8>)> {
    let election = Arc::new(sample::kaltim()?);
    let slot = saksi_tests::demo::papers::first_slot(&election)?;
    let camera = Papers::of_megapixels(1, 12.0)
        .page(election, slot, 1, 0)
        .await?;
    let copy = photo_of_size(&camera)?;
    let file = folder.join("camera.jpg");
    std::fs::write(&file, camera)?;
    Ok((file, copy))
}

/// The reading copy, filled up to the size that is measured.
fn photo_of_size(camera: &[u8]) -> Result<Vec<u8>> {
    let mut jpeg = ::photo::reduce(camera)?.jpeg;
    // Bytes after the end of the picture belong to nobody, and are carried.
    jpeg.resize(jpeg.len().max(endpoint::PHOTO_BYTES), 0);
    Ok(jpeg)
}
