//! A form photographed and keyed with no signal reaches the counting room and
//! is verified there.

use anyhow::Result;
use device::view::Standing;
use domain::{RulingKind, SlotState};
use saksi_tests::stage::backing::Backing;

use super::scene::{Scene, ruling};

#[tokio::test(flavor = "multi_thread")]
async fn a_form_recorded_without_signal_is_verified_in_the_counting_room() -> Result<()> {
    main_job(Backing::Embedded).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a PostgreSQL: `cargo xtask test` starts one"]
async fn a_form_recorded_without_signal_is_verified_on_postgresql_and_s3() -> Result<()> {
    main_job(Backing::servers().await?).await
}

async fn main_job(backing: Backing) -> Result<()> {
    let scene = Scene::new(backing).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;

    // In the village there is no signal.
    scene.relay.cut();
    siti.key(&slot, &scene.paper()).await?;
    siti.photograph(&slot, 1, &scene.photo(1, 1)?).await?;
    siti.photograph(&slot, 2, &scene.photo(2, 2)?).await?;
    siti.save(&slot).await?;
    let delivery = siti.send().await?;
    assert!(
        delivery.trouble.is_some(),
        "no signal is said: {delivery:?}"
    );
    assert_eq!(
        (delivery.revisions_only_here, delivery.photos_only_here),
        (1, 2)
    );
    assert_eq!(siti.standing(&slot).await?, Standing::SavedHere);

    // The battery dies on the way home.
    let siti = siti.restart()?;
    assert_eq!(siti.standing(&slot).await?, Standing::SavedHere);

    scene.relay.restore();
    siti.send_all().await?;
    assert!(
        matches!(siti.standing(&slot).await?, Standing::AllReceived { photos } if photos.received == 2)
    );

    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.state, SlotState::Single);
    assert_eq!(seen.figures, scene.paper());
    assert!(seen.findings.is_empty(), "{:?}", seen.findings);
    assert_eq!(
        seen.photos.iter().filter(|photo| photo.is_received).count(),
        2
    );
    for photo in &seen.photos {
        let picture = scene
            .coordinator
            .get(&format!("/v1/photos/{}", photo.photo.sha256))
            .await?
            .bytes()
            .await?;
        assert_eq!(u64::try_from(picture.len())?, photo.photo.size_bytes);
    }

    // She returns it, Siti corrects, she verifies; the app says so.
    let mut back = ruling(RulingKind::Return);
    back.reason = Some("Suara sah tidak terbaca, mohon lihat lagi.".to_owned());
    scene.coordinator.decide(&slot, &back).await?;
    siti.send().await?;
    assert!(
        matches!(siti.standing(&slot).await?, Standing::Returned { reason, .. } if reason.starts_with("Suara sah"))
    );

    let mut corrected = scene.paper();
    corrected.insert(
        "disability_total".to_owned(),
        corrected["disability_total"] + 1,
    );
    siti.key(&slot, &corrected).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!((seen.heads.len(), seen.history.len()), (1, 2));
    assert_eq!(seen.heads[0].seq, 2);
    assert_eq!(seen.heads[0].photos.len(), 2, "the photos are still named");

    let mut verify = ruling(RulingKind::Verify);
    verify.chosen = Some(seen.heads[0].rev_id.clone());
    scene.coordinator.decide(&slot, &verify).await?;
    siti.send().await?;
    assert!(matches!(
        siti.standing(&slot).await?,
        Standing::Verified { .. }
    ));

    let totals = scene
        .coordinator
        .totals(&slot.election, "gub", "6472")
        .await?;
    let verified: u64 = totals
        .regions
        .iter()
        .filter_map(|region| region.votes.verified.get("1"))
        .sum();
    assert_eq!(verified, u64::from(corrected["votes.1"]));
    assert_eq!(
        totals
            .regions
            .iter()
            .map(|region| region.verified)
            .sum::<u64>(),
        1
    );
    assert!(
        scene.endpoint.run(&["verify-log"]).is_ok(),
        "the log holds together"
    );
    Ok(())
}
