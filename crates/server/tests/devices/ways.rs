//! How things get to the endpoint when there is no network: bundles, and a
//! gateway that hands over text messages.

use axum::body::Body;
use axum::http::Request;
use protocol::bundle::{BUNDLE_TYPE, BundleAnswer, BundleWriter};
use protocol::revision::RevisionStatus;
use protocol::sms::{KEY_BYTES, Sms, SmsAnswer};
use serde_json::{Value, json};
use server::config::Secret;

use crate::world::{Answer, Phone, Photo, World, send};

/// What the gateway of the stories shows.
pub(crate) const SECRET: &str = "rahasia gerbang SMS";
/// From which the messages of the stories come.
pub(crate) const SENDER: &str = "+620000000017";

/// The id of a sealed revision.
pub(crate) fn rev_id(envelope: &Value) -> String {
    let payload = envelope["payload"].as_str().unwrap();
    let payload = protocol::encoding::from_base64(payload).unwrap();
    protocol::envelope::rev_id(&payload)
}

/// A bundle of these.
pub(crate) fn bundle(envelopes: &[&Value], photos: &[&Photo]) -> Vec<u8> {
    let mut bundle = BundleWriter::new(std::io::Cursor::new(Vec::new()));
    for envelope in envelopes {
        let json = envelope.to_string();
        bundle.envelope(&rev_id(envelope), &json).unwrap();
    }
    for photo in photos {
        bundle.photo(&photo.sha256, &photo.bytes).unwrap();
    }
    bundle.finish().unwrap().into_inner()
}

impl Phone {
    /// Brings a file.
    pub(crate) async fn bring_bytes(&self, bytes: Vec<u8>) -> Answer {
        let request = Request::post("/v1/bundles")
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", BUNDLE_TYPE)
            .body(Body::from(bytes))
            .unwrap();
        send(self.router.clone(), request).await
    }

    /// Brings a bundle of these.
    pub(crate) async fn bring(&self, envelopes: &[&Value], photos: &[&Photo]) -> BundleAnswer {
        let answer = self.bring_bytes(bundle(envelopes, photos)).await;
        answer.json(200)
    }
}

/// Statuses, and codes where there are any: of envelopes, then of photos.
pub(crate) fn outcomes(answer: &BundleAnswer) -> Vec<(RevisionStatus, String)> {
    let revisions = answer
        .results
        .iter()
        .map(|one| (one.status, one.problem.as_ref()));
    let photos = answer
        .photos
        .iter()
        .map(|one| (one.status, one.problem.as_ref()));
    let code = |problem: &protocol::Problem| problem.code.unwrap().as_str().to_owned();
    revisions
        .chain(photos)
        .map(|(status, problem)| (status, problem.map(code).unwrap_or_default()))
        .collect()
}

impl World {
    /// An endpoint that takes in SMS.
    pub(crate) async fn with_gateway() -> Self {
        Self::start_with(|config| config.sms_gateway_secret = Secret::new(SECRET)).await
    }

    /// The key of a phone's messages.
    pub(crate) async fn sms_key(&self, phone: &Phone) -> [u8; KEY_BYTES] {
        let key: String = sqlx::query_scalar("SELECT sms_key FROM devices WHERE id = $1")
            .bind(phone.id.clone())
            .fetch_one(self.app.storage.reading())
            .await
            .unwrap();
        protocol::encoding::array_from_base64(&key).unwrap()
    }

    /// The message of a phone about the governor at `tps`.
    pub(crate) async fn message(
        &self,
        phone: &Phone,
        tps: &str,
        seq: u64,
        figures: &[Option<u32>],
    ) -> String {
        let slot_code: String = sqlx::query_scalar("SELECT sms_code FROM slots WHERE slot = $1")
            .bind(format!("{}/{tps}/gub", crate::world::ELECTION))
            .fetch_one(self.app.storage.reading())
            .await
            .unwrap();
        let sms = Sms {
            slot_code,
            seq,
            figures: figures.to_vec(),
        };
        sms.message(&self.sms_key(phone).await)
    }

    /// The gateway hands a message over, with this as its secret.
    pub(crate) async fn hand_over(&self, secret: &str, body: &str) -> Answer {
        let body = json!({
            "from": SENDER, "body": body, "received_at": "2024-11-27T07:00:03.000Z"
        });
        let request = Request::post("/v1/sms")
            .header("authorization", format!("Bearer {secret}"))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        send(self.router(), request).await
    }

    /// The same with the right secret: what became of it, and the reply.
    pub(crate) async fn sms(&self, body: &str) -> (RevisionStatus, String) {
        let answer: SmsAnswer = self.hand_over(SECRET, body).await.json(200);
        assert!(answer.reply.chars().count() <= 160, "{}", answer.reply);
        (answer.status, answer.reply)
    }

    /// Takes a phone's access away.
    pub(crate) async fn revoke(&self, phone: &Phone) {
        let id = phone.id.clone();
        let revoked = self
            .app
            .writer
            .run::<_, server::storage::StorageError, _>(move |tx| {
                Box::pin(async move { server::enrol::revoke(tx, Some("admin"), &id).await })
            });
        assert!(revoked.await.unwrap());
    }

    /// Lets a kept revision in.
    pub(crate) async fn admit(&self, rev_id: &str) {
        let (key, id) = (self.app.key.clone(), rev_id.to_owned());
        let catalogue = self.app.catalogues.get().await.unwrap();
        let admitted = self.app.writer.run(move |tx| {
            Box::pin(
                async move { server::intake::admit(tx, key, catalogue, "admin", &id, "sah").await },
            )
        });
        assert!(admitted.await.unwrap().is_some());
    }

    /// Everything that was taken in fits the log.
    pub(crate) async fn is_sound(&self) {
        let sound = server::operations::verify_log::verify(&self.app, true).await;
        sound.unwrap();
    }
}
