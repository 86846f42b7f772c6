//! What the analysis cannot know of itself: when polling stations close, and
//! which options are the party's own. Kept for each election, set by an admin,
//! logged.

use axum::Json;
use axum::extract::State;
use protocol::encoding::sha256_hex;
use protocol::irregularity::{IrregularitySettings, IrregularitySettingsRequest, OwnOption};
use protocol::{ProblemCode, Timestamp};
use sqlx::{AnyConnection, Row as _};

use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::catalogue::Catalogue;
use crate::log::Event;
use crate::room::{Change, SignedIn, json, may_administer};
use crate::storage::{StorageError, Tx};

/// What the analysis is told.
#[utoipa::path(get, path = "/v1/irregularities/settings", tag = "irregularities", responses(
    (status = 200, body = IrregularitySettings),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: not for operators"),
    (status = 404, description = "No election is set up here"),
))]
pub(super) async fn show(
    State(app): State<AppState>,
    _: SignedIn,
) -> Result<Json<IrregularitySettings>, ApiProblem> {
    let (election, _) = election(&app).await?;
    let mut connection = app.storage.reading().acquire().await?;
    Ok(Json(read(&mut connection, &election).await?))
}

/// Tells the analysis; everything that is here is looked at again.
#[utoipa::path(post, path = "/v1/irregularities/settings", tag = "irregularities",
    request_body = IrregularitySettingsRequest,
    responses(
        (status = 200, body = IrregularitySettings),
        (status = 400, description = "`request_invalid`: a contest or option that is not held"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` (for admins only) or `cross_origin`"),
        (status = 404, description = "No election is set up here"),
    ))]
pub(super) async fn set(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<IrregularitySettingsRequest>,
) -> Result<Json<IrregularitySettings>, ApiProblem> {
    may_administer(&who)?;
    let (election, catalogue) = election(&app).await?;
    check(&catalogue, &election, &asked.own)?;
    let by = who.user.name;
    let settings = app
        .writer
        .run::<_, ApiProblem, _>(move |tx| {
            Box::pin(async move { Ok(keep(tx, election, by, asked).await?) })
        })
        .await?;
    Ok(Json(settings))
}

async fn election(app: &App) -> Result<(String, std::sync::Arc<Catalogue>), ApiProblem> {
    let catalogue = app.catalogues.get().await?;
    let newest = catalogue.newest_election().map(|one| one.id.clone());
    Ok((newest.ok_or(ProblemCode::NotFound)?, catalogue))
}

fn check(catalogue: &Catalogue, election: &str, own: &[OwnOption]) -> Result<(), ApiProblem> {
    let invalid = |detail: String| ApiProblem::because(ProblemCode::RequestInvalid, detail);
    for (at, one) in own.iter().enumerate() {
        let contest = catalogue.contest_of(election, &one.contest, &one.region);
        let contest = contest.ok_or_else(|| {
            invalid(format!(
                "no contest {} is held in {}",
                one.contest, one.region
            ))
        })?;
        if !contest.options.iter().any(|it| it.number == one.option) {
            return Err(invalid(format!(
                "{} has no option {}",
                contest.id, one.option
            )));
        }
        let mut before = own.iter().take(at);
        if before.any(|it| it.contest == one.contest && it.region == one.region) {
            return Err(invalid(format!("{} is named twice", contest.id)));
        }
    }
    Ok(())
}

/// The settings of an election; nothing set while nobody has.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn read(
    connection: &mut AnyConnection,
    election: &str,
) -> Result<IrregularitySettings, StorageError> {
    let row = sqlx::query(
        "SELECT body, changed_by, changed_at FROM irregularity_settings WHERE election = $1",
    )
    .bind(election.to_owned())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(IrregularitySettings {
            settings: IrregularitySettingsRequest::default(),
            changed_by: None,
            changed_at: None,
        });
    };
    let changed_at: i64 = row.try_get("changed_at")?;
    Ok(IrregularitySettings {
        settings: json(&row, "body")?,
        changed_by: row.try_get("changed_by")?,
        changed_at: Some(Timestamp::from_unix_ms(changed_at)),
    })
}

async fn keep(
    tx: &mut Tx,
    election: String,
    by: String,
    asked: IrregularitySettingsRequest,
) -> Result<IrregularitySettings, StorageError> {
    let body =
        serde_json::to_string(&asked).map_err(|cause| StorageError::corrupt("settings", cause))?;
    let (now_ms, log_index) = (tx.now_ms(), tx.next_log_index());
    sqlx::query(
        "INSERT INTO irregularity_settings (election, body, changed_by, changed_at, log_index)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (election) DO UPDATE SET body = excluded.body,
             changed_by = excluded.changed_by, changed_at = excluded.changed_at,
             log_index = excluded.log_index",
    )
    .bind(election.clone())
    .bind(body.clone())
    .bind(by.clone())
    .bind(now_ms)
    .bind(log_index)
    .execute(tx.conn())
    .await?;
    let event = Event::IrregularitySettings {
        election: election.clone(),
        digest: digest(&body),
    };
    tx.append(Some(&by), &event)?;
    read(tx.conn(), &election).await
}

/// Hash of settings as they are kept.
#[must_use]
pub(crate) fn digest(body: &str) -> String {
    sha256_hex(body.as_bytes())
}
