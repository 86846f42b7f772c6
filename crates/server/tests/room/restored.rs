//! An endpoint that was restored from a backup, as the counting room meets it.

use axum::http::StatusCode;
use domain::SlotState;
use protocol::console::PreconditionFailed;
use protocol::desk::DeskEntryAnswer;
use serde_json::json;
use server::App;
use server::operations::verify_log::verify;

use crate::desk::{enter, paper};
use crate::operations::{data, run_on};
use crate::world::{Phone, TPS, World};

impl World {
    /// Puts the backup in `file` in the place of what there is.
    async fn restored(self, file: &str) -> Self {
        let config = self.app.config.clone();
        let to = data(self.folder.path());
        let restore = ["restore", "--force", "--data", &to, "--in", file];
        // The command takes the folder for itself, so it is let go first.
        let Self { folder, app, tasks } = self;
        tasks.finish(app).await;
        let (went_well, said) = run_there(config.database_url.as_ref(), &restore).await;
        assert!(went_well, "{said}");
        let (app, tasks) = App::open(config).await.unwrap();
        Self { folder, app, tasks }
    }
}

async fn run_there(database: Option<&String>, arguments: &[&str]) -> (bool, String) {
    crate::operations::run(database, arguments, "").await
}

fn at(phone: Phone, world: &World) -> Phone {
    Phone {
        router: world.router(),
        ..phone
    }
}

#[tokio::test]
async fn a_ruling_on_what_was_seen_before_a_restore_does_not_pass_on_what_came_after() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let head = siti.report(TPS, 1, [100, 50]).await;
    let from = data(world.folder.path());
    let file = world.folder.path().join("cadangan.zip");
    let file = file.display().to_string();
    let (went_well, said) = run_on(&world, &["backup", "--data", &from, "--out", &file], "").await;
    assert!(went_well, "{said}");
    // What a coordinator looks at when the machine breaks down ...
    budi.report(TPS, 1, [100, 50]).await;
    let seen = world.sign_in("rani").await.slot(TPS, "gub").await;
    assert_eq!(seen.state, SlotState::Agreed);
    // ... and what has come, just as often, into the one that takes its place.
    let world = world.restored(&file).await;
    let budi = at(budi, &world);
    let other = budi.report(TPS, 1, [900, 50]).await;
    let rani = world.sign_in("rani").await;
    let answer = rani
        .rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    let failed: PreconditionFailed = answer.json(StatusCode::PRECONDITION_FAILED);
    assert_eq!(failed.present.state, SlotState::Conflict);
    assert!(failed.present.heads.iter().any(|one| one.rev_id == other));
    let now = rani.slot(TPS, "gub").await;
    assert!(now.decisions.is_empty());
    let answer = rani
        .rule(&now, json!({"kind": "verify", "chosen": head}))
        .await;
    assert_eq!(answer.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_desk_of_a_restored_endpoint_signs_with_its_key_and_uses_no_number_twice() {
    let world = World::start().await;
    let rani = world.sign_in("rani").await;
    let first = enter(&rani, &paper(TPS, [100, 50])).await;
    let first: DeskEntryAnswer = first.json(StatusCode::CREATED);
    let from = data(world.folder.path());
    let file = world.folder.path().join("cadangan.zip");
    let file = file.display().to_string();
    let (went_well, said) = run_on(&world, &["backup", "--data", &from, "--out", &file], "").await;
    assert!(went_well, "{said}");
    let mut correction = paper(TPS, [100, 51]);
    correction["after"] = json!(first.entry.rev_id);
    let lost: DeskEntryAnswer = enter(&rani, &correction).await.json(StatusCode::CREATED);
    assert_eq!(lost.entry.seq, 2);

    let world = world.restored(&file).await;
    let rani = world.sign_in("rani").await;
    let again: DeskEntryAnswer = enter(&rani, &correction).await.json(StatusCode::CREATED);
    assert_eq!(again.entry.seq, 1_001, "2 may be known to somebody");
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!((slot.heads.len(), slot.history.len()), (1, 2));
    assert_eq!(slot.heads[0].device, slot.history[0].device);
    assert_eq!(verify(&world.app, false).await.unwrap().revisions, 2);
}
