//! Dossiers: what lawyers get, and what `verify` makes of it when somebody has
//! been at it.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::path::Path;

use axum::http::StatusCode;
use protocol::dossier::DossierPreview;
use serde_json::{Value, json};
use server::dossier::verify::{Verdict, verify};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::operations::run;
use crate::world::{Answer, Console, ELSEWHERE, TPS, TPS_2, World, counts, photo};
use crate::zips::{packed, unpacked};

const SLOT: &str = "kaltim-2024/6472011001001/gub";

/// Two witnesses of one station differ, each with a photo; a coordinator has
/// decided. A neighbour's form is in, undecided.
async fn an_evening(world: &World) {
    let siti = world.enrol(TPS, "Siti <b>Aminah</b>").await;
    let budi = world.enrol(TPS, "Budi").await;
    for (phone, shade, votes) in [(&siti, 9, [100, 50]), (&budi, 10, [100, 60])] {
        let (bytes, reference) = photo(shade);
        let mut revision = phone.revision(TPS, 1, votes);
        revision.photos.push(reference.clone());
        revision.note = "Halaman 2 agak gelap".to_owned();
        phone.send(&revision).await;
        let sent = phone.upload(&reference.sha256, &bytes).await;
        assert_eq!(sent.status, StatusCode::OK);
    }
    let wati = world.enrol(TPS_2, "Wati").await;
    wati.report(TPS_2, 1, [80, 70]).await;
    let joko = world.enrol(ELSEWHERE, "Joko").await;
    joko.report(ELSEWHERE, 1, [60, 40]).await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let head = seen.heads[0].rev_id.clone();
    let ruling = json!({"kind": "verify", "chosen": head, "reason": "Foto jelas"});
    let ruled = rani.rule(&seen, ruling).await;
    assert_eq!(ruled.status, StatusCode::CREATED);
    for act in [
        json!({"act": "handed_over", "to": "Koordinator desa <contoh>"}),
        json!({"act": "arrived", "folder": "Map 12"}),
        json!({"act": "compared", "outcome": "differs", "figures": {"votes.1": 101}}),
    ] {
        let body = json!({"slots": [SLOT], "act": act});
        let noted = rani.post("/v1/paper", &body).await;
        assert_eq!(noted.status, StatusCode::CREATED, "{}", noted.text());
    }
}

async fn ask(console: &Console, choice: Value) -> Answer {
    let body = json!({"choice": choice, "title": "Perkara contoh & lain-lain"});
    console.post("/v1/dossiers", &body).await
}

fn checked(folder: &Path, zip: &[u8]) -> Verdict {
    let file = folder.join("dossier.zip");
    std::fs::write(&file, zip).unwrap();
    verify(&file, None).unwrap()
}

#[tokio::test]
async fn a_dossier_holds_what_proves_a_slot_and_verifies_without_the_endpoint() {
    let world = World::start().await;
    an_evening(&world).await;
    let rani = world.sign_in("rani").await;
    let answer = ask(&rani, json!({"slots": [SLOT]})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/zip");
    assert!(answer.header("saksi-size-about").parse::<u64>().unwrap() > 0);
    // A browser offers to take it compressed; it comes as it is, to its end.
    let body = json!({"choice": {"slots": [SLOT]}});
    let browser = [("accept-encoding", "gzip, deflate, br, zstd")];
    let asked = rani.post_with("/v1/dossiers", &body, &browser).await;
    assert_eq!(
        (asked.status, asked.header("content-encoding")),
        (StatusCode::OK, "")
    );
    assert!(unpacked(&asked.body).contains_key("seal.json"));
    let folder = world.stop().await;
    let verdict = checked(folder.path(), &answer.body);
    assert_eq!(verdict.faults, []);
    let sound = &verdict.sound;
    assert_eq!((sound.signed, sound.photos, sound.decisions), (2, 2, 1));
    assert_eq!(sound.paper_steps, 3);
    assert_eq!(
        (sound.receipts, sound.tied_devices, sound.untied_devices),
        (4, 2, 0)
    );
    let files = unpacked(&answer.body);
    let page = String::from_utf8(files["dossier.html"].clone()).unwrap();
    for words in [
        "Perkara contoh &amp; lain-lain",
        "Siti &lt;b&gt;Aminah&lt;/b&gt;",
        "Halaman 2 agak gelap",
        "Foto jelas",
        "Diserahkan kepada <b>Koordinator desa &lt;contoh&gt;</b>",
        "map <b>Map 12</b>",
        "berbeda dari foto",
        ": 101",
        "≠",
    ] {
        assert!(page.contains(words), "{words}");
    }
    let machine: String = files
        .iter()
        .filter(|(name, _)| !name.ends_with(".html") && !name.ends_with(".jpg"))
        .map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap())
        .collect();
    for name in ["Siti", "Wati", "Joko", "sms_key", ELSEWHERE] {
        assert!(!machine.contains(name), "{name} is nobody's business here");
    }
}

#[tokio::test]
async fn paper_and_file_are_held_together_at_the_command_line() {
    let world = World::start().await;
    an_evening(&world).await;
    let rani = world.sign_in("rani").await;
    let answer = ask(&rani, json!({"slots": [SLOT]})).await;
    let key = world.app.key.public().to_string();
    let folder = world.stop().await;
    let verdict = checked(folder.path(), &answer.body);
    let zip = folder.path().join("dossier.zip").display().to_string();
    let block = |number: usize| &verdict.machine[(number - 1) * 4..number * 4];
    let right = format!("3={},11={}", block(3), block(11).to_uppercase());
    let (ok, said) = run(
        None,
        &["verify", &zip, "--key", &key, "--blocks", &right],
        "",
    )
    .await;
    assert!(
        ok && said.contains("kertas dan berkas ini satu asal"),
        "{said}"
    );
    let (ok, said) = run(None, &["verify", &zip], "").await;
    assert!(
        ok && said.contains("--blocks") && said.contains(&key),
        "{said}"
    );
    for blocks in ["3=zzzz,11=zzzz", "3=zzzz,3=zzzz", "3", "17=abcd,0=abcd"] {
        let (ok, said) = run(None, &["verify", &zip, "--blocks", blocks], "").await;
        assert!(!ok, "{blocks}: {said}");
    }
    let other = protocol::SecretKey::from_seed(&[9; 32])
        .public()
        .to_string();
    let (ok, said) = run(None, &["verify", &zip, "--key", &other], "").await;
    assert!(!ok && said.contains("SALAH  manifest.json"), "{said}");
}

#[tokio::test]
async fn a_changed_byte_in_any_file_is_noticed_and_its_file_is_named() {
    let world = World::start().await;
    an_evening(&world).await;
    let admin = world.sign_in("admin").await;
    let filter = json!({"filter": {"region": "6472", "contest": "gub"}});
    let answer = ask(&admin, filter).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let folder = world.stop().await;
    let whole = unpacked(&answer.body);
    assert_eq!(checked(folder.path(), &packed(&whole)).faults, []);
    assert!(whole.len() > 15, "{:?}", whole.keys());
    for name in whole.keys() {
        let size = whole[name].len();
        for at in [0, size / 3, size / 2, size - 1] {
            let mut changed = whole.clone();
            changed.get_mut(name).unwrap()[at] ^= 1;
            let verdict = checked(folder.path(), &packed(&changed));
            let named = verdict.faults.iter().any(|fault| fault.file == *name);
            assert!(named, "byte {at} of {name}: {:?}", verdict.faults);
        }
        let mut less = whole.clone();
        less.remove(name);
        let verdict = checked(folder.path(), &packed(&less));
        let named = verdict.faults.iter().any(|fault| fault.file == *name);
        assert!(named, "without {name}: {:?}", verdict.faults);
    }
    let mut more = whole.clone();
    more.insert("photos/ffff.jpg".to_owned(), b"x".to_vec());
    assert_eq!(
        checked(folder.path(), &packed(&more)).faults[0].file,
        "photos/ffff.jpg"
    );
}

#[tokio::test]
async fn somebody_with_an_own_key_cannot_make_another_history() {
    let world = World::start().await;
    an_evening(&world).await;
    let rani = world.sign_in("rani").await;
    let answer = ask(&rani, json!({"slots": [SLOT]})).await;
    let folder = world.stop().await;
    let whole = unpacked(&answer.body);
    let name = "slots/6472011001001-gub.json";
    let text = String::from_utf8(whole[name].clone()).unwrap();
    let changes = [
        ("\"reason\": \"Foto jelas\"", "\"reason\": \"Foto buram\""),
        ("\"votes.1\": 100", "\"votes.1\": 101"),
        ("\"state\": \"verified\"", "\"state\": \"conflict\""),
        ("\"by\": \"rani\"", "\"by\": \"budi\""),
    ];
    for (was, is) in changes {
        // The manifest is made to fit; then only what is in the slot tells.
        let mut changed = whole.clone();
        assert!(text.contains(was), "{was}");
        changed.insert(name.to_owned(), text.replace(was, is).into_bytes());
        refit(&mut changed, name);
        let verdict = checked(folder.path(), &packed(&changed));
        let named = |file: &str| verdict.faults.iter().any(|fault| fault.file == file);
        assert!(
            named(name) && named("manifest.json"),
            "{was}: {:?}",
            verdict.faults
        );
    }
    let mut without = whole.clone();
    let mut slot: Value = serde_json::from_str(&text).unwrap();
    slot["decisions"] = json!([]);
    without.insert(name.to_owned(), serde_json::to_vec_pretty(&slot).unwrap());
    refit(&mut without, name);
    let verdict = checked(folder.path(), &packed(&without));
    let told = verdict
        .faults
        .iter()
        .any(|fault| fault.english.contains("left out"));
    assert!(told, "{:?}", verdict.faults);
}

/// Writes the present hash of a file into the manifest.
fn refit(files: &mut BTreeMap<String, Vec<u8>>, name: &str) {
    let mut manifest: Value = serde_json::from_slice(&files["manifest.json"]).unwrap();
    for fact in manifest["files"].as_array_mut().unwrap() {
        if fact["name"] == name {
            fact["sha256"] = json!(protocol::encoding::sha256_hex(&files[name]));
            fact["size_bytes"] = json!(files[name].len());
        }
    }
    let text = serde_json::to_vec_pretty(&manifest).unwrap();
    files.insert("manifest.json".to_owned(), text);
}

#[tokio::test]
async fn hostile_zips_are_refused_and_nothing_is_unpacked_anywhere() {
    let world = World::start().await;
    an_evening(&world).await;
    let rani = world.sign_in("rani").await;
    let whole = ask(&rani, json!({"slots": [SLOT]})).await.body;
    let folder = world.stop().await;
    let refused = |zip: &[u8]| {
        let verdict = checked(folder.path(), zip);
        assert!(!verdict.faults.is_empty());
        verdict
    };
    refused(b"");
    refused(b"PK\x05\x06");
    refused(b"not a zip at all, but longer than its end record would be");
    for cut in [whole.len() - 1, whole.len() / 2, 30] {
        refused(&whole[..cut]);
    }
    refused(&[&b"slipped in before"[..], &whole].concat());
    refused(&[&whole, &b"slipped in behind"[..]].concat());
    for name in [
        "../../etc/passwd",
        "/abs",
        "photos/../x.jpg",
        "photos\\x.jpg",
        "lain.exe",
    ] {
        let mut more = unpacked(&whole);
        more.insert(name.to_owned(), b"x".to_vec());
        let verdict = refused(&packed(&more));
        assert!(
            verdict
                .faults
                .iter()
                .any(|fault| fault.english.contains("no part")),
            "{name}"
        );
    }
    // One name twice: in the list the other way round than before the files.
    let mut twice = unpacked(&whole);
    twice.insert("manifest.jsoo".to_owned(), b"{}".to_vec());
    let mut bytes = packed(&twice);
    let at: Vec<usize> = (0..bytes.len() - 13)
        .filter(|at| &bytes[*at..*at + 13] == b"manifest.jsoo")
        .collect();
    assert_eq!(at.len(), 2, "before the file and in the list");
    bytes[at[1] + 12] = b'n';
    assert_eq!(refused(&bytes).faults[0].file, "zip");
    bytes[at[0] + 12] = b'n';
    assert_eq!(refused(&bytes).faults[0].file, "zip");
    // A bomb: a gigabyte of nothing in a megabyte.
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("log.jsonl", SimpleFileOptions::default())
        .unwrap();
    let zeros = vec![0_u8; 1024 * 1024];
    for _ in 0..300 {
        zip.write_all(&zeros).unwrap();
    }
    let bomb = zip.finish().unwrap().into_inner();
    let verdict = refused(&bomb);
    assert!(
        verdict.faults[0].english.contains("larger than allowed"),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn who_may_make_one_and_how_large_it_is_said_beforehand() {
    let world = World::start().await;
    an_evening(&world).await;
    let rani = world.sign_in("rani").await;
    let body = json!({"choice": {"filter": {}}});
    let preview: DossierPreview = rani
        .post("/v1/dossiers/preview", &body)
        .await
        .json(StatusCode::OK);
    assert_eq!(
        (preview.slots, preview.photos),
        (2, 2),
        "what has arrived in the own region"
    );
    assert!(preview.size_bytes > 0 && preview.slots_max >= 100);
    let body = json!({"choice": {"filter": {"state": "verified"}}});
    let preview: DossierPreview = rani
        .post("/v1/dossiers/preview", &body)
        .await
        .json(StatusCode::OK);
    assert_eq!(preview.slots, 1);
    for (choice, status, code) in [
        (
            json!({"slots": [format!("kaltim-2024/{ELSEWHERE}/gub")]}),
            404,
            "not_found",
        ),
        (
            json!({"slots": [SLOT, "kaltim-2024/6472011001999/gub"]}),
            404,
            "not_found",
        ),
        (json!({"slots": []}), 400, "request_invalid"),
        (json!({"filter": {"region": "6471"}}), 404, "not_found"),
        (
            json!({"filter": {"mark": "returned"}}),
            400,
            "request_invalid",
        ),
        (json!({"anything": []}), 400, "request_invalid"),
    ] {
        let answer = ask(&rani, choice.clone()).await;
        assert_eq!(answer.problem(), (status, code.to_owned()), "{choice}");
    }
    let tamu = world.sign_in("tamu").await;
    let answer = ask(&tamu, json!({"slots": [SLOT]})).await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
    let long = json!({"choice": {"slots": [SLOT]}, "title": "x".repeat(201)});
    assert_eq!(rani.post("/v1/dossiers", &long).await.problem().0, 400);
}

#[tokio::test]
async fn that_a_dossier_was_made_stands_in_the_log_with_its_hash() {
    let world = World::start().await;
    an_evening(&world).await;
    let rani = world.sign_in("rani").await;
    let answer = ask(&rani, json!({"slots": [SLOT]})).await;
    let machine = protocol::encoding::sha256_hex(&unpacked(&answer.body)["manifest.json"]);
    let audit: Value = rani
        .get("/v1/audit?kind=dossier")
        .await
        .json(StatusCode::OK);
    let entry = &audit["entries"][0];
    assert_eq!(
        (&entry["actor"], &entry["event"]["machine"]),
        (&json!("rani"), &json!(machine))
    );
    assert_eq!(entry["event"]["slots"], json!([SLOT]));
    // A second one shows the first among what is known of the slot.
    let again = ask(&rani, json!({"slots": [SLOT]})).await;
    let folder = world.stop().await;
    assert_eq!(checked(folder.path(), &again.body).faults, []);
    let log = String::from_utf8(unpacked(&again.body)["log.jsonl"].clone()).unwrap();
    assert!(log.contains(&machine));
}

#[tokio::test]
async fn what_a_desk_keyed_is_in_it_with_its_key_tied_to_the_log() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let entry = json!({"slot": SLOT, "source": "phone", "called": "Saksi TPS 1 (contoh)",
        "counts": counts([70, 80])});
    let entered = rani.post("/v1/desk/entries", &entry).await;
    assert!(entered.status.is_success(), "{}", entered.text());
    let answer = ask(&rani, json!({"slots": [SLOT]})).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let folder = world.stop().await;
    let verdict = checked(folder.path(), &answer.body);
    assert_eq!(verdict.faults, []);
    assert_eq!((verdict.sound.signed, verdict.sound.tied_devices), (1, 1));
    let page = String::from_utf8(unpacked(&answer.body)["dossier.html"].clone()).unwrap();
    assert!(page.contains("lewat telepon") && page.contains("Saksi TPS 1 (contoh)"));
}
