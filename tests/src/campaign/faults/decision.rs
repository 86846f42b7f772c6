//! A coordinator rules on a slot.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use domain::slot::SlotState;
use domain::{Counts, RulingKind};
use protocol::SlotId;
use protocol::console::DecisionRequest;
use reqwest::StatusCode;
use tempfile::TempDir;

use super::Ended;
use super::scene::{Scene, copy};
use crate::campaign::Dice;
use crate::campaign::sender::Sender;
use crate::demo::cast::cast;
use crate::stage::counting_room::CountingRoom;
use crate::stage::endpoint::Endpoint;

/// The figure that is ruled right.
const FIGURE: u32 = 101;

/// An endpoint with one revision, and somebody who may rule on it.
pub(super) struct Ruling {
    template: TempDir,
    slot: SlotId,
    password: String,
    verify: DecisionRequest,
}

/// A running endpoint with somebody signed in.
pub(super) struct Desk {
    endpoint: Endpoint,
    room: CountingRoom,
    etag: String,
}

impl Ruling {
    pub(super) async fn stage() -> Result<Self> {
        let endpoint = Endpoint::start()?;
        let address = format!("http://{}", endpoint.address());
        let http = reqwest::Client::new();
        let election = sample::kaltim()?;
        let posted = cast(&election, 1).into_iter().next().context("nobody")?;
        let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
        let mut sender = Sender::enrol(&http, &address, &code, &mut Dice::new(1)).await?;
        let counts = Counts::from([("votes.1".to_owned(), FIGURE)]);
        let sealed = sender.seal(0, counts, Vec::new())?;
        sender
            .post(&http, &address, std::slice::from_ref(&sealed))
            .await?;
        let password = crate::demo::password()?;
        endpoint.add_user("ruler", "admin", "64", &password)?;
        Ok(Self {
            slot: sender.slots[0].clone(),
            template: endpoint.into_data()?,
            password,
            verify: DecisionRequest {
                kind: RulingKind::Verify,
                chosen: Some(sealed.rev_id),
                counts: None,
                device: None,
                reason: None,
            },
        })
    }

    async fn sit_down(&self, endpoint: Endpoint) -> Result<Desk> {
        let address = format!("http://{}", endpoint.address());
        let room = CountingRoom::sign_in(&address, "ruler", &self.password).await?;
        let etag = room.etag(&self.slot).await?;
        Ok(Desk {
            endpoint,
            room,
            etag,
        })
    }

    /// Ruled or not, and everything that follows from it: state, figures,
    /// totals. Returns whether it is ruled.
    async fn judge_state(&self, room: &CountingRoom) -> Result<bool> {
        let detail = room.slot(&self.slot).await?;
        let is_ruled = match detail.decisions.len() {
            0 => false,
            1 => true,
            more => anyhow::bail!("{more} rulings"),
        };
        let expected = if is_ruled {
            SlotState::Verified
        } else {
            SlotState::Single
        };
        ensure!(
            detail.state == expected,
            "ruled {is_ruled}: {:?}",
            detail.state
        );
        let totals = room
            .totals(&self.slot.election, &self.slot.contest, "64")
            .await?;
        let sum = |votes: &std::collections::BTreeMap<String, u64>| votes.values().sum::<u64>();
        let received: u64 = totals
            .regions
            .iter()
            .map(|one| sum(&one.votes.received))
            .sum();
        let verified: u64 = totals
            .regions
            .iter()
            .map(|one| sum(&one.votes.verified))
            .sum();
        // The columns do not overlap: a figure stands in one of them.
        let figure = u64::from(FIGURE);
        let expected = if is_ruled { (0, figure) } else { (figure, 0) };
        ensure!(
            (received, verified) == expected,
            "ruled {is_ruled}: received {received}, verified {verified}"
        );
        Ok(is_ruled)
    }
}

impl Scene for Ruling {
    const NAME: &'static str = "decision";
    type Live = Desk;

    async fn start(&self) -> Result<Desk> {
        self.sit_down(Endpoint::at(copy(self.template.path())?)?)
            .await
    }

    fn place(&self, live: &Desk) -> (u32, PathBuf) {
        let endpoint = &live.endpoint;
        (endpoint.process().id(), endpoint.data().to_owned())
    }

    async fn act(&self, live: &mut Desk) -> Result<Ended> {
        let asked = live.room.decide_if(&self.slot, &live.etag, &self.verify);
        match asked.await {
            Ok(answer) if answer.status() == StatusCode::CREATED => Ok(Ended::Done),
            Ok(_) => Ok(Ended::Refused),
            Err(_) if live.endpoint.process_mut().has_ended()? => Ok(Ended::Dead),
            Err(_) => Ok(Ended::Refused),
        }
    }

    async fn judge(&self, mut live: Desk, ended: Ended) -> Result<()> {
        if ended != Ended::Dead {
            let is_ruled = self.judge_state(&live.room).await?;
            ensure!(is_ruled || ended != Ended::Done, "a ruling is gone");
        }
        live.endpoint.kill_and_restart()?;
        let Desk { endpoint, .. } = live;
        let desk = self.sit_down(endpoint).await?;
        let is_ruled = self.judge_state(&desk.room).await?;
        ensure!(is_ruled || ended != Ended::Done, "a ruling is gone");
        if !is_ruled {
            desk.room.decide(&self.slot, &self.verify).await?;
            let is_ruled = self.judge_state(&desk.room).await?;
            ensure!(is_ruled, "ruled, it said, and is not");
        }
        desk.endpoint
            .run(&["verify-log"])
            .map(drop)
            .context("after all")
    }
}
