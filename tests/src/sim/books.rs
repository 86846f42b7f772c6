//! Everything that lies at the endpoint, read row by row: what it was sent and
//! what it was told, and what it made of that.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use domain::{Counts, RulingKind};
use protocol::{Envelope, Revision, SlotId, Timestamp};
use server::AppState;
use server::log::{self, Event};
use sqlx::Row as _;

/// The endpoint's books.
pub struct Books {
    /// Revisions, as their signed bytes say.
    pub revisions: Vec<Entered>,
    /// Rulings.
    pub rulings: Vec<Ruled>,
    /// What the endpoint says of each slot, by the slot's name.
    pub slots: BTreeMap<String, Said>,
    /// Complete photos.
    pub photos: BTreeSet<String>,
    /// Revisions that were refused and are kept.
    pub refused: BTreeSet<String>,
    /// News of each device, oldest first, as JSON.
    pub inbox: BTreeMap<String, Vec<String>>,
    /// How often the log says that a revision or a photo came in.
    pub logged: BTreeMap<String, u32>,
    /// What is wrong with the log's chain, if anything.
    pub log_fault: Option<String>,
}

/// A revision in the books.
#[derive(Debug, Clone)]
pub struct Entered {
    /// Its id as it is kept.
    pub rev_id: String,
    /// What was signed, or what an SMS says.
    pub revision: Revision,
    /// The signed bytes, or the text of an SMS, as they came.
    pub evidence: String,
    /// Whether it came as an SMS.
    pub is_sms: bool,
}

/// A ruling in the books.
#[derive(Debug, Clone)]
pub struct Ruled {
    /// The slot's name.
    pub slot: String,
    /// Its number in the slot.
    pub number: u32,
    /// What was ruled.
    pub kind: RulingKind,
    /// The figures that were decided.
    pub counts: Counts,
    /// The device of a quarantine.
    pub device: Option<String>,
    /// The heads that were considered.
    pub considered: BTreeSet<String>,
}

/// What the endpoint says of a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its state, in the wire's word.
    pub state: String,
    /// Its marks, in the wire's words.
    pub marks: BTreeSet<String>,
    /// Its heads.
    pub heads: BTreeSet<String>,
}

impl Books {
    /// Reads them all.
    ///
    /// # Errors
    /// When something in them cannot be read.
    pub async fn read(app: &AppState) -> Result<Self> {
        let pool = app.storage.reading();
        let verified = log::verify(pool, &app.key.public(), |_| ()).await;
        Ok(Self {
            revisions: revisions(pool).await?,
            rulings: rulings(pool).await?,
            slots: slots(pool).await?,
            photos: ids(pool, "SELECT sha256 FROM photos").await?,
            refused: ids(pool, "SELECT rev_id FROM refused").await?,
            inbox: inbox(pool).await?,
            logged: logged(pool).await?,
            log_fault: verified.err().map(|fault| fault.to_string()),
        })
    }
}

async fn revisions(pool: &sqlx::AnyPool) -> Result<Vec<Entered>> {
    let rows = sqlx::query(
        "SELECT rev_id, slot, device, channel, envelope FROM revisions ORDER BY log_index",
    );
    let mut entered = Vec::new();
    for row in rows.fetch_all(pool).await? {
        let evidence: String = row.try_get("envelope")?;
        let is_sms = row.try_get::<String, _>("channel")? == "sms";
        let revision = if is_sms {
            let slot: String = row.try_get("slot")?;
            texted(&evidence, &slot.parse()?, row.try_get("device")?)?
        } else {
            let envelope: Envelope = serde_json::from_str(&evidence)?;
            Revision::from_payload(&envelope.payload_bytes()?)?
        };
        entered.push(Entered {
            rev_id: row.try_get("rev_id")?,
            revision,
            evidence,
            is_sms,
        });
    }
    Ok(entered)
}

/// What an SMS says, read as plainly as it can be: the small election's forms
/// ask for the votes of two options and for the invalid ones.
fn texted(text: &str, slot: &SlotId, device: String) -> Result<Revision> {
    let text = text.to_uppercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let seq = words.get(2).context("an SMS without a number")?.parse()?;
    let mut counts = Counts::new();
    for (id, word) in ["votes.1", "votes.2", "invalid"].iter().zip(&words[3..]) {
        if *word != "-" {
            counts.insert((*id).to_owned(), word.parse()?);
        }
    }
    Ok(Revision {
        v: 1,
        election: slot.election.clone(),
        tps: slot.tps.clone(),
        contest: slot.contest.clone(),
        device,
        seq,
        prev: None,
        counts,
        form_tps: None,
        photos: Vec::new(),
        flags: Vec::new(),
        note: String::new(),
        recorded_at: Timestamp::from_unix_ms(0),
        clock: None,
        location: None,
        app: String::new(),
        desk: None,
    })
}

async fn rulings(pool: &sqlx::AnyPool) -> Result<Vec<Ruled>> {
    let rows = sqlx::query(
        "SELECT slot, number, kind, counts, device, considered FROM decisions ORDER BY slot, number",
    );
    let mut ruled = Vec::new();
    for row in rows.fetch_all(pool).await? {
        let number: i64 = row.try_get("number")?;
        let kind: String = row.try_get("kind")?;
        ruled.push(Ruled {
            slot: row.try_get("slot")?,
            number: u32::try_from(number)?,
            kind: serde_json::from_value(kind.into())?,
            counts: serde_json::from_str(row.try_get("counts")?)?,
            device: row.try_get("device")?,
            considered: serde_json::from_str(row.try_get("considered")?)?,
        });
    }
    Ok(ruled)
}

async fn slots(pool: &sqlx::AnyPool) -> Result<BTreeMap<String, Said>> {
    let rows = sqlx::query("SELECT slot, state, marks, heads FROM slots");
    let mut slots = BTreeMap::new();
    for row in rows.fetch_all(pool).await? {
        let said = Said {
            state: row.try_get("state")?,
            marks: serde_json::from_str(row.try_get("marks")?)?,
            heads: serde_json::from_str(row.try_get("heads")?)?,
        };
        slots.insert(row.try_get("slot")?, said);
    }
    Ok(slots)
}

async fn ids(pool: &sqlx::AnyPool, sql: &'static str) -> Result<BTreeSet<String>> {
    let rows = sqlx::query(sql).fetch_all(pool).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn inbox(pool: &sqlx::AnyPool) -> Result<BTreeMap<String, Vec<String>>> {
    let rows = sqlx::query("SELECT device, item FROM inbox ORDER BY id");
    let mut inbox: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows.fetch_all(pool).await? {
        let of = inbox.entry(row.try_get("device")?).or_default();
        of.push(row.try_get("item")?);
    }
    Ok(inbox)
}

async fn logged(pool: &sqlx::AnyPool) -> Result<BTreeMap<String, u32>> {
    let mut logged: BTreeMap<String, u32> = BTreeMap::new();
    for entry in log::entries_after(pool, 0, i64::MAX).await? {
        if let Some(Event::Revision { rev_id: id, .. } | Event::Photo { sha256: id, .. }) =
            entry.event()
        {
            *logged.entry(id).or_default() += 1;
        }
    }
    Ok(logged)
}
