//! Workbooks: figures for and from people who work with a spreadsheet.
//!
//! A regency downloads a workbook of its polling stations (`download`), fills
//! it in wherever it likes, and brings it back (`upload`): good rows become
//! entries of the caller's desk ([`crate::desk`]), each once however often the
//! file comes, and what is wrong comes back in the same workbook, marked. What
//! a file says is judged by a pure function of its cells (`judge`).
//!
//! All figures leave as XLSX or CSV ([`export`]), as of one moment and one
//! place in the log.
//!
//! Absent: any trace of a file itself beyond its hash in the log.

mod body;
mod book;
mod brought;
mod columns;
mod download;
pub mod export;
mod faults;
mod judge;
mod read;
mod stations;
mod upload;
mod write;

use axum::extract::DefaultBodyLimit;
use protocol::limits::WORKBOOK_MAX_BYTES;
use tokio::sync::Semaphore;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::app::AppState;

/// Workbooks and exports that are made or read at a time; others wait. Each
/// may take some tens of megabytes.
const AT_A_TIME: usize = 2;

/// Workbooks that are being worked on.
#[derive(Debug)]
pub struct Workbooks {
    at_work: Semaphore,
}

impl Default for Workbooks {
    fn default() -> Self {
        Self {
            at_work: Semaphore::new(AT_A_TIME),
        }
    }
}

/// Its routes.
pub fn routes() -> OpenApiRouter<AppState> {
    let limit = || DefaultBodyLimit::max(WORKBOOK_MAX_BYTES);
    OpenApiRouter::new()
        .routes(routes!(download::download, upload::upload).layer(limit()))
        .routes(routes!(upload::mark).layer(limit()))
        .routes(routes!(export::route::export))
}
