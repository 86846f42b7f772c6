//! Complaints about what an app forgets.

use anyhow::Result;
use device::view::{DraftChange, Standing};
use domain::{RulingKind, SlotState};
use protocol::revision::{PhotoKind, PhotoSource};
use saksi_tests::stage::backing::Backing;

use crate::stories::scene::{Scene, ruling};

/// getodk/collect#6475.
#[tokio::test(flavor = "multi_thread")]
async fn discarding_a_draft_removes_nothing_that_was_sealed() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    scene.relay.cut();
    siti.key(&slot, &scene.paper()).await?;
    siti.photograph(&slot, 2, &scene.photo(2, 1)?).await?;
    siti.save(&slot).await?;
    // A correction is begun and thrown away, with the only draft of its photo.
    let mut other = scene.paper();
    other.insert("votes.1".to_owned(), 7);
    siti.key(&slot, &other).await?;
    siti.discard(&slot).await?;
    let siti = siti.restart()?;

    assert_eq!(siti.standing(&slot).await?, Standing::SavedHere);
    scene.relay.restore();
    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.figures, scene.paper());
    assert!(seen.photos.iter().all(|photo| photo.is_received));
    Ok(())
}

/// commitglobal/votemonitor#714.
#[tokio::test(flavor = "multi_thread")]
async fn closing_the_app_does_not_lose_what_waits() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let mut siti = scene.witness("Siti").await?;
    scene.relay.cut();
    for round in 0..3 {
        let mut counts = scene.paper();
        counts.insert("disability_total".to_owned(), round);
        siti.key(&slot, &counts).await?;
        siti.photograph(&slot, 2, &scene.photo(2, u64::from(round))?)
            .await?;
        siti.save(&slot).await?;
        siti.send().await?;
        siti = siti.restart()?;
    }
    let delivery = siti.home().await?.delivery;
    let waiting = (delivery.revisions_only_here, delivery.photos_only_here);
    assert_eq!(waiting, (3, 3));
    scene.relay.restore();
    siti.send_all().await?;
    assert_eq!(scene.coordinator.slot(&slot).await?.history.len(), 3);
    Ok(())
}

/// Sirekap, as the press told it.
#[tokio::test(flavor = "multi_thread")]
async fn being_thrown_out_while_photographing_loses_nothing() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    siti.photograph(&slot, 1, &scene.photo(1, 1)?).await?;
    // The camera opens, the phone is short of memory, the app is gone.
    let pending = siti
        .device()
        .expect_photo(slot.clone(), PhotoKind::Form, Some(2), None)
        .await;
    let pending = pending.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    let siti = siti.restart()?;
    // Everything keyed and photographed is there, and the camera's picture
    // still finds its place.
    siti.hand_over(pending, &scene.photo(2, 2)?, PhotoSource::Camera)
        .await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.figures, scene.paper());
    let pages: Vec<_> = seen.photos.iter().map(|photo| photo.photo.page).collect();
    assert_eq!(pages, [Some(1), Some(2)]);
    Ok(())
}

/// Sirekap, as the press told it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_verified_is_not_closed_to_corrections() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    let mut wrong = scene.paper();
    wrong.insert("votes.1".to_owned(), 905);
    siti.key(&slot, &wrong).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    let mut verify = ruling(RulingKind::Verify);
    verify.chosen = Some(scene.coordinator.slot(&slot).await?.heads[0].rev_id.clone());
    scene.coordinator.decide(&slot, &verify).await?;

    siti.key(&slot, &scene.paper()).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.state, SlotState::Stale, "the room is asked again");
    assert_eq!(
        seen.figures["votes.1"], 905,
        "and what it ruled stands until then"
    );
    assert_eq!(seen.heads[0].counts, scene.paper());
    Ok(())
}

/// Sirekap, as the press told it: 105 became 905.
#[tokio::test(flavor = "multi_thread")]
async fn a_slip_of_the_finger_is_not_left_unread() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    let slip = DraftChange::Figure {
        id: "votes.1".to_owned(),
        text: "905".to_owned(),
    };
    let draft = siti.device().change_draft(slot.clone(), slip).await;
    let draft = draft.map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    assert_eq!(draft.words["votes.1"], "sembilan ratus lima");
    assert!(
        draft.findings.iter().any(|finding| finding.code == "E301"),
        "the votes no longer make up the valid ones: {:?}",
        draft.findings
    );
    // It is a question: what the paper says may be saved as it is.
    siti.save(&slot).await?;
    Ok(())
}
