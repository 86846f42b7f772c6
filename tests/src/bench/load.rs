//! Many requests at the same time.

use std::future::Future;

use anyhow::Result;
use futures_util::{StreamExt as _, TryStreamExt as _};

/// Runs all of some work, so much of it at once; its results in no order.
///
/// # Errors
/// The first one.
pub async fn all<T, F>(work: impl IntoIterator<Item = F>, at_once: usize) -> Result<Vec<T>>
where
    F: Future<Output = Result<T>>,
{
    futures_util::stream::iter(work)
        .buffer_unordered(at_once)
        .try_collect()
        .await
}
