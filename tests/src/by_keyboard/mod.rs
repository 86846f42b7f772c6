//! A night in the counting room, done with a keyboard alone, in a real browser.
//!
//! Each module is one thing that the room does: it walks through the console by
//! keys over an [`Evening`], notes how long every step is waited for, and
//! returns what was done, to be looked up in the endpoint. Chance and order are
//! the evening's; a person here reads what stands on the paper, and keys it.
//!
//! Absent: choosing a file in the system's own dialog, which no driver reaches
//! (a key opens it, and the file is handed to its input), and the printer.

pub mod audit;
pub mod coverage;
pub mod desk;
pub mod dossier;
pub mod everybody;
pub mod files;
pub mod irregular;
pub mod list;
pub mod official;
pub mod paper;
pub mod person;
pub mod queue;
pub mod sheets;
pub mod steps;
pub mod totals;
pub mod verify;
pub mod wall;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use domain::{Counts, Level, RegionCode, TpsCode};
use protocol::SlotId;

use self::person::{ENTER, ESCAPE, Person, TAB};
use crate::campaign::night::Evening;
use crate::stage::screen::Screen;

/// Who rules, and sets how forms are verified.
pub const ADMIN: &str = "rina";
/// Who reads blind.
pub const OPERATOR: &str = "sari";
/// The contest of the whole province.
pub const CONTEST: &str = "gub";
/// How long a file may take to be there, once the console says it is.
const FILE_PATIENCE: Duration = Duration::from_secs(60);
/// How often a folder is looked into.
const FILE_LOOK: Duration = Duration::from_millis(50);

/// Somebody's way through the console.
pub struct Walk<'a> {
    /// What has come in.
    pub evening: &'a Evening,
    /// Who walks.
    pub person: Person<'a>,
    /// The village where forms are worked on.
    pub village: RegionCode,
    /// Where the browser keeps files.
    pub downloads: &'a Path,
    /// What both people sign in with.
    pub password: &'a str,
}

/// All that was done.
#[derive(Debug, Clone)]
pub struct Done {
    /// Confirmed or settled in the queue.
    pub queue: queue::Worked,
    /// Read blind.
    pub verify: verify::Read,
    /// Entered at the desk.
    pub entered: SlotId,
    /// Workbook and exports.
    pub files: files::Files,
    /// Papers.
    pub paper: paper::Papers,
    /// Calls and messages.
    pub coverage: coverage::Called,
    /// The wall display's name.
    pub wall: String,
    /// Ruled irregularity.
    pub irregular: irregular::Ruled,
    /// Official figures.
    pub official: official::Imported,
    /// The dossier.
    pub dossier: PathBuf,
    /// The exported trail.
    pub trail: PathBuf,
}

impl<'a> Walk<'a> {
    /// Opens the console and signs in.
    ///
    /// # Errors
    /// When the evening has no photographed village, or the console does not
    /// come up.
    pub async fn begin(
        evening: &'a Evening,
        screen: &'a Screen,
        downloads: &'a Path,
        password: &'a str,
        look: Duration,
    ) -> Result<Self> {
        let village = evening.village.clone().context("no photographed village")?;
        evening.endpoint.add_user(ADMIN, "admin", "64", password)?;
        evening
            .endpoint
            .add_user(OPERATOR, "operator", village.as_str(), password)?;
        let walk = Self {
            evening,
            person: Person::at(screen, look),
            village,
            downloads,
            password,
        };
        let address = evening.endpoint.address();
        screen.open(&format!("http://{address}/")).await?;
        walk.sign_in(ADMIN).await?;
        Ok(walk)
    }

    /// Does everything that a night in the room holds.
    ///
    /// # Errors
    /// When a screen does not do what a key should make it do.
    pub async fn all(&mut self) -> Result<Done> {
        let queue = queue::work(self).await.context("queue")?;
        let verify = verify::work(self).await.context("verify")?;
        let entered = desk::work(self).await.context("desk")?;
        let files = files::work(self).await.context("files")?;
        let paper = paper::work(self).await.context("paper")?;
        let coverage = coverage::work(self).await.context("coverage")?;
        totals::work(self).await.context("totals")?;
        let wall = wall::work(self).await.context("wall")?;
        let irregular = irregular::work(self).await.context("irregularities")?;
        let official = official::work(self).await.context("official result")?;
        list::work(self).await.context("list")?;
        let dossier = dossier::work(self).await.context("dossier")?;
        let trail = audit::work(self).await.context("audit")?;
        Ok(Done {
            queue,
            verify,
            entered,
            files,
            paper,
            coverage,
            wall,
            irregular,
            official,
            dossier,
            trail,
        })
    }

    /// Signs in from the first screen.
    ///
    /// # Errors
    /// When the console does not come up.
    pub async fn sign_in(&self, user: &str) -> Result<()> {
        let person = &self.person;
        person.is_on("[name=user]").await?;
        person.press(user).await?;
        person.press(TAB).await?;
        person.press(self.password).await?;
        person.press(ENTER).await?;
        person.sees("document.querySelector('header nav a')").await
    }

    /// Signs out through the user's own menu.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub async fn sign_out(&self) -> Result<()> {
        let person = &self.person;
        self.leave_field().await?;
        person.tab_to("header .me").await?;
        person.press(ENTER).await?;
        person.tab_to("#header-more > button:last-child").await?;
        person.press(ENTER).await?;
        person
            .sees("document.querySelector('[name=password]')")
            .await
    }

    /// Leaves the field that has the focus, if one has it, so that letters are
    /// keys again.
    ///
    /// # Errors
    /// When it keeps the focus.
    pub async fn leave_field(&self) -> Result<()> {
        let is_in = "!!document.activeElement?.matches('input, select, textarea')";
        if self.person.read(is_in).await? {
            self.person.press(ESCAPE).await?;
        }
        self.person.sees(&format!("!{is_in}")).await
    }

    /// Goes to the region with this code, on the screen that is shown.
    ///
    /// # Errors
    /// When it is not found.
    pub async fn narrow(&mut self, step: &'static str, code: &str, shown: &str) -> Result<()> {
        self.person.press("/").await?;
        self.person.is_on("#find-place").await?;
        self.person.press(code).await?;
        self.person.waits(step, ENTER, shown).await
    }

    /// What stands on the paper of a slot.
    ///
    /// # Errors
    /// When nothing does.
    pub fn written(&self, slot: &SlotId) -> Result<&'a Counts> {
        let written = self.evening.papers.written.get(slot);
        written.with_context(|| format!("no paper of {slot}"))
    }

    /// A village with several stations and forms that nobody works on in the
    /// queue, and its stations.
    ///
    /// # Errors
    /// When the evening has no other village.
    pub fn elsewhere(&self) -> Result<(RegionCode, Vec<TpsCode>)> {
        let stations = self.evening.papers.stations();
        let village = |tps: &TpsCode| tps.region().at(Level::Village);
        let mut villages = stations.chunk_by(|one, next| village(one) == village(next));
        let found = villages.find_map(|there| {
            let code = village(there.first()?)?;
            (there.len() > 1 && code != self.village).then(|| (code, there.to_vec()))
        });
        found.context("the evening has no other village")
    }

    /// The slot of the province's contest at a polling station.
    #[must_use]
    pub fn slot(&self, tps: &TpsCode) -> SlotId {
        SlotId {
            election: sample::ELECTION_ID.to_owned(),
            tps: tps.clone(),
            contest: CONTEST.to_owned(),
        }
    }

    /// Keys every box of the form on the screen as the paper has it, leaving
    /// the last one.
    ///
    /// # Errors
    /// When there are no boxes, or a figure does not stand in its box.
    pub async fn key_form(&self, counts: &Counts) -> Result<()> {
        let person = &self.person;
        person.tab_to("[data-box]").await?;
        let boxes = "[...document.querySelectorAll('[data-box]')]";
        let ids: Vec<String> = person
            .read(&format!("{boxes}.map((it) => it.dataset.box)"))
            .await?;
        let keyed = ids.iter().map(|id| {
            let figure = counts.get(id).map(ToString::to_string);
            figure.unwrap_or_default()
        });
        let keyed: Vec<String> = keyed.collect();
        person.press(&keyed.join(ENTER)).await?;
        let stand: Vec<String> = person
            .read(&format!("{boxes}.map((it) => it.value)"))
            .await?;
        ensure!(stand == keyed, "{stand:?} stands where {keyed:?} was keyed");
        Ok(())
    }

    /// The file that the browser has kept since, by the end of its name.
    ///
    /// # Errors
    /// When none comes.
    pub async fn downloaded(&self, ending: &str, before: &[PathBuf]) -> Result<PathBuf> {
        let deadline = Instant::now() + FILE_PATIENCE;
        loop {
            let new = self
                .kept()?
                .into_iter()
                .find(|file| !before.contains(file) && file.to_string_lossy().ends_with(ending));
            if let Some(file) = new {
                return Ok(file);
            }
            if Instant::now() > deadline {
                bail!("no file ending in {ending} was kept");
            }
            tokio::time::sleep(FILE_LOOK).await;
        }
    }

    /// The files that the browser has kept.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn kept(&self) -> Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(self.downloads)?;
        entries.map(|entry| Ok(entry?.path())).collect()
    }
}

/// Whether the page holds what the selector finds.
fn on(css: &str) -> String {
    format!("!!document.querySelector({css:?})")
}
