//! Tables `drafts`, `draft_figures`, `draft_answers`, `draft_flags` and
//! `draft_photos`: what is keyed and photographed and not sealed.

use std::collections::{BTreeMap, BTreeSet};

use protocol::revision::PhotoKind;
use protocol::{SlotId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::columns::{photo_kind, photo_kind_word};
use crate::{Result, Store, photos};

/// A draft, exactly as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Text of each filled box, by count id.
    pub figures: BTreeMap<String, String>,
    /// TPS number as read from the form's head.
    pub form_tps: String,
    /// Free note.
    pub note: String,
    /// Answers to findings, by their code.
    pub answers: BTreeMap<String, String>,
    /// Flags that are set.
    pub flags: BTreeSet<String>,
    /// Photos in order.
    pub photos: Vec<DraftPhoto>,
}

/// A photo's place in a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPhoto {
    /// Number of the photo.
    pub photo: i64,
    /// What it shows.
    pub kind: PhotoKind,
    /// Page of the form.
    pub page: Option<u32>,
}

impl Store {
    /// The draft of a slot; `None` when nothing was begun.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn draft(&self, slot: &SlotId) -> Result<Option<Draft>> {
        let name = slot.to_string();
        let connection = &self.connection;
        let head = connection.query_row(
            "SELECT form_tps, note FROM drafts WHERE slot = ?1",
            [&name],
            |row| Ok((row.get(0)?, row.get(1)?)),
        );
        let Some((form_tps, note)) = head.optional()? else {
            return Ok(None);
        };
        Ok(Some(Draft {
            figures: pairs(
                connection,
                "SELECT count_id, text FROM draft_figures WHERE slot = ?1",
                &name,
            )?,
            form_tps,
            note,
            answers: pairs(
                connection,
                "SELECT code, text FROM draft_answers WHERE slot = ?1",
                &name,
            )?,
            flags: flags(connection, &name)?,
            photos: photos_of(connection, &name)?,
        }))
    }

    /// Slots that have a draft.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn drafted_slots(&self) -> Result<Vec<SlotId>> {
        let mut statement = self
            .connection
            .prepare("SELECT slot FROM drafts ORDER BY slot")?;
        let slots = statement.query_map([], |row| crate::columns::slot(row, 0))?;
        Ok(slots.collect::<rusqlite::Result<_>>()?)
    }

    /// Makes `draft` the draft of a slot, in place of whatever was there.
    ///
    /// # Errors
    /// [`crate::StoreError`]; then nothing has changed.
    pub fn replace_draft(&mut self, slot: &SlotId, draft: &Draft, now: Timestamp) -> Result<()> {
        let name = slot.to_string();
        let transaction = self.begin()?;
        transaction.execute("DELETE FROM drafts WHERE slot = ?1", [&name])?;
        transaction.execute(
            "INSERT INTO drafts (slot, form_tps, note, changed_at) VALUES (?1, ?2, ?3, ?4)",
            params![name, draft.form_tps, draft.note, now.unix_ms()],
        )?;
        for (id, text) in &draft.figures {
            put_figure(&transaction, &name, id, text)?;
        }
        for (code, text) in &draft.answers {
            put_answer(&transaction, &name, code, text)?;
        }
        for flag in &draft.flags {
            put_flag(&transaction, &name, flag, true)?;
        }
        put_photos(&transaction, &name, &draft.photos)?;
        photos::retire_unused(&transaction, now)?;
        Ok(transaction.commit()?)
    }

    /// The text of one box; an empty one clears it.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_draft_figure(
        &mut self,
        slot: &SlotId,
        id: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.change(slot, now, |connection, name| {
            put_figure(connection, name, id, text)
        })
    }

    /// The TPS number read from the form's head.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_draft_form_tps(&mut self, slot: &SlotId, text: &str, now: Timestamp) -> Result<()> {
        self.change(slot, now, |connection, name| {
            connection.execute(
                "UPDATE drafts SET form_tps = ?2 WHERE slot = ?1",
                [name, text],
            )
        })
    }

    /// The free note.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_draft_note(&mut self, slot: &SlotId, text: &str, now: Timestamp) -> Result<()> {
        self.change(slot, now, |connection, name| {
            connection.execute("UPDATE drafts SET note = ?2 WHERE slot = ?1", [name, text])
        })
    }

    /// The answer to a finding; an empty one clears it.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_draft_answer(
        &mut self,
        slot: &SlotId,
        code: &str,
        text: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.change(slot, now, |connection, name| {
            put_answer(connection, name, code, text)
        })
    }

    /// A flag set or cleared.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_draft_flag(
        &mut self,
        slot: &SlotId,
        flag: &str,
        is_set: bool,
        now: Timestamp,
    ) -> Result<()> {
        self.change(slot, now, |connection, name| {
            put_flag(connection, name, flag, is_set)
        })
    }

    /// The photos of a draft, in order. Photos that no draft and no revision
    /// names any more are retired: see [`Store::retired_photos`].
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_draft_photos(
        &mut self,
        slot: &SlotId,
        photos: &[DraftPhoto],
        now: Timestamp,
    ) -> Result<()> {
        self.change(slot, now, |connection, name| {
            put_photos(connection, name, photos)?;
            photos::retire_unused(connection, now)
        })
    }

    /// One change of a draft, which begins when absent, in one transaction.
    fn change(
        &mut self,
        slot: &SlotId,
        now: Timestamp,
        change: impl FnOnce(&Connection, &str) -> rusqlite::Result<usize>,
    ) -> Result<()> {
        let name = slot.to_string();
        let transaction = self.begin()?;
        touch(&transaction, &name, now)?;
        change(&transaction, &name)?;
        Ok(transaction.commit()?)
    }
}

/// Begins the draft when absent, and notes when it changed.
pub(crate) fn touch(
    connection: &Connection,
    slot: &str,
    now: Timestamp,
) -> rusqlite::Result<usize> {
    connection.execute(
        "INSERT INTO drafts (slot, changed_at) VALUES (?1, ?2)
         ON CONFLICT (slot) DO UPDATE SET changed_at = excluded.changed_at",
        params![slot, now.unix_ms()],
    )
}

fn put_figure(
    connection: &Connection,
    slot: &str,
    id: &str,
    text: &str,
) -> rusqlite::Result<usize> {
    if text.is_empty() {
        return connection.execute(
            "DELETE FROM draft_figures WHERE slot = ?1 AND count_id = ?2",
            [slot, id],
        );
    }
    connection.execute(
        "INSERT INTO draft_figures (slot, count_id, text) VALUES (?1, ?2, ?3)
         ON CONFLICT (slot, count_id) DO UPDATE SET text = excluded.text",
        [slot, id, text],
    )
}

fn put_answer(
    connection: &Connection,
    slot: &str,
    code: &str,
    text: &str,
) -> rusqlite::Result<usize> {
    if text.is_empty() {
        return connection.execute(
            "DELETE FROM draft_answers WHERE slot = ?1 AND code = ?2",
            [slot, code],
        );
    }
    connection.execute(
        "INSERT INTO draft_answers (slot, code, text) VALUES (?1, ?2, ?3)
         ON CONFLICT (slot, code) DO UPDATE SET text = excluded.text",
        [slot, code, text],
    )
}

fn put_flag(
    connection: &Connection,
    slot: &str,
    flag: &str,
    is_set: bool,
) -> rusqlite::Result<usize> {
    let sql = if is_set {
        "INSERT INTO draft_flags (slot, name) VALUES (?1, ?2) ON CONFLICT DO NOTHING"
    } else {
        "DELETE FROM draft_flags WHERE slot = ?1 AND name = ?2"
    };
    connection.execute(sql, [slot, flag])
}

pub(crate) fn put_photos(
    connection: &Connection,
    slot: &str,
    photos: &[DraftPhoto],
) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM draft_photos WHERE slot = ?1", [slot])?;
    for (position, photo) in (0_i64..).zip(photos) {
        connection.execute(
            "INSERT INTO draft_photos (slot, position, photo, kind, page) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![slot, position, photo.photo, photo_kind_word(photo.kind), photo.page],
        )?;
    }
    Ok(())
}

pub(crate) fn photos_of(connection: &Connection, slot: &str) -> rusqlite::Result<Vec<DraftPhoto>> {
    let mut statement = connection
        .prepare("SELECT photo, kind, page FROM draft_photos WHERE slot = ?1 ORDER BY position")?;
    let photos = statement.query_map([slot], |row| {
        Ok(DraftPhoto {
            photo: row.get(0)?,
            kind: photo_kind(row, 1)?,
            page: row.get(2)?,
        })
    })?;
    photos.collect()
}

fn pairs(connection: &Connection, sql: &str, slot: &str) -> Result<BTreeMap<String, String>> {
    let mut statement = connection.prepare(sql)?;
    let pairs = statement.query_map([slot], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(pairs.collect::<rusqlite::Result<_>>()?)
}

fn flags(connection: &Connection, slot: &str) -> Result<BTreeSet<String>> {
    let mut statement = connection.prepare("SELECT name FROM draft_flags WHERE slot = ?1")?;
    let names = statement.query_map([slot], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}
