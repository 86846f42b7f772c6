//! Messages to witnesses: sent once, and put into the inbox of every device that
//! they are for, now or when it is enrolled later.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::RegionCode;
use protocol::console::Role;
use protocol::coverage::{Message, MessageRequest, MessageTo, MessagesAnswer};
use protocol::encoding::sha256_hex;
use protocol::inbox::{InboxItem, InboxKind};
use protocol::limits::MESSAGE_MAX_CHARS;
use protocol::{ProblemCode, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::inbox;
use crate::log::Event;
use crate::room::{Change, Prefix, SignedIn, from_word, may_rule, word};
use crate::storage::{StorageError, Tx};

/// Most messages in one answer.
const LISTED_MAX: i64 = 50;
/// Least and most bytes of a request's key.
const KEY_BYTES: (usize, usize) = (8, 64);
/// Random bytes of a message's id.
const ID_BYTES: usize = 8;
/// How long a message is put into the inbox of a device that is enrolled after
/// it was sent, in milliseconds: three nights.
const CAUGHT_UP_MS: i64 = 3 * 24 * 60 * 60 * 1_000;
/// Most messages that such a device gets.
const CAUGHT_UP_MAX: i64 = 20;

pub(super) const COLUMNS: &str =
    "SELECT m.number, m.id, m.region, m.witness, m.wording, m.sent_as, m.sent_by, m.sent_at,
         m.witnesses, m.log_index, r.name AS region_name, w.name AS witness_name
     FROM messages m
     LEFT JOIN regions r ON r.code = m.region
     LEFT JOIN witnesses w ON w.id = m.witness";

/// Whether a message `m` was sent to a region or polling station inside `$1` to
/// `$2`, or to a witness posted there.
const OF_REGION: &str = "((m.region >= $1 AND m.region < $2) OR EXISTS (
         SELECT 1 FROM assignments a WHERE a.witness = m.witness AND a.tps >= $1 AND a.tps < $2))";

/// The newest messages to witnesses of the user's region.
#[utoipa::path(get, path = "/v1/messages", tag = "coverage", responses(
    (status = 200, body = MessagesAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: for coordinators"),
))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
) -> Result<Json<MessagesAnswer>, ApiProblem> {
    may_rule(&who)?;
    let range = Prefix::of(who.user.region.as_ref());
    let sql = format!("{COLUMNS} WHERE {OF_REGION} ORDER BY m.number DESC LIMIT $3");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(range.from)
        .bind(range.to)
        .bind(LISTED_MAX)
        .fetch_all(app.storage.reading())
        .await?;
    let messages: Result<_, StorageError> = rows.iter().map(message_in).collect();
    Ok(Json(MessagesAnswer {
        messages: messages?,
    }))
}

/// Sends a message. The same request again sends nothing again, and answers as
/// it did.
#[utoipa::path(post, path = "/v1/messages", tag = "coverage", request_body = MessageRequest,
    responses(
        (status = 201, body = Message),
        (status = 400, description = "`request_invalid`: no text, too long a text, not a key"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` or `cross_origin`"),
        (status = 404, description = "No such region, or witness, in the user's own region"),
    ))]
pub(super) async fn send(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<MessageRequest>,
) -> Result<(StatusCode, Json<Message>), ApiProblem> {
    may_rule(&who)?;
    let asked = checked(asked)?;
    if let MessageTo::Region { region } = &asked.to
        && !who.sees(region)
    {
        return Err(ProblemCode::NotFound.into());
    }
    let message = app
        .writer
        .run(move |tx| Box::pin(async move { keep(tx, &who, asked).await }))
        .await?;
    Ok((StatusCode::CREATED, Json(message)))
}

fn checked(asked: MessageRequest) -> Result<MessageRequest, ApiProblem> {
    let no = |detail: String| ApiProblem::because(ProblemCode::RequestInvalid, detail);
    let (least, most) = KEY_BYTES;
    let is_key = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !(least..=most).contains(&asked.key.len()) || !asked.key.bytes().all(is_key) {
        return Err(no(format!(
            "key has {least} to {most} letters, digits, hyphens"
        )));
    }
    let text = asked.text.trim().to_owned();
    let is_plain = text.chars().all(|one| one == '\n' || !one.is_control());
    if text.is_empty() || text.chars().count() > MESSAGE_MAX_CHARS || !is_plain {
        return Err(no(format!("text has 1 to {MESSAGE_MAX_CHARS} characters")));
    }
    Ok(MessageRequest { text, ..asked })
}

async fn keep(tx: &mut Tx, who: &SignedIn, asked: MessageRequest) -> Result<Message, ApiProblem> {
    let by = &who.user.name;
    if let Some(sent) = sent_with(tx, by, &asked.key).await? {
        return Ok(sent);
    }
    may_go_to(tx, who, &asked.to).await?;
    let (devices, witnesses) = addressed(tx, &asked.to).await?;
    let id = random_id()?;
    let number: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(number), 0) + 1 FROM messages")
        .fetch_one(tx.conn())
        .await?;
    let now_ms = tx.now_ms();
    let event = Event::Message {
        number,
        witnesses,
        digest: digest(
            number,
            &id,
            &asked.to,
            &asked.text,
            who.user.role,
            by,
            now_ms,
        ),
    };
    let index = tx.append(Some(by), &event)?;
    let (region, witness) = match &asked.to {
        MessageTo::Region { region } => (Some(region.to_string()), None),
        MessageTo::Witness { witness } => (None, Some(witness.clone())),
    };
    sqlx::query(
        "INSERT INTO messages (number, id, region, witness, wording, sent_as, sent_by, sent_at,
             witnesses, request_key, log_index)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(number)
    .bind(id.clone())
    .bind(region)
    .bind(witness)
    .bind(asked.text.clone())
    .bind(word(who.user.role))
    .bind(by.clone())
    .bind(now_ms)
    .bind(i64::try_from(witnesses).unwrap_or(i64::MAX))
    .bind(asked.key.clone())
    .bind(index)
    .execute(tx.conn())
    .await?;
    let item = item(&id, &asked.text, who.user.role, now_ms);
    inbox::push_message(tx, &devices, number, &item).await?;
    let sent = sent_with(tx, by, &asked.key).await?;
    sent.ok_or_else(|| ApiProblem::internal("a message that was just sent is gone"))
}

async fn sent_with(tx: &mut Tx, by: &str, key: &str) -> Result<Option<Message>, StorageError> {
    let sql = format!("{COLUMNS} WHERE m.sent_by = $1 AND m.request_key = $2");
    let row = sqlx::query(AssertSqlSafe(sql))
        .bind(by.to_owned())
        .bind(key.to_owned())
        .fetch_optional(tx.conn())
        .await?;
    row.as_ref().map(message_in).transpose()
}

/// # Errors
/// `not_found` when there is no such region, or no such witness in the user's.
async fn may_go_to(tx: &mut Tx, who: &SignedIn, to: &MessageTo) -> Result<(), ApiProblem> {
    let found: i64 = match to {
        MessageTo::Region { region } => {
            sqlx::query_scalar(
                "SELECT (SELECT COUNT(*) FROM regions WHERE code = $1)
                     + (SELECT COUNT(*) FROM tps WHERE code = $1)",
            )
            .bind(region.to_string())
            .fetch_one(tx.conn())
            .await?
        }
        MessageTo::Witness { witness } => {
            let range = Prefix::of(who.user.region.as_ref());
            sqlx::query_scalar(
                "SELECT COUNT(*) FROM assignments WHERE witness = $1 AND tps >= $2 AND tps < $3",
            )
            .bind(witness.clone())
            .bind(range.from)
            .bind(range.to)
            .fetch_one(tx.conn())
            .await?
        }
    };
    if found == 0 {
        return Err(ProblemCode::NotFound.into());
    }
    Ok(())
}

/// Devices that a message goes to now, and how many witnesses it is for,
/// whether they have one or not.
async fn addressed(tx: &mut Tx, to: &MessageTo) -> Result<(BTreeSet<String>, u64), StorageError> {
    let head = "SELECT DISTINCT a.witness, d.id AS device FROM assignments a
         LEFT JOIN devices d ON d.witness = a.witness AND d.revoked_at IS NULL";
    let rows = match to {
        MessageTo::Region { region } => {
            let range = Prefix::of(Some(region));
            let sql = format!("{head} WHERE a.tps >= $1 AND a.tps < $2");
            sqlx::query(AssertSqlSafe(sql))
                .bind(range.from)
                .bind(range.to)
                .fetch_all(tx.conn())
                .await?
        }
        MessageTo::Witness { witness } => {
            let sql = format!("{head} WHERE a.witness = $1");
            sqlx::query(AssertSqlSafe(sql))
                .bind(witness.clone())
                .fetch_all(tx.conn())
                .await?
        }
    };
    let (mut devices, mut witnesses) = (BTreeSet::new(), BTreeSet::new());
    for row in rows {
        witnesses.insert(row.try_get::<String, _>("witness")?);
        devices.extend(row.try_get::<Option<String>, _>("device")?);
    }
    Ok((devices, u64::try_from(witnesses.len()).unwrap_or(u64::MAX)))
}

/// Puts the newest messages to a witness into the inbox of a device that was
/// enrolled after they were sent.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn catch_up(tx: &mut Tx, device: &str, witness: &str) -> Result<(), StorageError> {
    let since_ms = tx.now_ms().saturating_sub(CAUGHT_UP_MS);
    // A region's code begins the codes of its polling stations.
    let rows = sqlx::query(
        "SELECT m.number, m.id, m.wording, m.sent_as, m.sent_at FROM messages m
         WHERE m.sent_at >= $1 AND (m.witness = $2 OR EXISTS (
             SELECT 1 FROM assignments a WHERE a.witness = $2
             AND substr(a.tps, 1, length(m.region)) = m.region))
         ORDER BY m.number DESC LIMIT $3",
    )
    .bind(since_ms)
    .bind(witness.to_owned())
    .bind(CAUGHT_UP_MAX)
    .fetch_all(tx.conn())
    .await?;
    let devices = BTreeSet::from([device.to_owned()]);
    for row in rows.iter().rev() {
        let role: Role = from_word("role of a sender", row.try_get("sent_as")?)?;
        let item = item(
            row.try_get("id")?,
            row.try_get("wording")?,
            role,
            row.try_get("sent_at")?,
        );
        inbox::push_message(tx, &devices, row.try_get("number")?, &item).await?;
    }
    Ok(())
}

/// As it stands in an inbox: the same bytes in each, so that a phone that is
/// enrolled anew knows what it has.
fn item(id: &str, text: &str, role: Role, sent_at_ms: i64) -> InboxItem {
    InboxItem {
        kind: InboxKind::Message,
        slot: None,
        text: text.to_owned(),
        at: Timestamp::from_unix_ms(sent_at_ms),
        photo: None,
        message: Some(id.to_owned()),
        from: Some(role),
    }
}

fn random_id() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; ID_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(hex::encode(bytes))
}

/// Whom the message in a row was for.
///
/// # Errors
/// [`StorageError`].
pub(super) fn to_in(row: &AnyRow) -> Result<MessageTo, StorageError> {
    let region: Option<String> = row.try_get("region")?;
    let witness: Option<String> = row.try_get("witness")?;
    match (region, witness) {
        (Some(region), None) => Ok(MessageTo::Region {
            region: region
                .parse::<RegionCode>()
                .map_err(|cause| StorageError::corrupt("region of a message", cause))?,
        }),
        (None, Some(witness)) => Ok(MessageTo::Witness { witness }),
        _ => Err(StorageError::corrupt("message", "it is for nobody")),
    }
}

/// The message in a row.
///
/// # Errors
/// [`StorageError`].
fn message_in(row: &AnyRow) -> Result<Message, StorageError> {
    let number: i64 = row.try_get("number")?;
    let witnesses: i64 = row.try_get("witnesses")?;
    let to = to_in(row)?;
    let names: (Option<String>, Option<String>) =
        (row.try_get("region_name")?, row.try_get("witness_name")?);
    let to_name = match (&to, names) {
        (_, (Some(name), _) | (None, Some(name))) => name,
        (MessageTo::Region { region }, _) => region.to_string(),
        (MessageTo::Witness { witness }, _) => witness.clone(),
    };
    Ok(Message {
        number: number.unsigned_abs(),
        to,
        to_name,
        text: row.try_get("wording")?,
        by: row.try_get("sent_by")?,
        sent_as: from_word("role of a sender", row.try_get("sent_as")?)?,
        at: Timestamp::from_unix_ms(row.try_get("sent_at")?),
        witnesses: witnesses.unsigned_abs(),
    })
}

/// The hash of a message that stands in the log.
#[must_use]
pub(super) fn digest(
    number: i64,
    id: &str,
    to: &MessageTo,
    text: &str,
    sent_as: Role,
    by: &str,
    sent_at_ms: i64,
) -> String {
    let text = serde_json::json!([
        "saksi-message-v1",
        number,
        id,
        to,
        text,
        sent_as,
        by,
        sent_at_ms
    ]);
    sha256_hex(text.to_string().as_bytes())
}
