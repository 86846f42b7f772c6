//! Giving an exported file to the person: a phone opens its share sheet, a
//! desktop copies the file to where its downloads are.

use device::view::{Exported, Failure};
use serde::Serialize;
use tauri::{AppHandle, Runtime};

/// What was given, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Given {
    /// Name of the file.
    name: String,
    /// Its size.
    size_bytes: u64,
    /// Revisions in it.
    revisions: u32,
    /// Photos in it.
    photos: u32,
    /// Revisions and photos that it had no room for.
    left_out: u32,
    /// Where it lies now; `None` when the share sheet has it.
    path: Option<String>,
}

/// Gives the file away.
///
/// # Errors
/// [`Failure::DiskFull`] and the like where it is copied; [`Failure::Internal`]
/// when the phone cannot share.
pub(crate) async fn give<R: Runtime>(
    app: &AppHandle<R>,
    exported: Exported,
) -> Result<Given, Failure> {
    #[cfg(target_os = "android")]
    let path = crate::phone::share(app, &exported.file)
        .await
        .map(|()| None)?;
    #[cfg(not(target_os = "android"))]
    let path = Some(downloads::copy(app, &exported).await?);
    Ok(Given {
        name: exported.name,
        size_bytes: exported.size_bytes,
        revisions: exported.revisions,
        photos: exported.photos,
        left_out: exported.left_out,
        path,
    })
}

#[cfg(not(target_os = "android"))]
mod downloads {
    use std::fs::{self, File};
    use std::io;
    use std::path::{Path, PathBuf};

    use device::view::{Exported, Failure};
    use tauri::{AppHandle, Manager, Runtime};

    use crate::surroundings;

    /// How many files of one name may lie beside each other.
    const SAME_NAME_MAX: u32 = 99;

    /// Copies the file; answers where to. Where the system names no such
    /// folder, the file stays where it is.
    pub(super) async fn copy<R: Runtime>(
        app: &AppHandle<R>,
        exported: &Exported,
    ) -> Result<String, Failure> {
        let paths = app.path();
        let Ok(folder) = paths.download_dir().or_else(|_| paths.home_dir()) else {
            return Ok(exported.file.clone());
        };
        let (from, name) = (PathBuf::from(&exported.file), exported.name.clone());
        let copied =
            tauri::async_runtime::spawn_blocking(move || copy_beside(&from, &folder, &name));
        match copied.await {
            Ok(Ok(to)) => Ok(to.to_string_lossy().into_owned()),
            Ok(Err(cause)) => Err(surroundings::failure_of(&cause)),
            Err(cause) => {
                tracing::error!(%cause, "an export was not copied");
                Err(Failure::Internal)
            }
        }
    }

    /// Copies under `name`, or one like it that is not taken.
    fn copy_beside(from: &Path, folder: &Path, name: &str) -> io::Result<PathBuf> {
        fs::create_dir_all(folder)?;
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        for number in 1..=SAME_NAME_MAX {
            let to = folder.join(match number {
                1 => name.to_owned(),
                _ => format!("{stem} ({number}).{ending}"),
            });
            match File::create_new(&to) {
                Ok(mut file) => {
                    let whole =
                        io::copy(&mut File::open(from)?, &mut file).and_then(|_| file.sync_all());
                    return whole.map(|()| to.clone()).inspect_err(|_| {
                        if let Err(cause) = fs::remove_file(&to) {
                            tracing::warn!(%cause, "half a copy stays");
                        }
                    });
                }
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => {}
                Err(cause) => return Err(cause),
            }
        }
        Err(io::Error::other("too many files of that name"))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_second_export_lies_beside_the_first_and_both_are_whole() -> io::Result<()> {
            let dir = std::env::temp_dir().join(format!("saksi-giving-{}", std::process::id()));
            let from = dir.join("export");
            fs::create_dir_all(&dir)?;
            fs::write(&from, b"a bundle")?;
            let downloads = dir.join("downloads");
            let first = copy_beside(&from, &downloads, "tps-001.saksi")?;
            let second = copy_beside(&from, &downloads, "tps-001.saksi")?;
            assert_eq!(first, downloads.join("tps-001.saksi"));
            assert_eq!(second, downloads.join("tps-001 (2).saksi"));
            assert_eq!(fs::read(first)?, fs::read(second)?);
            fs::remove_dir_all(dir)
        }
    }
}
