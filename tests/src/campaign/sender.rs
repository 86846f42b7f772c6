//! A device without an app: a key, a token, and requests made by hand, so that
//! a campaign knows exactly which bytes it was given a receipt for.

use anyhow::{Context, Result, ensure};
use domain::Counts;
use protocol::enrol::{DeviceInfo, EnrolAnswer, EnrolRequest};
use protocol::envelope::{REVISION_TYPE, rev_id};
use protocol::revision::{PhotoRef, Revision, RevisionsAnswer, VERSION};
use protocol::{EnrolCode, Envelope, PublicKey, SecretKey, SlotId, Timestamp};

use super::Dice;

/// An enrolled device.
pub struct Sender {
    /// Its id.
    pub device: String,
    /// Its bearer token.
    pub token: String,
    /// Its slots.
    pub slots: Vec<SlotId>,
    /// The endpoint's key, pinned.
    pub server_key: PublicKey,
    key: SecretKey,
    chain: Vec<(u64, Option<String>)>,
}

/// A sealed revision on its way.
#[derive(Debug, Clone)]
pub struct Sealed {
    /// Its id.
    pub rev_id: String,
    /// Its envelope.
    pub envelope: Envelope,
}

impl Sender {
    /// Enrols with a code; the key follows from the dice.
    ///
    /// # Errors
    /// When the endpoint refuses.
    pub async fn enrol(
        http: &reqwest::Client,
        address: &str,
        code: &str,
        dice: &mut Dice,
    ) -> Result<Self> {
        let mut seed = [0; 32];
        dice.fill(&mut seed);
        let key = SecretKey::from_seed(&seed);
        let code: EnrolCode = code.trim().parse()?;
        let request = EnrolRequest {
            code: code.to_string(),
            public_key: key.public().to_string(),
            proof: code.prove(&key),
            device: DeviceInfo::default(),
        };
        let asked = http.post(format!("{address}/v1/enrol")).json(&request);
        let answer = asked.send().await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "enrolment: {status}: {text}");
        let answer: EnrolAnswer = serde_json::from_str(&text)?;
        let election = answer.pack.election.id.clone();
        let slots: Vec<SlotId> = answer
            .pack
            .assignments
            .iter()
            .flat_map(|post| {
                post.contests.iter().map(|contest| SlotId {
                    election: election.clone(),
                    tps: post.tps.clone(),
                    contest: contest.clone(),
                })
            })
            .collect();
        ensure!(!slots.is_empty(), "a device without slots");
        Ok(Self {
            device: answer.device_id,
            token: answer.token,
            server_key: PublicKey::from_base64(&answer.server_key).context("no server key")?,
            chain: vec![(0, None); slots.len()],
            slots,
            key,
        })
    }

    /// Seals the next revision of its slot number `slot`.
    ///
    /// # Errors
    /// When there is no such slot.
    pub fn seal(&mut self, slot: usize, counts: Counts, photos: Vec<PhotoRef>) -> Result<Sealed> {
        self.seal_headed(slot, counts, None, photos)
    }

    /// The same with the TPS number that was read from the form's head.
    ///
    /// # Errors
    /// When there is no such slot.
    pub fn seal_headed(
        &mut self,
        slot: usize,
        counts: Counts,
        form_tps: Option<String>,
        photos: Vec<PhotoRef>,
    ) -> Result<Sealed> {
        let place = self.slots.get(slot).context("no such slot")?;
        let (seq, prev) = self.chain.get_mut(slot).context("no such slot")?;
        let revision = Revision {
            v: VERSION,
            election: place.election.clone(),
            tps: place.tps.clone(),
            contest: place.contest.clone(),
            device: self.device.clone(),
            seq: *seq + 1,
            prev: prev.clone(),
            counts,
            form_tps,
            photos,
            flags: Vec::new(),
            note: String::new(),
            recorded_at: Timestamp::from_unix_ms(1_732_700_000_000),
            clock: None,
            location: None,
            app: env!("CARGO_PKG_VERSION").to_owned(),
            desk: None,
        };
        let payload = serde_json::to_vec(&revision)?;
        let sealed = Sealed {
            rev_id: rev_id(&payload),
            envelope: Envelope::seal(REVISION_TYPE, &payload, &self.device, &self.key),
        };
        (*seq, *prev) = (*seq + 1, Some(sealed.rev_id.clone()));
        Ok(sealed)
    }

    /// Posts envelopes; the answer as it came.
    ///
    /// # Errors
    /// When there is none, or it is no success.
    pub async fn post(
        &self,
        http: &reqwest::Client,
        address: &str,
        sealed: &[Sealed],
    ) -> Result<RevisionsAnswer> {
        let envelopes: Vec<&Envelope> = sealed.iter().map(|one| &one.envelope).collect();
        let answer = http
            .post(format!("{address}/v1/revisions"))
            .bearer_auth(&self.token)
            .json(&serde_json::json!({ "envelopes": envelopes }))
            .send()
            .await?;
        let status = answer.status();
        let text = answer.text().await?;
        ensure!(status.is_success(), "revisions: {status}: {text}");
        Ok(serde_json::from_str(&text)?)
    }
}
