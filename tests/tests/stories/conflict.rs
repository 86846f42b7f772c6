//! Two witnesses who differ: nobody's figures silently win.

use anyhow::Result;
use device::view::Standing;
use domain::{Mark, RulingKind, SlotState};
use reqwest::StatusCode;
use saksi_tests::stage::backing::Backing;

use super::scene::{Scene, ruling};

#[tokio::test(flavor = "multi_thread")]
async fn the_second_writer_does_not_win_silently() -> Result<()> {
    second_writer(Backing::Embedded).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a PostgreSQL: `cargo xtask test` starts one"]
async fn the_second_writer_does_not_win_silently_on_postgresql_and_s3() -> Result<()> {
    second_writer(Backing::servers().await?).await
}

async fn second_writer(backing: Backing) -> Result<()> {
    let scene = Scene::new(backing).await?;
    let slot = scene.slot();
    let (siti, budi) = (scene.witness("Siti").await?, scene.witness("Budi").await?);
    let paper = scene.paper();
    let mut slipped = paper.clone();
    slipped.insert("votes.1".to_owned(), 905);
    for (witness, counts) in [(&siti, &paper), (&budi, &slipped)] {
        witness.key(&slot, counts).await?;
        witness.save(&slot).await?;
        witness.send_all().await?;
    }

    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.state, SlotState::Conflict);
    assert!(seen.figures.is_empty());
    let totals = scene
        .coordinator
        .totals(&slot.election, "gub", "6472")
        .await?;
    let contested: Vec<_> = totals
        .regions
        .iter()
        .filter_map(|region| region.votes.contested.get("1"))
        .collect();
    assert_eq!(contested, [&(u64::from(paper["votes.1"]), 905)]);
    assert!(
        totals
            .regions
            .iter()
            .all(|region| !region.votes.received.contains_key("1")
                || region.votes.received["1"] == 0)
    );
    siti.send().await?;
    assert_eq!(siti.standing(&slot).await?, Standing::InConflict);

    // Two coordinators rule on what they saw; one of them saw it first.
    let etag = scene.coordinator.etag(&slot).await?;
    let mut verify = ruling(RulingKind::Verify);
    let right = seen
        .heads
        .iter()
        .find(|head| head.counts == paper)
        .expect("Siti's head");
    verify.chosen = Some(right.rev_id.clone());
    let both = tokio::join!(
        scene.coordinator.decide_if(&slot, &etag, &verify),
        scene.coordinator.decide_if(&slot, &etag, &verify)
    );
    let mut statuses = [both.0?.status(), both.1?.status()];
    statuses.sort();
    assert_eq!(
        statuses,
        [StatusCode::CREATED, StatusCode::PRECONDITION_FAILED]
    );
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.state, SlotState::Verified);
    assert_eq!(seen.figures["votes.1"], paper["votes.1"]);

    // Budi corrects to something third: ruled figures stay, the slot comes back.
    slipped.insert("votes.1".to_owned(), 106);
    budi.key(&slot, &slipped).await?;
    budi.save(&slot).await?;
    budi.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.state, SlotState::Stale);
    assert!(seen.marks.contains(&Mark::EverConflicted));
    assert_eq!(seen.figures["votes.1"], paper["votes.1"]);
    Ok(())
}
