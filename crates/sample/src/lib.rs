//! The sample election: East Kalimantan's real polling stations, made-up
//! everything else.
//!
//! What a newcomer, the demo and the tests work on: all 11,441 polling
//! stations of East Kalimantan with the KPU's codes and names, a contest for
//! governor everywhere and one for mayor or regent in each regency, and result
//! forms as data. Pairs, rolls and results are made up from fixed seeds: the
//! same on every machine, on every day. There is no clock here and no other
//! source of chance.
//!
//! Forms and contests of a general election ([`ppwp`], [`dpr`]) are here for
//! tests and specimens; `kaltim-2024` does not hold them.
//!
//! The data lies in `data/`, compiled in; `data/SOURCES.md` says what of it is
//! fact and where from.

mod contests;
mod election;
mod layouts;
mod places;
mod results;
mod rolls;

pub use contests::{dpr, ppwp};
pub use election::{ELECTION_ID, SampleElection, kaltim};
pub use layouts::{DPR_FORM, KWK_FORM, PPWP_FORM, layout};
pub use places::SampleTps;
pub use results::counts;

/// The data compiled into this crate cannot be read. A test keeps it from
/// happening; it is an error and not a panic so that a server seeding itself
/// can say so.
#[derive(Debug, thiserror::Error)]
pub enum BrokenData {
    /// A list of regions or polling stations.
    #[error("a list of places is damaged")]
    Csv(#[from] csv::Error),
    /// A code in such a list.
    #[error("a code in a list of places is damaged")]
    Code(#[from] domain::region::NotACode),
    /// A form layout.
    #[error("a form layout is damaged")]
    Layout(#[from] serde_json::Error),
    /// The election's opening hours.
    #[error("an opening time is damaged")]
    Moment(String),
}
