//! The sealed revisions of a slot, to look at.

use protocol::{Envelope, Revision, SlotId};
use store::RevisionRow;

use crate::core::Core;
use crate::draft::{findings, photo_view};
use crate::form::Form;
use crate::standing::progress;
use crate::view::{Failure, RevisionView};

impl Core {
    /// The revisions of a slot, newest first, each read from its own signed
    /// bytes.
    pub(crate) fn history(&self, slot: &SlotId) -> Result<Vec<RevisionView>, Failure> {
        // The form may be gone with an assignment; its revisions are not.
        let form = self.form(slot).ok();
        let present = self.identity()?.map(|identity| identity.id);
        let rows = self.store().revisions(slot)?;
        rows.into_iter()
            .map(|row| self.revision_view(row, form.as_ref(), present))
            .collect()
    }

    fn revision_view(
        &self,
        row: RevisionRow,
        form: Option<&Form>,
        present: Option<i64>,
    ) -> Result<RevisionView, Failure> {
        let statement = statement(&row)?;
        let photos = self.store().revision_photos(&row.revision.rev_id)?;
        let read = statement.form_tps.as_deref().unwrap_or_default();
        Ok(RevisionView {
            is_of_earlier_enrolment: Some(row.revision.identity) != present,
            rev_id: row.revision.rev_id,
            seq: row.revision.seq,
            findings: form.map_or_else(Vec::new, |form| findings(form, &statement.counts, read)),
            flags: statement.witness_flags().map(str::to_owned).collect(),
            counts: statement.counts,
            form_tps: statement.form_tps,
            note: statement.note,
            progress: progress(&photos),
            photos: photos
                .into_iter()
                .map(|own| photo_view(&own.place, own.photo, own.is_received, own.refused))
                .collect(),
            recorded_at: statement.recorded_at,
            received_at: row.receipt.map(|receipt| receipt.received_at),
            log_index: row.receipt.map(|receipt| receipt.log_index),
            refused: row.refused,
        })
    }
}

fn statement(row: &RevisionRow) -> Result<Revision, Failure> {
    let damaged = || Failure::Database {
        code: "damaged".to_owned(),
    };
    let envelope: Envelope = serde_json::from_str(&row.revision.envelope).map_err(|_| damaged())?;
    let payload = envelope.payload_bytes().map_err(|_| damaged())?;
    Revision::from_payload(&payload).map_err(|_| damaged())
}
