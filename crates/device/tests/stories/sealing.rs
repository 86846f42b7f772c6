//! Sealing: signed, chained, and never prevented.

use device::view::{DraftChange, Failure, Standing};

use crate::stage::{Stage, gub, jpeg, key, photograph, seal_form, standing, tap};

#[tokio::test]
async fn a_sealed_revision_is_here_before_anything_is_sent() {
    let (stage, device) = Stage::enrolled().await;
    let sealed = seal_form(&device, gub()).await;
    assert_eq!(sealed.standing, Standing::SavedHere);
    assert!(!sealed.draft.is_changed);
    drop(device);
    let device = stage.open();
    let home = device.home().await.unwrap();
    assert_eq!(home.delivery.revisions_only_here, 1);
    let card = &home.posts[0].slots[0];
    assert_eq!(
        (card.revisions, card.has_draft, card.figures_received),
        (1, false, false)
    );
    assert_eq!(
        device.seal(gub()).await.unwrap_err(),
        Failure::NothingToSave
    );
}

#[tokio::test]
async fn nothing_keyed_is_nothing_to_seal() {
    let (_stage, device) = Stage::enrolled().await;
    device.open_form(gub()).await.unwrap();
    assert_eq!(
        device.seal(gub()).await.unwrap_err(),
        Failure::NothingToSave
    );
}

#[tokio::test]
async fn corrections_are_new_revisions_that_name_the_one_before() {
    let (stage, device) = Stage::enrolled().await;
    let jpeg = jpeg(1);
    photograph(&device, gub(), 1, &jpeg).await.unwrap();
    seal_form(&device, gub()).await;
    // The correction starts from what was sealed, photos included.
    let form = device.open_form(gub()).await.unwrap();
    assert_eq!(form.draft.figures["votes.1"], "101");
    assert_eq!(form.draft.photos.len(), 1);
    key(&device, gub(), "votes.1", "100").await.unwrap();
    device.seal(gub()).await.unwrap();
    assert_eq!(tap(&device).await, None);

    let history = device.history(gub()).await.unwrap();
    assert_eq!(history.len(), 2);
    assert_eq!((history[0].seq, history[0].counts["votes.1"]), (2, 100));
    assert_eq!((history[1].seq, history[1].counts["votes.1"]), (1, 101));
    assert_eq!(history[0].findings[0].code, "E301");
    assert!(
        history
            .iter()
            .all(|one| one.received_at.is_some() && one.log_index.is_some())
    );

    let state = stage.peer.state();
    let sent: Vec<_> = state
        .endpoint
        .revisions
        .iter()
        .map(|(own, _)| own)
        .collect();
    assert_eq!(sent[0].prev, None);
    assert_eq!(sent[1].prev.as_deref(), Some(history[1].rev_id.as_str()));
    assert_eq!(sent[0].photos, sent[1].photos);
    assert_eq!(state.endpoint.photos.len(), 1, "one photo, sent once");
}

#[tokio::test]
async fn the_payload_says_all_that_the_witness_said() {
    let (stage, device) = Stage::enrolled().await;
    let original = jpeg(2);
    photograph(&device, gub(), 2, &original).await.unwrap();
    for change in [
        DraftChange::FormTps {
            text: "001".to_owned(),
        },
        DraftChange::Note {
            text: "salinan tidak diberi".to_owned(),
        },
        DraftChange::Flag {
            name: "copy_refused".to_owned(),
            is_set: true,
        },
        DraftChange::Answer {
            code: "E301".to_owned(),
            text: "papan juga begitu".to_owned(),
        },
        DraftChange::Answer {
            code: "W101".to_owned(),
            text: "tidak lagi ditanya".to_owned(),
        },
    ] {
        device.change_draft(gub(), change).await.unwrap();
    }
    seal_form(&device, gub()).await;
    key(&device, gub(), "valid", "190").await.unwrap();
    device.seal(gub()).await.unwrap();
    assert_eq!(tap(&device).await, None);

    let state = stage.peer.state();
    let revision = &state.endpoint.revisions[1].0;
    assert_eq!(revision.slot(), gub());
    assert_eq!((revision.v, revision.seq), (1, 2));
    assert_eq!(revision.counts["valid"], 190);
    assert_eq!(revision.form_tps.as_deref(), Some("001"));
    assert_eq!(
        revision.note,
        "salinan tidak diberi\nE301: papan juga begitu"
    );
    assert_eq!(revision.flags, ["copy_refused"]);
    assert_eq!(revision.app, "0.1.0");
    assert_eq!(revision.clock.as_ref().unwrap().boot, "boot-1");
    let photo = &revision.photos[0];
    assert_eq!(photo.page, Some(2));
    let announced = photo.original.as_ref().unwrap();
    assert_eq!(announced.size_bytes, original.len() as u64);
    assert_eq!(announced.sha256, protocol::encoding::sha256_hex(&original));
}

#[tokio::test]
async fn a_clock_ten_years_off_still_seals_and_still_delivers() {
    let (stage, device) = Stage::enrolled().await;
    stage.clock.set("2034-11-27T07:30:00.000Z");
    seal_form(&device, gub()).await;
    stage
        .peer
        .misbehave("POST /v1/revisions", crate::peer::Mischief::Silence, 1);
    assert!(tap(&device).await.is_some());
    // The clock is set right: what should wait until 2034 waits no longer.
    stage.clock.set("2024-11-27T07:31:00.000Z");
    device.deliver(|_| ()).await.unwrap();
    let photos = device::view::PhotoProgress::default();
    assert_eq!(
        standing(&device, &gub()).await,
        Standing::AllReceived { photos }
    );
}

#[tokio::test]
async fn figures_that_do_not_add_up_are_sealed_like_any_others() {
    let (_stage, device) = Stage::enrolled().await;
    key(&device, gub(), "votes.1", "999").await.unwrap();
    key(&device, gub(), "votes.2", "0").await.unwrap();
    let draft = key(&device, gub(), "valid", "1").await.unwrap();
    assert!(!draft.findings.is_empty());
    assert_eq!(
        device.seal(gub()).await.unwrap().standing,
        Standing::SavedHere
    );
}
