//! A person of the counting room, over HTTP as the console does it.

use anyhow::{Context, Result, ensure};
use protocol::SlotId;
use protocol::bundle::{BUNDLE_TYPE, BundleAnswer};
use protocol::console::{
    Decision, DecisionRequest, RefusedAnswer, RollupAnswer, SignIn, SlotDetail, SlotsAnswer,
};
use protocol::queue::{
    ClaimAnswer, ClaimRequest, QueueAnswer, QueueSettingsRequest, ReadingRequest,
};
use reqwest::header::{CONTENT_TYPE, COOKIE, ETAG, IF_MATCH, SET_COOKIE};
use reqwest::{Client, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::changes::Changes;

/// Somebody who is signed in.
pub struct CountingRoom {
    http: Client,
    address: String,
    cookie: String,
}

impl CountingRoom {
    /// Signs in at the endpoint with this address.
    ///
    /// # Errors
    /// When it refuses.
    pub async fn sign_in(address: &str, user: &str, password: &str) -> Result<Self> {
        // The process may have one already; whichever came first serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().build()?;
        let body = SignIn {
            user: user.to_owned(),
            password: password.to_owned(),
        };
        let answer = http
            .post(format!("{address}/v1/session"))
            .json(&body)
            .send()
            .await?
            .error_for_status()?;
        let cookie = answer
            .headers()
            .get(SET_COOKIE)
            .context("no session cookie")?
            .to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Self {
            http,
            address: address.to_owned(),
            cookie,
        })
    }

    /// Reads anything.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn get(&self, path: &str) -> Result<Response> {
        let answer = self
            .http
            .get(format!("{}{path}", self.address))
            .header(COOKIE, &self.cookie)
            .send()
            .await?;
        Ok(answer)
    }

    /// Follows what changes, from now on.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn follow(&self) -> Result<Changes> {
        let answer = self.get("/v1/events").await?.error_for_status()?;
        Ok(Changes::of(answer))
    }

    /// Reads anything that has a type.
    ///
    /// # Errors
    /// When the endpoint refuses, or answers something else.
    pub async fn read<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let answer = self.get(path).await?;
        let status = answer.status();
        let body = answer.text().await?;
        ensure!(status.is_success(), "{path} answered {status}: {body}");
        serde_json::from_str(&body).with_context(|| format!("{path} answered {body}"))
    }

    /// One slot.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn slot(&self, slot: &SlotId) -> Result<SlotDetail> {
        self.read(&format!("/v1/slots/{slot}")).await
    }

    /// A page of slots.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn slots(&self, query: &str) -> Result<SlotsAnswer> {
        self.read(&format!("/v1/slots?{query}")).await
    }

    /// The totals of the regions below one.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn totals(
        &self,
        election: &str,
        contest: &str,
        region: &str,
    ) -> Result<RollupAnswer> {
        self.read(&format!(
            "/v1/rollup?election={election}&contest={contest}&region={region}"
        ))
        .await
    }

    /// What was refused and kept, in a region.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn refused(&self, region: &str) -> Result<RefusedAnswer> {
        self.read(&format!("/v1/refused?region={region}")).await
    }

    /// Lets a refused revision in.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn admit(&self, rev_id: &str, reason: &str) -> Result<()> {
        let body = serde_json::json!({ "reason": reason });
        self.post(&format!("/v1/refused/{rev_id}/admit"), &body)
            .await
    }

    /// Asks the phones for the original of a photo.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn ask_for_original(&self, slot: &SlotId, sha256: &str) -> Result<()> {
        let body = serde_json::json!({ "photo": sha256 });
        self.post(&format!("/v1/slots/{slot}/originals"), &body)
            .await
    }

    /// Brings a `.saksi` file.
    ///
    /// # Errors
    /// When the endpoint refuses it as a whole.
    pub async fn bring(&self, bundle: Vec<u8>) -> Result<BundleAnswer> {
        let request = self.http.post(format!("{}/v1/bundles", self.address));
        let answer = request
            .header(COOKIE, &self.cookie)
            .header(CONTENT_TYPE, BUNDLE_TYPE)
            .body(bundle)
            .send()
            .await?;
        let status = answer.status();
        let body = answer.text().await?;
        ensure!(
            status.is_success(),
            "the bundle was answered {status}: {body}"
        );
        Ok(serde_json::from_str(&body)?)
    }

    /// Sets how forms are verified.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn set_queue(&self, settings: &QueueSettingsRequest) -> Result<()> {
        let body = serde_json::to_value(settings)?;
        self.post("/v1/queue/settings", &body).await
    }

    /// What waits in the queue.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn queue(&self) -> Result<QueueAnswer> {
        self.read("/v1/queue").await
    }

    /// Takes the next items.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn claim(&self, asked: &ClaimRequest) -> Result<ClaimAnswer> {
        let answer = self.send("/v1/queue/claim", asked).await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    /// Sends what was read from the photos of a slot; the answer as it comes.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send_reading(&self, reading: &ReadingRequest) -> Result<Response> {
        self.send("/v1/queue/readings", reading).await
    }

    async fn send(&self, path: &str, body: &impl Serialize) -> Result<Response> {
        let request = self.http.post(format!("{}{path}", self.address));
        Ok(request
            .header(COOKIE, &self.cookie)
            .json(body)
            .send()
            .await?)
    }

    async fn post(&self, path: &str, body: &serde_json::Value) -> Result<()> {
        let answer = self.send(path, body).await?;
        let status = answer.status();
        let body = answer.text().await?;
        ensure!(status.is_success(), "{path} answered {status}: {body}");
        Ok(())
    }

    /// Rules on a slot as it stands now.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn decide(&self, slot: &SlotId, ruling: &DecisionRequest) -> Result<Decision> {
        let etag = self.etag(slot).await?;
        let answer = self.decide_if(slot, &etag, ruling).await?;
        let status = answer.status();
        let body = answer.text().await?;
        ensure!(
            status == StatusCode::CREATED,
            "the ruling was answered {status}: {body}"
        );
        Ok(serde_json::from_str(&body)?)
    }

    /// The state of a slot as its `ETag`.
    ///
    /// # Errors
    /// When there is none.
    pub async fn etag(&self, slot: &SlotId) -> Result<String> {
        let answer = self
            .get(&format!("/v1/slots/{slot}"))
            .await?
            .error_for_status()?;
        Ok(answer
            .headers()
            .get(ETAG)
            .context("a slot without an ETag")?
            .to_str()?
            .to_owned())
    }

    /// Rules on a slot if it still stands at `etag`; the answer as it comes.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn decide_if(
        &self,
        slot: &SlotId,
        etag: &str,
        ruling: &DecisionRequest,
    ) -> Result<Response> {
        let request = self
            .http
            .post(format!("{}/v1/slots/{slot}/decisions", self.address));
        Ok(request
            .header(COOKIE, &self.cookie)
            .header(IF_MATCH, etag)
            .json(ruling)
            .send()
            .await?)
    }
}
