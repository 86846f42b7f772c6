//! The ways around a dead network: SMS, and bundles that somebody else brings.

use std::io::Cursor;

use anyhow::Result;
use device::view::{Around, ExportWhat, Failure, Imported};
use device::{Device, Method, Request};
use protocol::bundle::{BUNDLE_TYPE, BundleWriter};
use protocol::revision::RevisionStatus;
use protocol::sms::{Sms, SmsAnswer, SmsRequest, rev_id};
use protocol::{SlotId, Timestamp, encoding, qr};

use super::chance::Chance;
use super::endpoint::GATEWAY_SECRET;
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
    /// Everything on a phone is handed to another one, which carries it.
    HandOver {
        /// Whose.
        player: usize,
        /// To whom.
        carrier: usize,
        /// Whether by code from screen to camera, without photos.
        is_by_code: bool,
    },
    /// A bundle of all that is saved on a phone, brought to the endpoint by
    /// another phone's token (or, with `None`, by the counting room).
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
        let carrier = chance.index(players);
        if carrier != player && chance.one_in(2) {
            Self::HandOver {
                player,
                carrier,
                is_by_code: chance.one_in(3),
            }
        } else if chance.one_in(2) {
            Self::Sms {
                player,
                times: chance.between(1, 3),
                is_mistyped: chance.one_in(6),
            }
        } else {
            Self::Bundle {
                player,
                carrier: (carrier != player).then_some(carrier),
                has_photos: chance.one_in(2),
                is_cut: chance.one_in(6),
            }
        }
    }
}

impl World<'_> {
    /// Something goes that way.
    pub(super) fn go_around(&mut self, way: Way) -> Result<()> {
        let needs_endpoint = !matches!(way, Way::HandOver { .. });
        if needs_endpoint && !self.endpoint.is_up() {
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
            Way::HandOver {
                player,
                carrier,
                is_by_code,
            } => self.hand_over(player, carrier, is_by_code),
            Way::Bundle {
                player,
                carrier,
                has_photos,
                is_cut,
            } => self.carry(player, carrier, has_photos, is_cut),
        }
    }

    fn text(&mut self, player: usize, slot: &SlotId, is_mistyped: bool) -> Result<()> {
        let asked = slot.clone();
        let around = self.players[player]
            .phone
            .act(async |device| device.around(asked).await);
        let Some(Ok(Around { sms: Some(own), .. })) = around else {
            return Ok(());
        };
        let (sms, mac) = Sms::read(&own.body)?;
        let id = rev_id(&self.players[player].device, &sms, &mac);
        let name = format!(
            "{}/{}#{} by SMS",
            self.players[player].phone.name, slot.contest, sms.seq
        );
        self.trace.call(&id, &*name);
        let mut message = own.body.to_lowercase().replace(' ', "  ");
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
            self.ledger.vouched.texted.insert(id);
        }
        Ok(())
    }

    fn hand_over(&mut self, player: usize, carrier: usize, is_by_code: bool) -> Result<()> {
        let handed = if is_by_code {
            let memory = Memory::read(&self.players[player].phone.folder)?;
            let Some(newest) = memory.revisions.last() else {
                return Ok(());
            };
            Handed::Code(qr::text(&serde_json::from_str(&newest.envelope)?)?)
        } else {
            let what = ExportWhat {
                slot: None,
                with_originals: false,
                only_unreceived: self.chance.one_in(2),
            };
            let exported = self.players[player]
                .phone
                .act(async |device| device.export_bundle(what).await);
            let Some(Ok(exported)) = exported else {
                return Ok(());
            };
            Handed::Bundle(std::fs::read(&exported.file)?)
        };
        let giver = self.players[player].phone.name.clone();
        self.tell(carrier, &format!("is handed what {giver} has"));
        if !self.players[carrier].phone.is_open() {
            return Ok(());
        }
        self.perhaps_arm(carrier);
        let imported = self.players[carrier]
            .phone
            .act(async |device| take(device, &handed).await);
        let Some(imported) = imported else {
            return self.die(carrier);
        };
        self.players[carrier].phone.trap.disarm();
        match imported {
            Ok(imported) => {
                let carried = imported.revisions_new + imported.revisions_known;
                let own = imported.revisions_own;
                self.tell(carrier, &format!("carries {carried}, {own} its own"));
                // The phone is as its files say it is: whole, and signed.
                if !imported.problems.is_empty() {
                    let found = format!("{:?}", imported.problems);
                    self.wrong("what one phone gives another can take", found);
                }
            }
            Err(failure) => self.tell(carrier, &format!("could not: {failure}")),
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

/// What goes from phone to phone.
enum Handed {
    Bundle(Vec<u8>),
    Code(String),
}

async fn take(device: &Device, handed: &Handed) -> Result<Imported, Failure> {
    match handed {
        Handed::Code(text) => device.import_text(text).await,
        Handed::Bundle(bytes) => {
            let import = device.begin_import().await?;
            let mut pieces = bytes.chunks(bytes.len().div_ceil(2).max(1)).peekable();
            let mut imported = Imported::default();
            while let Some(piece) = pieces.next() {
                let last = pieces.peek().is_none();
                let text = encoding::to_base64(piece);
                let taken = device.add_import_piece(import, &text, last).await?;
                imported = taken.unwrap_or(imported);
            }
            Ok(imported)
        }
    }
}
