//! Which entries somebody looks for, as conditions on indexes.

use std::collections::BTreeSet;

use domain::RegionCode;
use protocol::ProblemCode;
use protocol::audit::AuditFilter;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyPool, AssertSqlSafe, Row as _};

use crate::api_problem::ApiProblem;
use crate::log::subject;
use crate::room::{SignedIn, may_rule};
use crate::storage::StorageError;

/// A value that a condition is bound to.
#[derive(Debug, Clone)]
enum Given {
    Text(String),
    Int(i64),
}

/// Conditions on the rows of `log l`.
#[derive(Debug, Clone, Default)]
pub(super) struct Conditions {
    sql: Vec<String>,
    given: Vec<Given>,
}

impl Conditions {
    /// What `who` sees of what is asked for.
    ///
    /// # Errors
    /// `not_allowed` for who does not look at the audit; `not_found` for a
    /// region or slot that `who` does not see.
    pub(super) fn of(filter: &AuditFilter, who: &SignedIn) -> Result<Self, ApiProblem> {
        may_rule(who)?;
        let mut all = Self::default();
        let region = who.within(filter.region.clone())?;
        if let Some(region) = &region {
            all.about_place(region);
        }
        if let Some(slot) = &filter.slot {
            if !who.sees(&slot.tps.region()) {
                return Err(ProblemCode::NotFound.into());
            }
            all.about(subject::slot(slot));
        }
        if let Some(device) = &filter.device {
            all.about(subject::device(device));
        }
        if let Some(witness) = &filter.witness {
            all.about(subject::witness(witness));
        }
        if let Some(actor) = &filter.actor {
            all.add("l.actor =", Given::Text(actor.clone()));
        }
        if let Some(kind) = &filter.kind {
            all.add("l.kind =", Given::Text(kind.clone()));
        }
        if let Some(from) = filter.from {
            all.add("l.at >=", Given::Int(from.unix_ms()));
        }
        if let Some(to) = filter.to {
            all.add("l.at <", Given::Int(to.unix_ms()));
        }
        Ok(all)
    }

    /// Whether every entry fits.
    pub(super) fn is_everything(&self) -> bool {
        self.sql.is_empty()
    }

    /// Only entries after this one.
    pub(super) fn after(&mut self, index: i64) {
        self.add("l.log_index >", Given::Int(index));
    }

    /// Only entries before this one.
    pub(super) fn before(&mut self, index: i64) {
        self.add("l.log_index <", Given::Int(index));
    }

    fn add(&mut self, condition: &str, value: Given) {
        self.given.push(value);
        self.sql.push(format!("{condition} ${}", self.given.len()));
    }

    fn about(&mut self, subject: String) {
        self.given.push(Given::Text(subject));
        self.sql.push(format!(
            "l.log_index IN (SELECT s.log_index FROM log_subjects s WHERE s.subject = ${})",
            self.given.len()
        ));
    }

    /// Digits are followed by more digits, by `/`, or by nothing; `:` comes
    /// after all of these.
    fn about_place(&mut self, region: &RegionCode) {
        self.given.push(Given::Text(region.to_string()));
        self.given.push(Given::Text(format!("{region}:")));
        let last = self.given.len();
        self.sql.push(format!(
            "l.log_index IN (SELECT s.log_index FROM log_subjects s
                 WHERE s.subject >= ${} AND s.subject < ${last})",
            last.saturating_sub(1)
        ));
    }

    fn filled(&self) -> String {
        if self.sql.is_empty() {
            return "1 = 1".to_owned();
        }
        self.sql.join(" AND ")
    }

    fn query(&self, sql: String) -> Query<'static, Any, AnyArguments> {
        let query = sqlx::query(AssertSqlSafe(sql));
        self.given
            .iter()
            .cloned()
            .fold(query, |query, given| match given {
                Given::Text(text) => query.bind(text),
                Given::Int(number) => query.bind(number),
            })
    }

    /// The newest entries that fit, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(super) async fn newest(
        &self,
        pool: &AnyPool,
        limit: u32,
    ) -> Result<Vec<AnyRow>, StorageError> {
        let sql = format!(
            "SELECT l.log_index, l.at, l.actor, l.kind, l.body, l.hash FROM log l
             WHERE {} ORDER BY l.log_index DESC LIMIT {limit}",
            self.filled()
        );
        Ok(self.query(sql).fetch_all(pool).await?)
    }

    /// The indices of all entries that fit, up to one.
    ///
    /// # Errors
    /// [`StorageError`].
    pub(super) async fn indices(
        &self,
        pool: &AnyPool,
        upto: i64,
    ) -> Result<BTreeSet<i64>, StorageError> {
        let sql = format!(
            "SELECT l.log_index FROM log l WHERE {} AND l.log_index <= {upto}",
            self.filled()
        );
        let rows = self.query(sql).fetch_all(pool).await?;
        rows.iter()
            .map(|row| Ok(row.try_get("log_index")?))
            .collect()
    }
}
