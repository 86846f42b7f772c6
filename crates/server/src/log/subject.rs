//! How subjects are written. A polling station's digits come first, so that all
//! of a region is a range; nothing else begins with a digit.

use protocol::SlotId;

pub(crate) fn slot(slot: &SlotId) -> String {
    format!("{}/{}/{}", slot.tps, slot.contest, slot.election)
}

pub(crate) fn device(id: &str) -> String {
    format!("device/{id}")
}

pub(crate) fn witness(id: &str) -> String {
    format!("witness/{id}")
}
