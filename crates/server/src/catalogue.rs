//! The election's own data in memory: elections, contests, forms.
//!
//! It changes a few times in months and is asked for with every revision. It
//! is read again after the log tells of a change, in this process or another.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use domain::{Contest, FormLayout, RegionCode, TpsCode};
use protocol::console::RegionalContest;
use protocol::pack::Election;
use sqlx::{AnyPool, Row as _};

use crate::storage::{Storage, StorageError};

/// Elections with their contests, and forms.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// By id.
    pub elections: BTreeMap<String, Election>,
    /// By election, in the order of the screens.
    pub contests: BTreeMap<String, Vec<RegionalContest>>,
    /// By id.
    pub forms: BTreeMap<String, FormLayout>,
}

impl Catalogue {
    /// The election with the latest polling day: the one that the counting
    /// room looks at.
    #[must_use]
    pub fn newest_election(&self) -> Option<&Election> {
        self.elections
            .values()
            .max_by_key(|one| (&one.date, &one.id))
    }

    /// The contest with this id that is held at a polling station.
    #[must_use]
    pub fn contest_at(&self, election: &str, contest: &str, tps: &TpsCode) -> Option<&Contest> {
        let place = tps.region();
        self.contests
            .get(election)?
            .iter()
            .find(|held| held.contest.id == contest && place.is_within(&held.region))
            .map(|held| &held.contest)
    }

    /// The contest with this id that is held in exactly this region.
    #[must_use]
    pub fn contest_of(
        &self,
        election: &str,
        contest: &str,
        region: &RegionCode,
    ) -> Option<&Contest> {
        self.contests
            .get(election)?
            .iter()
            .find(|held| held.contest.id == contest && held.region == *region)
            .map(|held| &held.contest)
    }

    /// The form on which a contest's results are written.
    #[must_use]
    pub fn form_of(&self, contest: &Contest) -> Option<&FormLayout> {
        self.forms.get(&contest.form)
    }

    async fn read(pool: &AnyPool) -> Result<Self, StorageError> {
        let mut catalogue = Self::default();
        for row in sqlx::query("SELECT id, json FROM elections")
            .fetch_all(pool)
            .await?
        {
            let election = parsed("election", row.try_get("json")?)?;
            catalogue.elections.insert(row.try_get("id")?, election);
        }
        for row in sqlx::query("SELECT id, json FROM forms")
            .fetch_all(pool)
            .await?
        {
            let form = parsed("form", row.try_get("json")?)?;
            catalogue.forms.insert(row.try_get("id")?, form);
        }
        let held = sqlx::query(
            "SELECT election, region, json FROM contests ORDER BY election, position, id, region",
        );
        for row in held.fetch_all(pool).await? {
            let region: String = row.try_get("region")?;
            let region = region
                .parse()
                .map_err(|cause| StorageError::corrupt("region of a contest", cause))?;
            let contest = parsed("contest", row.try_get("json")?)?;
            let election: String = row.try_get("election")?;
            let list = catalogue.contests.entry(election).or_default();
            list.push(RegionalContest { region, contest });
        }
        Ok(catalogue)
    }
}

fn parsed<T: serde::de::DeserializeOwned>(
    what: &'static str,
    json: &str,
) -> Result<T, StorageError> {
    serde_json::from_str(json).map_err(|cause| StorageError::corrupt(what, cause))
}

/// Keeps the catalogue at hand.
pub struct Catalogues {
    storage: Storage,
    newest: tokio::sync::watch::Receiver<i64>,
    held: RwLock<Option<Held>>,
}

#[derive(Clone)]
struct Held {
    catalogue: Arc<Catalogue>,
    /// Index of the newest log entry that it certainly reflects.
    as_of: i64,
}

impl Catalogues {
    /// Nothing is read yet.
    #[must_use]
    pub fn new(storage: Storage, newest: tokio::sync::watch::Receiver<i64>) -> Self {
        Self {
            storage,
            newest,
            held: RwLock::new(None),
        }
    }

    /// The catalogue as of the newest log entry known to this process.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn get(&self) -> Result<Arc<Catalogue>, StorageError> {
        let newest = *self.newest.borrow();
        let held = self.held.read().ok().and_then(|held| held.clone());
        let Some(held) = held else {
            return self.get_fresh().await;
        };
        if held.as_of >= newest {
            return Ok(held.catalogue);
        }
        let changed: Option<i64> = sqlx::query_scalar(
            "SELECT MAX(log_index) FROM log WHERE kind = 'catalogue' AND log_index > $1",
        )
        .bind(held.as_of)
        .fetch_one(self.storage.reading())
        .await?;
        if changed.is_some() {
            return self.get_fresh().await;
        }
        let catalogue = Arc::clone(&held.catalogue);
        self.hold(Held {
            as_of: newest,
            ..held
        });
        Ok(catalogue)
    }

    /// The catalogue as it is in the database now: for who has just met
    /// something that the one in memory does not know.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn get_fresh(&self) -> Result<Arc<Catalogue>, StorageError> {
        let as_of = *self.newest.borrow();
        let catalogue = Arc::new(Catalogue::read(self.storage.reading()).await?);
        self.hold(Held {
            catalogue: Arc::clone(&catalogue),
            as_of,
        });
        Ok(catalogue)
    }

    fn hold(&self, held: Held) {
        if let Ok(mut place) = self.held.write()
            && place.as_ref().is_none_or(|known| known.as_of <= held.as_of)
        {
            *place = Some(held);
        }
    }
}
