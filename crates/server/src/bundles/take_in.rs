//! Taking in what a bundle holds.

use std::fs::File;
use std::io::BufReader;

use bytes::Bytes;
use protocol::bundle::{Bundle, BundleAnswer, BundleError, PhotoResult};
use protocol::revision::RevisionStatus;
use protocol::{Problem, ProblemCode};

use crate::api_problem::ApiProblem;
use crate::app::App;
use crate::intake::{self, Brought};
use crate::log::Event;
use crate::photos::take_whole;
use crate::storage::StorageError;

type Opened = Bundle<BufReader<File>>;

/// Takes in the bundle in `file`, for the device that carries it, or for the
/// counting room when there is none. Results are in the bundle's order.
///
/// # Errors
/// `bundle_invalid` or `too_large` when it is no bundle, and problems of the
/// endpoint's own; then some of it may be in, and bringing it again is right.
/// What is wrong with an entry stands in its result.
pub async fn take_in(
    app: &App,
    file: File,
    carrier: Option<&str>,
) -> Result<BundleAnswer, ApiProblem> {
    let place = app.bundles.at_work.acquire().await;
    let _place = place.map_err(ApiProblem::internal)?;
    let (mut bundle, brought) = blocking(move || open(file)).await?.map_err(no_bundle)?;
    let catalogue = app.catalogues.get().await?;
    let judged = intake::judge_brought(app, catalogue.clone(), brought).await?;
    let results = intake::take_in(app, &catalogue, judged, carrier).await?;
    let mut photos = Vec::with_capacity(bundle.photos.len());
    for sha256 in bundle.photos.clone() {
        let bytes;
        (bundle, bytes) = {
            let sha256 = sha256.clone();
            blocking(move || {
                let bytes = bundle.photo(&sha256);
                (bundle, bytes)
            })
            .await?
        };
        photos.push(photo(app, carrier, sha256, bytes).await?);
    }
    Ok(BundleAnswer { results, photos })
}

/// Puts it into the log that `by`, or the endpoint's own computer, brought this
/// bundle; a bundle that a device carries is noted with its envelopes.
///
/// # Errors
/// [`StorageError`].
pub async fn note(
    app: &App,
    by: Option<String>,
    answer: &BundleAnswer,
) -> Result<(), StorageError> {
    let count = |list: usize| u32::try_from(list).unwrap_or(u32::MAX);
    let event = Event::Brought {
        revisions: count(answer.results.len()),
        photos: count(answer.photos.len()),
    };
    app.writer.note(by.as_deref(), event).await?;
    Ok(())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiProblem> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(ApiProblem::internal)
}

fn open(file: File) -> Result<(Opened, Vec<Brought>), BundleError> {
    let mut bundle = Bundle::open(BufReader::new(file))?;
    let mut brought = Vec::with_capacity(bundle.envelopes.len());
    for name in bundle.envelopes.clone() {
        let text = match bundle.envelope(&name) {
            Err(BundleError::Io(cause)) => return Err(cause.into()),
            other => other.map_err(|cause| wrong(&cause, ProblemCode::EnvelopeInvalid)),
        };
        brought.push((name, text));
    }
    Ok((bundle, brought))
}

/// Problems of the endpoint's own end the whole; what is wrong with this photo
/// is its result.
async fn photo(
    app: &App,
    carrier: Option<&str>,
    sha256: String,
    bytes: Result<Vec<u8>, BundleError>,
) -> Result<PhotoResult, ApiProblem> {
    let taken = match bytes {
        Ok(bytes) => take_whole(app, carrier, &sha256, Bytes::from(bytes)).await,
        Err(BundleError::Io(cause)) => return Err(no_bundle(cause.into())),
        Err(cause) => {
            let problem = wrong(&cause, ProblemCode::HashMismatch);
            return Ok(refused(sha256, problem));
        }
    };
    match taken {
        Ok((status, receipt)) => Ok(PhotoResult {
            sha256,
            status,
            receipt: Some(receipt),
            problem: None,
        }),
        Err(no) => match no.code() {
            Some(
                ProblemCode::PhotoNotAnnounced
                | ProblemCode::HashMismatch
                | ProblemCode::NotAPhoto
                | ProblemCode::RequestInvalid,
            ) => Ok(refused(sha256, no.into_problem())),
            _ => Err(no),
        },
    }
}

fn refused(sha256: String, problem: Problem) -> PhotoResult {
    PhotoResult {
        sha256,
        status: RevisionStatus::Refused,
        receipt: None,
        problem: Some(problem),
    }
}

/// What is wrong with one entry.
fn wrong(cause: &BundleError, otherwise: ProblemCode) -> Problem {
    let code = match cause {
        BundleError::TooLarge => ProblemCode::TooLarge,
        _ => otherwise,
    };
    Problem::new(code).with_detail(cause.to_string())
}

fn no_bundle(cause: BundleError) -> ApiProblem {
    let code = match cause {
        BundleError::TooLarge => ProblemCode::TooLarge,
        BundleError::Zip(_) | BundleError::Empty | BundleError::DamagedPhoto(_) => {
            ProblemCode::BundleInvalid
        }
        BundleError::Io(cause) => {
            tracing::error!(%cause, "a bundle could not be read back");
            return ProblemCode::StorageFull.into();
        }
    };
    ApiProblem::because(code, cause.to_string())
}
