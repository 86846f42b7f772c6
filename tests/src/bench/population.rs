//! A whole election night's devices at the 11,441 polling stations, enrolled
//! over HTTP, each with its revisions signed beforehand.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use domain::TpsCode;
use protocol::enrol::{DeviceInfo, EnrolAnswer, EnrolRequest};
use protocol::envelope::REVISION_TYPE;
use protocol::pack::WitnessRole;
use protocol::revision::{PhotoKind, PhotoRef, PhotoSource, Revision, VERSION};
use protocol::{EnrolCode, Envelope, SecretKey, Timestamp};
use sample::SampleElection;
use server::enrol::code::{CodeFault, NewDevice, make_code};
use server::{AppState, Config};
use sha2::{Digest as _, Sha256};

use super::load;
use crate::demo::progress;

/// Codes made in one transaction.
const CODES_AT_ONCE: usize = 500;

/// Enrolments under way at the same time.
const AT_ONCE: usize = 16;

/// How long a code may be used.
const CODE_VALID_MS: i64 = 3_600_000;

/// A witness who is to get a device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Where.
    pub tps: TpsCode,
    /// Made-up name.
    pub witness: String,
    /// Inside, or as the second.
    pub role: WitnessRole,
}

/// One enrolled device, and what it has to send.
#[derive(Debug, Clone)]
pub struct Sender {
    /// Where it is.
    pub tps: TpsCode,
    /// Its bearer token.
    pub token: String,
    /// Body of its one `POST /v1/revisions`: one revision per contest.
    pub body: String,
    /// How many revisions that is.
    pub revisions: usize,
    /// Its photo, announced by the first revision.
    pub photo: Option<Arc<Vec<u8>>>,
}

/// A witness inside each polling station.
pub fn inside(election: &SampleElection) -> impl Iterator<Item = Posting> {
    postings(election, WitnessRole::Inside, "Saksi")
}

/// A second witness at each polling station.
pub fn seconds(election: &SampleElection) -> impl Iterator<Item = Posting> {
    postings(election, WitnessRole::Outside, "Saksi luar")
}

fn postings(
    election: &SampleElection,
    role: WitnessRole,
    title: &str,
) -> impl Iterator<Item = Posting> {
    election.tps.iter().map(move |station| Posting {
        tps: station.code.clone(),
        witness: format!("{title} {} (contoh)", station.code),
        role,
    })
}

/// Enrols a device for each posting, in the seeded data of `config`; that of
/// posting `number` has the photo `photo_of(number)`. They come in no order.
///
/// # Errors
/// When the endpoint refuses anything.
pub async fn populate(
    config: Config,
    postings: Vec<Posting>,
    photo_of: impl Fn(usize) -> Option<Vec<u8>>,
) -> Result<Vec<Sender>> {
    let election = Arc::new(sample::kaltim()?);
    let running = server::start(config).await?;
    let codes = codes(&running.app(), postings).await?;
    let url = running.url();
    let bar = progress::bar("devices enrol", codes.len() as u64);
    let client = reqwest::Client::new();
    let work = codes
        .into_iter()
        .enumerate()
        .map(|(number, (posting, code))| {
            let (client, url, election) = (client.clone(), url.clone(), election.clone());
            let photo = photo_of(number).map(Arc::new);
            let bar = bar.clone();
            async move {
                let sender = enrol(&client, &url, &election, &posting.tps, &code, photo).await?;
                bar.inc(1);
                anyhow::Ok(sender)
            }
        });
    let senders = load::all(work, AT_ONCE).await?;
    bar.finish_and_clear();
    running.stop().await;
    Ok(senders)
}

/// One code for each of these.
///
/// # Errors
/// When one is refused.
pub async fn codes(app: &AppState, postings: Vec<Posting>) -> Result<Vec<(Posting, EnrolCode)>> {
    let bar = progress::bar("enrolment codes are made", postings.len() as u64);
    let mut codes = Vec::with_capacity(postings.len());
    for some in postings.chunks(CODES_AT_ONCE) {
        let some = some.to_vec();
        bar.inc(some.len() as u64);
        let key = app.key.clone();
        let made: Result<Vec<(Posting, EnrolCode)>, CodeFault> = app
            .writer
            .run(move |tx| {
                Box::pin(async move {
                    let mut made = Vec::with_capacity(some.len());
                    for posting in some {
                        let wanted = NewDevice {
                            tps: posting.tps.clone(),
                            witness: posting.witness.clone(),
                            role: posting.role,
                            valid_ms: CODE_VALID_MS,
                        };
                        made.push((posting, make_code(tx, &key, None, wanted).await?));
                    }
                    Ok(made)
                })
            })
            .await;
        codes.extend(made?);
    }
    bar.finish_and_clear();
    Ok(codes)
}

async fn enrol(
    client: &reqwest::Client,
    url: &str,
    election: &SampleElection,
    tps: &TpsCode,
    code: &EnrolCode,
    photo: Option<Arc<Vec<u8>>>,
) -> Result<Sender> {
    let mut seed = [0_u8; 32];
    getrandom::fill(&mut seed).map_err(|cause| anyhow::anyhow!("no randomness: {cause}"))?;
    let key = SecretKey::from_seed(&seed);
    let request = EnrolRequest {
        code: code.to_string(),
        public_key: key.public().to_string(),
        proof: code.prove(&key),
        device: DeviceInfo::default(),
    };
    let answer = client
        .post(format!("{url}/v1/enrol"))
        .json(&request)
        .send()
        .await?;
    let status = answer.status();
    let text = answer.text().await?;
    ensure!(status.is_success(), "enrolment at {tps}: {status}: {text}");
    let answer: EnrolAnswer = serde_json::from_str(&text)?;
    let mut envelopes = Vec::new();
    for (number, contest) in election.contests_at(tps).into_iter().enumerate() {
        let photos = if number == 0 {
            photo.iter().map(|photo| announced(photo)).collect()
        } else {
            Vec::new()
        };
        let revision = revision(election, tps, &contest.id, &answer.device_id, photos)?;
        let payload = serde_json::to_vec(&revision)?;
        envelopes.push(Envelope::seal(
            REVISION_TYPE,
            &payload,
            &answer.device_id,
            &key,
        ));
    }
    Ok(Sender {
        tps: tps.clone(),
        token: answer.token,
        revisions: envelopes.len(),
        body: serde_json::json!({ "envelopes": envelopes }).to_string(),
        photo,
    })
}

fn revision(
    election: &SampleElection,
    tps: &TpsCode,
    contest: &str,
    device: &str,
    photos: Vec<PhotoRef>,
) -> Result<Revision> {
    Ok(Revision {
        v: VERSION,
        election: election.election.id.clone(),
        tps: tps.clone(),
        contest: contest.to_owned(),
        device: device.to_owned(),
        seq: 1,
        prev: None,
        counts: election
            .truth(tps, contest)
            .context("no such form in the sample")?,
        form_tps: Some(tps.number().to_owned()),
        photos,
        flags: Vec::new(),
        note: String::new(),
        recorded_at: Timestamp::from_unix_ms(election.election.opens_at.unix_ms()),
        clock: None,
        location: None,
        app: env!("CARGO_PKG_VERSION").to_owned(),
        desk: None,
    })
}

/// How a revision names a photo.
#[must_use]
pub fn announced(photo: &[u8]) -> PhotoRef {
    PhotoRef {
        kind: PhotoKind::Form,
        page: Some(1),
        sha256: hash(photo),
        size_bytes: photo.len() as u64,
        source: PhotoSource::Camera,
        original: None,
        taken_at: None,
    }
}

/// A photo's name on the wire.
#[must_use]
pub fn hash(photo: &[u8]) -> String {
    hex::encode(Sha256::digest(photo))
}
