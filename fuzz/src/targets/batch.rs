//! The body of `POST /v1/revisions`, judged as far as no database is needed,
//! and what the taken ones mean for their slot.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use domain::rules::{self, FormHead};
use domain::slot::{self, Channel, SlotRevision};
use domain::{Contest, FormLayout};
use protocol::envelope::rev_id;
use protocol::revision::RevisionsRequest;
use protocol::{Envelope, Revision};

use super::{envelope, sealed};

/// Revisions of one slot that are put in every order; more cost too much.
const PERMUTED_MAX: usize = 12;

/// Any body is judged without a panic, findings come the same way twice, and
/// the slot's state does not depend on the order of the envelopes.
pub fn run(data: &[u8]) {
    let Ok(request) = serde_json::from_slice::<RevisionsRequest>(data) else {
        return;
    };
    let mut slots: BTreeMap<String, Vec<SlotRevision>> = BTreeMap::new();
    for raw in &request.envelopes {
        let Ok(envelope) = Envelope::from_request(raw.get()) else {
            continue;
        };
        let Ok(payload) = envelope.payload_bytes() else {
            continue;
        };
        let Some(revision) = envelope::read_payload(&payload) else {
            continue;
        };
        weigh(&revision);
        let revisions = slots.entry(revision.slot().to_string()).or_default();
        revisions.push(in_slot(&payload, &revision));
    }
    for revisions in slots.values_mut() {
        revisions.truncate(PERMUTED_MAX);
        let view = slot::view(revisions, &[]);
        revisions.reverse();
        assert_eq!(slot::view(revisions, &[]), view);
        let twice: Vec<SlotRevision> = revisions.iter().chain(revisions.iter()).cloned().collect();
        assert_eq!(slot::view(&twice, &[]), view);
    }
}

fn in_slot(payload: &[u8], revision: &Revision) -> SlotRevision {
    SlotRevision {
        rev_id: rev_id(payload),
        device: revision.device.clone(),
        seq: revision.seq,
        counts: revision.counts.clone(),
        photos: revision
            .photos
            .iter()
            .map(|photo| photo.sha256.clone())
            .collect(),
        channel: Channel::App,
    }
}

fn weigh(revision: &Revision) {
    let (layout, contest) = form();
    let head = FormHead {
        read: revision.form_tps.as_deref(),
        assigned: revision.tps.number(),
    };
    let findings = rules::check(layout, &contest.options, &revision.counts, head);
    let again = rules::check(layout, &contest.options, &revision.counts, head);
    assert_eq!(findings, again);
}

fn form() -> &'static (FormLayout, Contest) {
    static FORM: OnceLock<(FormLayout, Contest)> = OnceLock::new();
    FORM.get_or_init(|| {
        let layout = sample::layout(sample::PPWP_FORM)
            .ok()
            .flatten()
            .expect("the sample has the form");
        (layout, sample::ppwp())
    })
}

/// Batches of one device and of a device that forks.
pub fn seeds() -> Vec<Vec<u8>> {
    let batch = |revisions: &[Revision]| {
        let envelopes: Vec<String> = revisions
            .iter()
            .map(|revision| sealed::json(&sealed::envelope(revision)))
            .collect();
        format!("{{\"envelopes\":[{}]}}", envelopes.join(",")).into_bytes()
    };
    let mut forked = sealed::revision(1, 1);
    forked.counts.insert("votes.1".to_owned(), 102);
    vec![
        batch(&[sealed::revision(1, 0)]),
        batch(&[sealed::revision(1, 1), forked, sealed::revision(2, 0)]),
    ]
}
