//! Pages as if photographed from straight in front, and a memory of the last
//! ones: a coordinator goes back and forth between them.
//!
//! Another way to look at a photo, made when it is asked for; the evidence is
//! the photo.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use protocol::ProblemCode;

use crate::api_problem::ApiProblem;
use crate::app::App;

/// Bytes of pictures in each of the two generations that are remembered.
const GENERATION_BYTES: usize = 16 * 1024 * 1024;
/// What a photo without a page costs to be remembered, about.
const ENTRY_BYTES: usize = 256;

/// The last pages that were straightened; photos on which no page was found
/// too. The least recently used are forgotten first, half of them at a time.
#[derive(Debug, Default)]
pub(super) struct Straightened(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<String, Option<Bytes>>,
    old: HashMap<String, Option<Bytes>>,
    young_bytes: usize,
}

impl Straightened {
    fn get(&self, sha256: &str) -> Option<Option<Bytes>> {
        let mut generations = self.generations();
        if let Some(known) = generations.young.get(sha256) {
            return Some(known.clone());
        }
        let known = generations.old.remove(sha256)?;
        generations.put(sha256, known.clone());
        Some(known)
    }

    fn put(&self, sha256: &str, page: Option<Bytes>) {
        self.generations().put(sha256, page);
    }

    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn put(&mut self, sha256: &str, page: Option<Bytes>) {
        let size = page.as_ref().map_or(0, Bytes::len);
        let size = size.saturating_add(ENTRY_BYTES);
        if self.young_bytes.saturating_add(size) > GENERATION_BYTES {
            self.old = std::mem::take(&mut self.young);
            self.young_bytes = 0;
        }
        self.young_bytes = self.young_bytes.saturating_add(size);
        self.young.insert(sha256.to_owned(), page);
    }
}

/// The page on a photo that is here, straightened.
///
/// # Errors
/// `not_found` when the photo is not here or no page was found on it,
/// `not_a_photo` when it cannot be decoded, or a storage problem.
pub(super) async fn straight(app: &App, sha256: &str) -> Result<Bytes, ApiProblem> {
    let page = match app.room.straightened.get(sha256) {
        Some(page) => page,
        None => {
            let photo = app.photos.read(sha256).await?;
            let page = straightened(app, photo).await?;
            app.room.straightened.put(sha256, page.clone());
            page
        }
    };
    page.ok_or_else(|| {
        let detail = "no page of a form was found on this photo";
        ApiProblem::because(ProblemCode::NotFound, detail)
    })
}

async fn straightened(app: &App, photo: Bytes) -> Result<Option<Bytes>, ApiProblem> {
    let places = &app.room.thumbnail_places;
    let _place = places.acquire().await.map_err(ApiProblem::internal)?;
    let work = tokio::task::spawn_blocking(move || photo::page::straighten(&photo));
    let page = work.await.map_err(ApiProblem::internal)?;
    let page =
        page.map_err(|cause| ApiProblem::because(ProblemCode::NotAPhoto, cause.to_string()))?;
    Ok(page.map(|page| page.jpeg.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_looked_at_last_are_remembered_within_bounds() {
        let memory = Straightened::default();
        let page = |size: usize| Some(Bytes::from(vec![0; size]));
        memory.put("none", None);
        memory.put("first", page(GENERATION_BYTES / 2));
        assert_eq!(memory.get("none"), Some(None));
        memory.put("second", page(GENERATION_BYTES / 2));
        assert!(memory.get("first").is_some(), "and it is young again");
        memory.put("third", page(GENERATION_BYTES / 2));
        memory.put("fourth", page(GENERATION_BYTES / 2));
        memory.put("fifth", page(GENERATION_BYTES / 2));
        assert_eq!(memory.get("second"), None);
        assert_eq!(memory.get("unknown"), None);
        let held = memory.generations();
        assert!(held.young.len() + held.old.len() <= 3);
    }
}
