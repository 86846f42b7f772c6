//! What befalls phones and endpoint besides the weather: crashes, power cuts,
//! wrong clocks, full disks, old backups and copies of whole phones.

use anyhow::{Context, Result};

use super::books::Books;
use super::chance::Chance;
use super::folders;
use super::memory::Memory;
use super::phone::Phone;
use super::player::Player;
use super::template::{new_code, revoke_device, scratch, witness};
use super::world::{Event, World};

/// A day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

/// Something large.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upheaval {
    /// A phone's app is killed, or its battery dies.
    PhoneDies(usize),
    /// A phone's app is opened again.
    PhoneBack(usize),
    /// A phone's clock is set so many days wrong.
    PhoneClock(usize, i64),
    /// A phone's disk is full for a while.
    DiskFull(usize),
    /// There is room again.
    DiskHasRoom(usize),
    /// A phone's data are copied away.
    PhoneBackup(usize),
    /// A phone's data are replaced by the copy.
    PhoneRestored(usize),
    /// A second phone gets a copy of everything on a phone.
    PhoneCloned(usize),
    /// The endpoint dies between two requests.
    EndpointDies,
    /// The endpoint is started again.
    EndpointBack,
    /// The endpoint's clock is set so many days wrong.
    EndpointClock(i64),
    /// The endpoint's data are copied away while it is stopped.
    EndpointBackup,
    /// The endpoint's data are replaced by the copy.
    EndpointRestored,
    /// A phone's access is taken away; its witness gets a new code later.
    Revoked(usize),
    /// The witness uses the new code.
    EnrolsAgain(usize),
    /// The place for photos takes no more for a while.
    PhotosFull,
    /// It does again.
    PhotosHaveRoom,
}

impl Upheaval {
    /// One of those that begin something.
    pub fn drawn(chance: &mut Chance, players: usize) -> Self {
        let player = chance.index(players);
        let days = [-9_000, -400, -2, 0, 1, 300, 5_000][chance.index(7)];
        match chance.between(1, 21) {
            1 | 2 => Self::PhoneDies(player),
            3 => Self::PhoneClock(player, days),
            4 => Self::DiskFull(player),
            5 | 6 => Self::PhoneBackup(player),
            7 | 8 => Self::PhoneRestored(player),
            9 => Self::PhoneCloned(player),
            10 | 11 => Self::EndpointDies,
            12 => Self::EndpointClock(days),
            13 => Self::PhotosFull,
            14..=16 => Self::EndpointBackup,
            17 | 18 => Self::EndpointRestored,
            19 | 20 => Self::Revoked(player),
            _ => Self::PhoneDies(player),
        }
    }
}

impl World<'_> {
    /// Lets it happen.
    pub(super) fn upheave(&mut self, upheaval: Upheaval) -> Result<()> {
        self.say("upheaval", &format!("{upheaval:?}"));
        match upheaval {
            Upheaval::PhoneDies(player) => self.die(player),
            Upheaval::PhoneBack(player) => self.open(player),
            Upheaval::PhoneClock(player, days) => {
                self.players[player].phone.clock.jump(days * DAY_MS);
                Ok(())
            }
            Upheaval::DiskFull(player) => {
                self.players[player].phone.disk.set_full(true);
                self.later(1_800_000, Upheaval::DiskHasRoom(player));
                Ok(())
            }
            Upheaval::DiskHasRoom(player) => {
                self.players[player].phone.disk.set_full(false);
                Ok(())
            }
            Upheaval::PhoneBackup(player) => self.back_up(player),
            Upheaval::PhoneRestored(player) => self.restore(player),
            Upheaval::PhoneCloned(player) => self.clone_phone(player),
            Upheaval::EndpointDies => {
                self.endpoint.crash()?;
                self.later(600_000, Upheaval::EndpointBack);
                Ok(())
            }
            Upheaval::EndpointBack => self.start_endpoint(),
            Upheaval::EndpointClock(days) => {
                self.endpoint.jump(days * DAY_MS);
                Ok(())
            }
            Upheaval::EndpointBackup => self.back_up_endpoint(),
            Upheaval::EndpointRestored => self.restore_endpoint(),
            Upheaval::Revoked(player) => self.revoke(player),
            Upheaval::EnrolsAgain(player) => {
                if !self.players[player].phone.is_open() || self.players[player].phone.is_busy() {
                    return Ok(());
                }
                self.begin_enrolling_again(player)?;
                self.go_on(player)
            }
            Upheaval::PhotosFull => {
                self.endpoint.block_photos(true)?;
                self.later(1_800_000, Upheaval::PhotosHaveRoom);
                Ok(())
            }
            Upheaval::PhotosHaveRoom => self.endpoint.block_photos(false),
        }
    }

    fn back_up_endpoint(&mut self) -> Result<()> {
        if !self.endpoint.is_up() {
            return Ok(());
        }
        self.endpoint.stop()?;
        self.endpoint.block_photos(false)?;
        let copy = scratch()?;
        folders::copy(self.endpoint.folder(), copy.path())?;
        self.endpoint_backup = Some((copy, self.ledger.vouched.clone()));
        self.start_endpoint()
    }

    fn restore_endpoint(&mut self) -> Result<()> {
        if !self.endpoint.is_up() || self.endpoint_backup.is_none() {
            return Ok(());
        }
        let books = self.endpoint.inside(async |app| Books::read(&app).await);
        if let Some(books) = self.expect("the endpoint's books can be read", books) {
            self.ledger.news.extend(books.inbox.into_values().flatten());
        }
        self.endpoint.crash()?;
        if let Some((copy, vouched)) = &self.endpoint_backup {
            folders::replace(self.endpoint.folder(), copy.path())?;
            self.ledger.vouched = vouched.clone();
            self.ledger.restores += 1;
        }
        self.start_endpoint()
    }

    fn revoke(&mut self, player: usize) -> Result<()> {
        if !self.endpoint.is_up() {
            return Ok(());
        }
        let device = self.players[player].device.clone();
        let revoked = self
            .endpoint
            .inside(async |app| revoke_device(&app, device).await);
        self.expect("a device can be revoked", revoked);
        self.later(3_600_000, Upheaval::EnrolsAgain(player));
        Ok(())
    }

    /// A phone begins to enrol anew, with a new code of the same witness.
    pub(super) fn begin_enrolling_again(&mut self, player: usize) -> Result<()> {
        if !self.endpoint.is_up() {
            return Ok(());
        }
        let (post, name) = {
            let own = &self.players[player];
            (own.post, witness(own.witness))
        };
        let code = self
            .endpoint
            .inside(async |app| new_code(&app, post, &name).await);
        if let Some(code) = self.expect("a code can be made", code) {
            self.tell(player, "enrols again");
            self.players[player]
                .phone
                .begin_enrolment(&code.to_string());
        }
        Ok(())
    }

    fn later(&mut self, most_ms: u64, upheaval: Upheaval) {
        let at_ms = self.soon(most_ms);
        self.schedule.plan(at_ms, Event::Upheaval(upheaval));
    }

    /// Starts the endpoint, unless it runs.
    pub(super) fn start_endpoint(&mut self) -> Result<()> {
        if self.endpoint.is_up() {
            return Ok(());
        }
        self.endpoint.block_photos(false)?;
        let started = self.endpoint.start();
        self.expect("the endpoint starts again", started);
        Ok(())
    }

    /// A phone's app ends; it is opened again later.
    pub(super) fn die(&mut self, player: usize) -> Result<()> {
        let has_power = self.chance.one_in(2);
        let own = &mut self.players[player];
        if has_power {
            own.phone.close();
        } else {
            own.phone.lose_power()?;
        }
        let word = if has_power {
            "is killed"
        } else {
            "loses power"
        };
        self.tell(player, word);
        self.later(600_000, Upheaval::PhoneBack(player));
        Ok(())
    }

    /// Opens a phone's app, unless it is open.
    pub(super) fn open(&mut self, player: usize) -> Result<()> {
        if self.players[player].phone.is_open() {
            return Ok(());
        }
        self.perhaps_arm(player);
        match self.players[player].phone.open() {
            None => self.die(player),
            Some(Err(failure)) => {
                self.wrong("the app opens", failure.to_string());
                Ok(())
            }
            Some(Ok(())) => {
                self.players[player].phone.trap.disarm();
                self.look_at(player)?;
                self.check_photos_kept(player);
                Ok(())
            }
        }
    }

    fn back_up(&mut self, player: usize) -> Result<()> {
        self.players[player].phone.close();
        let copy = scratch()?;
        folders::copy(&self.players[player].phone.folder, copy.path())?;
        let promised = self.players[player].phone.promised.clone();
        self.players[player].backup = Some((copy, promised));
        self.open(player)
    }

    fn restore(&mut self, player: usize) -> Result<()> {
        let Some((copy, promised)) = self.players[player].backup.take() else {
            return Ok(());
        };
        let phone = &mut self.players[player].phone;
        phone.close();
        phone.disk.forget();
        folders::replace(&phone.folder, copy.path())?;
        phone.promised = promised;
        self.players[player].disowned = Memory::read(&self.players[player].phone.folder)?.disowned;
        self.open(player)
    }

    fn clone_phone(&mut self, player: usize) -> Result<()> {
        let own = &mut self.players[player];
        own.phone.close();
        let name = format!("{}'", own.phone.name);
        let folder = self.scratch.path().join(&name);
        if folder.exists() {
            return self.open(player);
        }
        folders::copy(&own.phone.folder, &folder)?;
        let chance = Chance::of(self.chance.between(0, u64::MAX - 1), 2);
        let mut phone = Phone::new(&name, &folder, self.time.clone(), chance);
        let own = &self.players[player];
        phone.promised = own.phone.promised.clone();
        let twin = Player::new(phone, own);
        self.players.push(twin);
        let number = self.players.len() - 1;
        let at_ms = self.soon(60_000);
        self.schedule.plan(at_ms, Event::Witness(number));
        self.open(player)?;
        self.open(number).context("the copy")
    }
}
