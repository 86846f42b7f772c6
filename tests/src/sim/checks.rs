//! What must hold when it is quiet again.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use protocol::console::{RegionRollup, RollupAnswer};
use protocol::envelope::REVISION_TYPE;
use protocol::{Envelope, PublicKey};

use super::books::{Books, Entered, Ruled};
use super::memory::Memory;
use super::recount::{Counted, Totals, count};
use super::world::World;

impl World<'_> {
    /// Holds everything that was promised against what there is.
    ///
    /// # Errors
    /// When the simulation itself fails.
    pub(super) fn check(&mut self) -> Result<()> {
        let read = self.endpoint.inside(async |app| Books::read(&app).await);
        let Some(books) = self.expect("the endpoint's books can be read", read) else {
            return Ok(());
        };
        let mut memories = Vec::new();
        for player in 0..self.players.len() {
            self.check_photos_kept(player);
            memories.push(Memory::read(&self.players[player].phone.folder)?);
        }
        self.check_nothing_is_lost(&books, &memories);
        self.check_nothing_is_twice(&books, &memories);
        self.check_rulings(&books);
        if let Some(fault) = &books.log_fault {
            self.wrong("the log's chain holds", fault.clone());
        }
        let counted = self.check_states(&books);
        self.check_totals(&counted)?;
        self.check_conflicts(&books);
        self.check_repetition(&memories)
    }

    fn check_nothing_is_lost(&mut self, books: &Books, memories: &[Memory]) {
        let here: BTreeSet<&str> = books
            .revisions
            .iter()
            .map(|one| one.rev_id.as_str())
            .collect();
        let mut lost = Vec::new();
        for sealed in memories.iter().flat_map(|memory| &memory.revisions) {
            let is_here = here.contains(sealed.rev_id.as_str());
            let is_kept_aside = books.refused.contains(&sealed.rev_id);
            if !is_here && !is_kept_aside && sealed.refused.is_none() {
                lost.push(self.trace.name(&sealed.rev_id));
            }
            for photo in &sealed.photos {
                let is_here = books.photos.contains(&photo.sha256);
                if !is_here && photo.refused.is_none() {
                    lost.push(self.trace.name(&photo.sha256));
                }
            }
        }
        for id in &self.ledger.vouched.received {
            if !here.contains(id.as_str()) && !books.photos.contains(id) {
                lost.push(format!("{}, called received", self.trace.name(id)));
            }
        }
        for id in &self.ledger.vouched.texted {
            if !here.contains(id.as_str()) {
                lost.push(format!("{}, answered as stored", self.trace.name(id)));
            }
        }
        for found in lost {
            self.wrong("nothing is lost", found);
        }
    }

    fn check_nothing_is_twice(&mut self, books: &Books, memories: &[Memory]) {
        let mut found = Vec::new();
        for (id, times) in &books.logged {
            if *times != 1 {
                found.push(format!(
                    "{} stands {times} times in the log",
                    self.trace.name(id)
                ));
            }
        }
        for entered in &books.revisions {
            if !books.logged.contains_key(&entered.rev_id) {
                found.push(format!(
                    "{} is not in the log",
                    self.trace.name(&entered.rev_id)
                ));
            }
        }
        for (player, memory) in memories.iter().enumerate() {
            let name = &self.players[player].phone.name;
            found.extend(self.news_amiss(name, memory, books));
        }
        for found in found {
            self.wrong("everything comes once", found);
        }
    }

    /// A phone has all news that the endpoint has for it, each once, and none
    /// that the endpoint never had.
    fn news_amiss(&self, name: &str, memory: &Memory, books: &Books) -> Vec<String> {
        let here: Vec<String> = memory
            .inbox
            .iter()
            .filter_map(|item| serde_json::to_string(item).ok())
            .collect();
        let once: BTreeSet<&String> = here.iter().collect();
        let account = memory.account.as_ref();
        let there = account.and_then(|(device, _)| books.inbox.get(device));
        let missing = there.into_iter().flatten();
        let missing = missing.filter(|item| !once.contains(item)).count();
        let mut ever = books.inbox.values().flatten().collect::<BTreeSet<_>>();
        ever.extend(&self.ledger.news);
        let invented = here.iter().filter(|item| !ever.contains(item)).count();
        let twice = here.len() - once.len();
        let counts = [
            ("missing", missing),
            ("invented", invented),
            ("twice", twice),
        ];
        let amiss = counts.into_iter().filter(|(_, count)| *count > 0);
        amiss
            .map(|(what, count)| format!("{count} news of {name} {what}"))
            .collect()
    }

    fn check_rulings(&mut self, books: &Books) {
        let kept: BTreeSet<(String, u32)> = books
            .rulings
            .iter()
            .map(|one| (one.slot.clone(), one.number))
            .collect();
        let confirmed = self.ledger.vouched.rulings.clone();
        for (slot, number) in confirmed {
            if !kept.contains(&(slot.to_string(), number)) {
                self.wrong("a ruling stays", format!("number {number} on {slot}"));
            }
        }
        if kept.len() != books.rulings.len() {
            self.wrong("everything comes once", "a ruling".to_owned());
        }
    }

    /// Every slot is what an independent count says.
    fn check_states(&mut self, books: &Books) -> BTreeMap<String, Counted> {
        let mut counted = BTreeMap::new();
        for (slot, said) in &books.slots {
            let (revisions, rulings) = of_slot(books, slot);
            let again = count(&revisions, &rulings);
            if again.said != *said {
                let found = format!("{slot}: {said:?}, counted again {:?}", again.said);
                self.wrong("a slot's state is what its revisions mean", found);
            }
            counted.insert(slot.clone(), again);
        }
        counted
    }

    /// The totals of every level are the sums of an independent count.
    fn check_totals(&mut self, counted: &BTreeMap<String, Counted>) -> Result<()> {
        for contest in ["gub", "wako"] {
            for (by, digits) in [("province", 2), ("district", 6), ("tps", 13)] {
                let path = format!("/v1/rollup?contest={contest}&by={by}");
                let answer = self.console("GET", &path, None, None)?;
                let Some(answer) = answer else { return Ok(()) };
                let told: RollupAnswer = serde_json::from_slice(&answer.body)?;
                let mut sums: BTreeMap<String, Totals> = BTreeMap::new();
                for (slot, one) in counted {
                    let mut parts = slot.split('/').skip(1);
                    let tps = parts.next().unwrap_or_default();
                    if parts.next() == Some(contest) {
                        let region = tps[..digits].to_owned();
                        sums.entry(region).or_default().add(one);
                    }
                }
                let sums = sums.into_iter();
                let sums: BTreeMap<String, Totals> = sums
                    .map(|(region, totals)| (region, totals.without_zeros()))
                    .collect();
                let told = told.regions.into_iter();
                let told: BTreeMap<String, Totals> = told
                    .map(|region| (region.code.to_string(), told_totals(region)))
                    .collect();
                if sums != told {
                    let found = format!("{contest} by {by}: {told:?}, counted again {sums:?}");
                    self.wrong("totals are the sums of what was sent", found);
                }
            }
        }
        Ok(())
    }

    /// Heads that differ are a conflict until a ruling has seen them.
    fn check_conflicts(&mut self, books: &Books) {
        for (slot, said) in &books.slots {
            let (revisions, rulings) = of_slot(books, slot);
            let heads: Vec<&&Entered> = revisions
                .iter()
                .filter(|one| said.heads.contains(&one.rev_id))
                .collect();
            let is_ruled = rulings.iter().any(|ruling| {
                ruling.kind == domain::RulingKind::Verify
                    && said.heads.iter().any(|head| {
                        ruling.considered.contains(head)
                            || heads.iter().any(|one| one.rev_id == *head)
                    })
            });
            let differ = heads.iter().any(|one| {
                heads.iter().any(|other| {
                    let mut boxes = one.revision.counts.iter();
                    boxes.any(|(id, a)| other.revision.counts.get(id).is_some_and(|b| a != b))
                })
            });
            let is_visible = matches!(said.state.as_str(), "conflict" | "stale")
                || (said.state == "verified" && is_ruled);
            if differ && !is_visible {
                self.wrong(
                    "nobody's figures silently win",
                    format!("{slot} is {}", said.state),
                );
            }
        }
    }

    /// Everything sent once more changes nothing, and brings the same words.
    fn check_repetition(&mut self, memories: &[Memory]) -> Result<()> {
        let before = self.endpoint.inside(async |app| Books::read(&app).await)?;
        for memory in memories {
            let Some((_, token)) = &memory.account else {
                continue;
            };
            for sealed in &memory.revisions {
                if sealed.received.is_some() {
                    self.send_again(token, &sealed.envelope)?;
                }
            }
        }
        let after = self.endpoint.inside(async |app| Books::read(&app).await)?;
        let ids = |books: &Books| -> Vec<String> {
            let ids = books.revisions.iter().map(|one| one.rev_id.clone());
            ids.collect()
        };
        if ids(&before) != ids(&after) || before.slots != after.slots {
            self.wrong("sending again changes nothing", "it did".to_owned());
        }
        self.check_signed(&after)
    }

    /// What lies at the endpoint is what devices signed, byte for byte.
    fn check_signed(&mut self, books: &Books) -> Result<()> {
        let keys: BTreeMap<String, String> = self.endpoint.inside(async |app| {
            let rows: Vec<(String, String)> = sqlx::query_as("SELECT id, public_key FROM devices")
                .fetch_all(app.storage.reading())
                .await?;
            Ok(rows.into_iter().collect())
        })?;
        for entered in books.revisions.iter().filter(|one| !one.is_sms) {
            let envelope: Envelope = serde_json::from_str(&entered.evidence)?;
            let key = keys.get(&entered.revision.device);
            let opened = key
                .and_then(|key| PublicKey::from_base64(key))
                .map(|key| envelope.open(REVISION_TYPE, &key));
            if !matches!(opened, Some(Ok(_))) {
                let found = self.trace.name(&entered.rev_id);
                self.wrong("what is kept is what was signed", found);
            }
        }
        Ok(())
    }

    fn send_again(&mut self, token: &str, envelope: &str) -> Result<()> {
        let body = format!("{{\"envelopes\":[{envelope}]}}");
        let mut request = device::Request::new(device::Method::Post, "/v1/revisions");
        request.bearer = Some(token.to_owned());
        request.body = Some(sync::Body {
            content_type: "application/json",
            bytes: body.into(),
        });
        // Another receipt than before is noted there.
        self.ask(&request, super::wire::Arriving::Whole).map(drop)
    }
}

fn of_slot<'b>(books: &'b Books, slot: &str) -> (Vec<&'b Entered>, Vec<&'b Ruled>) {
    let revisions = books.revisions.iter();
    let rulings = books.rulings.iter();
    (
        revisions
            .filter(|one| one.revision.slot().to_string() == slot)
            .collect(),
        rulings.filter(|one| one.slot == slot).collect(),
    )
}

/// What the endpoint tells of a region, in the shape of a recount.
fn told_totals(region: RegionRollup) -> Totals {
    let mut totals = Totals {
        received_slots: region.received,
        verified_slots: region.verified,
        conflict_slots: region.conflict,
        ..Totals::default()
    };
    let votes = |number: String| format!("votes.{number}");
    let verified = region.votes.verified.into_iter();
    totals.verified = verified.map(|(id, value)| (votes(id), value)).collect();
    totals.verified.extend(region.fields.verified);
    let received = region.votes.received.into_iter();
    totals.received = received.map(|(id, value)| (votes(id), value)).collect();
    totals.received.extend(region.fields.received);
    let contested = region.votes.contested.into_iter();
    totals.contested = contested.map(|(id, range)| (votes(id), range)).collect();
    totals.without_zeros()
}
