//! A `.saksi` file at the counting room's computer, and text messages in its
//! lists.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::Channel;
use protocol::bundle::{BUNDLE_TYPE, BundleAnswer, BundleWriter};
use protocol::console::RefusedAnswer;
use protocol::envelope::REVISION_TYPE;
use protocol::revision::RevisionStatus;
use protocol::sms::Sms;
use protocol::{Envelope, ProblemCode, Receipt, ReceiptKind, Revision};
use serde_json::json;
use server::config::Secret;

use crate::operations::{data, run, run_on};
use crate::world::{Answer, Console, ELSEWHERE, Phone, TPS, World, new_database, photo};

/// What the gateway shows.
const SECRET: &str = "rahasia gerbang SMS";

/// A bundle with a revision that was not sent, and its photo.
fn bundle(phone: &Phone, revision: &Revision, jpeg: &[u8]) -> Vec<u8> {
    let payload = serde_json::to_vec(revision).unwrap();
    let envelope = Envelope::seal(REVISION_TYPE, &payload, &phone.id, &phone.secret);
    let mut file = BundleWriter::new(std::io::Cursor::new(Vec::new()));
    let id = protocol::envelope::rev_id(&payload);
    let json = serde_json::to_string(&envelope).unwrap();
    file.envelope(&id, &json).unwrap();
    let hash = protocol::encoding::sha256_hex(jpeg);
    file.photo(&hash, jpeg).unwrap();
    file.finish().unwrap().into_inner()
}

async fn bring(console: &Console, bytes: &[u8], headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::post("/v1/bundles")
        .header("host", "hitung.example")
        .header("content-type", BUNDLE_TYPE);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    console
        .send(request.body(Body::from(bytes.to_vec())).unwrap())
        .await
}

#[tokio::test]
async fn a_coordinator_brings_any_form_and_receipts_are_the_authors() {
    let world = World::start().await;
    let ani = world.enrol(ELSEWHERE, "Ani").await;
    let (bytes, reference) = photo(3);
    let mut revision = ani.revision(ELSEWHERE, 1, [100, 50]);
    revision.photos.push(reference.clone());
    let file = bundle(&ani, &revision, &bytes);
    // Of another region than hers: it is the witness's word that she brings.
    let rani = world.sign_in("rani").await;
    let origin = [("origin", "https://hitung.example")];
    let brought: BundleAnswer = bring(&rani, &file, &origin).await.json(StatusCode::OK);
    assert_eq!(brought.results[0].status, RevisionStatus::Stored);
    assert_eq!(brought.photos[0].status, RevisionStatus::Stored);
    let key = world.app.key.public();
    let of_photo = brought.photos[0].receipt.as_ref().unwrap();
    Receipt::open(
        of_photo,
        &key,
        ReceiptKind::Photo,
        &reference.sha256,
        &ani.id,
    )
    .unwrap();
    let seen = world.sign_in("admin").await.slot(ELSEWHERE, "gub").await;
    assert!(seen.photos[0].is_received);
    assert_eq!(seen.photos[0].received_bytes, reference.size_bytes);
    assert_eq!(seen.heads[0].channel, Channel::App);
    let again: BundleAnswer = bring(&rani, &file, &[]).await.json(StatusCode::OK);
    assert_eq!(again.results[0].status, RevisionStatus::Known);
    assert_eq!(again.photos, {
        let mut known = brought.photos.clone();
        known[0].status = RevisionStatus::Known;
        known
    });
    let (_, own) = ani.send(&revision).await;
    assert_eq!(own["status"], "known");
}

#[tokio::test]
async fn who_only_looks_and_pages_of_other_sites_bring_nothing() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let file = bundle(&siti, &siti.revision(TPS, 1, [100, 50]), b"x");
    let tamu = world.sign_in("tamu").await;
    let answer = bring(&tamu, &file, &[]).await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
    let rani = world.sign_in("rani").await;
    let foreign = [("origin", "https://lain.example")];
    let answer = bring(&rani, &file, &foreign).await;
    assert_eq!(answer.problem(), (403, "cross_origin".to_owned()));
    let answer = bring(&world.stranger(), &file, &[]).await;
    assert_eq!(answer.problem(), (401, "not_signed_in".to_owned()));
    assert_eq!(rani.slot(TPS, "gub").await.heads.len(), 0);
}

#[tokio::test]
async fn what_a_revoked_phone_signed_waits_for_the_coordinator() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let file = bundle(&siti, &siti.revision(TPS, 1, [100, 50]), b"x");
    let id = siti.id.clone();
    world
        .app
        .writer
        .run::<_, server::storage::StorageError, _>(move |tx| {
            Box::pin(async move { server::enrol::revoke(tx, None, &id).await })
        })
        .await
        .unwrap();
    let rani = world.sign_in("rani").await;
    bring(&rani, &file, &[]).await;
    let list: RefusedAnswer = rani.get("/v1/refused").await.json(StatusCode::OK);
    assert_eq!(list.refused[0].code, ProblemCode::DeviceRevoked);
    assert_eq!(list.refused[0].revision.counts["votes.1"], 100);
    let path = format!("/v1/refused/{}/admit", list.refused[0].revision.rev_id);
    let reason = json!({"reason": "Ponsel hilang sesudah foto diambil"});
    assert_eq!(rani.post(&path, &reason).await.status, StatusCode::CREATED);
    assert_eq!(rani.slot(TPS, "gub").await.figures["votes.1"], 100);
}

/// A message of a phone, handed over by the gateway.
async fn send_sms(world: &World, phone: &Phone, votes: [u32; 2]) {
    let pool = world.app.storage.reading();
    let key: String = sqlx::query_scalar("SELECT sms_key FROM devices WHERE id = $1")
        .bind(phone.id.clone())
        .fetch_one(pool)
        .await
        .unwrap();
    let slot_code: String = sqlx::query_scalar("SELECT sms_code FROM slots WHERE slot = $1")
        .bind(format!("{}/{TPS}/gub", crate::world::ELECTION))
        .fetch_one(pool)
        .await
        .unwrap();
    let sms = Sms {
        slot_code,
        seq: 1,
        figures: vec![Some(votes[0]), Some(votes[1]), Some(3)],
    };
    let key = protocol::encoding::array_from_base64(&key).unwrap();
    let body = json!({
        "from": "+620000000017", "body": sms.message(&key), "received_at": "2024-11-27T07:00:03.000Z"
    });
    let bearer = format!("Bearer {SECRET}");
    let answer = world
        .stranger()
        .post_with("/v1/sms", &body, &[("authorization", &bearer)])
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
}

#[tokio::test]
async fn a_text_message_is_looked_at_ruled_on_and_kept_like_any_other() {
    let world = World::start_with(|config| config.sms_gateway_secret = Secret::new(SECRET)).await;
    let siti = world.enrol(TPS, "Siti").await;
    send_sms(&world, &siti, [101, 88]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let head = &seen.heads[0];
    assert_eq!(head.channel, Channel::Sms);
    assert_eq!((head.witness.as_str(), head.seq), ("Siti", 1));
    assert_eq!(head.counts["votes.1"], 101);
    assert!(head.photos.is_empty() && seen.photos.is_empty());
    let ruling = json!({"kind": "verify", "chosen": head.rev_id});
    assert_eq!(rani.rule(&seen, ruling).await.status, StatusCode::CREATED);
    // The phone's own word comes later and says the same: still verified.
    siti.report(TPS, 1, [101, 88]).await;
    let seen = rani.slot(TPS, "gub").await;
    assert_eq!(seen.state, domain::SlotState::Verified);
    assert_eq!(seen.heads[0].channel, Channel::App);
    assert_eq!(seen.history.len(), 2);
}

#[tokio::test]
async fn an_operator_imports_files_beside_the_running_endpoint() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (bytes, reference) = photo(4);
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.photos.push(reference.clone());
    let at = data(world.folder.path());
    let write = |name: &str, bytes: &[u8]| {
        let file = world.folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file.display().to_string()
    };
    let good = write("baik.saksi", &bundle(&siti, &revision, &bytes));
    let import = async |files: &[&str]| {
        let arguments = [&["import", "--data", &at][..], files].concat();
        run_on(&world, &arguments, "").await
    };
    let (went_well, said) = import(&[&good]).await;
    assert!(went_well, "{said}");
    assert!(
        said.contains("revisions     1 new    0 known    0 refused"),
        "{said}"
    );
    assert!(
        said.contains("photos        1 new    0 known    0 refused"),
        "{said}"
    );
    let seen = world.sign_in("rani").await.slot(TPS, "gub").await;
    assert_eq!(seen.figures["votes.1"], 100);
    assert!(seen.photos[0].is_received, "the running endpoint has it");

    let elsewhere = siti.revision(ELSEWHERE, 1, [1, 2]);
    let stray = write("lain.saksi", &bundle(&siti, &elsewhere, &photo(5).0));
    let broken = write("rusak.saksi", b"bukan zip");
    let (went_well, said) = import(&[&good, &stray, &broken, "tidak-ada.saksi"]).await;
    assert!(!went_well);
    for sentence in [
        "revisions     0 new    1 known    0 refused",
        "1 of a polling station that is not the witness's (kept",
        "1 photo that no revision here names",
        "rusak.saksi: not taken in: not a .saksi bundle",
        "tidak-ada.saksi: not taken in: the file cannot be read",
        "4 of what was brought was refused; the rest is in",
    ] {
        assert!(said.contains(sentence), "{sentence} is missing in:\n{said}");
    }
    let (went_well, said) = run_on(&world, &["verify-log", "--data", &at, "--photos"], "").await;
    assert!(went_well, "{said}");
}

#[tokio::test]
async fn what_was_carried_and_sent_by_sms_comes_back_from_a_backup() {
    let world = World::start_with(|config| config.sms_gateway_secret = Secret::new(SECRET)).await;
    let siti = world.enrol(TPS, "Siti").await;
    let ani = world.enrol(ELSEWHERE, "Ani").await;
    send_sms(&world, &siti, [101, 88]).await;
    let brought = bundle(&ani, &ani.revision(ELSEWHERE, 1, [5, 6]), b"x");
    let request = Request::post("/v1/bundles")
        .header("content-type", BUNDLE_TYPE)
        .body(Body::from(brought))
        .unwrap();
    assert_eq!(siti.send_request(request).await.status, StatusCode::OK);
    let file = world.folder.path().join("cadangan.zip");
    server::operations::backup::backup(&world.app, &file)
        .await
        .unwrap();
    let there = tempfile::tempdir().unwrap();
    let (to, file) = (data(there.path()), file.display().to_string());
    let database = new_database().await;
    let restore = ["restore", "--data", &to, "--in", &file];
    let (went_well, said) = run(database.as_ref(), &restore, "").await;
    assert!(went_well, "{said}");
    let verify = ["verify-log", "--data", &to, "--photos"];
    let (went_well, said) = run(database.as_ref(), &verify, "").await;
    assert!(went_well && said.contains("2 revisions"), "{said}");
    let config = server::Config {
        database_url: database,
        ..server::Config::embedded(to.into())
    };
    let (app, tasks) = server::App::open(config).await.unwrap();
    let carried: (String, String) = sqlx::query_as("SELECT rev_id, device FROM carried")
        .fetch_one(app.storage.reading())
        .await
        .unwrap();
    assert_eq!(carried.1, siti.id);
    tasks.finish(app).await;
}
