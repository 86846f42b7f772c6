//! Table `settings`: small things with a name.

use rusqlite::{Connection, OptionalExtension as _};

use crate::{Result, Store};

/// Where to go on reading the inbox, in the endpoint's words.
pub(crate) const INBOX_CURSOR: &str = "inbox_cursor";
/// What stopped the last delivery, as JSON.
pub(crate) const TROUBLE: &str = "trouble";
/// Number of the newest receipt that the endpoint was last heard to stand by.
pub(crate) const RECEIPTS_CHECKED: &str = "receipts_checked";
const LANGUAGE: &str = "language";
const PLACE: &str = "place";
const LAST_CONTACT: &str = "last_contact_ms";
const CLOCK_SKEW: &str = "clock_skew_ms";
const PACK_WANTED: &str = "pack_wanted";

impl Store {
    /// Language of the screens, as the window writes it.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn language(&self) -> Result<Option<String>> {
        get(&self.connection, LANGUAGE)
    }

    /// Remembers the language.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_language(&mut self, language: &str) -> Result<()> {
        put(&self.connection, LANGUAGE, Some(language))
    }

    /// Where in the app the witness was, as JSON.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn place(&self) -> Result<Option<String>> {
        get(&self.connection, PLACE)
    }

    /// Remembers where in the app the witness is.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_place(&mut self, place: Option<&str>) -> Result<()> {
        put(&self.connection, PLACE, place)
    }

    /// What stopped the last delivery, as JSON.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn trouble(&self) -> Result<Option<String>> {
        get(&self.connection, TROUBLE)
    }

    /// Remembers what stopped the last delivery.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_trouble(&mut self, trouble: Option<&str>) -> Result<()> {
        put(&self.connection, TROUBLE, trouble)
    }

    /// When the endpoint last answered, in milliseconds since 1970 by the
    /// device's clock.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn last_contact_ms(&self) -> Result<Option<i64>> {
        number(&self.connection, LAST_CONTACT)
    }

    /// Remembers when the endpoint answered, and how far the device's clock is
    /// ahead of the endpoint's, in milliseconds, if it said.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_contact(&mut self, at_ms: i64, clock_skew_ms: Option<i64>) -> Result<()> {
        let transaction = self.begin()?;
        put(&transaction, LAST_CONTACT, Some(&at_ms.to_string()))?;
        if let Some(skew) = clock_skew_ms {
            put(&transaction, CLOCK_SKEW, Some(&skew.to_string()))?;
        }
        Ok(transaction.commit()?)
    }

    /// How far the device's clock was ahead of the endpoint's at the last
    /// contact, in milliseconds.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn clock_skew_ms(&self) -> Result<Option<i64>> {
        number(&self.connection, CLOCK_SKEW)
    }

    /// Whether the endpoint said that there is a newer pack.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn is_pack_wanted(&self) -> Result<bool> {
        Ok(get(&self.connection, PACK_WANTED)?.is_some())
    }

    /// Remembers whether a newer pack is wanted.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn put_pack_wanted(&mut self, is_wanted: bool) -> Result<()> {
        put(&self.connection, PACK_WANTED, is_wanted.then_some("1"))
    }

    /// Where to go on reading the inbox; `None` is its beginning.
    ///
    /// # Errors
    /// [`crate::StoreError`].
    pub fn inbox_cursor(&self) -> Result<Option<String>> {
        get(&self.connection, INBOX_CURSOR)
    }
}

pub(crate) fn get(connection: &Connection, name: &str) -> Result<Option<String>> {
    let value = connection.query_row(
        "SELECT value FROM settings WHERE name = ?1",
        [name],
        |row| row.get(0),
    );
    Ok(value.optional()?)
}

pub(crate) fn number(connection: &Connection, name: &str) -> Result<Option<i64>> {
    Ok(get(connection, name)?.and_then(|text| text.parse().ok()))
}

pub(crate) fn put(connection: &Connection, name: &str, value: Option<&str>) -> Result<()> {
    match value {
        Some(value) => connection.execute(
            "INSERT INTO settings (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )?,
        None => connection.execute("DELETE FROM settings WHERE name = ?1", [name])?,
    };
    Ok(())
}
