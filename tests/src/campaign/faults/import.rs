//! A bundle with two forms and a photo is brought to the endpoint.

use std::io::Cursor;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use domain::Counts;
use protocol::SlotId;
use protocol::bundle::{BUNDLE_TYPE, BundleAnswer, BundleWriter};
use protocol::encoding::sha256_hex;
use protocol::problem::Problem;
use protocol::revision::{PhotoKind, PhotoRef, PhotoSource, RevisionStatus};
use reqwest::{Response, StatusCode};
use tempfile::TempDir;

use super::Ended;
use super::scene::{Scene, copy};
use crate::campaign::Dice;
use crate::campaign::pictures::picture;
use crate::campaign::sender::Sender;
use crate::demo::cast::cast;
use crate::stage::counting_room::CountingRoom;
use crate::stage::endpoint::Endpoint;

/// Votes for the first pair, in the first form and in its correction.
const FIGURES: [u32; 2] = [101, 102];

/// An endpoint that knows the phone whose forms are brought, and nothing else.
pub(super) struct Import {
    template: TempDir,
    slot: SlotId,
    token: String,
    password: String,
    bundle: Vec<u8>,
}

impl Import {
    pub(super) async fn stage() -> Result<Self> {
        let endpoint = Endpoint::start()?;
        let address = format!("http://{}", endpoint.address());
        let http = reqwest::Client::new();
        let election = sample::kaltim()?;
        let posted = cast(&election, 1).into_iter().next().context("nobody")?;
        let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
        let mut sender = Sender::enrol(&http, &address, &code, &mut Dice::new(1)).await?;
        let jpeg = picture(3)?;
        let photo = PhotoRef {
            kind: PhotoKind::Form,
            page: Some(1),
            sha256: sha256_hex(&jpeg),
            size_bytes: jpeg.len() as u64,
            source: PhotoSource::Camera,
            original: None,
            taken_at: None,
        };
        let mut file = BundleWriter::new(Cursor::new(Vec::new()));
        for figure in FIGURES {
            let counts = Counts::from([("votes.1".to_owned(), figure)]);
            let sealed = sender.seal(0, counts, vec![photo.clone()])?;
            let json = serde_json::to_string(&sealed.envelope)?;
            file.envelope(&sealed.rev_id, &json)?;
        }
        file.photo(&photo.sha256, &jpeg)?;
        let password = crate::demo::password()?;
        endpoint.add_user("looker", "admin", "64", &password)?;
        Ok(Self {
            slot: sender.slots[0].clone(),
            template: endpoint.into_data()?,
            token: sender.token,
            password,
            bundle: file.finish()?.into_inner(),
        })
    }

    async fn bring(&self, endpoint: &Endpoint) -> reqwest::Result<Response> {
        reqwest::Client::new()
            .post(format!("http://{}/v1/bundles", endpoint.address()))
            .bearer_auth(&self.token)
            .header("content-type", BUNDLE_TYPE)
            .body(self.bundle.clone())
            .send()
            .await
    }

    /// Nothing of it, its forms without the photo, or all of it; of the forms
    /// both or none. Returns whether all of it is there.
    async fn judge_state(&self, endpoint: &Endpoint) -> Result<bool> {
        let address = format!("http://{}", endpoint.address());
        let room = CountingRoom::sign_in(&address, "looker", &self.password).await?;
        let detail = room.slot(&self.slot).await?;
        let forms = detail.history.len();
        ensure!(forms == 0 || forms == FIGURES.len(), "{forms} of the forms");
        let totals = room
            .totals(&self.slot.election, &self.slot.contest, "64")
            .await?;
        let received: u64 = totals
            .regions
            .iter()
            .flat_map(|one| one.votes.received.values())
            .sum();
        let newest = if forms == 0 { 0 } else { FIGURES[1] };
        ensure!(received == u64::from(newest), "{received} votes received");
        let photos = detail.photos.iter().filter(|one| one.is_received);
        Ok(forms == FIGURES.len() && photos.count() == 1)
    }
}

/// Whether a refusal says what to do, and leaves no file of it behind.
async fn is_clear(answer: Response, endpoint: &Endpoint) -> Result<()> {
    let status = answer.status();
    let problem: Problem = serde_json::from_str(&answer.text().await?)?;
    ensure!(
        status.is_server_error() && problem.code.is_some() && !problem.title.is_empty(),
        "{status}: {problem:?}"
    );
    let folder = endpoint.data().join("bundles");
    let left = std::fs::read_dir(folder).map_or(0, Iterator::count);
    ensure!(left == 0, "{left} files of bundles are left");
    Ok(())
}

impl Scene for Import {
    const NAME: &'static str = "import";
    type Live = Endpoint;

    async fn start(&self) -> Result<Endpoint> {
        Endpoint::at(copy(self.template.path())?)
    }

    fn place(&self, live: &Endpoint) -> (u32, PathBuf) {
        (live.process().id(), live.data().to_owned())
    }

    async fn act(&self, live: &mut Endpoint) -> Result<Ended> {
        match self.bring(live).await {
            Ok(answer) if answer.status() == StatusCode::OK => {
                let answer: BundleAnswer = serde_json::from_str(&answer.text().await?)?;
                let mut statuses = answer
                    .results
                    .iter()
                    .map(|one| one.status)
                    .chain(answer.photos.iter().map(|one| one.status));
                let is_refused = statuses.any(|status| status == RevisionStatus::Refused);
                ensure!(!is_refused, "a fault of the disk is no fault of the bundle");
                Ok(Ended::Done)
            }
            Ok(answer) => {
                is_clear(answer, live).await?;
                Ok(Ended::Refused)
            }
            Err(_) if live.process_mut().has_ended()? => Ok(Ended::Dead),
            Err(_) => Ok(Ended::Refused),
        }
    }

    async fn judge(&self, mut live: Endpoint, ended: Ended) -> Result<()> {
        if ended != Ended::Dead {
            let is_in = self.judge_state(&live).await?;
            ensure!(is_in || ended != Ended::Done, "taken in, it said");
        }
        live.kill_and_restart()?;
        let is_in = self.judge_state(&live).await?;
        ensure!(is_in || ended != Ended::Done, "it is gone");
        let again = self.bring(&live).await?;
        ensure!(again.status() == StatusCode::OK, "{}", again.status());
        ensure!(self.judge_state(&live).await?, "brought again, and not in");
        live.run(&["verify-log", "--photos"])
            .map(drop)
            .context("after all")
    }
}
