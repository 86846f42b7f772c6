//! One simulated evening: phones, the network, the endpoint, the counting
//! room, and what befalls them, one event after the other.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use device::{Answer, Request};
use protocol::Envelope;
use tempfile::TempDir;

use super::chance::Chance;
use super::clocks::Time;
use super::endpoint::{Death, Endpoint};
use super::folders;
use super::forgery::{self, receipts, revisions_in};
use super::ledger::{Ledger, Violation, Vouched};
use super::line::{Ending, no_answer, no_connection};
use super::phone::{Drive, Phone, word};
use super::player::Player;
use super::room::Room;
use super::schedule::Schedule;
use super::template::{POSTS, Template, scratch};
use super::trace::Trace;
use super::upheaval::Upheaval;
use super::ways::Way;
use super::weather::{Fate, Mangling, Weather, share_of};
use super::wire::{self, Arriving};

/// How long a device waits for an answer that does not come, in milliseconds.
const SILENCE_MS: i64 = 30_000;
/// The evening's length, in milliseconds.
const EVENING_MS: u64 = 3 * 3_600_000;

/// Something that happens at a moment.
pub enum Event {
    /// A witness does something.
    Witness(usize),
    /// A phone's app delivers by itself.
    Tick(usize),
    /// A request reaches the endpoint.
    Arrives(Arrival),
    /// A device's request ends.
    Ends(Call, Ending),
    /// The coordinator does something.
    Coordinator,
    /// Figures go another way than the network.
    Way(Way),
    /// Something large happens.
    Upheaval(Upheaval),
}

/// Names one request of one phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Whose.
    pub player: usize,
    number: u64,
}

/// A request on its way.
pub struct Arrival {
    call: Call,
    request: Arc<Request>,
    how: How,
}

/// What happens to a request when it arrives.
#[derive(Debug, Clone, Copy)]
enum How {
    Answered,
    AnsweredSilently,
    AnsweredMangled(Mangling),
    Cut(u64),
    HalfOpen(u64),
    Deadly(Death),
}

/// Everything there is.
pub struct World<'t> {
    pub(super) template: &'t Template,
    pub(super) time: Time,
    pub(super) schedule: Schedule<Event>,
    pub(super) chance: Chance,
    pub(super) weather: Weather,
    pub(super) endpoint: Endpoint,
    pub(super) players: Vec<Player>,
    pub(super) room: Room,
    pub(super) ledger: Ledger,
    pub(super) trace: Trace,
    pub(super) scratch: TempDir,
    /// A copy of the endpoint's folder, and what it had vouched for then.
    pub(super) endpoint_backup: Option<(TempDir, Vouched)>,
    /// A receipt that the endpoint once gave.
    stale: Option<Envelope>,
}

impl<'t> World<'t> {
    /// The world of a seed, before anything has happened.
    ///
    /// # Errors
    /// When the simulation itself cannot be set up.
    pub fn begin(template: &'t Template, seed: u64, trace: Trace) -> Result<Self> {
        let scratch = scratch()?;
        let time = Time::default();
        let mut chance = Chance::of(seed, 0);
        let folder = scratch.path().join("endpoint");
        folders::copy(&template.endpoint(), &folder)?;
        let mut endpoint = Endpoint::new(&folder, time.clone());
        endpoint.start()?;
        let weather = Weather::drawn(&mut chance);
        let mut world = Self {
            template,
            schedule: Schedule::default(),
            weather,
            endpoint,
            players: Vec::new(),
            room: Room::default(),
            ledger: Ledger::default(),
            trace,
            scratch,
            endpoint_backup: None,
            stale: None,
            time,
            chance,
        };
        for picture in &template.pictures {
            world.trace.call(&picture.copy_sha256, &*picture.name);
        }
        let count = world.chance.between(2, POSTS.len() as u64);
        for (number, post) in POSTS.iter().enumerate().take(count as usize) {
            world.add_player(number, post, seed)?;
        }
        world.plan_evening();
        Ok(world)
    }

    fn add_player(&mut self, number: usize, post: &'static str, seed: u64) -> Result<()> {
        let name = ["Ani", "Budi", "Citra", "Dewi"][number];
        let folder = self.scratch.path().join(name);
        folders::copy(&self.template.phone(number), &folder)?;
        let chance = Chance::of(seed, 10 + number as u64);
        let phone = Phone::new(name, &folder, self.time.clone(), chance);
        self.players.push(Player {
            phone,
            slots: self.template.slots(post),
            post,
            witness: number,
            acts_left: self.chance.between(8, 24),
            backup: None,
            device: String::new(),
            devices: BTreeSet::new(),
            disowned: 0,
            call: 0,
        });
        self.open(self.players.len() - 1)
    }

    fn plan_evening(&mut self) {
        for player in 0..self.players.len() {
            let at_ms = self.soon(60_000);
            self.schedule.plan(at_ms, Event::Witness(player));
            let at_ms = self.soon(300_000);
            self.schedule.plan(at_ms, Event::Tick(player));
        }
        for _ in 0..self.chance.between(2, 8) {
            let at_ms = self.soon(EVENING_MS);
            self.schedule.plan(at_ms, Event::Coordinator);
        }
        for _ in 0..self.chance.between(0, 5) {
            let at_ms = self.soon(EVENING_MS);
            let way = Way::drawn(&mut self.chance, self.players.len());
            self.schedule.plan(at_ms, Event::Way(way));
        }
        for _ in 0..self.chance.between(0, 9) {
            let at_ms = self.soon(EVENING_MS);
            let upheaval = Upheaval::drawn(&mut self.chance, self.players.len());
            self.schedule.plan(at_ms, Event::Upheaval(upheaval));
        }
    }

    /// A moment within `most_ms` from now.
    pub(super) fn soon(&mut self, most_ms: u64) -> i64 {
        let wait_ms = self.chance.between(1, most_ms);
        self.time.now_ms() + i64::try_from(wait_ms).unwrap_or_default()
    }

    /// Says what happened.
    pub(super) fn say(&mut self, who: &str, what: &str) {
        self.trace.say(self.time.now_ms(), who, what);
    }

    /// The same about a phone.
    pub(super) fn tell(&mut self, player: usize, what: &str) {
        let name = self.players[player].phone.name.clone();
        self.say(&name, what);
    }

    /// What was found, the number of events, and their hash and lines.
    #[must_use]
    pub fn finish(self) -> (Vec<Violation>, u64, (String, Vec<String>)) {
        let events = self.trace.events();
        (self.ledger.violations, events, self.trace.finish())
    }

    /// The evening, its healing, and the reckoning.
    ///
    /// # Errors
    /// When the simulation cannot go on.
    pub fn play_to_the_end(&mut self) -> Result<()> {
        self.play()?;
        self.heal()?;
        self.check()
    }

    /// Lets everything happen that is planned.
    pub(super) fn play(&mut self) -> Result<()> {
        while let Some((at_ms, event)) = self.schedule.next() {
            self.time.reach(at_ms);
            self.happen(event)?;
        }
        Ok(())
    }

    fn happen(&mut self, event: Event) -> Result<()> {
        match event {
            Event::Witness(player) => self.witness_acts(player),
            Event::Tick(player) => self.tick(player),
            Event::Arrives(arrival) => self.arrive(arrival),
            Event::Ends(call, ending) => self.end(call, ending),
            Event::Coordinator => self.coordinate(),
            Event::Way(way) => self.go_around(way),
            Event::Upheaval(upheaval) => self.upheave(upheaval),
        }
    }

    /// The app delivers what is due, and does so again as long as the witness
    /// has something to do.
    fn tick(&mut self, player: usize) -> Result<()> {
        let own = &mut self.players[player];
        if own.acts_left > 0 {
            let at_ms = self.soon(600_000);
            self.schedule.plan(at_ms, Event::Tick(player));
        }
        self.deliver(player, false)
    }

    /// Begins a delivery, unless one is under way.
    pub(super) fn deliver(&mut self, player: usize, is_tap: bool) -> Result<()> {
        let phone = &mut self.players[player].phone;
        if !phone.is_open() || phone.is_busy() {
            return Ok(());
        }
        phone.begin_delivery(is_tap);
        self.go_on(player)
    }

    /// Goes on with what a phone is doing.
    pub(super) fn go_on(&mut self, player: usize) -> Result<()> {
        self.perhaps_arm(player);
        let drive = self.players[player].phone.go_on();
        match drive {
            Drive::Asks(request) => {
                self.players[player].phone.trap.disarm();
                self.send(player, request);
                Ok(())
            }
            Drive::Done(outcome) => {
                self.players[player].phone.trap.disarm();
                self.tell(player, &format!("delivery {}", word(&outcome)));
                self.look_at(player)
            }
            Drive::Killed => self.die(player),
        }
    }

    /// Perhaps the app is killed in what it does next.
    pub(super) fn perhaps_arm(&mut self, player: usize) {
        if self.chance.per_mille(self.weather.app_dies) {
            let touches = self.chance.between(1, 40);
            self.players[player].phone.trap.arm(touches);
        }
    }

    fn send(&mut self, player: usize, request: Request) {
        let fate = self.weather.fate(&mut self.chance);
        let asked = self.described(&request);
        let met = if fate == Fate::Through {
            String::new()
        } else {
            format!("  [{fate:?}]")
        };
        self.tell(player, &format!("{asked}{met}"));
        let own = &mut self.players[player];
        own.call += 1;
        let call = Call {
            player,
            number: own.call,
        };
        let how = match fate {
            Fate::Through => How::Answered,
            Fate::Offline => return self.plan_end(call, 50, Err(no_connection())),
            Fate::Portal(kind) => return self.plan_end(call, 100, Ok(forgery::portal(kind))),
            Fate::RequestLost => return self.plan_end(call, SILENCE_MS, Err(no_answer())),
            Fate::AnswerLost => How::AnsweredSilently,
            Fate::Twice(later_ms) => {
                let again = self.arrival(call, &request, How::AnsweredSilently);
                let later_ms = i64::try_from(later_ms).unwrap_or_default();
                self.schedule
                    .plan(self.time.now_ms() + later_ms, Event::Arrives(again));
                How::Answered
            }
            Fate::Cut(share) => How::Cut(share),
            Fate::HalfOpen(share) => How::HalfOpen(share),
            Fate::Mangled(mangling) => How::AnsweredMangled(mangling),
            Fate::EndpointDies(death) => How::Deadly(death),
        };
        if !matches!(how, How::Answered | How::AnsweredMangled(_)) {
            self.plan_end(call, SILENCE_MS, Err(no_answer()));
        }
        let arrival = self.arrival(call, &request, how);
        let way_ms = self.weather.way_ms(&mut self.chance);
        self.schedule
            .plan(self.time.now_ms() + way_ms, Event::Arrives(arrival));
    }

    fn arrival(&self, call: Call, request: &Request, how: How) -> Arrival {
        Arrival {
            call,
            request: Arc::new(request.clone()),
            how,
        }
    }

    fn plan_end(&mut self, call: Call, after_ms: i64, ending: Ending) {
        self.schedule
            .plan(self.time.now_ms() + after_ms, Event::Ends(call, ending));
    }

    fn arrive(&mut self, arrival: Arrival) -> Result<()> {
        let Arrival { call, request, how } = arrival;
        if !self.endpoint.is_up() {
            self.plan_end(call, 50, Err(no_connection()));
            return Ok(());
        }
        let body_bytes = request.body.as_ref().map_or(0, |body| body.bytes.len());
        match how {
            How::Answered => self.answer(call, &request, None),
            How::AnsweredMangled(mangling) => self.answer(call, &request, Some(mangling)),
            How::AnsweredSilently => self.ask(&request, Arriving::Whole).map(drop),
            How::Cut(share) => {
                let cut = Arriving::Cut(share_of(body_bytes, share));
                self.ask(&request, cut).map(drop)
            }
            How::HalfOpen(share) => {
                let kept = share_of(body_bytes, share);
                let hung = self.endpoint.hang(&request, kept);
                self.expect("the endpoint answers or waits", hung);
                Ok(())
            }
            How::Deadly(death) => {
                self.say("endpoint", &format!("dies: {death:?}"));
                let photo = request.path.rsplit('/').next().unwrap_or_default();
                let request = wire::http_request(&request, Arriving::Whole);
                self.endpoint.die(request, death, photo)?;
                let at_ms = self.soon(120_000);
                self.schedule
                    .plan(at_ms, Event::Upheaval(Upheaval::EndpointBack));
                Ok(())
            }
        }
    }

    fn answer(&mut self, call: Call, request: &Request, mangling: Option<Mangling>) -> Result<()> {
        let Some(answer) = self.ask(request, Arriving::Whole)? else {
            return Ok(());
        };
        let answer = match mangling {
            Some(how) => {
                let device = &self.players[call.player].device;
                forgery::mangled(request, device, answer, how, self.stale.as_ref())
            }
            None => answer,
        };
        let way_ms = self.weather.way_ms(&mut self.chance);
        self.plan_end(call, way_ms, Ok(answer));
        Ok(())
    }

    /// Has the endpoint answer, and notes what it vouched for.
    pub(super) fn ask(&mut self, request: &Request, arriving: Arriving) -> Result<Option<Answer>> {
        let answered = self.endpoint.answer(wire::http_request(request, arriving));
        let Some(Some(answer)) = self.expect("the endpoint answers", answered) else {
            return Ok(None);
        };
        self.note_answer(request, &answer);
        for receipt in receipts(&answer) {
            if self.ledger.vouched.note_receipt(&receipt) {
                self.stale.get_or_insert_with(|| receipt.clone());
            } else {
                let what = "another receipt for the same thing".to_owned();
                self.wrong("receipts repeat byte for byte", what);
            }
        }
        Ok(Some(answer))
    }

    fn note_answer(&mut self, request: &Request, answer: &Answer) {
        let offset = answer.number("upload-offset");
        let offset = offset.map_or_else(String::new, |offset| format!(" at {offset}"));
        let asked = self.described(request);
        self.say("endpoint", &format!("{asked} → {}{offset}", answer.status));
        if answer.status >= 500 && !matches!(answer.status, 503 | 507) {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            self.wrong("the endpoint has no faults of its own", body);
        }
    }

    fn end(&mut self, call: Call, ending: Ending) -> Result<()> {
        let player = &mut self.players[call.player];
        if call.number != player.call || !player.phone.is_busy() {
            return Ok(());
        }
        // Whatever comes for this request later comes too late.
        player.call += 1;
        player.phone.receive(ending);
        self.go_on(call.player)
    }

    /// A request as the trace names it.
    pub(super) fn described(&self, request: &Request) -> String {
        let path = request.path.split('?').next().unwrap_or_default();
        if path == "/v1/revisions" {
            let ids = revisions_in(request);
            let names: Vec<String> = ids.iter().map(|id| self.trace.name(id)).collect();
            return format!("sends {}", names.join(", "));
        }
        let header = |name: &str| {
            let found = request.headers.iter().find(|(own, _)| *own == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        match path.strip_prefix("/v1/photos/") {
            Some(rest) => {
                let (sha256, what) = rest.split_once('/').unwrap_or((rest, ""));
                let bytes = request.body.as_ref().map_or(0, |body| body.bytes.len());
                format!(
                    "{:?} {} {what} {}+{bytes}",
                    request.method,
                    self.trace.name(sha256),
                    header("upload-offset")
                )
            }
            None => format!("{:?} {path}", request.method),
        }
    }
}
