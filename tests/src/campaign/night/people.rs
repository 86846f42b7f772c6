//! The people of the counting room: they see what stands on a photo, miss some
//! of it, and work the queue through the same calls as the console.
//!
//! Chance is drawn for each look at each form by itself, so that it does not
//! depend on who came first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use domain::{Counts, RulingKind};
use protocol::SlotId;
use protocol::console::{DecisionRequest, PhotoDetail, SlotDetail};
use protocol::queue::{BlindSheet, ClaimRequest, QueueItem, QueueKind, ReadingRequest, Task};
use reqwest::StatusCode;

use super::papers::Papers;
use super::phones::Phones;
use crate::campaign::{Dice, stop};
use crate::measure::errors::PER_TEN_THOUSAND;
use crate::stage::counting_room::CountingRoom;

/// Of a hundred looks at a wrong figure, how many do not see it.
const FIGURE_MISSED_PERCENT: usize = 5;
/// Of a hundred looks at another station's form, how many do not see it.
const HEAD_MISSED_PERCENT: usize = 10;
/// How long somebody waits before asking an empty queue again.
const ASK_AGAIN: Duration = Duration::from_millis(100);
/// Items that each holds.
const HOLD: u32 = 3;

/// A night in the counting room.
pub struct Room<'a> {
    /// What is true.
    pub papers: &'a Papers,
    /// Who sends it.
    pub phones: &'a Phones,
    /// Seed of what is missed.
    pub seed: u64,
    /// Phones that have yet to send.
    pub sending: AtomicUsize,
    /// As what each form came to somebody, a blind reading aside.
    pub kinds: Mutex<BTreeMap<SlotId, BTreeSet<QueueKind>>>,
    /// How often each form was looked at.
    pub visits: Mutex<BTreeMap<SlotId, u64>>,
}

/// What is seen on one photo.
struct Sight<'a> {
    form: SlotId,
    figures: &'a Counts,
}

impl Room<'_> {
    /// One person works until nothing is left to do for anybody.
    ///
    /// # Errors
    /// When the endpoint refuses what it should take.
    pub async fn work(&self, console: &CountingRoom, is_coordinator: bool) -> Result<()> {
        let asked = ClaimRequest {
            region: None,
            contest: None,
            kinds: Vec::new(),
            hold: HOLD,
            known: Vec::new(),
        };
        while !stop::requested() {
            let is_sent = self.sending.load(Ordering::SeqCst) == 0;
            let items = console.claim(&asked).await?.items;
            let Some(item) = items.first() else {
                let left = console.queue().await?;
                if is_sent && left.waiting.is_empty() && left.held.is_empty() {
                    return Ok(());
                }
                tokio::time::sleep(ASK_AGAIN).await;
                continue;
            };
            self.one(console, is_coordinator, item)
                .await
                .with_context(|| item.slot.to_string())?;
        }
        Ok(())
    }

    async fn one(
        &self,
        console: &CountingRoom,
        is_coordinator: bool,
        item: &QueueItem,
    ) -> Result<()> {
        let mut dice = self.visit(&item.slot)?;
        match &item.task {
            Task::Look { kind, detail } => {
                self.came_as(&item.slot, *kind);
                self.look(console, is_coordinator, *kind, detail, &mut dice)
                    .await
            }
            Task::Blind { sheet } => self.read(console, &item.slot, sheet, &mut dice).await,
            Task::Resolve { kind, detail, .. } => {
                self.came_as(&item.slot, *kind);
                self.settle(console, detail).await
            }
        }
    }

    /// Figures beside the photo: confirm them, key what the photo shows, or
    /// hand the form on.
    async fn look(
        &self,
        console: &CountingRoom,
        is_coordinator: bool,
        kind: QueueKind,
        detail: &SlotDetail,
        dice: &mut Dice,
    ) -> Result<()> {
        // A finding says what to look at.
        let misses = |dice: &mut Dice, percent: usize| {
            kind != QueueKind::Finding && dice.below(100) < percent
        };
        let sights = self.sights(&detail.photos);
        let is_foreign = sights.iter().any(|sight| sight.form != detail.slot);
        if is_foreign && !misses(dice, HEAD_MISSED_PERCENT) {
            if is_coordinator {
                return self.settle(console, detail).await;
            }
            let counts = Counts::new();
            return reading(console, &detail.slot, counts, "formulir TPS lain").await;
        }
        let seen = sights.first().context("a look without a photo")?;
        let differs = detail
            .heads
            .iter()
            .any(|head| domain::counts::differ(&head.counts, seen.figures));
        if differs && !misses(dice, FIGURE_MISSED_PERCENT) {
            if is_coordinator {
                return self.settle(console, detail).await;
            }
            let counts = keyed(seen.figures, dice);
            return reading(console, &detail.slot, counts, "").await;
        }
        let head = detail.heads.first().context("a look without figures")?;
        rule(console, detail, verify(Some(head.rev_id.clone()), None)).await
    }

    /// The photo alone.
    async fn read(
        &self,
        console: &CountingRoom,
        slot: &SlotId,
        sheet: &BlindSheet,
        dice: &mut Dice,
    ) -> Result<()> {
        let sights = self.sights(&sheet.photos);
        let is_foreign = sights.iter().any(|sight| sight.form != *slot);
        if is_foreign && dice.below(100) >= HEAD_MISSED_PERCENT {
            return reading(console, slot, Counts::new(), "formulir TPS lain").await;
        }
        let seen = sights.first().context("a sheet without a photo")?;
        reading(console, slot, keyed(seen.figures, dice), "").await
    }

    /// A coordinator looks at every photo, and follows the paper.
    async fn settle(&self, console: &CountingRoom, detail: &SlotDetail) -> Result<()> {
        let sights = self.sights(&detail.photos);
        let Some(own) = sights.iter().find(|sight| sight.form == detail.slot) else {
            let back = DecisionRequest {
                kind: RulingKind::Return,
                reason: Some("Foto formulir TPS lain. Mohon foto formulir TPS sendiri.".to_owned()),
                ..verify(None, None)
            };
            rule(console, detail, back).await?;
            return self.phones.look_again(&detail.slot, self.papers).await;
        };
        let right = detail.heads.iter().find(|head| head.counts == *own.figures);
        let ruling = match right {
            Some(head) => verify(Some(head.rev_id.clone()), None),
            None => verify(None, Some(own.figures.clone())),
        };
        rule(console, detail, ruling).await
    }

    fn sights(&self, photos: &[PhotoDetail]) -> Vec<Sight<'_>> {
        let here = photos.iter().filter(|photo| photo.is_received);
        here.filter_map(|photo| {
            let form = self.phones.shown(&photo.photo.sha256)?;
            let figures = self.papers.written.get(&form)?;
            Some(Sight { form, figures })
        })
        .collect()
    }

    fn visit(&self, slot: &SlotId) -> Result<Dice> {
        let Ok(mut visits) = self.visits.lock() else {
            anyhow::bail!("somebody else failed");
        };
        let visit = visits.entry(slot.clone()).or_default();
        *visit += 1;
        let name = slot.to_string().bytes().fold(self.seed, |sum, byte| {
            sum.wrapping_mul(0x0100_0000_01B3) ^ u64::from(byte)
        });
        Ok(Dice::new(name).part(*visit))
    }

    fn came_as(&self, slot: &SlotId, kind: QueueKind) {
        if let Ok(mut kinds) = self.kinds.lock() {
            kinds.entry(slot.clone()).or_default().insert(kind);
        }
    }
}

/// What somebody keys who reads these figures.
fn keyed(figures: &Counts, dice: &mut Dice) -> Counts {
    let mut counts = figures.clone();
    if dice.below(10_000) < PER_TEN_THOUSAND as usize {
        let at = dice.below(counts.len());
        if let Some(figure) = counts.values_mut().nth(at) {
            *figure = figure.saturating_add(1 + dice.below(9) as u32);
        }
    }
    counts
}

fn verify(chosen: Option<String>, counts: Option<Counts>) -> DecisionRequest {
    DecisionRequest {
        kind: RulingKind::Verify,
        chosen,
        counts,
        device: None,
        reason: None,
    }
}

/// Rules; that the slot has moved meanwhile is normal, and it comes again.
async fn rule(console: &CountingRoom, detail: &SlotDetail, ruling: DecisionRequest) -> Result<()> {
    let answer = console
        .decide_if(&detail.slot, &detail.etag, &ruling)
        .await?;
    let status = answer.status();
    ensure!(
        matches!(
            status,
            StatusCode::CREATED | StatusCode::PRECONDITION_FAILED
        ),
        "a ruling was answered {status}: {}",
        answer.text().await?
    );
    Ok(())
}

async fn reading(console: &CountingRoom, slot: &SlotId, counts: Counts, note: &str) -> Result<()> {
    let reading = ReadingRequest {
        slot: slot.clone(),
        counts,
        note: (!note.is_empty()).then(|| note.to_owned()),
    };
    let answer = console.send_reading(&reading).await?;
    let status = answer.status();
    ensure!(
        matches!(
            status,
            StatusCode::CREATED | StatusCode::PRECONDITION_FAILED
        ),
        "a reading was answered {status}: {}",
        answer.text().await?
    );
    Ok(())
}
