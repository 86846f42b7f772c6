//! A part of the log as a table, for people who look at it in a spreadsheet.
//!
//! One row is one line, hashes of contents one by one; `moment` says `at` in words. No cell
//! is taken for a formula: a name that would be has a `'` before it, which no
//! name has itself.

use std::io::Read;

use protocol::Timestamp;

use super::{Line, PartFault};

/// Columns of the table.
pub const COLUMNS: [&str; 12] = [
    "line", "index", "at", "moment", "actor", "kind", "body", "content", "hash", "envelope", "key",
    "key_id",
];

type Row = [String; 12];

/// The rows of a line.
#[must_use]
pub fn rows(line: &Line) -> Vec<Row> {
    let mut row = Row::default();
    let envelope = |envelope| serde_json::to_string(envelope).unwrap_or_default();
    let mut set = |column: &str, value: String| {
        if let Some(at) = COLUMNS.iter().position(|name| *name == column)
            && let Some(cell) = row.get_mut(at)
        {
            *cell = value;
        }
    };
    match line {
        Line::Begin {
            v,
            key,
            key_id,
            after,
            hash,
            checkpoint,
        } => {
            set("line", format!("begin{v}"));
            set("index", after.to_string());
            set("hash", hash.clone());
            set("key", key.clone());
            set("key_id", key_id.clone());
            set(
                "envelope",
                checkpoint.as_ref().map_or_else(String::new, envelope),
            );
        }
        Line::Entry {
            index,
            at,
            actor,
            kind,
            body,
            hash,
        } => {
            set("line", "entry".to_owned());
            set("index", index.to_string());
            set("at", at.to_string());
            set("moment", Timestamp::from_unix_ms(*at).to_string());
            set("actor", actor.as_deref().map_or_else(String::new, harmless));
            set("kind", kind.clone());
            set("body", body.clone());
            set("hash", hash.clone());
        }
        Line::Sealed { contents } => {
            let one = |content: &String| {
                let mut row = Row::default();
                row[0] = "sealed".to_owned();
                row[7].clone_from(content);
                row
            };
            return contents.iter().map(one).collect();
        }
        Line::Checkpoint { envelope: signed } => {
            set("line", "checkpoint".to_owned());
            set("envelope", envelope(signed));
        }
    }
    vec![row]
}

fn harmless(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@', '\'']) {
        format!("'{name}")
    } else {
        name.to_owned()
    }
}

/// The lines of a table.
///
/// # Errors
/// [`PartFault::Shape`] when it has other columns.
pub fn lines(input: impl Read) -> Result<impl Iterator<Item = Result<Line, PartFault>>, PartFault> {
    let mut table = ::csv::Reader::from_reader(input);
    let no = |line: usize, cause: String| PartFault::Shape { line, cause };
    let head = table.headers().map_err(|cause| no(1, cause.to_string()))?;
    if head.iter().ne(COLUMNS) {
        return Err(no(1, "other columns than a part of the log has".to_owned()));
    }
    Ok(table.into_records().enumerate().map(move |(at, record)| {
        let line = at.saturating_add(2);
        let record = record.map_err(|cause| no(line, cause.to_string()))?;
        in_row(&record).ok_or_else(|| no(line, "not a row of a part of the log".to_owned()))
    }))
}

fn in_row(record: &::csv::StringRecord) -> Option<Line> {
    let cell = |column: &str| {
        let at = COLUMNS.iter().position(|name| *name == column)?;
        record.get(at)
    };
    let text = |column: &str| cell(column).map(str::to_owned);
    let index = || cell("index")?.parse().ok();
    match cell("line")? {
        "begin1" => Some(Line::Begin {
            v: 1,
            key: text("key")?,
            key_id: text("key_id")?,
            after: index()?,
            hash: text("hash")?,
            checkpoint: match cell("envelope")? {
                "" => None,
                json => Some(serde_json::from_str(json).ok()?),
            },
        }),
        "entry" => {
            let at: i64 = cell("at")?.parse().ok()?;
            if cell("moment")? != Timestamp::from_unix_ms(at).to_string() {
                return None;
            }
            let actor = cell("actor")?;
            let actor = actor.strip_prefix('\'').unwrap_or(actor);
            Some(Line::Entry {
                index: index()?,
                at,
                actor: Some(actor.to_owned()).filter(|name| !name.is_empty()),
                kind: text("kind")?,
                body: text("body")?,
                hash: text("hash")?,
            })
        }
        "sealed" => Some(Line::Sealed {
            contents: vec![text("content")?],
        }),
        "checkpoint" => Some(Line::Checkpoint {
            envelope: serde_json::from_str(cell("envelope")?).ok()?,
        }),
        _ => None,
    }
}
