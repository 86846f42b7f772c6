//! What the endpoint will not have, and the way out of each.

use protocol::{ProblemCode, SlotId};
use serde::{Deserialize, Serialize};

/// One thing of this phone's own that the endpoint refused. It stays here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[ts(export)]
pub struct RefusedItem {
    /// The slot that it belongs to.
    pub slot: SlotId,
    /// The revision that it is, or that names it.
    pub rev_id: String,
    /// The photo that it is; `None` for the revision's figures.
    pub photo: Option<i64>,
    /// Page of that photo.
    pub page: Option<u32>,
    /// The problem's code on the wire, or `file_gone`.
    pub code: String,
    /// What can be done about it.
    pub way_out: WayOut,
    /// Whether it is also tried again by itself.
    pub is_tried_again: bool,
}

/// What a witness can do about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WayOut {
    /// Ask the coordinator to let it in.
    AskCoordinator,
    /// Take the photo again.
    TakeAgain,
    /// Open the form and save it again, as the present enrolment.
    SealAgain,
    /// Get a new code and enrol again; what is here is carried along.
    EnrolAgain,
    /// Hand it to the counting room as a bundle.
    ExportBundle,
}

impl WayOut {
    /// The way out of a refusal of a revision with this code.
    #[must_use]
    pub fn of_revision(code: &str) -> Self {
        match code_of(code) {
            Some(ProblemCode::NotAssigned | ProblemCode::WindowClosed) => Self::AskCoordinator,
            Some(ProblemCode::DeviceUnknown) => Self::SealAgain,
            Some(ProblemCode::DeviceRevoked | ProblemCode::TokenUnknown) => Self::EnrolAgain,
            _ => Self::ExportBundle,
        }
    }

    /// The way out of a refusal of a photo with this code.
    #[must_use]
    pub fn of_photo(code: &str) -> Self {
        match code_of(code) {
            Some(ProblemCode::PhotoNotAnnounced | ProblemCode::NotFound) => Self::AskCoordinator,
            Some(ProblemCode::DeviceRevoked | ProblemCode::TokenUnknown) => Self::EnrolAgain,
            Some(ProblemCode::HashMismatch | ProblemCode::NotAPhoto | ProblemCode::TooLarge) => {
                Self::TakeAgain
            }
            // Not a word of the wire: the file is gone from this device.
            None => Self::TakeAgain,
            Some(_) => Self::ExportBundle,
        }
    }
}

/// A code of the wire, by its word.
pub(crate) fn code_of(word: &str) -> Option<ProblemCode> {
    ProblemCode::ALL
        .iter()
        .find(|(_, own, _, _)| *own == word)
        .map(|(code, _, _, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_way_out_that_can_help() {
        for (code, expected) in [
            ("not_assigned", WayOut::AskCoordinator),
            ("window_closed", WayOut::AskCoordinator),
            ("device_unknown", WayOut::SealAgain),
            ("device_revoked", WayOut::EnrolAgain),
            ("payload_invalid", WayOut::ExportBundle),
            ("a_code_of_tomorrow", WayOut::ExportBundle),
        ] {
            assert_eq!(WayOut::of_revision(code), expected, "{code}");
        }
        for (code, expected) in [
            ("file_gone", WayOut::TakeAgain),
            ("hash_mismatch", WayOut::TakeAgain),
            ("not_a_photo", WayOut::TakeAgain),
            ("photo_not_announced", WayOut::AskCoordinator),
            ("request_invalid", WayOut::ExportBundle),
        ] {
            assert_eq!(WayOut::of_photo(code), expected, "{code}");
        }
    }
}
