//! Complaints about what a counting room cannot see or do.

use anyhow::{Context as _, Result};
use device::view::DraftChange;
use domain::{RulingKind, SlotState};
use protocol::SlotId;
use saksi_tests::stage::backing::Backing;
use saksi_tests::stage::bundle;

use crate::stories::scene::{Scene, ruling};

/// kobocat#432 and getodk/central#706.
#[tokio::test(flavor = "multi_thread")]
async fn a_photo_that_has_not_arrived_does_not_look_present() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    siti.photograph(&slot, 1, &scene.photo(1, 1)?).await?;
    siti.photograph(&slot, 2, &scene.photo(2, 2)?).await?;
    siti.save(&slot).await?;
    // A friend carries the figures; the photos are still on her phone.
    let (rev_id, envelope) = siti.envelope(&slot).await?;
    let carried = [(rev_id, serde_json::to_string(&envelope)?)];
    scene.coordinator.bring(bundle::of(&carried)?).await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.figures, scene.paper());
    assert!(seen.photos.iter().all(|photo| !photo.is_received));
    let page = scene
        .coordinator
        .slots(&format!("region={}", slot.tps))
        .await?;
    let listed = page
        .slots
        .iter()
        .find(|listed| listed.slot == slot)
        .context("not listed")?;
    assert_eq!((listed.photos_received, listed.photos_announced), (0, 2));
    let second = &seen.photos[1].photo.sha256;
    let answer = scene
        .coordinator
        .get(&format!("/v1/photos/{second}"))
        .await?;
    assert_eq!(answer.status(), 404, "nothing of it is here");
    Ok(())
}

/// Survey123Community#389: 28 became 42.
#[tokio::test(flavor = "multi_thread")]
async fn forty_two_retries_make_no_duplicates() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    siti.save(&slot).await?;
    let bundle = siti.bundle().await?;
    for round in 0..42 {
        let answer = scene.coordinator.bring(bundle.clone()).await?;
        let receipt = answer.results[0].receipt.as_ref().context("no receipt")?;
        assert!(!receipt.payload.is_empty(), "round {round}");
    }
    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!((seen.heads.len(), seen.history.len()), (1, 1));
    let totals = scene
        .coordinator
        .totals(&slot.election, "gub", "6472")
        .await?;
    let received: u64 = totals
        .regions
        .iter()
        .filter_map(|region| region.votes.received.get("1"))
        .sum();
    assert_eq!(received, u64::from(scene.paper()["votes.1"]));
    Ok(())
}

/// kiesraad/abacus#3230.
#[tokio::test(flavor = "multi_thread")]
async fn a_mismatch_is_resolved_without_keying_anything_again() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    for (name, votes) in [("Siti", 105), ("Budi", 905)] {
        let witness = scene.witness(name).await?;
        let mut counts = scene.paper();
        counts.insert("votes.1".to_owned(), votes);
        witness.key(&slot, &counts).await?;
        witness.save(&slot).await?;
        witness.send_all().await?;
    }
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(seen.state, SlotState::Conflict);
    let right = seen
        .heads
        .iter()
        .find(|head| head.witness == "Siti")
        .context("no head of Siti's")?;
    let mut verify = ruling(RulingKind::Verify);
    verify.chosen = Some(right.rev_id.clone());
    scene.coordinator.decide(&slot, &verify).await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!(
        (seen.state, seen.figures["votes.1"]),
        (SlotState::Verified, 105)
    );
    Ok(())
}

/// kiesraad/abacus#3234.
#[tokio::test(flavor = "multi_thread")]
async fn more_than_fifty_stations_do_not_stop_the_list() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let tps = scene
        .election
        .tps
        .iter()
        .filter(|tps| tps.code.to_string().starts_with("6472"));
    let expected = tps.count();
    assert!(expected > 1_000, "a city of many stations");
    let mut seen: Vec<SlotId> = Vec::new();
    let mut after = String::new();
    loop {
        let page = scene
            .coordinator
            .slots(&format!("region=6472&contest=gub&limit=500{after}"))
            .await?;
        seen.extend(page.slots.into_iter().map(|listed| listed.slot));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (expected, expected));
    Ok(())
}

/// kiesraad/abacus#3239.
#[tokio::test(flavor = "multi_thread")]
async fn a_warning_does_not_stay_unexplained() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    let mut counts = scene.paper();
    counts.insert("votes.1".to_owned(), counts["votes.1"] + 1);
    siti.key(&slot, &counts).await?;
    let words = "Di papan memang tertulis begitu; KPPS sudah diberi tahu.";
    let answer = DraftChange::Answer {
        code: "E301".to_owned(),
        text: words.to_owned(),
    };
    siti.device()
        .change_draft(slot.clone(), answer)
        .await
        .map_err(|failure| anyhow::anyhow!("{failure:?}"))?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    let head = &scene.coordinator.slot(&slot).await?.heads[0];
    assert!(head.findings.iter().any(|finding| finding.code == "E301"));
    assert!(head.note.contains(words), "{}", head.note);
    Ok(())
}

/// onaio/tally-ho#442.
#[tokio::test(flavor = "multi_thread")]
async fn neither_a_missing_form_nor_a_second_record_is_hidden() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    for name in ["Siti", "Budi"] {
        let witness = scene.witness(name).await?;
        witness.key(&slot, &scene.paper()).await?;
        witness.save(&slot).await?;
        witness.send_all().await?;
    }
    let seen = scene.coordinator.slot(&slot).await?;
    let names: Vec<&str> = seen
        .heads
        .iter()
        .map(|head| head.witness.as_str())
        .collect();
    assert_eq!(names.len(), 2, "both are shown: {names:?}");
    let village = slot.tps.to_string()[..10].to_owned();
    let missing = scene
        .coordinator
        .slots(&format!(
            "region={village}&contest=gub&state=empty&limit=500"
        ))
        .await?;
    assert!(!missing.slots.is_empty());
    assert!(missing.slots.iter().all(|listed| listed.slot != slot));
    Ok(())
}
