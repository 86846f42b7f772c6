//! The list as a table for a spreadsheet.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use protocol::encoding::sha256_hex;
use protocol::irregularity::IrregularityItem;

use super::list::{Asked, ListQuery};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::cli::findings::report::harmless;
use crate::http::StrictQuery;
use crate::log::{Event, ExportedTable};
use crate::room::{SignedIn, word};

/// Most rows of the table.
const ROWS_MAX: u32 = 20_000;
/// By this mark spreadsheets know that the letters are UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";
/// Names of the columns.
const COLUMNS: [&str; 19] = [
    "kode_tps",
    "kontes",
    "kabupaten_kota",
    "kecamatan",
    "kelurahan_desa",
    "tps",
    "status",
    "kode",
    "bendera",
    "skor",
    "bobot",
    "taruhan",
    "angka",
    "keterangan",
    "explanation",
    "sejak",
    "putusan",
    "catatan",
    "oleh",
];

/// What is irregular, as CSV
///
/// The same filter as the list; `from` and `limit` are not looked at. Cells that a
/// spreadsheet would take for a formula begin with an apostrophe.
#[utoipa::path(get, path = "/v1/irregularities.csv", tag = "irregularities", params(ListQuery),
    responses(
        (status = 200, description = "At most 20,000 rows", content_type = "text/csv", body = String),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: not for operators"),
        (status = 404, description = "A region outside the user's own"),
    ))]
pub(super) async fn export(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<ListQuery>,
) -> Result<Response, ApiProblem> {
    let asked = Asked::of(&app, &who, &query).await?;
    let mut connection = app.storage.reading().acquire().await?;
    let mut items = asked.page(&mut connection, 0, ROWS_MAX).await?;
    drop(connection);
    items.truncate(usize::try_from(ROWS_MAX).unwrap_or(usize::MAX));
    let table = table(&items).map_err(ApiProblem::internal)?;
    let (contest, region) = match &query.slot {
        Some(slot) => (Some(slot.contest.clone()), Some(slot.tps.region())),
        None => (query.contest.clone(), query.region.clone()),
    };
    let given = Event::TableExported {
        table: ExportedTable::Irregularities,
        contest,
        region: who.within(region)?,
        rows: u32::try_from(items.len()).unwrap_or(u32::MAX),
        sha256: sha256_hex(&table),
    };
    app.writer.note(Some(&who.user.name), given).await?;
    let facts = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"kejanggalan.csv\"",
        ),
    ];
    Ok((facts, table).into_response())
}

fn table(items: &[IrregularityItem]) -> Result<Vec<u8>, csv::Error> {
    let mut out = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    out.write_record(COLUMNS)?;
    for item in items {
        let place = |at: usize| harmless(item.place.get(at).map_or("", String::as_str));
        let figures = item.figures.iter();
        let figures: Vec<String> = figures.map(|(id, value)| format!("{id}={value}")).collect();
        let ruling = item.ruling.and_then(|_| item.rulings.last());
        out.write_record([
            item.slot.tps.to_string(),
            harmless(&item.slot.contest),
            place(0),
            place(1),
            place(2),
            harmless(&item.number),
            word(item.state),
            item.code.clone(),
            if item.is_flag { "ya" } else { "tidak" }.to_owned(),
            item.score.to_string(),
            format!("{}.{:02}", item.weight / 100, item.weight % 100),
            item.stake.to_string(),
            harmless(&figures.join(" ")),
            harmless(&item.text),
            harmless(&item.text_en),
            item.since.to_string(),
            item.ruling.map(word).unwrap_or_default(),
            harmless(ruling.map_or("", |one| one.note.as_str())),
            harmless(ruling.map_or("", |one| one.by.as_str())),
        ])?;
    }
    out.into_inner().map_err(|cause| cause.into_error().into())
}
