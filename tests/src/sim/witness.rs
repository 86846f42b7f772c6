//! What witnesses do with their phones, in any order.

use anyhow::Result;
use device::Device;
use device::view::{DraftChange, Failure};
use protocol::SlotId;
use protocol::encoding::to_base64;
use protocol::revision::{PhotoKind, PhotoSource};

use super::chance::Chance;
use super::pictures::Picture;
use super::world::{Event, World};

/// The longest time between two things that a witness does, in milliseconds.
const PAUSE_MAX_MS: u64 = 12 * 60_000;

/// What a witness does.
enum Act {
    /// Keys some boxes.
    Key(Vec<(&'static str, String)>),
    /// Photographs a page and hands the photo over in so many pieces.
    Photograph(usize, usize),
    /// Says that a photo is coming and then does not take one.
    LeaveCamera,
    /// Takes a photo out of the draft.
    TakeOut,
    /// Saves.
    Seal,
    /// Gives up what is not saved.
    Discard,
    /// Taps "send".
    Tap,
}

impl Act {
    fn drawn(chance: &mut Chance, pictures: &[Picture]) -> Self {
        match chance.between(1, 20) {
            1..=6 => Self::Key(figures(chance)),
            7..=11 => Self::Photograph(chance.index(pictures.len()), 1 + chance.index(3)),
            12 => Self::LeaveCamera,
            13 => Self::TakeOut,
            14..=17 => Self::Seal,
            18 => Self::Discard,
            _ => Self::Tap,
        }
    }

    fn name(&self, slot: &SlotId, pictures: &[Picture]) -> String {
        let contest = &slot.contest;
        match self {
            Self::Key(boxes) => {
                let keyed: Vec<String> = boxes
                    .iter()
                    .map(|(id, text)| format!("{id}={text}"))
                    .collect();
                format!("keys {contest} {}", keyed.join(" "))
            }
            Self::Photograph(number, _) => {
                format!("photographs {contest}: {}", pictures[*number].name)
            }
            Self::LeaveCamera => format!("opens the camera for {contest} and leaves"),
            Self::TakeOut => format!("takes a photo out of {contest}"),
            Self::Seal => format!("saves {contest}"),
            Self::Discard => format!("gives up the draft of {contest}"),
            Self::Tap => "taps send".to_owned(),
        }
    }
}

/// Some boxes of a form: mostly what stands on the paper, sometimes misread,
/// sometimes not all of them.
fn figures(chance: &mut Chance) -> Vec<(&'static str, String)> {
    let truth = [
        ("votes.1", 101),
        ("votes.2", 88),
        ("valid", 189),
        ("invalid", 6),
    ];
    let mut keyed = Vec::new();
    for (id, value) in truth {
        if chance.one_in(6) {
            continue;
        }
        let read = if chance.one_in(8) { value + 4 } else { value };
        let text = if chance.one_in(25) {
            String::new()
        } else {
            read.to_string()
        };
        keyed.push((id, text));
    }
    keyed
}

impl World<'_> {
    /// The witness does one thing, and something else later.
    pub(super) fn witness_acts(&mut self, player: usize) -> Result<()> {
        let own = &mut self.players[player];
        if own.acts_left == 0 {
            return Ok(());
        }
        own.acts_left -= 1;
        let at_ms = self.soon(PAUSE_MAX_MS);
        self.schedule.plan(at_ms, Event::Witness(player));
        if !self.players[player].phone.is_open() {
            return Ok(());
        }
        let template = self.template;
        let act = Act::drawn(&mut self.chance, &template.pictures);
        let slot = {
            let slots = &self.players[player].slots;
            slots[self.chance.index(slots.len())].clone()
        };
        self.tell(player, &act.name(&slot, &template.pictures));
        if matches!(act, Act::Tap) && !self.players[player].phone.is_busy() {
            return self.deliver(player, true);
        }
        self.perhaps_arm(player);
        let done = self.players[player]
            .phone
            .act(async |device| perform(device, &slot, &act, &template.pictures).await);
        let Some(outcome) = done else {
            return self.die(player);
        };
        self.players[player].phone.trap.disarm();
        match outcome {
            Ok(()) => {}
            Err(failure @ (Failure::Internal | Failure::Database { .. })) => {
                self.wrong("the app has no faults of its own", failure.to_string());
            }
            Err(failure) => self.tell(player, &format!("could not: {failure}")),
        }
        if matches!(act, Act::Seal) {
            self.look_at(player)?;
        }
        Ok(())
    }
}

async fn perform(
    device: &Device,
    slot: &SlotId,
    act: &Act,
    pictures: &[Picture],
) -> Result<(), Failure> {
    match act {
        Act::Key(boxes) => {
            device.open_form(slot.clone()).await?;
            for (id, text) in boxes {
                let change = DraftChange::Figure {
                    id: (*id).to_owned(),
                    text: text.clone(),
                };
                device.change_draft(slot.clone(), change).await?;
            }
            Ok(())
        }
        Act::Photograph(number, pieces) => {
            let camera = &pictures[*number].camera;
            device.open_form(slot.clone()).await?;
            let pending = device
                .expect_photo(slot.clone(), PhotoKind::Form, Some(1), None)
                .await?;
            let piece_bytes = camera.len().div_ceil(*pieces);
            let mut left = camera.chunks(piece_bytes).peekable();
            while let Some(piece) = left.next() {
                let text = to_base64(piece);
                let last = left.peek().is_none();
                device
                    .add_photo_piece(pending, &text, last, PhotoSource::Camera)
                    .await?;
            }
            Ok(())
        }
        Act::LeaveCamera => {
            let expected = device.expect_photo(slot.clone(), PhotoKind::Form, Some(1), None);
            expected.await.map(drop)
        }
        Act::TakeOut => {
            let form = device.open_form(slot.clone()).await?;
            match form.draft.photos.first() {
                Some(photo) => device.remove_photo(slot.clone(), photo.id).await.map(drop),
                None => Ok(()),
            }
        }
        Act::Seal => device.seal(slot.clone()).await.map(drop),
        Act::Discard => device.discard_draft(slot.clone()).await.map(drop),
        Act::Tap => device.deliver_now().await.map(drop),
    }
}
