//! An endpoint that was restored from a backup: phones find out, and nothing
//! that they hold is lost.

use std::path::{Path, PathBuf};

use axum::http::Method;
use protocol::inbox::{HeldReceipt, InboxAnswer, InboxKind};
use protocol::photo::PhotoAnswer;
use protocol::{Receipt, ReceiptKind};
use server::App;

use crate::world::{Phone, Photo, TPS, World, counts};

async fn ask(phone: &Phone, query: &str) -> InboxAnswer {
    let path = format!("/v1/inbox?{query}");
    phone.call(Method::GET, &path, None).await.json(200)
}

/// Sends a revision and names its receipt as the inbox wants it.
async fn receipt_of(phone: &Phone, seq: u64, photos: &[&Photo]) -> String {
    let mut revision = phone.revision(TPS, seq, [10, 20]);
    revision.photos = photos.iter().map(|photo| photo.reference()).collect();
    let result = phone
        .send_envelopes(&[phone.seal(&revision)])
        .await
        .remove(0);
    let (envelope, id) = (result.receipt.unwrap(), result.rev_id);
    let key = &phone.server_key;
    let receipt = Receipt::open(&envelope, key, ReceiptKind::Revision, &id, &phone.id).unwrap();
    HeldReceipt::new(receipt.log_index, id, &envelope).to_string()
}

/// Sends a photo whole and names its receipt likewise.
async fn receipt_of_photo(phone: &Phone, photo: &Photo) -> HeldReceipt {
    let answer = phone
        .patch(&photo.sha256, 0, photo.bytes.len(), &photo.bytes)
        .await;
    let log_index = phone.photo_receipt(&answer, &photo.sha256).log_index;
    let answer: PhotoAnswer = answer.json(200);
    HeldReceipt::new(log_index, photo.sha256.clone(), &answer.receipt)
}

impl World {
    async fn back_up(&self) -> PathBuf {
        let file = self.folder.path().join("cadangan.zip");
        server::operations::backup::backup(&self.app, &file)
            .await
            .unwrap();
        file
    }

    /// Puts the backup in the place of what is there. The photos stay.
    async fn restored_from(self, file: &Path) -> Self {
        let config = self.app.config.clone();
        self.tasks.finish(self.app).await;
        let restored = std::process::Command::new(env!("CARGO_BIN_EXE_saksi-server"))
            .args(["restore", "--force", "--in"])
            .arg(file)
            .arg("--data")
            .arg(&config.data)
            .env(
                "DATABASE_URL",
                config.database_url.clone().unwrap_or_default(),
            )
            .output()
            .unwrap();
        assert!(restored.status.success(), "{restored:?}");
        let (app, tasks) = App::open(config).await.unwrap();
        Self { app, tasks, ..self }
    }
}

fn at(phone: Phone, world: &World) -> Phone {
    Phone {
        router: world.router(),
        ..phone
    }
}

#[tokio::test]
async fn a_phone_finds_out_that_its_newest_receipt_is_gone_and_sends_again() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let early = receipt_of(&siti, 1, &[]).await;
    let file = world.back_up().await;
    let photo = Photo::new(1, 5_000);
    let late = receipt_of(&siti, 2, &[&photo]).await;
    siti.patch(&photo.sha256, 0, 5_000, &photo.bytes).await;
    for held in [late.clone(), format!("{early},{late}")] {
        assert_eq!(ask(&siti, &format!("held={held}")).await.held, Some(true));
    }
    let world = world.restored_from(&file).await;
    let siti = at(siti, &world);
    assert_eq!(ask(&siti, &format!("held={late}")).await.held, Some(false));
    assert_eq!(ask(&siti, &format!("held={early}")).await.held, Some(true));
    let both = format!("held={early},{late}");
    assert_eq!(ask(&siti, &both).await.held, Some(false), "not all");
    assert_eq!(ask(&siti, "wait=0").await.held, None, "not asked");
    // What it sends again is new here, or known, and costs no photo bytes.
    assert_eq!(receipt_of(&siti, 1, &[]).await, early, "byte for byte");
    assert_eq!(siti.head(&photo.sha256).await, None, "not announced yet");
    receipt_of(&siti, 2, &[&photo]).await;
    assert_eq!(siti.head(&photo.sha256).await, Some((5_000, 5_000)));
    let path = format!("/v1/photos/{}/receipt", photo.sha256);
    let answer = siti.call(Method::GET, &path, None).await;
    siti.photo_receipt(&answer, &photo.sha256);
    assert_eq!(world.total("received", "votes.1").await, 10);
    let received = world.count("SELECT CAST(SUM(photos_received) AS BIGINT) FROM slots");
    assert_eq!(received.await, 1);
    world.is_sound().await;
}

#[tokio::test]
async fn a_receipt_is_held_only_in_its_own_place() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    let named = receipt_of(&siti, 1, &[&photo]).await;
    let named: HeldReceipt = named.parse().unwrap();
    let of_photo = receipt_of_photo(&siti, &photo).await;
    let at = |log_index: u64| HeldReceipt {
        log_index,
        ..named.clone()
    };
    let id = photo.sha256.clone();
    let for_the_photo = HeldReceipt {
        id,
        ..named.clone()
    };
    for (held, expected) in [
        (named.clone(), true),
        (of_photo, true),
        (at(named.log_index + 1), false),
        (for_the_photo, false),
        (at(u64::MAX), false),
    ] {
        let answer = ask(&siti, &format!("held={held}")).await;
        assert_eq!(answer.held, Some(expected), "{held}");
    }
    for wrong in ["x", "12", "1.abc", ""] {
        let path = format!("/v1/inbox?held={wrong}");
        let answer = siti.call(Method::GET, &path, None).await;
        assert_eq!(
            answer.problem(),
            (400, "request_invalid".to_owned()),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_receipt_in_the_same_place_for_the_same_photo_of_another_phone_is_another_one() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let file = world.back_up().await;
    let photo = Photo::new(1, 5_000);
    // Hers has an entry about the backup there, the restored one's about that.
    receipt_of(&siti, 1, &[&photo]).await;
    let of_siti = receipt_of_photo(&siti, &photo).await;
    let world = world.restored_from(&file).await;
    let (siti, budi) = (at(siti, &world), at(budi, &world));
    // Whoever looked over her shoulder comes first now.
    receipt_of(&budi, 1, &[&photo]).await;
    let of_budi = receipt_of_photo(&budi, &photo).await;
    assert_eq!(
        (of_siti.log_index, &of_siti.id),
        (of_budi.log_index, &of_budi.id)
    );
    for (phone, held, expected) in [(&siti, of_siti, false), (&budi, of_budi, true)] {
        let answer = ask(phone, &format!("held={held}")).await;
        assert_eq!(answer.held, Some(expected), "{held}");
    }
}

#[tokio::test]
async fn news_are_told_from_the_beginning_to_who_knows_a_cursor_that_is_gone() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    let late = receipt_of(&siti, 1, &[]).await;
    let mut other = budi.revision(TPS, 1, [10, 20]);
    other.counts = counts([90, 20]);
    budi.report(&other).await;
    let told = ask(&siti, "after=0").await;
    assert_eq!(told.items[0].kind, InboxKind::Conflict);
    let beyond = ask(&siti, "after=999999&wait=25").await;
    assert_eq!(beyond.items, told.items, "at once");
    assert_eq!(beyond.cursor, told.cursor);
    let nothing_new = ask(&siti, &format!("after={}", told.cursor)).await;
    assert!(nothing_new.items.is_empty());
    // A cursor that looks right, but is of a log that is gone.
    let (_, rest) = late.split_once('.').unwrap();
    let gone = ask(&siti, &format!("after={}&held=9999.{rest}", told.cursor)).await;
    assert_eq!((gone.held, gone.items), (Some(false), told.items));
}

#[tokio::test]
async fn a_cursor_from_before_a_restore_does_not_hide_news_that_took_its_number() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    receipt_of(&siti, 1, &[]).await;
    let file = world.back_up().await;
    // This conflict is news to both, and nobody will know of it any more.
    let mut other = budi.revision(TPS, 1, [10, 20]);
    other.counts = counts([90, 20]);
    budi.report(&other).await;
    let known = ask(&siti, "after=0").await;
    assert_eq!(known.items.len(), 1);
    let world = world.restored_from(&file).await;
    let (siti, budi) = (at(siti, &world), at(budi, &world));
    for (phone, votes) in [(&siti, [10, 20]), (&budi, [90, 20])] {
        let mut of_the_other = phone.revision(TPS, 1, votes);
        of_the_other.contest = "wako".to_owned();
        phone.report(&of_the_other).await;
    }
    let told = ask(&siti, &format!("after={}", known.cursor)).await;
    assert_eq!(told.items.len(), 1);
    assert_ne!(told.items[0].slot, known.items[0].slot, "another one");
}

#[tokio::test]
async fn a_damaged_photo_without_a_row_is_not_vouched_for() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    let mut damaged = photo.bytes.clone();
    damaged[3_000] ^= 1;
    world
        .app
        .photos
        .write(&photo.sha256, damaged.into())
        .await
        .unwrap();
    siti.announce(TPS, 1, &[&photo]).await;
    assert_eq!(siti.head(&photo.sha256).await, None);
    let whole = siti.patch(&photo.sha256, 0, 5_000, &photo.bytes).await;
    siti.photo_receipt(&whole, &photo.sha256);
    world.is_sound().await;
}
