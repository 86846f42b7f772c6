//! The end of the evening: all faults stop, and everybody delivers.

use anyhow::Result;
use device::view::TroubleCode;

use super::memory::Memory;
use super::phone::Drive;
use super::wire::Arriving;
use super::world::{Event, World};

/// Rounds in which everybody delivers before it must be quiet.
const ROUNDS_MAX: u32 = 12;
/// Requests of one delivery, at most.
const REQUESTS_MAX: u32 = 400;
/// Between two rounds, in milliseconds: longer than any phone waits by itself.
const BETWEEN_MS: i64 = 61 * 60_000;

impl World<'_> {
    /// Ends all faults and lets everybody deliver until it is quiet.
    ///
    /// # Errors
    /// When the simulation itself fails.
    pub(super) fn heal(&mut self) -> Result<()> {
        self.say("healing", "all faults end");
        self.start_endpoint()?;
        self.endpoint.block_photos(false)?;
        self.weather = super::weather::Weather::fine();
        // What is still under way arrives; nobody does anything else.
        self.schedule
            .drop_those(|event| !matches!(event, Event::Arrives(_) | Event::Ends(..)));
        for player in 0..self.players.len() {
            self.players[player].phone.disk.set_full(false);
            self.players[player].acts_left = 0;
            self.open(player)?;
        }
        self.play()?;
        let mut is_quiet = false;
        for round in 0..ROUNDS_MAX {
            for player in 0..self.players.len() {
                self.deliver_all(player)?;
                self.enrol_again_if_refused(player)?;
            }
            // What came in last may be news for those who asked before.
            if is_quiet {
                self.say("healing", &format!("quiet after round {}", round + 1));
                return Ok(());
            }
            is_quiet = self.restless().is_empty();
            self.time.reach(self.time.now_ms() + BETWEEN_MS);
        }
        for found in self.restless() {
            self.wrong("everything is sent or visibly refused", found);
        }
        Ok(())
    }

    /// The way out for a phone that the endpoint does not know or let in.
    fn enrol_again_if_refused(&mut self, player: usize) -> Result<()> {
        let viewed = self.players[player]
            .phone
            .act(async |device| device.delivery_view().await);
        let trouble = viewed.and_then(|viewed| viewed.ok()?.trouble);
        let is_refused = matches!(
            trouble,
            Some(TroubleCode::DeviceRevoked | TroubleCode::TokenUnknown)
        );
        if !is_refused {
            return Ok(());
        }
        self.begin_enrolling_again(player)?;
        self.go_through(player)?;
        self.deliver_all(player)
    }

    /// One whole delivery without any fault.
    fn deliver_all(&mut self, player: usize) -> Result<()> {
        if !self.players[player].phone.is_open() {
            return Ok(());
        }
        self.players[player].phone.begin_delivery(true);
        self.go_through(player)
    }

    /// Goes through with what a phone has begun.
    fn go_through(&mut self, player: usize) -> Result<()> {
        for _ in 0..REQUESTS_MAX {
            match self.players[player].phone.go_on() {
                Drive::Asks(request) => {
                    let asked = self.described(&request);
                    self.tell(player, &asked);
                    let Some(answer) = self.ask(&request, Arriving::Whole)? else {
                        return Ok(());
                    };
                    self.players[player].phone.receive(Ok(answer));
                }
                Drive::Done(outcome) => {
                    let word = super::phone::word(&outcome);
                    self.tell(player, &format!("delivery {word}"));
                    return self.look_at(player);
                }
                Drive::Killed => return self.open(player),
            }
        }
        self.wrong(
            "a delivery ends",
            format!("more than {REQUESTS_MAX} requests"),
        );
        Ok(())
    }

    /// What is neither received nor refused.
    fn restless(&self) -> Vec<String> {
        let mut found = Vec::new();
        for player in &self.players {
            let Ok(memory) = Memory::read(&player.phone.folder) else {
                continue;
            };
            for sealed in &memory.revisions {
                if sealed.received.is_none() && sealed.refused.is_none() {
                    found.push(self.trace.name(&sealed.rev_id));
                }
                let photos = sealed.photos.iter();
                for photo in photos.filter(|one| one.received.is_none() && one.refused.is_none()) {
                    found.push(format!(
                        "{} of {}",
                        self.trace.name(&photo.sha256),
                        self.trace.name(&sealed.rev_id)
                    ));
                }
            }
            for carried in &memory.carried {
                let is_open = carried.received.is_none() && carried.refused.is_none();
                if is_open || carried.photos_open > 0 {
                    let name = self.trace.name(&carried.rev_id);
                    found.push(format!("{name}, carried by {}", player.phone.name));
                }
            }
        }
        found
    }
}
