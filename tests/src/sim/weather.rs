//! What a seed's world is like, and what it does to each request.
//!
//! Every seed draws which faults it has and how often: a world with all of
//! them at once would never get far enough for the rare ones.

use super::chance::Chance;
use super::endpoint::Death;

/// Shares of a thousand requests that meet each fault.
#[derive(Debug, Clone, Default)]
pub struct Weather {
    offline: u64,
    portal: u64,
    request_lost: u64,
    answer_lost: u64,
    twice: u64,
    cut: u64,
    half_open: u64,
    mangled: u64,
    endpoint_dies: u64,
    /// Of a thousand things that a phone does: those in which its app is killed.
    pub app_dies: u64,
    /// Longest way of a request or an answer, in milliseconds.
    slowest_ms: u64,
}

/// What becomes of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It arrives, and so does its answer.
    Through,
    /// There is no connection.
    Offline,
    /// Something else answers.
    Portal(Portal),
    /// It never arrives.
    RequestLost,
    /// It arrives; its answer does not.
    AnswerLost,
    /// It arrives, and again so many milliseconds later.
    Twice(u64),
    /// The connection breaks after a share (in thousandths) of its body.
    Cut(u64),
    /// The connection hangs after a share (in thousandths) of its body.
    HalfOpen(u64),
    /// The answer is changed on its way.
    Mangled(Mangling),
    /// The endpoint dies of it.
    EndpointDies(Death),
}

/// What a captive portal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Portal {
    /// 200 with a page.
    Page,
    /// 200 with a page that calls itself JSON.
    PageAsJson,
    /// 302 to a page.
    Redirect,
    /// 511.
    LogIn,
    /// 200 with an empty object.
    EmptyJson,
    /// 204 without anything.
    NoContent,
}

/// What happens to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mangling {
    /// Only a share (in thousandths) of it arrives, as if that were all.
    Truncated(u64),
    /// Its receipts are those of other things.
    StaleReceipts,
    /// Its receipts are signed with another key.
    ForeignReceipts,
}

impl Weather {
    /// The weather of a seed.
    #[must_use]
    pub fn drawn(chance: &mut Chance) -> Self {
        let mut share = |most: u64| {
            if chance.one_in(2) {
                chance.between(most / 8, most)
            } else {
                0
            }
        };
        Self {
            offline: share(200),
            portal: share(150),
            request_lost: share(200),
            answer_lost: share(200),
            twice: share(200),
            cut: share(400),
            half_open: share(250),
            mangled: share(200),
            endpoint_dies: share(80),
            app_dies: share(120),
            slowest_ms: [200, 3_000, 20_000][chance.index(3)],
        }
    }

    /// Weather in which everything arrives.
    #[must_use]
    pub fn fine() -> Self {
        Self {
            slowest_ms: 200,
            ..Self::default()
        }
    }

    /// How long something is under way, in milliseconds.
    pub fn way_ms(&self, chance: &mut Chance) -> i64 {
        i64::try_from(chance.between(10, self.slowest_ms)).unwrap_or(10)
    }

    /// What becomes of the next request.
    pub fn fate(&self, chance: &mut Chance) -> Fate {
        let portals = [
            Portal::Page,
            Portal::PageAsJson,
            Portal::Redirect,
            Portal::LogIn,
            Portal::EmptyJson,
            Portal::NoContent,
        ];
        let manglings = [
            Mangling::Truncated(chance.between(1, 999)),
            Mangling::StaleReceipts,
            Mangling::ForeignReceipts,
        ];
        let deaths = [Death::Before, Death::PutAway, Death::Unanswered];
        let body_share = chance.between(0, 1_000);
        let faults = [
            (self.offline, Fate::Offline),
            (self.portal, Fate::Portal(*chance.pick(&portals))),
            (self.request_lost, Fate::RequestLost),
            (self.answer_lost, Fate::AnswerLost),
            (self.twice, Fate::Twice(chance.between(0, 900_000))),
            (self.cut, Fate::Cut(body_share)),
            (self.half_open, Fate::HalfOpen(body_share)),
            (self.mangled, Fate::Mangled(*chance.pick(&manglings))),
            (
                self.endpoint_dies,
                Fate::EndpointDies(*chance.pick(&deaths)),
            ),
        ];
        let met = faults
            .into_iter()
            .find(|(share, _)| chance.per_mille(*share));
        met.map_or(Fate::Through, |(_, fate)| fate)
    }
}

/// So many bytes of a body are a share (in thousandths) of it.
#[must_use]
pub fn share_of(bytes: usize, share: u64) -> usize {
    usize::try_from(share).map_or(bytes, |share| bytes * share / 1_000)
}
