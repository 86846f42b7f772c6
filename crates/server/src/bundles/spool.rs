//! The body of a request, put into a file that nobody else sees.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt as _;
use protocol::ProblemCode;
use protocol::limits::BUNDLE_MAX_BYTES;

use crate::api_problem::ApiProblem;

/// How long a client may send nothing at all.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Reads `body` into a new file in `folder`. The file has no name: however
/// this process ends, nothing of it is left.
///
/// # Errors
/// `too_large`, `request_timeout`, `request_invalid` when the body breaks off,
/// or `storage_full`.
pub(super) async fn spool(body: Body, folder: PathBuf) -> Result<File, ApiProblem> {
    let mut file = on_disk(move || {
        std::fs::create_dir_all(&folder)?;
        tempfile::tempfile_in(&folder)
    })
    .await?;
    let mut pieces = body.into_data_stream();
    let mut received_bytes = 0_u64;
    loop {
        let piece = match tokio::time::timeout(IDLE_TIMEOUT, pieces.next()).await {
            Err(_) => return Err(ProblemCode::RequestTimeout.into()),
            Ok(None) => return Ok(file),
            Ok(Some(Err(cause))) => {
                let detail = format!("the bundle broke off: {cause}");
                return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
            }
            Ok(Some(Ok(piece))) => piece,
        };
        let size = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        received_bytes = received_bytes.saturating_add(size);
        if received_bytes > BUNDLE_MAX_BYTES {
            return Err(too_large());
        }
        file = on_disk(move || file.write_all(&piece).map(|()| file)).await?;
    }
}

pub(super) fn too_large() -> ApiProblem {
    let detail = format!("a bundle has at most {BUNDLE_MAX_BYTES} bytes");
    ApiProblem::because(ProblemCode::TooLarge, detail)
}

async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, ApiProblem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(ApiProblem::internal)?.map_err(|cause| {
        tracing::error!(%cause, "a bundle could not be put aside");
        ProblemCode::StorageFull.into()
    })
}
