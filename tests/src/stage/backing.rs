//! What an endpoint keeps its data in: its embedded default, or a PostgreSQL
//! and an S3. Every story plays on both.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use sqlx::{Connection, Executor, PgConnection};

use super::s3::S3;

/// Where an endpoint keeps its data.
pub enum Backing {
    /// SQLite and a folder.
    Embedded,
    /// A database of its own in a real PostgreSQL, and a real S3 server.
    Servers {
        /// Address of the database.
        database_url: String,
        /// The photos.
        s3: S3,
    },
}

impl Backing {
    /// A new database in the PostgreSQL that `SAKSI_TEST_POSTGRES` names, and
    /// a new bucket.
    ///
    /// # Errors
    /// When there is no such PostgreSQL: `cargo xtask test` starts one.
    pub async fn servers() -> Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let server = std::env::var("SAKSI_TEST_POSTGRES")
            .context("SAKSI_TEST_POSTGRES is not set: run `cargo xtask test`")?;
        let name = format!(
            "story_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::Relaxed)
        );
        let mut connection = PgConnection::connect(&server).await?;
        connection
            .execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .await?;
        connection.close().await?;
        let (base, _) = server
            .rsplit_once('/')
            .context("SAKSI_TEST_POSTGRES names no database")?;
        Ok(Self::Servers {
            database_url: format!("{base}/{name}"),
            s3: S3::start().await?,
        })
    }

    /// The environment that tells an endpoint so.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Embedded => Vec::new(),
            Self::Servers { database_url, s3 } => {
                let mut environment = s3.environment();
                environment.push(("DATABASE_URL", database_url.clone()));
                environment
            }
        }
    }
}
