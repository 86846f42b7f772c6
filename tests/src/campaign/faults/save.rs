//! A witness photographs a page and saves the form.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use protocol::SlotId;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::Ended;
use super::scene::{Scene, copy};
use crate::campaign::phone::{FIELD, Line, Order, SlotFacts};
use crate::demo::cast::cast;
use crate::stage::endpoint::Endpoint;
use crate::stage::process::built;
use crate::stage::witness::Witness;

/// The figure that is keyed before.
const FIGURE: u32 = 101;

/// A phone with a figure keyed, photographed and sealed under faults.
pub(super) struct Save {
    template: TempDir,
    slot: SlotId,
}

/// A phone that obeys.
pub(super) struct Phone {
    folder: TempDir,
    child: Child,
    orders: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    acknowledged: Acknowledged,
}

/// What the phone said is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Acknowledged {
    photo: bool,
    seal: bool,
}

impl Save {
    pub(super) async fn stage() -> Result<Self> {
        let endpoint = Endpoint::start()?;
        let election = sample::kaltim()?;
        let posted = cast(&election, 1).into_iter().next().context("nobody")?;
        let witness = Witness::new()?;
        let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
        let address = format!("http://{}", endpoint.address());
        witness.enrol(&address, &code).await?;
        let slot = witness.slots().await?.remove(0);
        let counts = [(FIELD.to_owned(), FIGURE)].into();
        witness.key(&slot, &counts).await?;
        Ok(Self {
            template: witness.into_folder(),
            slot,
        })
    }

    fn orders(&self) -> [Order; 2] {
        let slot = || self.slot.clone();
        [
            Order::Photograph {
                slot: slot(),
                picture: 7,
            },
            Order::Seal { slot: slot() },
        ]
    }

    /// One of the three states that there may be.
    fn judge_facts(&self, facts: &SlotFacts, acknowledged: Acknowledged) -> Result<()> {
        ensure!(
            facts.figure == Some(FIGURE),
            "the figure is gone: {facts:?}"
        );
        ensure!(
            facts.photos.len() <= 1 && facts.photos.iter().all(|photo| photo.is_whole),
            "the photo is not whole: {facts:?}"
        );
        let is_sealed = match facts.revisions.as_slice() {
            [] => false,
            [one] => {
                let is_whole = one.figure == Some(FIGURE) && one.photos == facts.photos.len();
                ensure!(is_whole && one.seq == 1, "half a revision: {facts:?}");
                true
            }
            more => anyhow::bail!("more revisions than were sealed: {more:?}"),
        };
        ensure!(
            is_sealed || !acknowledged.seal,
            "sealed, it said, and is not: {facts:?}"
        );
        ensure!(
            !facts.photos.is_empty() || !acknowledged.photo,
            "photographed, it said, and is not: {facts:?}"
        );
        Ok(())
    }
}

impl Scene for Save {
    const NAME: &'static str = "save";
    type Live = Phone;

    async fn start(&self) -> Result<Phone> {
        Phone::on(copy(self.template.path())?).await
    }

    fn place(&self, live: &Phone) -> (u32, PathBuf) {
        (
            live.child.id().unwrap_or_default(),
            live.folder.path().to_owned(),
        )
    }

    async fn act(&self, live: &mut Phone) -> Result<Ended> {
        for order in self.orders() {
            match live.order(&order).await? {
                Some(Line::Photographed { .. }) => live.acknowledged.photo = true,
                Some(Line::Sealed { .. }) => live.acknowledged.seal = true,
                Some(Line::Failed { .. }) => return Ok(Ended::Refused),
                Some(other) => anyhow::bail!("it said {other:?}"),
                None => return Ok(Ended::Dead),
            }
        }
        Ok(Ended::Done)
    }

    async fn judge(&self, mut live: Phone, ended: Ended) -> Result<()> {
        let acknowledged = live.acknowledged;
        if ended != Ended::Dead {
            // The app that told the witness of a failure goes on being right.
            let facts = live.tell(&self.slot).await?;
            self.judge_facts(&facts, acknowledged)?;
        }
        let mut again = live.restart().await?;
        let facts = again.tell(&self.slot).await?;
        self.judge_facts(&facts, acknowledged)?;
        let [photograph, seal] = self.orders();
        if facts.photos.is_empty() {
            let said = again.order(&photograph).await?;
            ensure!(matches!(said, Some(Line::Photographed { .. })), "{said:?}");
        }
        let facts = again.tell(&self.slot).await?;
        if facts.revisions.iter().all(|one| one.photos == 0) {
            let said = again.order(&seal).await?;
            ensure!(matches!(said, Some(Line::Sealed { .. })), "{said:?}");
        }
        let facts = again.tell(&self.slot).await?;
        let newest = facts.revisions.first().context("nothing is sealed")?;
        ensure!(newest.photos == 1, "sealed without its photo: {facts:?}");
        Ok(())
    }
}

impl Phone {
    async fn on(folder: TempDir) -> Result<Self> {
        let mut child = Command::new(built("saksi-phone")?)
            .arg("--data")
            .arg(folder.path())
            .arg("obey")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let orders = child.stdin.take().context("no standard input")?;
        let stdout = child.stdout.take().context("no standard output")?;
        let mut phone = Self {
            folder,
            child,
            orders,
            lines: BufReader::new(stdout).lines(),
            acknowledged: Acknowledged::default(),
        };
        let first = phone.hear().await?;
        ensure!(matches!(first, Some(Line::Ready { .. })), "{first:?}");
        Ok(phone)
    }

    async fn hear(&mut self) -> Result<Option<Line>> {
        let line = self.lines.next_line().await?;
        let Some(line) = line else { return Ok(None) };
        serde_json::from_str(&line)
            .map(Some)
            .with_context(|| format!("it said {line}"))
    }

    /// Its answer; none when it died.
    async fn order(&mut self, order: &Order) -> Result<Option<Line>> {
        let mut text = serde_json::to_string(order)?;
        text.push('\n');
        // Nobody reads what a dead phone is told.
        let _ = self.orders.write_all(text.as_bytes()).await;
        self.hear().await
    }

    async fn tell(&mut self, slot: &SlotId) -> Result<SlotFacts> {
        let mut said = self.order(&Order::Tell).await?;
        let mut found = None;
        loop {
            match said {
                Some(Line::Slot(facts)) if facts.slot == *slot => found = Some(facts),
                Some(Line::Slot(_)) => {}
                Some(Line::Told) => return found.context("no such slot"),
                other => anyhow::bail!("it said {other:?}"),
            }
            said = self.hear().await?;
        }
    }

    async fn restart(mut self) -> Result<Self> {
        self.child.kill().await?;
        Self::on(self.folder).await
    }
}
