//! Where complete photos are: a folder, or a bucket of any S3.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{GetResult, ObjectStore, ObjectStoreExt as _};

/// Folder of photos in the data folder.
const PHOTOS_FOLDER: &str = "photos";

/// Why a photo could not be put away or fetched.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The place named by `PHOTOS_URL` is not one.
    #[error("PHOTOS_URL must look like s3://bucket/prefix")]
    NotAPlace,
    /// The place cannot be used as configured.
    #[error("the photos' place cannot be used: {0}")]
    Unusable(object_store::Error),
    /// The folder cannot be made.
    #[error("the folder for photos cannot be made: {0}")]
    Folder(std::io::Error),
    /// It should be there and is not.
    #[error("a photo is missing from its place")]
    Missing,
    /// Reading or writing failed.
    #[error("the photos' place failed: {0}")]
    Failed(object_store::Error),
    /// A file could not be put into the folder.
    #[error("a photo could not be moved into its place: {0}")]
    NotMoved(std::io::Error),
}

/// Where complete photos are.
#[derive(Debug, Clone)]
pub struct PhotoStore {
    objects: Arc<dyn ObjectStore>,
    /// The folder, when it is one.
    folder: Option<PathBuf>,
}

impl PhotoStore {
    /// The folder `photos` in `folder`, or S3 when there is a `photos_url`.
    ///
    /// # Errors
    /// [`StoreError`], a sentence for the operator.
    pub fn open(folder: &Path, photos_url: Option<&str>) -> Result<Self, StoreError> {
        match photos_url {
            Some(url) => bucket(url),
            None => local(&folder.join(PHOTOS_FOLDER)),
        }
    }

    /// Puts a photo away; it is durable when this returns. Putting the same
    /// photo again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn write(&self, sha256: &str, jpeg: Bytes) -> Result<(), StoreError> {
        let put = self.objects.put(&key(sha256), jpeg.into()).await;
        put.map(|_| ()).map_err(StoreError::Failed)
    }

    /// Makes the file at `from` the photo; it is durable when this returns. In
    /// a folder the file is flushed and renamed; it is gone then. A bucket is
    /// sent its bytes, and the file is left.
    ///
    /// # Errors
    /// [`StoreError::NotMoved`], [`StoreError::Failed`]; no byte is lost.
    pub async fn take(&self, sha256: &str, from: &Path) -> Result<(), StoreError> {
        if let Some(folder) = &self.folder {
            let to = folder.join(key(sha256).as_ref());
            let (from, shelves) = (from.to_owned(), folder.clone());
            let moving = tokio::task::spawn_blocking(move || take_file(&from, &to, &shelves));
            let moved = moving.await.map_err(std::io::Error::other);
            match moved.and_then(|moved| moved) {
                // The folder is another disk's: its bytes are copied.
                Err(cause) if cause.kind() == ErrorKind::CrossesDevices => {}
                other => return other.map_err(StoreError::NotMoved),
            }
        }
        let bytes = tokio::fs::read(from).await.map_err(StoreError::NotMoved)?;
        self.write(sha256, bytes.into()).await
    }

    /// A whole photo.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Failed`].
    pub async fn read(&self, sha256: &str) -> Result<Bytes, StoreError> {
        let found = self.open_photo(sha256).await?;
        found.bytes().await.map_err(StoreError::Failed)
    }

    /// Bytes of a photo that is there; `None` when it is not.
    ///
    /// # Errors
    /// [`StoreError::Failed`].
    pub async fn size(&self, sha256: &str) -> Result<Option<u64>, StoreError> {
        match self.objects.head(&key(sha256)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(other) => Err(StoreError::Failed(other)),
        }
    }

    /// A photo as a stream.
    ///
    /// # Errors
    /// [`StoreError::Missing`], [`StoreError::Failed`].
    pub async fn open_photo(&self, sha256: &str) -> Result<GetResult, StoreError> {
        let found = self.objects.get(&key(sha256)).await;
        found.map_err(|cause| match cause {
            object_store::Error::NotFound { .. } => StoreError::Missing,
            other => StoreError::Failed(other),
        })
    }
}

/// Two levels: a folder with a hundred thousand files is slow to look at.
fn key(sha256: &str) -> Key {
    let shelf: String = sha256.chars().take(2).collect();
    Key::from_iter([shelf, format!("{sha256}.jpg")])
}

/// Flushes `from` and renames it to `to`, in a folder of `shelves`.
fn take_file(from: &Path, to: &Path, shelves: &Path) -> std::io::Result<()> {
    std::fs::File::open(from)?.sync_all()?;
    let shelf = to.parent().unwrap_or(shelves);
    if !shelf.is_dir() {
        std::fs::create_dir_all(shelf)?;
        flush_folder(shelves)?;
    }
    std::fs::rename(from, to)?;
    flush_folder(shelf)
}

/// Without this a new name in the folder could be gone after a power cut.
fn flush_folder(folder: &Path) -> std::io::Result<()> {
    // Elsewhere a folder cannot be opened, and need not be.
    if cfg!(unix) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

fn local(folder: &Path) -> Result<PhotoStore, StoreError> {
    std::fs::create_dir_all(folder).map_err(StoreError::Folder)?;
    let objects = LocalFileSystem::new_with_prefix(folder).map_err(StoreError::Unusable)?;
    Ok(PhotoStore {
        // Without this a photo with a receipt could be gone after a power cut.
        objects: Arc::new(objects.with_fsync(true)),
        folder: Some(folder.to_owned()),
    })
}

fn bucket(url: &str) -> Result<PhotoStore, StoreError> {
    let place = url.strip_prefix("s3://").ok_or(StoreError::NotAPlace)?;
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    if bucket.is_empty() {
        return Err(StoreError::NotAPlace);
    }
    // The process may have installed it already, for other TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let endpoint = std::env::var("AWS_ENDPOINT")
        .or_else(|_| std::env::var("AWS_ENDPOINT_URL"))
        .unwrap_or_default();
    let objects = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        // Whoever writes http:// into the endpoint means it (a machine beside
        // this one); without an endpoint only https is spoken.
        .with_allow_http(endpoint.starts_with("http://"))
        .build()
        .map_err(StoreError::Unusable)?;
    Ok(PhotoStore {
        objects: Arc::new(PrefixStore::new(objects, prefix.trim_matches('/'))),
        folder: None,
    })
}
