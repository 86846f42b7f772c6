//! medic/cht-core#8093: an endpoint comes back from a backup, and the phones
//! believe that they have sent.

use anyhow::Result;
use device::view::Standing;
use saksi_tests::stage::backing::Backing;

use crate::stories::scene::Scene;

#[tokio::test(flavor = "multi_thread")]
async fn phones_do_not_believe_a_restored_endpoint() -> Result<()> {
    let mut scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    let backup = scene.endpoint.save_folder()?;

    // After the backup she sends a photo and a correction, and has receipts.
    let mut corrected = scene.paper();
    corrected.insert("votes.1".to_owned(), corrected["votes.1"] + 1);
    siti.key(&slot, &corrected).await?;
    siti.photograph(&slot, 2, &scene.photo(2, 1)?).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    assert!(matches!(
        siti.standing(&slot).await?,
        Standing::AllReceived { .. }
    ));

    scene.endpoint.go_back_to(&backup)?;
    assert_eq!(scene.coordinator.slot(&slot).await?.history.len(), 1);
    // Nobody taps anything on the form: the phone finds out, and sends again.
    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!((seen.history.len(), seen.heads[0].seq), (2, 2));
    assert_eq!(seen.figures, corrected);
    assert!(seen.photos.iter().all(|photo| photo.is_received));
    assert!(matches!(
        siti.standing(&slot).await?,
        Standing::AllReceived { .. }
    ));
    scene.endpoint.run(&["verify-log", "--photos"])?;
    Ok(())
}
