//! KPU's JSON: figures of one place, or of many by their codes.
//!
//! Pairs go by codes of KPU's own in it, whose order is not that of the ballot;
//! the list of pairs (`nomor_urut`) says which is which. It may be brought in
//! one text with the figures: `{"pairs": …, "figures": …}`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::places::{Row, figure};
use crate::tables::meaning::{self, Meaning, Place};

/// Digits of the codes of places.
const CODE_DIGITS: [usize; 5] = [2, 4, 6, 10, 13];
/// Fewest digits of a pair's code.
const PAIR_DIGITS_MIN: usize = 5;
/// How deep lists of pairs may be nested.
const DEPTH_MAX: usize = 6;
/// Names of a place's code besides those that tables use.
const CODE_NAMES: [&str; 6] = [
    "kodekec",
    "kodekecamatan",
    "kodekab",
    "kodekabkota",
    "kodeprov",
    "region",
];

/// Ballot numbers by KPU's codes.
type Pairs = BTreeMap<String, u32>;

/// The rows of a text; `name` is the file's, which may say whose figures it has.
///
/// # Errors
/// What is wrong with it as a whole.
pub(super) fn rows(text: &str, name: &str) -> Result<Vec<Row>, String> {
    let value: Value = serde_json::from_str(text).map_err(|cause| format!("no JSON: {cause}"))?;
    let mut pairs = Pairs::new();
    let figures = match (&value.get("pairs"), value.get("figures")) {
        (Some(list), Some(figures)) => {
            pairs_in(list, DEPTH_MAX, &mut pairs);
            figures.clone()
        }
        _ => value,
    };
    let mut rows = Vec::new();
    walk(&figures, code_in(name), &pairs, &mut rows);
    if rows.is_empty() {
        return Err("no place with figures is in it".to_owned());
    }
    Ok(rows)
}

fn is_code(text: &str) -> bool {
    CODE_DIGITS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The 13 digits in a file's name.
fn code_in(name: &str) -> Option<String> {
    name.split(|c: char| !c.is_ascii_digit())
        .find(|part| part.len() == 13)
        .map(str::to_owned)
}

fn pairs_in(value: &Value, depth: usize, pairs: &mut Pairs) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match value {
        Value::Object(entries) => {
            for (code, entry) in entries {
                let number = entry.get("nomor_urut").and_then(Value::as_u64);
                if let Some(number) = number.and_then(|it| u32::try_from(it).ok()) {
                    pairs.insert(code.clone(), number);
                } else {
                    pairs_in(entry, depth, pairs);
                }
            }
        }
        Value::Array(entries) => entries
            .iter()
            .for_each(|entry| pairs_in(entry, depth, pairs)),
        _ => {}
    }
}

/// Finds the places in a value: in `tungsura` and `table`, by codes, in a list, or
/// itself.
fn walk(value: &Value, code: Option<String>, pairs: &Pairs, rows: &mut Vec<Row>) {
    match value {
        Value::Array(entries) => {
            for entry in entries {
                walk(entry, None, pairs, rows);
            }
        }
        Value::Object(entries) => {
            if let Some(inner) = entries.get("tungsura").or_else(|| entries.get("table")) {
                return walk(inner, code, pairs, rows);
            }
            let by_code = entries
                .iter()
                .filter(|(key, inner)| is_code(key) && inner.is_object());
            let by_code: Vec<_> = by_code.collect();
            if by_code.is_empty() {
                rows.push(row(entries, code, pairs));
            }
            for (code, inner) in by_code {
                walk(inner, Some(code.clone()), pairs, rows);
            }
        }
        _ => {}
    }
}

fn row(entries: &Map<String, Value>, code: Option<String>, pairs: &Pairs) -> Row {
    let mut row = Row {
        code: code.unwrap_or_default(),
        ..Row::default()
    };
    take(entries, pairs, &mut row);
    for part in ["chart", "administrasi"] {
        if let Some(Value::Object(inner)) = entries.get(part) {
            take(inner, pairs, &mut row);
        }
    }
    row
}

fn take(entries: &Map<String, Value>, pairs: &Pairs, row: &mut Row) {
    for (key, value) in entries {
        let is_pair = key.len() >= PAIR_DIGITS_MIN && key.bytes().all(|it| it.is_ascii_digit());
        let id = if is_pair {
            match pairs.get(key) {
                Some(number) => format!("votes.{number}"),
                None => {
                    row.errors.push(format!(
                        "pair {key} is not in the list of pairs; bring that list with the figures"
                    ));
                    continue;
                }
            }
        } else {
            match meaning::of(key) {
                Some(Meaning::Figure(id)) => id,
                Some(Meaning::Place(Place::Code)) => {
                    row.code = text_of(value).unwrap_or_default();
                    continue;
                }
                _ if CODE_NAMES.contains(&meaning::squeezed(key).as_str()) => {
                    row.code = text_of(value).unwrap_or_default();
                    continue;
                }
                _ => continue,
            }
        };
        match text_of(value).as_deref().map(figure) {
            Some(Ok(Some(value))) => _ = row.counts.insert(id, value),
            Some(Err(why)) => row.errors.push(format!("{key}: {why}")),
            Some(Ok(None)) | None => {}
        }
    }
}

/// A number or a text as a table's cell; `None` for anything else.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(row: &Row) -> Vec<(&str, u32)> {
        let each = row.counts.iter();
        each.map(|(id, value)| (id.as_str(), *value)).collect()
    }

    #[test]
    fn one_station_is_named_by_its_file() {
        let text = r#"{"mode":"hhcw","chart":{"null":null,"01":92,"02":126},
            "administrasi":{"suara_sah":218,"suara_tidak_sah":"7","pengguna_total_j":225},
            "psu":null,"ts":"2024-02-16 12:51:22","status_suara":true}"#;
        let rows = rows(text, "hhcw-3101011001002.json").unwrap();
        assert_eq!(rows[0].code, "3101011001002");
        assert_eq!(
            votes(&rows[0]),
            [
                ("came_total_total", 225),
                ("invalid", 7),
                ("valid", 218),
                ("votes.1", 92),
                ("votes.2", 126)
            ]
        );
    }

    #[test]
    fn districts_come_by_code_and_pairs_by_the_list_of_pairs() {
        let figures = r#"{"mode":"hhcw","tungsura":{"chart":{"1001094":9,"1001095":8},"table":{
            "647201":{"psu":"Reguler","1001094":5035,"1001095":4855,"progres":{"total":42}}}}}"#;
        let pairs = r#"{"6472":{"1001094":{"nomor_urut":2},"1001095":{"nomor_urut":1}}}"#;
        let both = format!(r#"{{"pairs":{pairs},"figures":{figures}}}"#);
        let found = rows(&both, "a.json").unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].code, "647201");
        assert_eq!(votes(&found[0]), [("votes.1", 4855), ("votes.2", 5035)]);
        let alone = rows(figures, "a.json").unwrap();
        assert_eq!(alone[0].errors.len(), 2, "their order is not the ballot's");
    }

    #[test]
    fn a_list_says_each_place_itself() {
        let text = r#"[{"kode_tps":"6472011001001","paslon_1":10,"paslon_2":"1o"}]"#;
        let rows = rows(text, "a.json").unwrap();
        assert_eq!(rows[0].code, "6472011001001");
        assert_eq!(rows[0].errors, ["paslon_2: not a number"]);
        assert!(super::rows("[]", "a.json").is_err());
        assert!(super::rows("no", "a.json").is_err());
    }
}
