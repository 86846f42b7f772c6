//! The database: what it refuses to open, and what survives a kill.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use device::Device;
use device::view::{Failure, Language};

use crate::peer::Mischief;
use crate::stage::{Stage, gub, key, seal_form, standing, tap};

fn refused(stage: &Stage) -> Failure {
    Device::open(stage.data(), stage.ports()).err().unwrap()
}

#[tokio::test]
async fn a_database_that_is_none_is_left_alone() {
    let stage = Stage::set().await;
    std::fs::create_dir(stage.data()).unwrap();
    let path = stage.data().join("saksi.db");
    std::fs::write(&path, "bukan basis data ".repeat(64)).unwrap();
    let code = "not_a_database".to_owned();
    assert_eq!(refused(&stage), Failure::Database { code });
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("bukan"));
}

#[tokio::test]
async fn a_damaged_database_is_told_from_an_empty_one() {
    let (stage, device) = Stage::enrolled().await;
    drop(device);
    let path = stage.data().join("saksi.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // The header stays; every page after the first is overwritten.
    bytes[4_096..].fill(0xa5);
    std::fs::write(&path, bytes).unwrap();
    for beside in ["saksi.db-wal", "saksi.db-shm"] {
        let _ = std::fs::remove_file(stage.data().join(beside));
    }
    let code = "damaged".to_owned();
    assert_eq!(refused(&stage), Failure::Database { code });
}

#[tokio::test]
async fn the_language_is_indonesian_until_chosen() {
    let (stage, device) = Stage::enrolled().await;
    assert_eq!(device.home().await.unwrap().language, Language::Id);
    device.set_language(Language::En).await.unwrap();
    drop(device);
    assert_eq!(stage.open().home().await.unwrap().language, Language::En);
}

#[tokio::test]
async fn a_device_that_enrols_anew_keeps_everything_and_can_seal_it_again() {
    let (stage, device) = Stage::enrolled().await;
    stage
        .peer
        .misbehave("POST /v1/revisions", Mischief::Silence, 1);
    seal_form(&device, gub()).await;
    assert!(tap(&device).await.is_some());
    stage.peer.state().endpoint.devices.clear();
    assert_eq!(
        tap(&device).await,
        Some(device::view::TroubleCode::TokenUnknown)
    );

    let code = stage.peer.state().endpoint.new_code();
    device.enrol(&stage.peer.address(), &code).await.unwrap();
    // The new one carries it, to an endpoint that forgot who signed it.
    tap(&device).await;
    let home = device.home().await.unwrap();
    assert_eq!(home.delivery.revisions_only_here, 1);
    assert!(
        home.posts[0].slots[0].has_draft,
        "it has to be sealed by the new device"
    );
    device.seal(gub()).await.unwrap();
    assert_eq!(tap(&device).await, None);
    let home = device.home().await.unwrap();
    assert_eq!(home.delivery.revisions_only_here, 0);
    assert_eq!(device.history(gub()).await.unwrap().len(), 2);
    let photos = device::view::PhotoProgress::default();
    let received = device::view::Standing::AllReceived { photos };
    assert_eq!(standing(&device, &gub()).await, received);
}

#[tokio::test]
async fn a_second_app_on_the_same_folder_is_told_so() {
    let (stage, device) = Stage::enrolled().await;
    let code = "in_use".to_owned();
    assert_eq!(refused(&stage), Failure::Database { code: code.clone() });
    let job = device::deliver_once(stage.data(), stage.ports()).await;
    assert_eq!(job.unwrap_err(), Failure::Database { code });
    drop(device);
    assert!(stage.open().home().await.unwrap().enrolled.is_some());
}

#[tokio::test]
async fn a_job_without_a_window_delivers_what_waits() {
    let (stage, device) = Stage::enrolled().await;
    stage.peer.misbehave("", Mischief::Page(200), usize::MAX);
    seal_form(&device, gub()).await;
    tap(&device).await;
    drop(device);
    stage.peer.heal();
    let view = device::deliver_once(stage.data(), stage.ports())
        .await
        .unwrap();
    assert_eq!((view.revisions_only_here, view.trouble), (0, None));
    let photos = device::view::PhotoProgress::default();
    let expected = device::view::Standing::AllReceived { photos };
    assert_eq!(standing(&stage.open(), &gub()).await, expected);
}

/// Names the data folder to the app that is killed.
const KILLED_IN: &str = "SAKSI_TEST_KILLED_IN";

#[tokio::test]
async fn a_killed_app_has_every_keystroke_that_it_answered_for() {
    let (stage, device) = Stage::enrolled().await;
    device.open_form(gub()).await.unwrap();
    drop(device);
    for round in 0_u32..5 {
        let mut app = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "--ignored",
                "--nocapture",
                "keeping::the_app_that_is_killed",
            ])
            .env(KILLED_IN, stage.dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(app.stdout.take().unwrap()).lines();
        let mut keyed = lines.filter_map(|line| {
            let line = line.unwrap();
            // The test harness writes on the same line before the first.
            line.rsplit("keyed ").next()?.parse::<u32>().ok()
        });
        let last = keyed.nth(usize::try_from(round * 7).unwrap()).unwrap();
        app.kill().unwrap();
        app.wait().unwrap();
        let last = keyed.last().unwrap_or(last);
        let draft = stage.open().open_form(gub()).await.unwrap().draft;
        let kept: u32 = draft.figures["votes.1"].parse().unwrap();
        assert!(
            kept == last || kept == last + 1,
            "answered for {last}, kept {kept}"
        );
    }
}

/// Not a story of its own: the app that the story above starts and kills.
#[tokio::test]
#[ignore = "run by the story that kills it"]
async fn the_app_that_is_killed() {
    let Ok(dir) = std::env::var(KILLED_IN) else {
        return;
    };
    let other = Stage::set().await;
    let device = Device::open(std::path::Path::new(&dir).join("data"), other.ports()).unwrap();
    for figure in 1..=999 {
        key(&device, gub(), "votes.1", &figure.to_string())
            .await
            .unwrap();
        println!("keyed {figure}");
    }
}
