//! Tells Tauri which commands the window may be given, and makes sure that
//! there are screens to embed.

use std::error::Error;
use std::fs;
use std::path::Path;

include!("src/command_names.rs");

/// Where `npm run build:field` leaves the screens.
const SCREENS: &str = "../ui/dist/field";

/// Stands in for the screens in a development build that has none yet, so
/// that the Rust of the app can be checked without Node.
const PLACEHOLDER: &str = "<!doctype html><meta charset=\"utf-8\"><title>Saksi</title>\
    <p>The screens are not built yet: run <code>npm run build:field</code> in <code>ui/</code>, then build the app again.</p>";

fn main() -> Result<(), Box<dyn Error>> {
    ensure_screens()?;
    println!("cargo:rerun-if-changed={SCREENS}");
    println!("cargo:rerun-if-changed=src/command_names.rs");
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}

/// A release without screens is refused; any other build gets a page that
/// says what is missing.
fn ensure_screens() -> Result<(), Box<dyn Error>> {
    let index = Path::new(SCREENS).join("index.html");
    if index.exists() {
        return Ok(());
    }
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        return Err("the screens are not built: run `npm run build:field` in ui/ first".into());
    }
    println!("cargo:warning=the screens are not built: run `npm run build:field` in ui/");
    fs::create_dir_all(SCREENS)?;
    fs::write(index, PLACEHOLDER)?;
    Ok(())
}
