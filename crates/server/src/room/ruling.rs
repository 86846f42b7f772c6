//! What a coordinator asks for, checked against the slot it is about.
//!
//! Pure: from a request and a slot to a ruling, or to a sentence that says
//! what is wrong with the request.

use domain::{Counts, RulingKind};
use protocol::Timestamp;
use protocol::console::{Decision, DecisionRequest};
use protocol::encoding::sha256_hex;
use protocol::limits::TEXT_MAX_BYTES;

use crate::slots::Standing;

/// What a ruling of this kind decides, besides who, when and why.
#[derive(Debug, Default)]
struct Content {
    chosen: Option<String>,
    counts: Counts,
    device: Option<String>,
}

/// The ruling that `asked` means for `slot`.
///
/// # Errors
/// What is wrong with the request, in English, for developers.
pub(super) fn ruling(
    asked: &DecisionRequest,
    slot: &Standing<'_>,
    by: &str,
    at: Timestamp,
) -> Result<Decision, String> {
    let reason = reason(asked)?;
    let content = match asked.kind {
        RulingKind::Verify => verified(asked, slot)?,
        RulingKind::Return => {
            nothing_but_a_reason(asked)?;
            if slot.view.heads.is_empty() {
                return Err("nothing has arrived that could be returned".to_owned());
            }
            Content::default()
        }
        RulingKind::Quarantine => quarantined(asked, slot)?,
        RulingKind::Reopen => {
            nothing_but_a_reason(asked)?;
            if slot.next_number() == 1 {
                return Err("there is no ruling to set aside".to_owned());
            }
            Content::default()
        }
    };
    Ok(Decision {
        number: slot.next_number(),
        kind: asked.kind,
        by: by.to_owned(),
        at,
        chosen: content.chosen,
        counts: content.counts,
        device: content.device,
        reason,
        considered: slot.view.heads.clone(),
    })
}

fn reason(asked: &DecisionRequest) -> Result<String, String> {
    let reason = asked.reason.as_deref().unwrap_or_default().trim();
    if reason.len() > TEXT_MAX_BYTES {
        return Err(format!("reason is longer than {TEXT_MAX_BYTES} bytes"));
    }
    if reason.is_empty() && asked.kind != RulingKind::Verify {
        return Err("reason is required".to_owned());
    }
    Ok(reason.to_owned())
}

fn verified(asked: &DecisionRequest, slot: &Standing<'_>) -> Result<Content, String> {
    if asked.device.is_some() {
        return Err("device belongs to quarantine".to_owned());
    }
    let counts = match (&asked.chosen, &asked.counts) {
        (Some(chosen), None) => {
            let mut heads = slot.heads();
            let head = heads.find(|head| head.rev_id == *chosen);
            head.ok_or("chosen is not one of the heads")?.counts.clone()
        }
        (None, Some(counts)) => {
            slot.form
                .admits(counts, &slot.contest.options)
                .map_err(|cause| cause.to_string())?;
            counts.clone()
        }
        _ => return Err("verify takes exactly one of chosen and counts".to_owned()),
    };
    if counts.is_empty() {
        return Err("there are no figures to verify".to_owned());
    }
    Ok(Content {
        chosen: asked.chosen.clone(),
        counts,
        device: None,
    })
}

fn quarantined(asked: &DecisionRequest, slot: &Standing<'_>) -> Result<Content, String> {
    if asked.chosen.is_some() || asked.counts.is_some() {
        return Err("chosen and counts belong to verify".to_owned());
    }
    let device = asked.device.as_ref().ok_or("device is required")?;
    if !slot.has_sent(device) {
        return Err("this device has sent nothing here".to_owned());
    }
    if slot.view.quarantined.contains(device) {
        return Err("this device is quarantined here already".to_owned());
    }
    Ok(Content {
        device: Some(device.clone()),
        ..Content::default()
    })
}

fn nothing_but_a_reason(asked: &DecisionRequest) -> Result<(), String> {
    if asked.chosen.is_some() || asked.counts.is_some() || asked.device.is_some() {
        return Err("this ruling takes a reason only".to_owned());
    }
    Ok(())
}

/// The hash of a ruling that stands in the log, so that the log's chain covers
/// what was ruled and not only that something was.
#[must_use]
pub fn digest(decision: &Decision) -> String {
    let text = serde_json::json!([
        "saksi-decision-v1",
        decision.number,
        decision.kind,
        decision.by,
        decision.at,
        decision.chosen,
        decision.counts,
        decision.device,
        decision.reason,
        decision.considered,
    ]);
    sha256_hex(text.to_string().as_bytes())
}
