//! Complaints about sending.

use std::time::Duration;

use anyhow::{Context as _, Result};
use device::view::Standing;
use saksi_tests::stage::backing::Backing;
use saksi_tests::stage::portal::Portal;
use saksi_tests::stage::witness::Witness;

use crate::stories::scene::Scene;

/// Longest that anything that must happen by itself may take before the story
/// is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// Most times that a witness taps "send now" before the story is given up.
const TRIES: u32 = 20;

/// getodk/collect#5317.
#[tokio::test(flavor = "multi_thread")]
async fn a_correction_after_a_broken_send_is_not_refused() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    siti.photograph(&slot, 2, &scene.photo(2, 1)?).await?;
    siti.save(&slot).await?;
    // The figures leave, and their answer never comes.
    let portal = Portal::new("502 Bad Gateway", "text/html", "<h1>Bad Gateway</h1>").await?;
    scene.astray(&siti, &portal).await?;
    siti.send().await?;
    let mut corrected = scene.paper();
    corrected.insert("votes.1".to_owned(), corrected["votes.1"] + 1);
    siti.key(&slot, &corrected).await?;
    siti.save(&slot).await?;

    scene.relay.lead_to(scene.endpoint.address());
    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.history.len(), 2, "both stand in the history");
    assert_eq!(seen.figures["votes.1"], corrected["votes.1"]);
    Ok(())
}

/// getodk/collect#6120.
#[tokio::test(flavor = "multi_thread")]
async fn sending_begins_by_itself_when_the_network_returns() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    scene.relay.cut();
    siti.key(&slot, &scene.paper()).await?;
    siti.save(&slot).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let device = siti.device().clone();
    let running = tokio::spawn(async move {
        device
            .run(async {
                let _ = stopped.await;
            })
            .await;
    });
    let mut changes = siti.device().changes();
    let troubled = async {
        while siti.home().await?.delivery.trouble.is_none() {
            changes.changed().await?;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(PATIENCE, troubled)
        .await
        .context("no try was made")??;

    scene.relay.restore();
    let arrived = async {
        while !matches!(siti.standing(&slot).await?, Standing::AllReceived { .. }) {
            changes.changed().await?;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(PATIENCE, arrived)
        .await
        .context("nobody tapped, and nothing was sent")??;
    drop(stop);
    running.await?;
    Ok(())
}

/// medic/cht-core#8303 and NDI Apollo.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_a_receipt_makes_something_sent() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    siti.photograph(&slot, 2, &scene.photo(2, 1)?).await?;
    siti.save(&slot).await?;
    for (status, kind, body) in [
        (
            "200 OK",
            "text/html",
            "<html>Selamat datang di WiFi gratis</html>",
        ),
        ("200 OK", "application/json", "{}"),
        ("200 OK", "application/json", r#"{"results":[]}"#),
        ("200 OK", "application/json", r#"{"results":[{"rev_id":"#),
        ("201 Created", "application/json", r#"{"ok":true}"#),
        ("204 No Content", "text/plain", ""),
        ("302 Found", "text/html", ""),
        ("304 Not Modified", "text/plain", ""),
        ("404 Not Found", "text/html", "not here"),
        ("409 Conflict", "application/json", "{}"),
        ("500 Internal Server Error", "text/html", "oops"),
        ("511 Network Authentication Required", "text/html", "log in"),
    ] {
        let portal = Portal::new(status, kind, body).await?;
        scene.astray(&siti, &portal).await?;
        let delivery = siti.send().await?;
        assert!(portal.asked() > 0, "{status}: nothing was tried");
        let only_here = (delivery.revisions_only_here, delivery.photos_only_here);
        assert_eq!(only_here, (1, 1), "{status} {body}");
        assert_eq!(
            siti.standing(&slot).await?,
            Standing::SavedHere,
            "{status} {body}"
        );
    }
    scene.relay.lead_to(scene.endpoint.address());
    siti.send_all().await
}

/// kobotoolbox/kpi#4244 and getodk/central#150.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_does_not_go_at_full_size_unasked() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    let camera = scene.photo(2, 1)?;
    siti.key(&slot, &scene.paper()).await?;
    siti.photograph(&slot, 2, &camera).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    let photo = &seen.photos[0];
    assert!(photo.is_received && !photo.is_original_received);
    assert!(
        photo.photo.size_bytes < 400 * 1024,
        "{}",
        photo.photo.size_bytes
    );

    // Somebody must see the finest stroke: the original is asked for and comes.
    scene
        .coordinator
        .ask_for_original(&slot, &photo.photo.sha256)
        .await?;
    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert!(seen.photos[0].is_original_received);
    let original = seen.photos[0]
        .photo
        .original
        .as_ref()
        .context("no original was named")?;
    assert_eq!(original.size_bytes, u64::try_from(camera.len())?);
    Ok(())
}

/// getodk/collect#7356, with ten photos in place of a hundred.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_send_does_not_send_everything_again() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = ten_photos(&scene).await?;
    let whole = siti.home().await?.delivery.bytes_only_here;

    // Each connection dies after less than half of it.
    let before = scene.relay.traffic().up_bytes();
    scene.dies_after(whole * 4 / 10);
    for _ in 0..TRIES {
        if siti.send().await?.photos_only_here == 0 {
            break;
        }
    }
    let sent = scene.relay.traffic().up_bytes() - before;
    assert_eq!(siti.home().await?.delivery.photos_only_here, 0);
    assert!(
        sent < whole + whole / 4,
        "{sent} bytes went for {whole}: what had arrived was sent again"
    );
    let seen = scene.coordinator.slot(&slot).await?;
    assert!(seen.photos.iter().all(|photo| photo.is_received));
    Ok(())
}

async fn ten_photos(scene: &Scene) -> Result<Witness> {
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    for seed in 0..10 {
        siti.photograph(&slot, 2, &scene.photo(2, seed)?).await?;
    }
    siti.save(&slot).await?;
    Ok(siti)
}
