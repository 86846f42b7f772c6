//! Photos of a slot that another slot has too, as the counting room sees them.

use std::collections::BTreeMap;

use domain::{Finding, Mark, Severity};
use photo::SAME_PHOTO_MAX_BITS;
use protocol::console::{SameAs, SlotDetail};
use sqlx::AnyConnection;

use super::signed_in::SignedIn;
use crate::sameness::{Twin, twins};
use crate::storage::StorageError;

/// Code of the finding that a photo is another slot's too.
const CODE: &str = "P201";

/// Adds to a slot which of its photos others have: to each photo, as a finding
/// for each, and as a mark. Slots that `who` does not see are not named.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn add(
    connection: &mut AnyConnection,
    who: &SignedIn,
    detail: &mut SlotDetail,
) -> Result<(), StorageError> {
    let slot = detail.slot.to_string();
    let found = twins(connection, std::slice::from_ref(&slot)).await?;
    let mut by_photo: BTreeMap<&str, Vec<&Twin>> = BTreeMap::new();
    for twin in found.get(&slot).into_iter().flatten() {
        by_photo.entry(&twin.sha256).or_default().push(twin);
    }
    for photo in &mut detail.photos {
        for twin in by_photo
            .remove(photo.photo.sha256.as_str())
            .into_iter()
            .flatten()
        {
            let same = SameAs {
                slot: who.sees(&twin.slot.tps.region()).then(|| twin.slot.clone()),
                differing_bits: twin.bits,
                is_same_file: twin.other == twin.sha256,
            };
            detail.findings.push(finding(photo.photo.page, &same));
            photo.same_as.push(same);
        }
    }
    if detail.photos.iter().any(|photo| !photo.same_as.is_empty()) {
        detail.marks.push(Mark::SamePhoto);
        detail.marks.sort_unstable();
    }
    Ok(())
}

fn finding(page: Option<u32>, same: &SameAs) -> Finding {
    let (which, which_en) = match page {
        Some(page) => (
            format!("Foto halaman {page}"),
            format!("The photo of page {page}"),
        ),
        None => ("Sebuah foto".to_owned(), "A photo".to_owned()),
    };
    let (how, how_en) = if same.is_same_file {
        ("sama persis dengan", "is the very same file as")
    } else {
        ("tampak sama dengan", "looks the same as")
    };
    let (whose, whose_en) = match &same.slot {
        Some(slot) => (
            format!("foto TPS {} ({})", slot.tps, slot.contest),
            format!("a photo of TPS {} ({})", slot.tps, slot.contest),
        ),
        None => (
            "foto TPS di luar wilayah Anda".to_owned(),
            "a photo of a TPS outside your region".to_owned(),
        ),
    };
    Finding {
        code: CODE.to_owned(),
        severity: Severity::Error,
        text: format!("{which} {how} {whose}."),
        text_en: Some(format!("{which_en} {how_en} {whose_en}.")),
        fields: Vec::new(),
        left: same.differing_bits,
        right: SAME_PHOTO_MAX_BITS,
    }
}
