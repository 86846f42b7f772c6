//! The audit: who did what when, and a file of it that can be checked anywhere.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use protocol::audit::{AuditAnswer, AuditChain, AuditEntry};
use protocol::console::Role;
use serde_json::{Value, json};

use crate::operations::{run, run_on};
use crate::world::{Console, ELSEWHERE, SAMARINDA, TPS, TPS_2, World};

async fn audit(console: &Console, query: &str) -> AuditAnswer {
    console
        .get(&format!("/v1/audit?{query}"))
        .await
        .json(StatusCode::OK)
}

fn kinds(answer: &AuditAnswer) -> Vec<&str> {
    let kind = |entry: &'_ AuditEntry| entry.event["kind"].as_str().unwrap().to_owned();
    let all: Vec<String> = answer.entries.iter().map(kind).collect();
    all.into_iter().map(|kind| &*kind.leak()).collect()
}

/// Two revisions in Samarinda, of which one is verified, and one elsewhere.
/// Returns the devices' ids.
async fn an_evening(world: &World) -> (String, String) {
    let siti = world.enrol(TPS, "Siti").await;
    let head = siti.report(TPS, 1, [100, 50]).await;
    let wati = world.enrol(TPS_2, "Wati").await;
    wati.report(TPS_2, 1, [80, 70]).await;
    let other = world.enrol(ELSEWHERE, "Joko").await;
    other.report(ELSEWHERE, 1, [60, 40]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let ruled = rani
        .rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    assert_eq!(ruled.status, StatusCode::CREATED);
    (siti.id, other.id)
}

#[tokio::test]
async fn whatever_somebody_did_is_found_by_who_what_where_and_when() {
    let world = World::start().await;
    let (device, _) = an_evening(&world).await;
    let admin = world.sign_in("admin").await;
    let all = audit(&admin, "limit=500").await;
    let first = all.entries.last().unwrap();
    assert_eq!((first.log_index, all.next), (1, None));
    assert_eq!(all.entries[0].log_index, all.newest);
    let by_rani = audit(&admin, "actor=rani").await;
    assert_eq!(kinds(&by_rani), ["decision", "signed_in"]);
    assert!(
        by_rani
            .entries
            .iter()
            .all(|one| one.actor.as_deref() == Some("rani"))
    );
    let of_slot = audit(&admin, &format!("slot=kaltim-2024/{TPS}/gub")).await;
    assert_eq!(kinds(&of_slot), ["decision", "revision"]);
    let of_device = audit(&admin, &format!("device={device}")).await;
    assert_eq!(kinds(&of_device), ["revision", "enrolled"]);
    assert_eq!(of_device.names[&device], "Siti");
    assert!(
        of_device.names.contains_key(&TPS[..10]),
        "the village's name"
    );
    let enrolled = &of_device.entries[1].event;
    let witness = enrolled["witness"].as_str().unwrap();
    let of_witness = audit(&admin, &format!("witness={witness}")).await;
    assert_eq!(kinds(&of_witness), ["enrolled", "code_made"]);
    let of_station = audit(&admin, &format!("region={TPS}")).await;
    assert_eq!(kinds(&of_station), ["decision", "revision", "code_made"]);
    let revisions = audit(&admin, &format!("kind=revision&region={SAMARINDA}")).await;
    assert_eq!(revisions.entries.len(), 2);
    let moment = of_slot.entries[0].at;
    let before = audit(&admin, &format!("kind=decision&to={moment}")).await;
    let since = audit(&admin, &format!("kind=decision&from={moment}")).await;
    assert_eq!((before.entries.len(), since.entries.len()), (0, 1));
    assert!(audit(&admin, "kind=nothing").await.entries.is_empty());
}

#[tokio::test]
async fn pages_follow_one_another_and_what_is_new_comes_by_itself() {
    let world = World::start().await;
    an_evening(&world).await;
    let admin = world.sign_in("admin").await;
    let all = audit(&admin, "limit=500").await;
    let mut seen = Vec::new();
    let mut before = String::new();
    loop {
        let page = audit(&admin, &format!("limit=4{before}")).await;
        seen.extend(page.entries);
        let Some(next) = page.next else { break };
        before = format!("&before={next}");
    }
    assert_eq!(seen, all.entries);
    let after = all.newest;
    assert!(
        audit(&admin, &format!("after={after}"))
            .await
            .entries
            .is_empty()
    );
    world.sign_in("rani").await;
    let fresh = audit(&admin, &format!("after={after}")).await;
    assert_eq!(kinds(&fresh), ["signed_in"]);
}

#[tokio::test]
async fn a_coordinator_sees_the_own_region_and_others_nothing() {
    let world = World::start().await;
    let (_, other) = an_evening(&world).await;
    world
        .add_user("petugas", Role::Operator, Some(SAMARINDA))
        .await;
    let rani = world.sign_in("rani").await;
    let seen = audit(&rani, "limit=500").await;
    assert_eq!(
        kinds(&seen),
        ["decision", "revision", "code_made", "revision", "code_made"]
    );
    assert!(
        audit(&rani, &format!("device={other}"))
            .await
            .entries
            .is_empty()
    );
    let outside = rani.get("/v1/audit?region=6471").await;
    assert_eq!(outside.problem(), (404, "not_found".to_owned()));
    let slot = format!("/v1/audit?slot=kaltim-2024/{ELSEWHERE}/gub");
    assert_eq!(rani.get(&slot).await.problem().0, 404);
    for name in ["tamu", "petugas"] {
        let console = world.sign_in(name).await;
        for path in ["/v1/audit", "/v1/audit/chain"] {
            let answer = console.get(path).await;
            assert_eq!(
                answer.problem(),
                (403, "not_allowed".to_owned()),
                "{name} {path}"
            );
        }
        let asked = json!({"format": "csv"});
        let answer = console.post("/v1/audit/export", &asked).await;
        assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
    }
    assert_eq!(world.stranger().get("/v1/audit").await.problem().0, 401);
}

#[tokio::test]
async fn going_out_bringing_a_file_and_taking_the_log_along_are_in_the_log() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let out = Request::delete("/v1/session").header("host", "hitung.example");
    let answer = rani.send(out.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let admin = world.sign_in("admin").await;
    let asked = json!({"format": "jsonl"});
    let answer = admin.post("/v1/audit/export", &asked).await;
    assert_eq!(answer.status, StatusCode::OK);
    let file = world.folder.path().join("cadangan.zip");
    let (data, file) = (
        crate::operations::data(world.folder.path()),
        file.display().to_string(),
    );
    let (ok, said) = run_on(&world, &["backup", "--data", &data, "--out", &file], "").await;
    assert!(ok, "{said}");
    let all = audit(&admin, "").await;
    assert_eq!(
        kinds(&all)[..4],
        ["backed_up", "log_exported", "signed_in", "signed_out"]
    );
    assert_eq!(all.entries[3].actor.as_deref(), Some("rani"));
    assert_eq!(all.entries[1].event["log_index"], all.entries[2].log_index);
}

#[tokio::test]
async fn the_chain_is_walked_in_stretches_and_a_rewritten_entry_is_named() {
    let world = World::start().await;
    an_evening(&world).await;
    let admin = world.sign_in("admin").await;
    world.app.sign_log_head().await.unwrap();
    let walked: AuditChain = admin.get("/v1/audit/chain").await.json(StatusCode::OK);
    assert_eq!((walked.checked_to, walked.broken_at), (walked.newest, None));
    assert!(walked.checkpoints >= 1);
    let head = walked.checkpoint.unwrap();
    assert_eq!((head.log_index, &head.hash), (walked.newest, &walked.hash));
    world.sign_in("rani").await;
    let path = format!(
        "/v1/audit/chain?after={}&hash={}",
        walked.checked_to, walked.hash
    );
    let more: AuditChain = admin.get(&path).await.json(StatusCode::OK);
    assert_eq!((more.checked_to, more.broken_at), (walked.newest + 1, None));
    assert_eq!(admin.get("/v1/audit/chain?after=3").await.problem().0, 400);
    sqlx::query("UPDATE log SET actor = 'admin' WHERE actor = 'rani' AND kind = 'decision'")
        .execute(world.app.storage.reading())
        .await
        .unwrap();
    let broken: AuditChain = admin.get("/v1/audit/chain").await.json(StatusCode::OK);
    assert_eq!(broken.broken_at, Some(broken.checked_to + 1));
    assert!(broken.checked_to < broken.newest);
}

#[tokio::test]
async fn an_export_is_checked_without_the_endpoint_and_shows_only_what_its_asker_sees() {
    let world = World::start().await;
    let (siti, other) = an_evening(&world).await;
    let folder = world.folder.path().join("ekspor");
    std::fs::create_dir(&folder).unwrap();
    let key = world.app.key.public().to_string();
    for (user, format) in [
        ("admin", "jsonl"),
        ("admin", "csv"),
        ("rani", "jsonl"),
        ("rani", "csv"),
    ] {
        let console = world.sign_in(user).await;
        let answer = console
            .post("/v1/audit/export", &json!({"format": format}))
            .await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert!(
            answer
                .header("content-disposition")
                .ends_with(&format!(".{format}\""))
        );
        let text = answer.text();
        assert!(text.contains(&siti));
        assert_eq!(text.contains(&other), user == "admin", "{text}");
        let file = folder.join(format!("{user}.{format}"));
        std::fs::write(&file, &text).unwrap();
        let file = file.display().to_string();
        let (ok, said) = run(None, &["verify-log", "--export", &file, "--key", &key], "").await;
        assert!(ok && said.contains("is whole"), "{said}");
        let changed = text.replacen("verify", "return", 1);
        assert_ne!(changed, text);
        std::fs::write(&file, changed).unwrap();
        let (ok, said) = run(None, &["verify-log", "--export", &file], "").await;
        assert!(!ok && said.contains("does not fit"), "{said}");
        std::fs::write(&file, &text).unwrap();
        let stranger = protocol::SecretKey::from_seed(&[9; 32])
            .public()
            .to_string();
        let arguments = ["verify-log", "--export", &file, "--key", &stranger];
        let (ok, said) = run(None, &arguments, "").await;
        assert!(!ok && said.contains("another key"), "{said}");
    }
}

#[tokio::test]
async fn a_filtered_export_holds_the_filtered_entries_in_a_whole_chain() {
    let world = World::start().await;
    an_evening(&world).await;
    let admin = world.sign_in("admin").await;
    let asked = json!({"format": "jsonl", "filter": {"kind": "decision"}});
    let text = admin.post("/v1/audit/export", &asked).await.text();
    let browser = [("accept-encoding", "gzip")];
    let packed = admin.post_with("/v1/audit/export", &asked, &browser).await;
    assert_eq!(packed.status, StatusCode::OK);
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let shown = lines.iter().filter(|line| line["line"] == "entry");
    let kinds: Vec<&str> = shown.map(|line| line["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["decision"]);
    assert_eq!(lines[0]["line"], "begin");
    assert_eq!(lines.last().unwrap()["line"], "checkpoint");
}
