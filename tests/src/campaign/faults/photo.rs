//! A photo arrives at the endpoint in two pieces.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use domain::Counts;
use protocol::encoding::sha256_hex;
use protocol::photo::{PIECE_TYPE, PhotoAnswer, UPLOAD_LENGTH, UPLOAD_OFFSET};
use protocol::revision::{PhotoKind, PhotoRef, PhotoSource};
use protocol::{Receipt, ReceiptKind};
use reqwest::{Response, StatusCode};
use tempfile::TempDir;

use super::Ended;
use super::scene::{Scene, copy};
use crate::campaign::Dice;
use crate::campaign::pictures::picture;
use crate::campaign::sender::Sender;
use crate::demo::cast::cast;
use crate::stage::endpoint::Endpoint;

/// Bytes of the first piece.
const FIRST_BYTES: usize = 5_000;

/// An endpoint that has a revision announcing the photo.
pub(super) struct Arrival {
    template: TempDir,
    sender: Sender,
    jpeg: Vec<u8>,
    sha256: String,
}

impl Arrival {
    pub(super) async fn stage() -> Result<Self> {
        let endpoint = Endpoint::start()?;
        let address = format!("http://{}", endpoint.address());
        let http = reqwest::Client::new();
        let election = sample::kaltim()?;
        let posted = cast(&election, 1).into_iter().next().context("nobody")?;
        let code = endpoint.enrol_code(posted.tps.as_str(), &posted.witness)?;
        let mut sender = Sender::enrol(&http, &address, &code, &mut Dice::new(1)).await?;
        let jpeg = picture(3)?;
        let sha256 = sha256_hex(&jpeg);
        let photo = PhotoRef {
            kind: PhotoKind::Form,
            page: Some(1),
            sha256: sha256.clone(),
            size_bytes: jpeg.len() as u64,
            source: PhotoSource::Camera,
            original: None,
            taken_at: None,
        };
        let counts = Counts::from([("votes.1".to_owned(), 101)]);
        let sealed = sender.seal(0, counts, vec![photo])?;
        sender.post(&http, &address, &[sealed]).await?;
        Ok(Self {
            template: endpoint.into_data()?,
            sender,
            jpeg,
            sha256,
        })
    }

    fn at(&self, endpoint: &Endpoint) -> String {
        format!("http://{}/v1/photos/{}", endpoint.address(), self.sha256)
    }

    async fn piece(
        &self,
        endpoint: &Endpoint,
        from: usize,
        to: usize,
    ) -> reqwest::Result<Response> {
        reqwest::Client::new()
            .patch(self.at(endpoint))
            .bearer_auth(&self.sender.token)
            .header(UPLOAD_OFFSET, from.to_string())
            .header(UPLOAD_LENGTH, self.jpeg.len().to_string())
            .header("content-type", PIECE_TYPE)
            .body(self.jpeg[from..to].to_vec())
            .send()
            .await
    }

    /// Whole and itself, or not there.
    async fn is_served(&self, endpoint: &Endpoint) -> Result<bool> {
        let asked = reqwest::Client::new().get(self.at(endpoint));
        let answer = asked.bearer_auth(&self.sender.token).send().await?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(false),
            StatusCode::OK => {
                let bytes = answer.bytes().await?;
                ensure!(bytes == self.jpeg, "{} other bytes are served", bytes.len());
                Ok(true)
            }
            other => anyhow::bail!("the photo is answered {other}"),
        }
    }

    /// How much of it the endpoint says is there.
    async fn offset(&self, endpoint: &Endpoint) -> Result<usize> {
        let asked = reqwest::Client::new().head(self.at(endpoint));
        let answer = asked.bearer_auth(&self.sender.token).send().await?;
        if answer.status() == StatusCode::NOT_FOUND {
            return Ok(0);
        }
        let answer = answer.error_for_status()?;
        let offset = answer.headers().get(UPLOAD_OFFSET).context("no offset")?;
        Ok(offset.to_str()?.parse()?)
    }

    /// Goes on from where it stands, until there is a receipt that verifies.
    async fn to_the_end(&self, endpoint: &Endpoint) -> Result<()> {
        let offset = self.offset(endpoint).await?;
        ensure!(offset <= self.jpeg.len(), "{offset} bytes are there");
        let answer = if offset == self.jpeg.len() {
            let asked = reqwest::Client::new().get(format!("{}/receipt", self.at(endpoint)));
            asked.bearer_auth(&self.sender.token).send().await?
        } else {
            self.piece(endpoint, offset, self.jpeg.len()).await?
        };
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(
            status == StatusCode::OK,
            "from {offset} on: {status}: {text}"
        );
        let answer: PhotoAnswer = serde_json::from_str(&text)?;
        Receipt::open(
            &answer.receipt,
            &self.sender.server_key,
            ReceiptKind::Photo,
            &self.sha256,
            &self.sender.device,
        )?;
        Ok(())
    }
}

impl Scene for Arrival {
    const NAME: &'static str = "photo_arrival";
    type Live = Endpoint;

    async fn start(&self) -> Result<Endpoint> {
        Endpoint::at(copy(self.template.path())?)
    }

    fn place(&self, live: &Endpoint) -> (u32, PathBuf) {
        (live.process().id(), live.data().to_owned())
    }

    async fn act(&self, live: &mut Endpoint) -> Result<Ended> {
        let end = self.jpeg.len();
        for (from, to, good) in [
            (0, FIRST_BYTES, StatusCode::NO_CONTENT),
            (FIRST_BYTES, end, StatusCode::OK),
        ] {
            match self.piece(live, from, to).await {
                Ok(answer) if answer.status() == good => {}
                Ok(_) => return Ok(Ended::Refused),
                Err(_) if live.process_mut().has_ended()? => return Ok(Ended::Dead),
                Err(_) => return Ok(Ended::Refused),
            }
        }
        Ok(Ended::Done)
    }

    async fn judge(&self, mut live: Endpoint, ended: Ended) -> Result<()> {
        if ended == Ended::Refused {
            // The endpoint that refused goes on being right.
            self.is_served(&live).await?;
        }
        live.kill_and_restart()?;
        let is_served = self.is_served(&live).await?;
        ensure!(
            is_served || ended != Ended::Done,
            "a photo with a receipt is gone"
        );
        self.to_the_end(&live).await?;
        ensure!(
            self.is_served(&live).await?,
            "a photo with a receipt is gone"
        );
        live.run(&["verify-log", "--photos"]).map(drop)
    }
}
