//! Where the sheets lie in photos, so that a screen can show a page as if
//! photographed from straight in front; and a memory of what was made out.
//!
//! Made out when it is asked for first: most photos are looked at as they are.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::Json;
use axum::extract::{Path, State};
use photo::page::{SheetPlace, find_sheet};
use protocol::ProblemCode;
use protocol::encoding::is_sha256_hex;

use super::photos::is_seen_by;
use super::signed_in::SignedIn;
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};

/// Photos in each of the two generations that are remembered: those of a
/// province, in about 3 MB.
const GENERATION_PHOTOS: usize = 16_384;

/// Where the last sheets that were asked for lie; photos on which none was
/// found too. The least recently used are forgotten first, half of them at a
/// time.
#[derive(Debug, Default)]
pub(super) struct Sheets(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<String, Option<SheetPlace>>,
    old: HashMap<String, Option<SheetPlace>>,
}

impl Sheets {
    fn get(&self, sha256: &str) -> Option<Option<SheetPlace>> {
        let mut generations = self.generations();
        if let Some(known) = generations.young.get(sha256) {
            return Some(*known);
        }
        let known = generations.old.remove(sha256)?;
        generations.put(sha256, known);
        Some(known)
    }

    fn put(&self, sha256: &str, sheet: Option<SheetPlace>) {
        self.generations().put(sha256, sheet);
    }

    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Generations {
    fn put(&mut self, sha256: &str, sheet: Option<SheetPlace>) {
        if self.young.len() >= GENERATION_PHOTOS {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(sha256.to_owned(), sheet);
    }
}

/// Where the sheet lies in a photo that is complete here.
#[utoipa::path(get, path = "/v1/photos/{sha256}/sheet", tag = "photos",
    params(("sha256" = String, Path, description = "Hash of the photo, in hex")),
    responses(
        (status = 200, body = SheetPlace),
        (status = 401, description = "`not_signed_in`"),
        (status = 404, description = "The photo is not here, not for the caller to see, or shows no page that is known"),
        (status = 422, description = "`not_a_photo`: it cannot be decoded"),
    ))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
    Path(sha256): Path<String>,
) -> Result<Json<SheetPlace>, ApiProblem> {
    if !is_sha256_hex(&sha256) || !is_seen_by(app.storage.reading(), &sha256, &who).await? {
        return Err(ProblemCode::NotFound.into());
    }
    let sheet = match app.room.sheets.get(&sha256) {
        Some(sheet) => sheet,
        None => {
            let sheet = found(&app, &sha256).await?;
            app.room.sheets.put(&sha256, sheet);
            sheet
        }
    };
    sheet.map(Json).ok_or_else(|| {
        let detail = "no page of a form was found on this photo";
        ApiProblem::because(ProblemCode::NotFound, detail)
    })
}

async fn found(app: &App, sha256: &str) -> Result<Option<SheetPlace>, ApiProblem> {
    let photo = app.photos.read(sha256).await?;
    let _place = app.room.decoding_place().await?;
    tokio::task::spawn_blocking(move || find_sheet(&photo))
        .await
        .map_err(ApiProblem::internal)?
        .map_err(|cause| ApiProblem::because(ProblemCode::NotAPhoto, cause.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_photos_asked_for_last_are_remembered_within_bounds() {
        let memory = Sheets::default();
        memory.put("first", None);
        for number in 0..GENERATION_PHOTOS {
            memory.put(&number.to_string(), None);
        }
        assert_eq!(memory.get("first"), Some(None), "and it is young again");
        for number in 0..GENERATION_PHOTOS {
            memory.put(&format!("{number} more"), None);
        }
        assert_eq!(memory.get("first"), Some(None));
        assert_eq!(memory.get("0"), None);
        assert_eq!(memory.get("unknown"), None);
        let held = memory.generations();
        assert!(held.young.len() + held.old.len() <= 2 * GENERATION_PHOTOS);
    }
}
