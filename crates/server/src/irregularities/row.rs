//! Irregularities in their rows, as the counting room sees them.

use std::collections::BTreeMap;

use domain::irregularity::{Evidence, FLAG_SCORE};
use domain::{Level, RegionCode};
use protocol::irregularity::{IrregularityItem, IrregularityRuling};
use protocol::{SlotId, Timestamp};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use super::look::Body;
use super::rulings::ruling_in;
use crate::room::{SignedIn, from_word, json};
use crate::storage::{StorageError, keyed_in};

/// What is read of each, with a place for the conditions behind it.
pub(super) const COLUMNS: &str =
    "SELECT i.slot, i.key, i.code, i.body, i.numbers, i.score, i.stake, i.weight, i.ruling,
         i.since, s.state, t.number
     FROM irregularities i JOIN slots s ON s.slot = i.slot JOIN tps t ON t.code = s.tps";

/// The rows as items, with names and rulings. Slots that `who` does not see are
/// not named.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn items(
    connection: &mut AnyConnection,
    who: &SignedIn,
    rows: &[AnyRow],
) -> Result<Vec<IrregularityItem>, StorageError> {
    let mut items = rows
        .iter()
        .map(|row| item(row, who))
        .collect::<Result<Vec<_>, _>>()?;
    let names = names(connection, &items).await?;
    let mut rulings = rulings(connection, &items).await?;
    for item in &mut items {
        item.place = regions_of(&item.slot)
            .filter_map(|code| names.get(code.as_str()).cloned())
            .collect();
        let name = (item.slot.to_string(), item.key.clone());
        item.rulings = rulings.remove(&name).unwrap_or_default();
    }
    Ok(items)
}

/// What is irregular in one slot, as `who` sees it, the heaviest first.
///
/// # Errors
/// [`StorageError`].
pub(crate) async fn of_slot(
    connection: &mut AnyConnection,
    who: &SignedIn,
    slot: &SlotId,
) -> Result<Vec<IrregularityItem>, StorageError> {
    let sql =
        format!("{COLUMNS} WHERE i.slot = $1 AND i.gone_at IS NULL ORDER BY i.score DESC, i.key");
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(slot.to_string())
        .fetch_all(&mut *connection)
        .await?;
    items(connection, who, &rows).await
}

fn item(row: &AnyRow, who: &SignedIn) -> Result<IrregularityItem, StorageError> {
    let number = |column| {
        let value: i64 = row.try_get(column)?;
        Ok::<_, StorageError>(u32::try_from(value).unwrap_or_default())
    };
    let slot: &str = row.try_get("slot")?;
    let ruling: &str = row.try_get("ruling")?;
    let mut body: Body = json(row, "body")?;
    body.others.retain(|other| who.sees(&other.tps.region()));
    if let Evidence::Photo { slot, .. } = &mut body.evidence
        && body.others.is_empty()
    {
        slot.clear();
    }
    let score = number("score")?;
    Ok(IrregularityItem {
        slot: slot
            .parse()
            .map_err(|cause| StorageError::corrupt("slot", cause))?,
        key: row.try_get("key")?,
        place: Vec::new(),
        number: row.try_get("number")?,
        state: from_word("slot", row.try_get("state")?)?,
        code: row.try_get("code")?,
        fields: body.fields,
        figures: body.figures,
        evidence: body.evidence,
        others: body.others,
        score,
        weight: number("weight")?,
        stake: number("stake")?,
        is_flag: score >= u32::from(FLAG_SCORE),
        text: body.text,
        text_en: body.text_en,
        since: Timestamp::from_unix_ms(row.try_get("since")?),
        numbers: row.try_get("numbers")?,
        ruling: match ruling {
            "" => None,
            word => Some(from_word("ruling", word)?),
        },
        rulings: Vec::new(),
    })
}

fn regions_of(slot: &SlotId) -> impl Iterator<Item = RegionCode> + use<> {
    let here = slot.tps.region();
    [Level::Regency, Level::District, Level::Village]
        .into_iter()
        .filter_map(move |level| here.at(level))
}

async fn names(
    connection: &mut AnyConnection,
    items: &[IrregularityItem],
) -> Result<BTreeMap<String, String>, StorageError> {
    let codes = items.iter().flat_map(|item| regions_of(&item.slot));
    let mut codes: Vec<String> = codes.map(String::from).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut names = BTreeMap::new();
    for query in keyed_in("SELECT code, name FROM regions WHERE code", &codes, "") {
        for row in query.fetch_all(&mut *connection).await? {
            names.insert(row.try_get("code")?, row.try_get("name")?);
        }
    }
    Ok(names)
}

type Rulings = BTreeMap<(String, String), Vec<IrregularityRuling>>;

async fn rulings(
    connection: &mut AnyConnection,
    items: &[IrregularityItem],
) -> Result<Rulings, StorageError> {
    let mut slots: Vec<String> = items.iter().map(|item| item.slot.to_string()).collect();
    slots.sort_unstable();
    slots.dedup();
    let mut rulings = Rulings::new();
    let head = "SELECT slot, key, number, ruling, note, ruled_by, ruled_at, numbers
         FROM irregularity_rulings WHERE slot";
    for query in keyed_in(head, &slots, "ORDER BY slot, key, number") {
        for row in query.fetch_all(&mut *connection).await? {
            let of = rulings.entry((row.try_get("slot")?, row.try_get("key")?));
            of.or_default().push(ruling_in(&row)?);
        }
    }
    Ok(rulings)
}
