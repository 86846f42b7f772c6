//! One device that sends all night, whatever happens to the endpoint.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use domain::Counts;
use protocol::encoding::sha256_hex;
use protocol::photo::{PIECE_TYPE, PhotoAnswer, UPLOAD_LENGTH, UPLOAD_OFFSET};
use protocol::revision::{PhotoKind, PhotoRef, PhotoSource, RevisionsAnswer};
use reqwest::{RequestBuilder, Response, StatusCode};
use tokio::sync::oneshot;

use super::Night;
use crate::campaign::Dice;
use crate::campaign::pictures::picture;
use crate::campaign::sender::{Sealed, Sender};

/// Silence that no stall of a poor disk explains.
const SILENCE: Duration = Duration::from_secs(120);

/// Pause before asking again an endpoint that is dead.
const PAUSE: Duration = Duration::from_millis(3);

/// Rounds of one device before the client goes on as another one.
const ROUNDS_OF_A_DEVICE: u32 = 40;

/// Receipts that are checked again on the way.
const CHECKED_AGAIN: usize = 3;

/// A client.
pub(super) struct Client {
    night: Arc<Night>,
    http: reqwest::Client,
    dice: Dice,
}

impl Client {
    pub(super) fn new(night: Arc<Night>, dice: Dice) -> Result<Self> {
        Ok(Self {
            night,
            // Half-open connections do not occur here: a silence is a violation.
            http: reqwest::Client::builder().timeout(SILENCE).build()?,
            dice,
        })
    }

    /// Sends until the night is over.
    pub(super) async fn send_until_it_is_over(mut self) -> Result<()> {
        while !self.is_over() {
            let Some(mut sender) = self.enrol().await? else {
                return Ok(());
            };
            for _ in 0..ROUNDS_OF_A_DEVICE {
                if self.is_over() {
                    return Ok(());
                }
                self.round(&mut sender).await?;
            }
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.night.is_over.load(Ordering::SeqCst)
    }

    /// A new device; none when the night ends meanwhile. The answer to an
    /// enrolment may be lost: asking again with the same key is always right.
    async fn enrol(&mut self) -> Result<Option<Sender>> {
        let (answer, code) = oneshot::channel();
        if self.night.codes.send(answer).await.is_err() {
            return Ok(None);
        }
        let Ok((code, _)) = code.await else {
            return Ok(None);
        };
        let dice = self.dice.clone();
        self.dice.roll();
        loop {
            let again = &mut dice.clone();
            let asked = Sender::enrol(&self.http, &self.night.address, &code, again).await;
            match asked {
                Ok(sender) => {
                    let ledger = &self.night.ledger;
                    ledger.open(&sender.device, &sender.token, sender.server_key);
                    return Ok(Some(sender));
                }
                Err(cause) if is_no_answer(&cause) && !self.is_over() => {
                    tokio::time::sleep(PAUSE).await;
                }
                Err(_) if self.is_over() => return Ok(None),
                Err(cause) => return Err(cause),
            }
        }
    }

    async fn round(&mut self, sender: &mut Sender) -> Result<()> {
        let jpeg = if self.dice.once_in(2) {
            Some(picture(self.dice.roll())?)
        } else {
            None
        };
        let mut sealed = Vec::new();
        for number in 0..1 + self.dice.below(3) {
            let photos = jpeg.iter().filter(|_| number == 0);
            let photos = photos.map(|jpeg| announced(jpeg)).collect();
            let slot = self.dice.below(sender.slots.len());
            let votes = u32::try_from(self.dice.below(300))?;
            let counts = Counts::from([("votes.1".to_owned(), votes)]);
            sealed.push(sender.seal(slot, counts, photos)?);
        }
        self.post(sender, &sealed).await?;
        if let Some(jpeg) = jpeg {
            self.upload(sender, &jpeg).await?;
        }
        if self.dice.once_in(4) {
            self.check_again(sender).await?;
        }
        Ok(())
    }

    async fn check_again(&self, sender: &Sender) -> Result<()> {
        let (sealed, photos) = self.night.ledger.some_of(&sender.device, CHECKED_AGAIN);
        if !sealed.is_empty() {
            self.post(sender, &sealed).await?;
        }
        for sha256 in photos {
            self.look_at(sender, &sha256).await?;
        }
        Ok(())
    }

    async fn post(&self, sender: &Sender, sealed: &[Sealed]) -> Result<()> {
        let envelopes: Vec<_> = sealed.iter().map(|one| &one.envelope).collect();
        let body = serde_json::json!({ "envelopes": envelopes });
        let Some((status, _, bytes)) = self
            .ask(sender, || {
                self.http.post(self.at("/v1/revisions")).json(&body)
            })
            .await?
        else {
            return Ok(());
        };
        let text = String::from_utf8_lossy(&bytes);
        ensure!(status == StatusCode::OK, "revisions: {status}: {text}");
        let answer: RevisionsAnswer = serde_json::from_slice(&bytes)?;
        ensure!(answer.results.len() == sealed.len(), "{text}");
        for (one, result) in sealed.iter().zip(&answer.results) {
            self.night.ledger.note(&sender.device, one, result)?;
        }
        Ok(())
    }

    /// Sends a photo in pieces, from where the endpoint says that its part ends.
    async fn upload(&mut self, sender: &Sender, jpeg: &[u8]) -> Result<()> {
        let sha256 = sha256_hex(jpeg);
        let path = self.at(&format!("/v1/photos/{sha256}"));
        let mut offset = 0;
        while !self.is_over() {
            let piece_bytes = 2_000 + self.dice.below(8_000);
            let end = jpeg.len().min(offset + piece_bytes);
            let piece = jpeg[offset..end].to_vec();
            let patch = || {
                self.http
                    .patch(&path)
                    .header(UPLOAD_OFFSET, offset.to_string())
                    .header(UPLOAD_LENGTH, jpeg.len().to_string())
                    .header("content-type", PIECE_TYPE)
                    .body(piece.clone())
            };
            let Some((status, there, bytes)) = self.ask(sender, patch).await? else {
                return Ok(());
            };
            match (status, there) {
                (StatusCode::OK, _) => {
                    let answer: PhotoAnswer = serde_json::from_slice(&bytes)?;
                    let ledger = &self.night.ledger;
                    ledger.note_photo(&sender.device, &sha256, &answer.receipt)?;
                    return self.look_at(sender, &sha256).await;
                }
                (StatusCode::NO_CONTENT | StatusCode::CONFLICT, Some(there)) => {
                    ensure!(there <= jpeg.len(), "{there} bytes of {}", jpeg.len());
                    offset = there;
                }
                _ => bail!(
                    "a piece was answered {status}: {}",
                    String::from_utf8_lossy(&bytes)
                ),
            }
            if self.dice.once_in(3) {
                self.look_at(sender, &sha256).await?;
            }
        }
        Ok(())
    }

    async fn look_at(&self, sender: &Sender, sha256: &str) -> Result<()> {
        let path = self.at(&format!("/v1/photos/{sha256}"));
        match self.ask(sender, || self.http.get(&path)).await? {
            Some((status, _, bytes)) => {
                let ledger = &self.night.ledger;
                ledger.judge_served(&sender.device, sha256, status, &bytes)
            }
            None => Ok(()),
        }
    }

    /// Asks until there is a whole answer: status, offset, body. None when the
    /// night ends before.
    async fn ask(
        &self,
        sender: &Sender,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Option<(StatusCode, Option<usize>, Vec<u8>)>> {
        loop {
            match request().bearer_auth(&sender.token).send().await {
                Ok(answer) => {
                    let (status, there) = (answer.status(), offset_of(&answer));
                    if let Ok(bytes) = answer.bytes().await {
                        return Ok(Some((status, there, bytes.to_vec())));
                    }
                }
                Err(cause) if cause.is_timeout() => return Err(cause).context("a silence"),
                Err(_) => {}
            }
            if self.is_over() {
                return Ok(None);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.night.address)
    }
}

fn offset_of(answer: &Response) -> Option<usize> {
    let value = answer.headers().get(UPLOAD_OFFSET)?;
    value.to_str().ok()?.parse().ok()
}

fn announced(jpeg: &[u8]) -> PhotoRef {
    PhotoRef {
        kind: PhotoKind::Form,
        page: Some(1),
        sha256: sha256_hex(jpeg),
        size_bytes: jpeg.len() as u64,
        source: PhotoSource::Camera,
        original: None,
        taken_at: None,
    }
}

/// Whether an enrolment failed because nobody, or only half of somebody,
/// answered.
fn is_no_answer(cause: &anyhow::Error) -> bool {
    cause.downcast_ref::<reqwest::Error>().is_some()
}
