//! How an election's forms are verified: kept here, set by an admin, logged.

use axum::Json;
use axum::extract::State;
use protocol::console::Role;
use protocol::queue::{QueueMode, QueueSettings, QueueSettingsRequest};
use protocol::{ProblemCode, Timestamp};
use sqlx::{AnyConnection, Row as _};

use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::log::Event;
use crate::room::{Change, SignedIn, from_word, word};
use crate::storage::{StorageError, Tx};

/// Of a hundred that were looked at, how many are read blind while nobody has
/// set it otherwise.
const CHECK_PERCENT_USUAL: u32 = 5;
/// All of them.
const CHECK_PERCENT_MAX: u32 = 100;

/// How forms are verified.
#[utoipa::path(get, path = "/v1/queue/settings", tag = "queue", responses(
    (status = 200, body = QueueSettings),
    (status = 401, description = "`not_signed_in`"),
    (status = 404, description = "No election is set up here"),
))]
pub(super) async fn show(
    State(app): State<AppState>,
    _: SignedIn,
) -> Result<Json<QueueSettings>, ApiProblem> {
    let election = election(&app).await?;
    let mut connection = app.storage.reading().acquire().await?;
    Ok(Json(read(&mut connection, &election).await?))
}

/// Sets how forms are verified from now on. What somebody holds stays as it is.
#[utoipa::path(post, path = "/v1/queue/settings", tag = "queue",
    request_body = QueueSettingsRequest,
    responses(
        (status = 200, body = QueueSettings),
        (status = 400, description = "`request_invalid`: more than 100 percent"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` (for admins only) or `cross_origin`"),
        (status = 404, description = "No election is set up here"),
    ))]
pub(super) async fn set(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<QueueSettingsRequest>,
) -> Result<Json<QueueSettings>, ApiProblem> {
    if who.user.role != Role::Admin {
        return Err(ProblemCode::NotAllowed.into());
    }
    if asked.check_percent > CHECK_PERCENT_MAX {
        let detail = format!("check_percent is at most {CHECK_PERCENT_MAX}");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let election = election(&app).await?;
    let by = who.user.name;
    let settings = app
        .writer
        .run::<_, ApiProblem, _>(move |tx| {
            Box::pin(async move { Ok(keep(tx, election, by, asked).await?) })
        })
        .await?;
    Ok(Json(settings))
}

/// The election that the counting room looks at.
///
/// # Errors
/// `not_found` when there is none.
pub(crate) async fn election(app: &App) -> Result<String, ApiProblem> {
    let catalogue = app.catalogues.get().await?;
    let newest = catalogue.newest_election();
    Ok(newest
        .map(|one| one.id.clone())
        .ok_or(ProblemCode::NotFound)?)
}

/// The settings of an election; the usual ones while nobody has set any.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn read(
    connection: &mut AnyConnection,
    election: &str,
) -> Result<QueueSettings, StorageError> {
    let row = sqlx::query(
        "SELECT mode, check_percent, changed_by, changed_at FROM queue_settings
         WHERE election = $1",
    )
    .bind(election.to_owned())
    .fetch_optional(connection)
    .await?;
    let Some(row) = row else {
        return Ok(QueueSettings {
            mode: QueueMode::Look,
            check_percent: CHECK_PERCENT_USUAL,
            changed_by: None,
            changed_at: None,
        });
    };
    let percent: i64 = row.try_get("check_percent")?;
    let changed_at: i64 = row.try_get("changed_at")?;
    Ok(QueueSettings {
        mode: from_word("mode of the queue", row.try_get("mode")?)?,
        check_percent: u32::try_from(percent)
            .map_err(|cause| StorageError::corrupt("settings of the queue", cause))?,
        changed_by: row.try_get("changed_by")?,
        changed_at: Some(Timestamp::from_unix_ms(changed_at)),
    })
}

async fn keep(
    tx: &mut Tx,
    election: String,
    by: String,
    asked: QueueSettingsRequest,
) -> Result<QueueSettings, StorageError> {
    let now_ms = tx.now_ms();
    sqlx::query(
        "INSERT INTO queue_settings (election, mode, check_percent, changed_by, changed_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (election) DO UPDATE SET mode = excluded.mode,
             check_percent = excluded.check_percent, changed_by = excluded.changed_by,
             changed_at = excluded.changed_at",
    )
    .bind(election.clone())
    .bind(word(asked.mode))
    .bind(i64::from(asked.check_percent))
    .bind(by.clone())
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    let event = Event::QueueSettings {
        election: election.clone(),
        mode: asked.mode,
        check_percent: asked.check_percent,
    };
    tx.append(Some(&by), &event)?;
    read(tx.conn(), &election).await
}
