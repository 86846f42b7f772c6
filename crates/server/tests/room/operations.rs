//! What an operator relies on: health, numbers, backups, and proof.

use std::path::Path;
use std::process::Stdio;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use protocol::console::SlotDetail;
use serde_json::{Value, json};
use server::operations::verify_log::{Broken, verify};
use server::storage::Database;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;

use crate::world::{Console, PASSWORD, TPS, TPS_2, World, new_database, photo, slot_path};

/// Runs `saksi-server` with these arguments on SQLite, or the database given;
/// says whether it went well, and what it wrote.
pub(crate) async fn run(
    database: Option<&String>,
    arguments: &[&str],
    input: &str,
) -> (bool, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_saksi-server"))
        .args(arguments)
        .env("SAKSI_LOG", "error")
        .env("DATABASE_URL", database.map_or("", String::as_str))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // A command that refuses its flags does not wait for its input.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    let output = child.wait_with_output().await.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// The same on the data of a world.
pub(crate) async fn run_on(world: &World, arguments: &[&str], input: &str) -> (bool, String) {
    run(world.app.config.database_url.as_ref(), arguments, input).await
}

pub(crate) fn data(folder: &Path) -> String {
    folder.join("data").display().to_string()
}

/// A verified slot with a photo, and one more revision.
async fn an_evening(world: &World) -> SlotDetail {
    let siti = world.enrol(TPS, "Siti").await;
    let (bytes, reference) = photo(9);
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.photos.push(reference.clone());
    let (head, _) = siti.send(&revision).await;
    assert_eq!(
        siti.upload(&reference.sha256, &bytes).await.status,
        StatusCode::OK
    );
    world
        .enrol(TPS_2, "Wati")
        .await
        .report(TPS_2, 1, [80, 70])
        .await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let ruled = rani
        .rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    assert_eq!(ruled.status, StatusCode::CREATED);
    rani.slot(TPS, "gub").await
}

#[tokio::test]
async fn it_says_that_it_is_alive_and_can_write() {
    let world = World::start().await;
    for path in ["/healthz", "/readyz", "/readyz"] {
        let answer = world.stranger().get(path).await;
        assert_eq!(
            (answer.status, answer.text()),
            (StatusCode::OK, "ok\n".to_owned()),
            "{path}"
        );
    }
}

#[tokio::test]
async fn it_is_not_ready_when_it_cannot_write() {
    let world = World::start().await;
    world.app.storage.close().await;
    let answer = world.stranger().get("/readyz").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(
        world.stranger().get("/healthz").await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn numbers_are_for_who_shows_the_token() {
    let world = World::start_with(|config| config.metrics_token = Some("rahasia".to_owned())).await;
    an_evening(&world).await;
    let asked = |token: &'static str| {
        let request = Request::get("/metrics").header("authorization", token);
        request.body(Body::empty()).unwrap()
    };
    let stranger = world.stranger();
    assert_eq!(stranger.get("/metrics").await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        stranger.send(asked("Bearer salah")).await.status,
        StatusCode::NOT_FOUND
    );
    let text = stranger.send(asked("Bearer rahasia")).await.text();
    for line in [
        "saksi_revisions_total{outcome=\"stored\"} 2",
        "saksi_decisions_total 1",
        "saksi_sign_ins_total{outcome=\"right\"} 1",
        "saksi_photos_total 1",
        "saksi_writer_queue 0",
        "saksi_event_followers 0",
    ] {
        assert!(
            text.lines().any(|one| one == line),
            "{line} is missing:\n{text}"
        );
    }
    let requests = "saksi_requests_total{route=\"/v1/revisions\",method=\"POST\",status=\"200\"} 2";
    assert!(text.contains(requests), "{text}");
    assert!(!text.contains(TPS), "no places");
}

#[tokio::test]
async fn without_a_token_there_are_no_numbers() {
    let world = World::start().await;
    assert_eq!(
        world.stranger().get("/metrics").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn numbers_may_have_a_listener_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let config = server::Config {
        metrics_listen: Some("127.0.0.1:0".parse().unwrap()),
        ..server::Config::embedded(folder.path().join("data"))
    };
    let running = server::start(config).await.unwrap();
    let ask = async |path: &str| {
        let address = running.metrics_addr.unwrap();
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.0\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        text
    };
    assert!(ask("/metrics").await.contains("saksi_writer_queue 0"));
    assert!(ask("/v1/session").await.starts_with("HTTP/1.0 404"));
    running.stop().await;
}

#[tokio::test]
async fn an_endpoint_comes_back_from_a_backup_made_while_it_ran() {
    let world = World::start().await;
    let before = an_evening(&world).await;
    let from = data(world.folder.path());
    let file = world
        .folder
        .path()
        .join("cadangan.zip")
        .display()
        .to_string();
    let (went_well, said) = run_on(&world, &["backup", "--data", &from, "--out", &file], "").await;
    assert!(went_well, "{said}");
    let (again, said) = run_on(&world, &["backup", "--data", &from, "--out", &file], "").await;
    assert!(!again && said.contains("exists already"), "{said}");

    comes_back(&world, &file, &before, None).await;
    // The same file into the other kind of database, where there is one.
    if let Some(database) = new_database().await {
        comes_back(&world, &file, &before, Some(database)).await;
    }
}

/// The backup in `file` makes an endpoint with the slot as it was `before`.
async fn comes_back(world: &World, file: &str, before: &SlotDetail, database: Option<String>) {
    let elsewhere = tempfile::tempdir().unwrap();
    let to = data(elsewhere.path());
    let run_there = async |arguments: &[&str]| run(database.as_ref(), arguments, "").await;
    let restore = ["restore", "--data", &to, "--in", file];
    let (went_well, said) = run_there(&restore).await;
    assert!(went_well && said.contains("1 photos"), "{said}");
    let (went_well, said) = run_there(&["verify-log", "--data", &to, "--photos"]).await;
    assert!(
        went_well && said.contains("2 revisions, 1 rulings"),
        "{said}"
    );
    let (went_well, said) = run_there(&restore).await;
    assert!(
        !went_well && said.contains("--force"),
        "it is in use: {said}"
    );
    let (went_well, said) = run_there(&[&restore[..], &["--force"]].concat()).await;
    assert!(went_well, "{said}");

    let config = server::Config {
        database_url: database.clone(),
        ..server::Config::embedded(to.into())
    };
    let (app, tasks) = server::App::open(config).await.unwrap();
    assert_eq!(app.key.id(), world.app.key.id());
    let rani = signed_in(server::http::router(app.clone())).await;
    let after = rani.slot(TPS, "gub").await;
    assert_eq!(after, *before);
    let picture = format!("/v1/photos/{}", after.photos[0].photo.sha256);
    assert_eq!(rani.get(&picture).await.status, StatusCode::OK);
    drop(rani);
    tasks.finish(app).await;
}

async fn signed_in(router: axum::Router) -> Console {
    let mut console = Console {
        router,
        cookie: None,
    };
    let body = json!({"user": "rani", "password": PASSWORD});
    let answer = console.post("/v1/session", &body).await;
    let cookie = answer.header("set-cookie").split(';').next().unwrap();
    console.cookie = Some(cookie.to_owned());
    console
}

#[tokio::test]
async fn a_damaged_backup_is_refused_before_anything_is_touched() {
    let world = World::start().await;
    an_evening(&world).await;
    let from = data(world.folder.path());
    let file = world.folder.path().join("cadangan.zip");
    let name = file.display().to_string();
    let (went_well, said) = run_on(&world, &["backup", "--data", &from, "--out", &name], "").await;
    assert!(went_well, "{said}");
    let whole = std::fs::read(&file).unwrap();
    let photo = photo(9).0;
    let at = whole
        .windows(photo.len())
        .position(|bytes| bytes == photo)
        .unwrap();
    let mut damaged = whole.clone();
    damaged[at + 100] ^= 1;
    for (what, bytes) in [
        ("a photo", damaged),
        ("its end", whole[..whole.len() / 2].to_vec()),
    ] {
        let broken = world.folder.path().join("rusak.zip");
        std::fs::write(&broken, bytes).unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let to = data(elsewhere.path());
        let broken = broken.display().to_string();
        let (went_well, said) = run(None, &["restore", "--data", &to, "--in", &broken], "").await;
        assert!(
            !went_well && said.contains("nothing was changed"),
            "{what}: {said}"
        );
        assert!(!Path::new(&to).join("server.key").exists(), "{what}");
    }
}

/// Changes one thing behind the endpoint's back.
async fn tamper(world: &World, sql: &'static str) -> Broken {
    let changed = sqlx::query(sql)
        .execute(world.app.storage.reading())
        .await
        .unwrap();
    assert_eq!(changed.rows_affected(), 1, "{sql}");
    verify(&world.app, true).await.unwrap_err()
}

#[tokio::test]
async fn a_sound_log_is_proved() {
    let world = World::start().await;
    an_evening(&world).await;
    world.app.sign_log_head().await.unwrap();
    let sound = verify(&world.app, true).await.unwrap();
    let counts = (
        sound.revisions,
        sound.decisions,
        sound.photo_receipts,
        sound.photos,
    );
    assert_eq!(counts, (2, 1, 1, Some(1)));
    assert!(sound.checkpoints > 0);
}

#[tokio::test]
async fn a_flipped_letter_in_the_log_is_found_where_it_is() {
    let world = World::start().await;
    an_evening(&world).await;
    let sql = "UPDATE log SET body = replace(body, 'single', 'singel')
        WHERE log_index = (SELECT MIN(log_index) FROM log WHERE kind = 'revision')";
    let broken = tamper(&world, sql).await;
    assert!(matches!(broken, Broken::Log(_)), "{broken}");
    let (went_well, said) = run_on(
        &world,
        &["verify-log", "--data", &data(world.folder.path())],
        "",
    )
    .await;
    assert!(!went_well && said.contains("the hash of entry"), "{said}");
}

#[tokio::test]
async fn changed_figures_rulings_and_missing_photos_are_found() {
    for (sql, said) in [
        (
            "UPDATE revisions SET counts = replace(counts, '100', '900') WHERE seq = 1 AND counts LIKE '%100%'",
            "what is kept of the revision is not what was signed",
        ),
        (
            "UPDATE revisions SET envelope = replace(envelope, 'payload\":\"e', 'payload\":\"f') WHERE counts LIKE '%100%'",
            "the revision's signature does not verify",
        ),
        (
            "UPDATE decisions SET counts = replace(counts, '100', '900')",
            "the ruling kept for it is not the one that was made",
        ),
        (
            "DELETE FROM decisions",
            "the log has 1 rulings, the tables have 0",
        ),
        (
            "UPDATE photo_receipts SET receipt = replace(receipt, 'sig\":\"', 'sig\":\"A')",
            "its receipt does not verify",
        ),
    ] {
        let world = World::start().await;
        an_evening(&world).await;
        let broken = tamper(&world, sql).await.to_string();
        assert!(broken.contains(said), "{sql}: {broken}");
    }
    let world = World::start().await;
    an_evening(&world).await;
    let sha256 = photo(9).1.sha256;
    let path = format!("data/photos/{}/{sha256}.jpg", &sha256[..2]);
    std::fs::remove_file(world.folder.path().join(path)).unwrap();
    let broken = verify(&world.app, true).await.unwrap_err();
    assert!(matches!(broken, Broken::Photo(hash) if hash == sha256));
}

/// `user add` with these flags, written as on a command line.
async fn add_user(world: &World, flags: &str, password: &str) -> (bool, String) {
    let at = data(world.folder.path());
    let fixed = ["user", "add", "--data", &at, "--password-stdin"];
    let flags: Vec<&str> = fixed.into_iter().chain(flags.split(' ')).collect();
    run_on(world, &flags, password).await
}

#[tokio::test]
async fn a_user_who_cannot_be_added_is_refused_with_a_reason() {
    let world = World::start().await;
    for (flags, password, said) in [
        ("--name wati --role coordinator", PASSWORD, "needs --region"),
        (
            "--name Wati! --role admin",
            PASSWORD,
            "cannot be a user's name",
        ),
        (
            "--name wati --role viewer --region 6471",
            "pendek",
            "too short",
        ),
        (
            "--name wati --role admin --region 6472",
            PASSWORD,
            "leave --region out",
        ),
        (
            "--name wati --role viewer --region 9999",
            PASSWORD,
            "no region 9999",
        ),
        ("--name rani --role admin", PASSWORD, "--replace"),
    ] {
        let (went_well, text) = add_user(&world, flags, password).await;
        assert!(!went_well && text.contains(said), "{flags}: {text}");
    }
}

#[tokio::test]
async fn users_come_and_go_on_the_command_line_while_it_runs() {
    let world = World::start().await;
    let at = data(world.folder.path());
    let flags = "--name wati --role coordinator --region 6471";
    let (went_well, text) = add_user(&world, flags, PASSWORD).await;
    assert!(went_well, "{text}");
    let wati = world.sign_in("wati").await;
    let session: Value = wati.get("/v1/session").await.json(StatusCode::OK);
    assert_eq!(session["role"], "coordinator");
    assert_eq!(session["region"], "6471");
    let (_, list) = run_on(&world, &["user", "list", "--data", &at], "").await;
    assert!(list.contains("wati\tcoordinator\t6471\n"), "{list}");
    let disable = ["user", "disable", "--data", &at, "--name", "wati"];
    let (went_well, text) = run_on(&world, &disable, "").await;
    assert!(went_well, "{text}");
    let answer = wati.get(&slot_path("6471011001001", "gub")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_mistyped_folder_is_not_taken_for_an_empty_endpoint() {
    let nowhere = tempfile::tempdir().unwrap();
    let path = nowhere.path().join("salah-ketik").display().to_string();
    let out = nowhere.path().join("x.zip").display().to_string();
    for arguments in [
        &["verify-log", "--data", &path][..],
        &["backup", "--data", &path, "--out", &out],
    ] {
        let (went_well, said) = run(None, arguments, "").await;
        assert!(!went_well && said.contains("no endpoint's data"), "{said}");
    }
    assert!(!Path::new(&path).exists());
}

#[tokio::test]
async fn the_tables_of_a_backup_are_all_tables() {
    use server::operations::tables::{LEFT_OUT, TABLES};
    let world = World::start().await;
    let sql = match world.app.storage.database() {
        Database::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table'
             AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'"
        }
        Database::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables
             WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'"
        }
    };
    let mut there: Vec<String> = sqlx::query_scalar(sql)
        .fetch_all(world.app.storage.reading())
        .await
        .unwrap();
    let mut known: Vec<&str> = TABLES.iter().chain(&LEFT_OUT).copied().collect();
    known.sort_unstable();
    there.sort_unstable();
    assert_eq!(there, known);
    world.stop().await;
}

#[tokio::test]
async fn the_character_nul_is_refused_with_a_sentence_whatever_holds_it() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let refused = (400, "request_invalid".to_owned());
    let called = json!({"tps": TPS, "result": "reached", "note": "a\0b"});
    let phone = json!({"phone": "0800-000-0001"});
    let answers = [
        rani.get("/v1/slots?contest=%00").await,
        rani.post("/v1/coverage/calls", &called).await,
        rani.post("/v1/coverage/witnesses/%00/phone", &phone).await,
        rani.post("/v1/session", &json!({"name": "rani\0", "password": "x"}))
            .await,
    ];
    for answer in answers {
        assert_eq!(answer.problem(), refused, "{}", answer.text());
    }
    // A backslash before `u0000` that is itself one is text like any other.
    let told = json!({"tps": TPS, "result": "reached", "note": "C:\\u0000"});
    let answer = rani.post("/v1/coverage/calls", &told).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
}

#[tokio::test]
async fn a_phones_figures_are_judged_also_when_a_text_beside_them_holds_the_character_nul() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let mut noted = siti.revision(TPS, 1, [100, 50]);
    noted.note = "a\0b".to_owned();
    let (_, result) = siti.send(&noted).await;
    assert_eq!(result["status"], "stored", "{result}");
    let mut astray = siti.revision(TPS, 2, [100, 50]);
    astray.contest = "gub\0".to_owned();
    let (_, result) = siti.send(&astray).await;
    assert_eq!(result["status"], "refused", "{result}");
    let rani = world.sign_in("rani").await;
    assert_eq!(rani.slot(TPS, "gub").await.heads[0].note, "a\0b");
}
