//! What one person waits for: the screens of the room, read again and again
//! while nothing else goes on.

use std::time::Instant;

use anyhow::{Result, ensure};
use domain::TpsCode;

use crate::stage::counting_room::CountingRoom;

/// How often each is read.
const READS: usize = 51;
/// The contest of the whole province.
pub const CONTEST: &str = "gub";
/// The regency with the most polling stations.
const REGENCY: &str = "6472";

/// One question.
#[derive(Debug, Clone)]
pub struct Read {
    /// As the figure calls it.
    pub name: &'static str,
    /// What is asked.
    pub path: String,
    /// How long it may take, in milliseconds.
    pub goal_ms: f64,
}

/// All of them; those of one polling station ask about `tps`.
#[must_use]
pub fn all(tps: &TpsCode) -> Vec<Read> {
    let election = sample::ELECTION_ID;
    let read = |name, path: String, goal_ms| Read {
        name,
        path,
        goal_ms,
    };
    vec![
        read("rollup", rollup(), 20.0),
        read("board", board(), 200.0),
        read(
            "stations",
            format!("/v1/coverage/stations?region={REGENCY}&order=silence"),
            100.0,
        ),
        read("slots", "/v1/slots".to_owned(), 100.0),
        read(
            "slot",
            format!("/v1/slots/{election}/{tps}/{CONTEST}"),
            100.0,
        ),
        read("irregularities", "/v1/irregularities".to_owned(), 100.0),
        read(
            "turnout",
            format!("/v1/turnout?region={REGENCY}&contest={CONTEST}"),
            100.0,
        ),
        read("paper", format!("/v1/paper/stations/{tps}"), 100.0),
        read("audit", "/v1/audit".to_owned(), 100.0),
        read("queue", "/v1/queue".to_owned(), 100.0),
    ]
}

/// The totals of the province by regency.
pub fn rollup() -> String {
    format!(
        "/v1/rollup?election={}&contest={CONTEST}&region=64",
        sample::ELECTION_ID
    )
}

/// The board of the province by regency.
pub fn board() -> String {
    "/v1/coverage?region=64".to_owned()
}

impl Read {
    /// How long it took, each time.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn times_ms(&self, room: &CountingRoom) -> Result<Vec<f64>> {
        let mut times = Vec::with_capacity(READS);
        for _ in 0..READS {
            times.push(time_ms(room, &self.path).await?);
        }
        Ok(times)
    }
}

/// How long one question takes, to the last byte of its answer.
///
/// # Errors
/// When it is refused.
pub async fn time_ms(room: &CountingRoom, path: &str) -> Result<f64> {
    let began = Instant::now();
    let answer = room.get(path).await?;
    let status = answer.status();
    let bytes = answer.bytes().await?;
    let took_ms = began.elapsed().as_secs_f64() * 1_000.0;
    ensure!(
        status.is_success(),
        "{path} answered {status}: {}",
        String::from_utf8_lossy(&bytes)
    );
    Ok(took_ms)
}
