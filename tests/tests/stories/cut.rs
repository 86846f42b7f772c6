//! Connections that end in the middle, and an endpoint that dies.

use anyhow::Result;
use device::view::Standing;
use saksi_tests::stage::backing::Backing;

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_dies_keeps_what_it_has_signed_for() -> Result<()> {
    endpoint_dies(Backing::Embedded).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a PostgreSQL: `cargo xtask test` starts one"]
async fn an_endpoint_that_dies_keeps_what_it_has_signed_for_on_postgresql_and_s3() -> Result<()> {
    endpoint_dies(Backing::servers().await?).await
}

async fn endpoint_dies(backing: Backing) -> Result<()> {
    let mut scene = Scene::new(backing).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    siti.photograph(&slot, 2, &scene.photo(2, 7)?).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    scene.endpoint.kill_and_restart()?;

    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.figures, scene.paper());
    assert!(seen.photos.iter().all(|photo| photo.is_received));
    assert!(
        scene.endpoint.run(&["verify-log", "--photos"]).is_ok(),
        "log and photos hold together"
    );

    // What is recorded after it came back arrives too.
    let mut more = scene.paper();
    more.insert("disability_total".to_owned(), more["disability_total"] + 1);
    siti.key(&slot, &more).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    assert!(matches!(
        siti.standing(&slot).await?,
        Standing::AllReceived { .. }
    ));
    Ok(())
}
