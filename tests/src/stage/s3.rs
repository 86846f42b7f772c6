//! A real S3 server over a folder, for the photos of a story.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Result, anyhow};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;

/// The one bucket.
const BUCKET: &str = "photos";
/// Made up; it opens nothing but a folder that goes away.
const ACCESS_KEY: &str = "story";
const SECRET_KEY: &str = "story-of-one-night";

/// An S3 server with an empty bucket, gone when dropped.
pub struct S3 {
    _folder: TempDir,
    address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl S3 {
    /// Starts it on a free port.
    ///
    /// # Errors
    /// When the folder or the port cannot be had.
    pub async fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir(folder.path().join(BUCKET))?;
        let files = FileSystem::new(folder.path()).map_err(|cause| anyhow!("{cause:?}"))?;
        let mut service = S3ServiceBuilder::new(files);
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY, SECRET_KEY));
        let service = service.build();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let service = service.clone();
                tokio::spawn(async move {
                    let http = Builder::new(TokioExecutor::new());
                    // A caller that goes away in the middle is no event here.
                    let _ = http.serve_connection(TokioIo::new(caller), service).await;
                });
            }
        });
        Ok(Self {
            _folder: folder,
            address,
            task,
        })
    }

    /// The environment in which an endpoint keeps its photos here.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("PHOTOS_URL", format!("s3://{BUCKET}/night")),
            ("AWS_ENDPOINT", format!("http://{}", self.address)),
            ("AWS_ALLOW_HTTP", "true".to_owned()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", ACCESS_KEY.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", SECRET_KEY.to_owned()),
        ]
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.task.abort();
    }
}
