//! The coordinator: looks at a slot and rules, through the same router.

use anyhow::Result;
use axum::body::Body;
use axum::http;
use device::Answer;
use domain::RulingKind;
use protocol::SlotId;
use protocol::console::{Decision, DecisionRequest, RefusedAnswer, SlotDetail};

use super::template::{SESSION, sign_in};
use super::world::World;

/// What the coordinator's console remembers.
pub struct Room {
    token: String,
    sign_ins: u32,
    /// The last slot looked at, as it was then.
    seen: Option<(SlotId, String)>,
}

impl Default for Room {
    fn default() -> Self {
        Self {
            token: SESSION.to_owned(),
            sign_ins: 0,
            seen: None,
        }
    }
}

impl Room {
    /// The console's cookie.
    #[must_use]
    pub fn cookie(&self) -> String {
        format!("saksi_session={}", self.token)
    }
}

impl World<'_> {
    /// The coordinator does one thing.
    pub(super) fn coordinate(&mut self) -> Result<()> {
        if !self.endpoint.is_up() {
            return Ok(());
        }
        if self.chance.one_in(6) {
            return self.let_in();
        }
        let player = self.chance.index(self.players.len());
        let slots = self.players[player].slots.clone();
        let slot = self.chance.pick(&slots).clone();
        let Some(detail) = self.slot_detail(&slot)? else {
            return Ok(());
        };
        // Sometimes somebody rules on what he or she saw long ago.
        let seen = self.room.seen.replace((slot.clone(), detail.etag.clone()));
        let etag = match seen {
            Some((other, etag)) if other == slot && self.chance.one_in(2) => etag,
            _ => detail.etag.clone(),
        };
        let Some(ruling) = self.ruling(&detail) else {
            return Ok(());
        };
        self.rule(&slot, &detail, &etag, &ruling)
    }

    /// A slot as the console sees it.
    pub(super) fn slot_detail(&mut self, slot: &SlotId) -> Result<Option<SlotDetail>> {
        let answer = self.console("GET", &format!("/v1/slots/{slot}"), None, None)?;
        Ok(match answer {
            Some(answer) if answer.status == 200 => Some(serde_json::from_slice(&answer.body)?),
            _ => None,
        })
    }

    fn ruling(&mut self, detail: &SlotDetail) -> Option<DecisionRequest> {
        if detail.history.is_empty() {
            return None;
        }
        let mut ruling = DecisionRequest {
            kind: RulingKind::Verify,
            chosen: None,
            counts: None,
            device: None,
            reason: Some("periksa lagi".to_owned()),
        };
        match self.chance.between(1, 10) {
            1..=5 => {
                let with_figures: Vec<_> = detail
                    .heads
                    .iter()
                    .filter(|head| !head.counts.is_empty())
                    .collect();
                if with_figures.is_empty() {
                    return None;
                }
                // By number, not by id: ids come from outside the simulation.
                let mut heads = with_figures;
                heads.sort_by_key(|head| self.trace.name(&head.rev_id));
                let chosen = heads[self.chance.index(heads.len())];
                if self.chance.one_in(3) {
                    ruling.counts = Some(chosen.counts.clone());
                } else {
                    ruling.chosen = Some(chosen.rev_id.clone());
                }
            }
            6 | 7 => ruling.kind = RulingKind::Return,
            8 => {
                ruling.kind = RulingKind::Quarantine;
                let mut devices: Vec<(String, String)> = detail
                    .history
                    .iter()
                    .map(|one| (self.trace.name(&one.rev_id), one.device.clone()))
                    .collect();
                devices.sort();
                ruling.device = Some(self.chance.pick(&devices).1.clone());
            }
            _ => ruling.kind = RulingKind::Reopen,
        }
        Some(ruling)
    }

    fn rule(
        &mut self,
        slot: &SlotId,
        detail: &SlotDetail,
        etag: &str,
        ruling: &DecisionRequest,
    ) -> Result<()> {
        let body = serde_json::to_vec(ruling)?;
        let path = format!("/v1/slots/{slot}/decisions");
        let answer = self.console("POST", &path, Some(etag), Some(body))?;
        let Some(answer) = answer else { return Ok(()) };
        let is_fresh = etag == detail.etag;
        let what = format!(
            "{:?} on {} {} ({}) → {}",
            ruling.kind,
            slot.tps.number(),
            slot.contest,
            if is_fresh { "fresh" } else { "stale" },
            answer.status
        );
        self.say("room", &what);
        let is_right = match answer.status {
            201 => is_fresh,
            412 => !is_fresh,
            400 => true,
            _ => false,
        };
        if !is_right {
            self.wrong("a ruling names the slot as it is", what);
        }
        if answer.status == 201 {
            let decision: Decision = serde_json::from_slice(&answer.body)?;
            self.ledger
                .vouched
                .rulings
                .insert((slot.clone(), decision.number));
        }
        Ok(())
    }

    /// Lets in one revision that was refused, if there is one.
    fn let_in(&mut self) -> Result<()> {
        let Some(answer) = self.console("GET", "/v1/refused", None, None)? else {
            return Ok(());
        };
        if answer.status != 200 {
            return Ok(());
        }
        let mut refused = serde_json::from_slice::<RefusedAnswer>(&answer.body)?.refused;
        refused.sort_by_key(|one| self.trace.name(&one.revision.rev_id));
        let Some(one) = refused.first() else {
            return Ok(());
        };
        let path = format!("/v1/refused/{}/admit", one.revision.rev_id);
        let body = br#"{"reason": "boleh"}"#.to_vec();
        let answer = self.console("POST", &path, None, Some(body))?;
        let name = self.trace.name(&one.revision.rev_id);
        let status = answer.map_or(0, |answer| answer.status);
        self.say("room", &format!("lets in {name} → {status}"));
        Ok(())
    }

    /// A call of the console; signs in again when the session has ended.
    pub(super) fn console(
        &mut self,
        method: &str,
        path: &str,
        etag: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Result<Option<Answer>> {
        for _ in 0..2 {
            let mut building = http::Request::builder()
                .method(method)
                .uri(path)
                .header("cookie", self.room.cookie())
                .header("content-type", "application/json");
            if let Some(etag) = etag {
                building = building.header("if-match", etag);
            }
            let request = building.body(body.clone().map_or_else(Body::empty, Body::from))?;
            let answered = self.endpoint.answer(request);
            let Some(Some(answer)) = self.expect("the endpoint answers", answered) else {
                return Ok(None);
            };
            if answer.status != 401 {
                return Ok(Some(answer));
            }
            self.room.sign_ins += 1;
            self.room.token = format!("session-{}", self.room.sign_ins);
            let token = self.room.token.clone();
            let signed_in = self
                .endpoint
                .inside(async |app| sign_in(&app, &token).await);
            self.expect("the coordinator can sign in", signed_in);
        }
        Ok(None)
    }
}
