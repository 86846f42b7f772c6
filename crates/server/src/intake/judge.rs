//! One envelope, judged without the database's writer.

use domain::rules::{self, FormHead};
use domain::{Channel, Severity};
use protocol::envelope::{EnvelopeError, REVISION_TYPE, rev_id};
use protocol::revision::RevisionError;
use protocol::{Envelope, Problem, ProblemCode, Revision, SlotId, limits};

use super::bubbles;
use crate::catalogue::Catalogue;
use crate::enrol::{Author, Device};

/// What revisions are judged against.
pub(crate) struct Bench<'a> {
    /// The device whose revisions these should be.
    pub(crate) author: &'a Author,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) now_ms: i64,
}

/// A revision that its device has properly signed, or sent as a proper SMS.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(super) rev_id: String,
    pub(super) slot: SlotId,
    pub(super) revision: Revision,
    pub(super) channel: Channel,
    /// As it came, byte for byte: the envelope, or the text of the SMS.
    pub(super) envelope: String,
    /// Findings of severity error.
    pub(super) findings: i64,
    /// Figures that the bubbles of its photos say otherwise.
    pub(super) bubbles_differ: i64,
    /// Who of the counting room keyed it; nobody when a phone sent it.
    pub(super) actor: Option<String>,
    /// What speaks against it, unless it is known already: what was taken in
    /// once stays so when an assignment or the window ends.
    pub(super) objection: Option<Problem>,
}

/// An envelope that is not even a candidate.
#[derive(Debug)]
pub(crate) struct Unfit {
    /// Empty when there was no payload to hash.
    pub(super) rev_id: String,
    pub(super) problem: Problem,
}

/// Envelopes as they were judged, in the order they came.
pub(crate) type Judged = Vec<Result<Candidate, Unfit>>;

pub(super) fn because(code: ProblemCode, detail: impl Into<String>) -> Problem {
    Problem::new(code).with_detail(detail)
}

/// Judges the envelope in `json`.
pub(super) fn judge(json: &str, bench: &Bench<'_>) -> Result<Candidate, Unfit> {
    let unfit = |rev_id: &str, problem| Unfit {
        rev_id: rev_id.to_owned(),
        problem,
    };
    let envelope = Envelope::from_request(json)
        .map_err(|cause| unfit("", because(ProblemCode::EnvelopeInvalid, cause.to_string())))?;
    let payload = envelope
        .payload_bytes()
        .map_err(|cause| unfit("", because(ProblemCode::EnvelopeInvalid, cause.to_string())))?;
    let id = rev_id(&payload);
    let device = &bench.author.device;
    check_signature(&envelope, &payload, device).map_err(|problem| unfit(&id, problem))?;
    let revision = read(&payload, device).map_err(|problem| unfit(&id, problem))?;
    Ok(candidate(
        id,
        revision,
        Channel::App,
        json.to_owned(),
        bench,
    ))
}

/// What `revision`, proven to be the author's by `envelope`, is worth.
pub(crate) fn candidate(
    rev_id: String,
    revision: Revision,
    channel: Channel,
    envelope: String,
    bench: &Bench<'_>,
) -> Candidate {
    let slot = revision.slot();
    let (findings, objection) = match weigh(&revision, &slot, bench) {
        Ok(findings) => (findings, None),
        Err(problem) => (0, Some(problem)),
    };
    Candidate {
        rev_id,
        slot,
        bubbles_differ: bubbles::differing(&revision),
        actor: bench
            .author
            .device
            .desk
            .as_ref()
            .map(|desk| desk.user.clone()),
        revision,
        channel,
        envelope,
        findings,
        objection,
    }
}

fn check_signature(envelope: &Envelope, payload: &[u8], device: &Device) -> Result<(), Problem> {
    if payload.len() > limits::PAYLOAD_MAX_BYTES {
        let detail = format!("a payload has at most {} bytes", limits::PAYLOAD_MAX_BYTES);
        return Err(because(ProblemCode::TooLarge, detail));
    }
    let opened = envelope.open(REVISION_TYPE, &device.public_key);
    opened.map_err(|cause| match cause {
        EnvelopeError::Signature => because(ProblemCode::SignatureInvalid, cause.to_string()),
        EnvelopeError::Shape | EnvelopeError::WrongType | EnvelopeError::Encoding => {
            because(ProblemCode::EnvelopeInvalid, cause.to_string())
        }
    })?;
    let signed_by = envelope.signature().map(|one| one.keyid.as_str());
    if signed_by != Ok(device.id.as_str()) {
        let detail = "keyid is not the id of the device";
        return Err(because(ProblemCode::SignatureInvalid, detail));
    }
    Ok(())
}

fn read(payload: &[u8], device: &Device) -> Result<Revision, Problem> {
    let revision = Revision::from_payload(payload).map_err(|cause| {
        let code = match cause {
            RevisionError::TooLarge => ProblemCode::TooLarge,
            RevisionError::Shape(_) | RevisionError::OutOfBounds(_) => ProblemCode::PayloadInvalid,
        };
        because(code, cause.to_string())
    })?;
    if revision.device != device.id {
        let detail = "device is not the id of the device that signed";
        return Err(because(ProblemCode::PayloadInvalid, detail));
    }
    // Where its figures are from is a desk's to say, and a desk has to.
    if revision.desk.is_some() != device.desk.is_some() {
        let detail = "desk is said by desks of the counting room, and by them alone";
        return Err(because(ProblemCode::PayloadInvalid, detail));
    }
    Ok(revision)
}

/// Number of findings, or what speaks against taking it in now.
fn weigh(revision: &Revision, slot: &SlotId, bench: &Bench<'_>) -> Result<i64, Problem> {
    if bench.author.is_revoked {
        return Err(Problem::new(ProblemCode::DeviceRevoked));
    }
    let catalogue = bench.catalogue;
    let contest = catalogue
        .contest_at(&slot.election, &slot.contest, &slot.tps)
        .filter(|_| bench.author.device.may_state(&slot.election, &slot.tps));
    if contest.is_none() {
        let detail = format!("{slot} is not assigned to this device");
        return Err(because(ProblemCode::NotAssigned, detail));
    }
    let findings = fitting(revision, slot, catalogue)?;
    let is_open = catalogue
        .elections
        .get(&slot.election)
        .is_some_and(|election| {
            (election.opens_at.unix_ms()..election.closes_at.unix_ms()).contains(&bench.now_ms)
        });
    if is_open {
        Ok(findings)
    } else {
        Err(Problem::new(ProblemCode::WindowClosed))
    }
}

/// Number of findings of severity error, once the figures fit the boxes of
/// their form. That they add up is not asked: a form that does not is evidence.
pub(super) fn fitting(
    revision: &Revision,
    slot: &SlotId,
    catalogue: &Catalogue,
) -> Result<i64, Problem> {
    let contest = catalogue
        .contest_at(&slot.election, &slot.contest, &slot.tps)
        .ok_or_else(|| because(ProblemCode::PayloadInvalid, "no such contest there"))?;
    let form = catalogue
        .form_of(contest)
        .ok_or_else(|| because(ProblemCode::PayloadInvalid, "the contest has no form"))?;
    form.admits(&revision.counts, &contest.options)
        .map_err(|cause| because(ProblemCode::PayloadInvalid, cause.to_string()))?;
    let head = FormHead {
        read: revision.form_tps.as_deref(),
        assigned: slot.tps.number(),
    };
    let findings = rules::check(form, &contest.options, &revision.counts, head);
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    Ok(i64::try_from(errors).unwrap_or(i64::MAX))
}
