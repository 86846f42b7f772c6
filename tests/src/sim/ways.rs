//! The ways around a dead network: SMS, and bundles that somebody else brings.

use std::io::Cursor;

use anyhow::{Context, Result};
use device::{Method, Request};
use protocol::bundle::{BUNDLE_TYPE, BundleWriter};
use protocol::revision::RevisionStatus;
use protocol::sms::{Sms, SmsAnswer, SmsRequest, mac, rev_id};
use protocol::{Revision, SlotId, Timestamp, encoding};
use store::Store;

use super::chance::Chance;
use super::endpoint::GATEWAY_SECRET;
use super::folders::DATABASE;
use super::memory::Memory;
use super::wire::Arriving;
use super::world::World;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A phone's newest revision of a slot as an SMS, this often.
    Sms {
        /// Whose.
        player: usize,
        /// Times that it arrives.
        times: u64,
        /// Whether a symbol of it is mistyped.
        is_mistyped: bool,
    },
    /// A bundle of all that is saved on a phone, brought by another phone (or,
    /// with `None`, by the counting room).
    Bundle {
        /// Whose.
        player: usize,
        /// Who brings it.
        carrier: Option<usize>,
        /// Whether it holds the photos too.
        has_photos: bool,
        /// Whether only a part of it arrives.
        is_cut: bool,
    },
}

impl Way {
    /// One of them for one of so many phones.
    pub fn drawn(chance: &mut Chance, players: usize) -> Self {
        let player = chance.index(players);
        if chance.one_in(2) {
            Self::Sms {
                player,
                times: chance.between(1, 3),
                is_mistyped: chance.one_in(6),
            }
        } else {
            let other = chance.index(players);
            Self::Bundle {
                player,
                carrier: (other != player).then_some(other),
                has_photos: chance.one_in(2),
                is_cut: chance.one_in(6),
            }
        }
    }
}

impl World<'_> {
    /// Something goes that way.
    pub(super) fn go_around(&mut self, way: Way) -> Result<()> {
        if !self.endpoint.is_up() {
            return Ok(());
        }
        match way {
            Way::Sms {
                player,
                times,
                is_mistyped,
            } => {
                let slots = self.players[player].slots.clone();
                let slot = self.chance.pick(&slots).clone();
                for _ in 0..times {
                    self.text(player, &slot, is_mistyped)?;
                }
                Ok(())
            }
            Way::Bundle {
                player,
                carrier,
                has_photos,
                is_cut,
            } => self.carry(player, carrier, has_photos, is_cut),
        }
    }

    fn text(&mut self, player: usize, slot: &SlotId, is_mistyped: bool) -> Result<()> {
        let Some((device, sms, key)) = newest_as_sms(&self.players[player].phone.folder, slot)?
        else {
            return Ok(());
        };
        let mac = mac(&sms.text(), &key);
        let id = rev_id(&device, &sms, &mac);
        let name = format!(
            "{}/{}#{} by SMS",
            self.players[player].phone.name, slot.contest, sms.seq
        );
        self.trace.call(&id, &*name);
        let mut message = sms.message(&key).to_lowercase().replace(' ', "  ");
        if is_mistyped {
            message = message.replacen(&format!("  {}  ", sms.seq), "  77  ", 1);
        }
        let body = SmsRequest {
            from: format!("+62{player}"),
            body: message,
            received_at: Timestamp::from_unix_ms(self.endpoint.now_ms()),
        };
        let mut request = Request::json(Method::Post, "/v1/sms", &body)?;
        request.bearer = Some(GATEWAY_SECRET.to_owned());
        let Some(answer) = self.ask(&request, Arriving::Whole)? else {
            return Ok(());
        };
        let told: Option<SmsAnswer> = serde_json::from_slice(&answer.body).ok();
        let status = told.map(|told| told.status);
        self.say("gateway", &format!("{name} → {status:?}"));
        let is_in = matches!(status, Some(RevisionStatus::Stored | RevisionStatus::Known));
        if is_in && is_mistyped {
            self.wrong("a mistyped SMS is not taken for another", name);
        } else if is_in {
            self.ledger.texted.insert(id);
        }
        Ok(())
    }

    fn carry(
        &mut self,
        player: usize,
        carrier: Option<usize>,
        has_photos: bool,
        is_cut: bool,
    ) -> Result<()> {
        let folder = self.players[player].phone.folder.clone();
        let memory = Memory::read(&folder)?;
        if memory.revisions.is_empty() {
            return Ok(());
        }
        let mut bundle = BundleWriter::new(Cursor::new(Vec::new()));
        for sealed in &memory.revisions {
            bundle.envelope(&sealed.rev_id, &sealed.envelope)?;
            for photo in sealed.photos.iter().filter(|_| has_photos) {
                bundle.photo(&photo.sha256, &std::fs::read(folder.join(&photo.file))?)?;
            }
        }
        let bytes = bundle.finish()?.into_inner();
        let arriving = if is_cut {
            Arriving::Cut(self.chance.index(bytes.len()))
        } else {
            Arriving::Whole
        };
        let mut request = Request::new(Method::Post, "/v1/bundles");
        let by = match carrier {
            Some(carrier) => {
                let account = Memory::read(&self.players[carrier].phone.folder)?.account;
                let Some((_, token)) = account else {
                    return Ok(());
                };
                request.bearer = Some(token);
                self.players[carrier].phone.name.clone()
            }
            None => {
                request = request.header("cookie", self.room.cookie());
                "the counting room".to_owned()
            }
        };
        request.body = Some(sync::Body {
            content_type: BUNDLE_TYPE,
            bytes: bytes.into(),
        });
        let count = memory.revisions.len();
        self.tell(player, &format!("{by} brings a bundle of {count}"));
        self.ask(&request, arriving).map(drop)
    }
}

/// The newest revision of a slot on a phone, as it goes into an SMS: by which
/// device, what, and under which key.
fn newest_as_sms(
    folder: &std::path::Path,
    slot: &SlotId,
) -> Result<Option<(String, Sms, [u8; 32])>> {
    let store = Store::open(&folder.join(DATABASE))?;
    let (Some(row), Some(pack)) = (store.newest_revision(slot)?, store.pack()?) else {
        return Ok(None);
    };
    let pack = pack.pack;
    let posted = pack.assignments.iter().find(|own| own.tps == slot.tps);
    let code = posted.and_then(|own| own.sms.get(&slot.contest));
    let (Some(code), Some(access)) = (code, &pack.sms) else {
        return Ok(None);
    };
    let contest = pack.contests.iter().find(|own| own.id == slot.contest);
    let contest = contest.context("a slot without contest")?;
    let form = pack.forms.iter().find(|own| own.id == contest.form);
    let form = form.context("a contest without form")?;
    let envelope: protocol::Envelope = serde_json::from_str(&row.revision.envelope)?;
    let revision = Revision::from_payload(&envelope.payload_bytes()?)?;
    let ids = form.sms_count_ids(&contest.options);
    let sms = Sms {
        slot_code: code.clone(),
        seq: revision.seq,
        figures: ids
            .iter()
            .map(|id| revision.counts.get(id).copied())
            .collect(),
    };
    let key = encoding::array_from_base64(&access.key).context("a key that is none")?;
    Ok(Some((revision.device, sms, key)))
}
