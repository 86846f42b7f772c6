//! Irregularities: what is wrong, or odd, in the figures of a village.
//!
//! [`analyse`] looks at all polling stations of one village in one contest and
//! returns findings with a code, the figures, the numbers behind it, a score to
//! sort by, and a sentence. It is pure and knows nothing but its arguments, so
//! the endpoint can run it over a village whenever a form of it arrives, and a
//! command over the published table of a whole country. Identities are the
//! form's own rules ([`crate::rules`]); nothing is checked in a second way.
//!
//! A finding asks; it decides nothing. There is no test of last or leading
//! digits here: those reject clean elections.
//!
//! What needs more than figures ([`circumstances`]) is told here too, once the
//! endpoint has found it out: what bubbles say, whose a photo is, when it was
//! taken and sent, and whether that was far from its neighbours ([`far`]).

mod basis;
mod bounds;
mod bridge;
mod circumstances;
mod copies;
mod digits;
mod far;
mod finding;
mod misplaced;
mod naming;
mod parts;
mod ranking;
mod readings;
mod repair;
mod sheet;
mod station;
mod sums;
mod surroundings;

pub use circumstances::{Bubble, Circumstances, Shot, Twin, circumstances};
pub use far::far;
pub use finding::{Difference, DifferenceClass, Evidence, FLAG_SCORE, Irregularity, Kind, Repair};
pub use parts::parts;
pub use ranking::{Weight, weigh};
pub use sheet::{Sheet, statements};
pub use station::{Figures, Station};

use crate::form::FormLayout;
use readings::Against;
use surroundings::Surroundings;

/// What an election allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Params {
    /// Ballots in reserve, in per mille of the roll; more voters than roll and
    /// reserve cannot have voted without borrowing ballots.
    pub reserve_permille: u32,
    /// Most voters of one polling station.
    pub size_max: u32,
    /// Digit boxes of a figure on the form.
    pub digits: u8,
    /// Ballot number of the own option, for which zero votes are odd.
    pub own: Option<u32>,
}

impl Default for Params {
    /// The reserve of a regional election (2.5 %), the 800 voters that the law
    /// allows, three boxes, no own option.
    fn default() -> Self {
        Self {
            reserve_permille: 25,
            size_max: 800,
            digits: 3,
            own: None,
        }
    }
}

impl Params {
    /// What a form's own rules say: its size and reserve are bounds in `W404`
    /// and `W402`, its boxes are drawn for the votes. What no rule says is as in
    /// [`Params::default`].
    #[must_use]
    pub fn of_form(form: &FormLayout) -> Self {
        let usual = Self::default();
        let rule = |code: &str| form.rules.iter().find(|rule| rule.code == code);
        let size = rule(sheet::SIZE_RULE).map(|rule| rule.plus);
        let reserve = rule(RESERVE_RULE).and_then(|rule| per_mille_over_one(rule.scale));
        Self {
            reserve_permille: reserve.unwrap_or(usual.reserve_permille),
            size_max: size.unwrap_or(usual.size_max),
            digits: form.votes.digits,
            own: None,
        }
    }
}

/// The form's rule that more ballots came than the roll and its reserve.
const RESERVE_RULE: &str = "W402";

/// `1.025` is 25.
fn per_mille_over_one(scale: f64) -> Option<u32> {
    const LARGEST: f64 = 1_000.0;
    let over = ((scale - 1.0) * 1_000.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within 0 to 1000"
    )]
    (0.0..=LARGEST).contains(&over).then_some(over as u32)
}

/// Everything irregular in one village and contest, by station, the heaviest
/// finding of each first. Stations without any figure are passed over.
#[must_use]
pub fn analyse(sheet: &Sheet, params: &Params, village: &[Station]) -> Vec<Irregularity> {
    let mut found = Vec::new();
    let surroundings = Surroundings::of(sheet, village);
    for (at, station) in village.iter().enumerate() {
        if station.first.is_blank() {
            continue;
        }
        sums::look(sheet, village, at, &surroundings, &mut found);
        bounds::look(sheet, params, (at, station), &surroundings, &mut found);
        misplaced::look(sheet, params, village, at, &surroundings, &mut found);
    }
    copies::look(sheet, params, village, &mut found);
    readings::look(sheet, village, Against::Second, &mut found);
    readings::look(sheet, village, Against::Official, &mut found);
    found.sort_by(|a, b| {
        (a.station, b.score, b.stake, &a.code).cmp(&(b.station, a.score, a.stake, &b.code))
    });
    found
}

#[cfg(test)]
mod tests;
