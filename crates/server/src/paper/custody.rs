//! Where a paper stands after a step: pure.

use domain::SlotState;
use protocol::Timestamp;
use protocol::paper::{PaperAct, PaperCustody, PaperMatch, PaperPlace};

/// Where the steps of a paper have led, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Standing {
    /// `None`: where it was at first.
    pub place: Option<Noted>,
    pub holder: Option<String>,
    pub folder: Option<String>,
    pub compared: Option<PaperMatch>,
}

/// Where a step can lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noted {
    HandedOver,
    Here,
}

impl Noted {
    pub(super) fn word(place: Option<Self>) -> &'static str {
        match place {
            None => "",
            Some(Self::HandedOver) => "handed_over",
            Some(Self::Here) => "here",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "handed_over" => Some(Self::HandedOver),
            "here" => Some(Self::Here),
            _ => None,
        }
    }
}

/// Why a step cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a paper that is not in the counting room cannot be compared there")]
pub(super) struct NotHere;

impl Standing {
    /// Where it stands after `act`.
    ///
    /// # Errors
    /// [`NotHere`].
    pub(super) fn after(&self, act: &PaperAct) -> Result<Self, NotHere> {
        let here = Some(Noted::Here);
        Ok(match act {
            PaperAct::HandedOver { to } => Self {
                place: Some(Noted::HandedOver),
                holder: Some(to.clone()),
                folder: None,
                compared: self.compared,
            },
            PaperAct::Arrived { folder } => Self {
                place: here,
                holder: self.holder.clone(),
                folder: Some(folder.clone()),
                compared: self.compared,
            },
            PaperAct::Compared { outcome, .. } if self.place == here => Self {
                compared: Some(*outcome),
                ..self.clone()
            },
            PaperAct::Compared { .. } => return Err(NotHere),
            PaperAct::TakenBack => Self::default(),
        })
    }

    /// As the counting room is told.
    pub(super) fn told(self, state: SlotState, changed_at: Option<Timestamp>) -> PaperCustody {
        PaperCustody {
            place: match (self.place, state) {
                (Some(Noted::Here), _) => PaperPlace::Here,
                (Some(Noted::HandedOver), _) => PaperPlace::HandedOver,
                (None, SlotState::Empty) => PaperPlace::Unknown,
                (None, _) => PaperPlace::Witness,
            },
            holder: self.holder,
            folder: self.folder,
            compared: self.compared,
            changed_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(acts: &[PaperAct]) -> Standing {
        acts.iter().fold(Standing::default(), |now, act| {
            now.after(act).unwrap_or_else(|_| panic!("{act:?}"))
        })
    }

    fn arrived(folder: &str) -> PaperAct {
        PaperAct::Arrived {
            folder: folder.to_owned(),
        }
    }

    fn compared(outcome: PaperMatch) -> PaperAct {
        PaperAct::Compared {
            outcome,
            figures: domain::Counts::new(),
        }
    }

    #[test]
    fn a_paper_is_with_the_witness_until_somebody_notes_otherwise() {
        let place = |standing: Standing, state| standing.told(state, None).place;
        assert_eq!(
            place(Standing::default(), SlotState::Empty),
            PaperPlace::Unknown
        );
        assert_eq!(
            place(Standing::default(), SlotState::Single),
            PaperPlace::Witness
        );
        let to = "Koordinator desa".to_owned();
        let given = after(&[PaperAct::HandedOver { to }]);
        assert_eq!(
            place(given.clone(), SlotState::Single),
            PaperPlace::HandedOver
        );
        assert_eq!(given.holder.as_deref(), Some("Koordinator desa"));
        assert_eq!(
            place(after(&[arrived("M-1")]), SlotState::Empty),
            PaperPlace::Here
        );
    }

    #[test]
    fn only_a_paper_that_is_here_can_be_compared_and_stays_compared_in_another_folder() {
        let matches = compared(PaperMatch::Matches);
        assert_eq!(Standing::default().after(&matches), Err(NotHere));
        let moved = after(&[arrived("M-1"), matches, arrived("M-2")]);
        assert_eq!(moved.folder.as_deref(), Some("M-2"));
        assert_eq!(moved.compared, Some(PaperMatch::Matches));
    }

    #[test]
    fn what_is_taken_back_leaves_nothing_standing() {
        let back = after(&[
            arrived("M-1"),
            compared(PaperMatch::Differs),
            PaperAct::TakenBack,
        ]);
        assert_eq!(back, Standing::default());
    }
}
