//! A witness with a phone, and what the simulation remembers of them.

use std::collections::BTreeSet;

use protocol::SlotId;
use tempfile::TempDir;

use super::phone::{Phone, Promised};

/// A witness with a phone.
pub struct Player {
    /// The phone.
    pub phone: Phone,
    /// Its slots.
    pub slots: Vec<SlotId>,
    /// The polling station.
    pub post: &'static str,
    /// The witness.
    pub witness: usize,
    /// Things that the witness still does this evening.
    pub acts_left: u64,
    /// A copy of the phone's folder, and what the phone had promised then.
    pub backup: Option<(TempDir, Promised)>,
    /// The id of the device in use.
    pub device: String,
    /// All ids that the phone ever had.
    pub devices: BTreeSet<String>,
    /// How many receipts the phone had set aside when it was last looked at.
    pub disowned: u64,
    /// The request that is under way.
    pub(super) call: u64,
}

impl Player {
    /// A second phone of the same witness.
    #[must_use]
    pub fn new(phone: Phone, first: &Self) -> Self {
        Self {
            phone,
            slots: first.slots.clone(),
            post: first.post,
            witness: first.witness,
            acts_left: 6,
            backup: None,
            device: first.device.clone(),
            devices: first.devices.clone(),
            disowned: first.disowned,
            call: 0,
        }
    }
}
