//! Carrying for others: what comes in by any way, once; kept apart; given up
//! only with receipts.

use device::Device;
use device::view::{
    CarriedCounts, CarriedView, ExportWhat, Failure, ImportProblem, Imported, Standing, TroubleCode,
};
use protocol::ProblemCode;

use crate::peer::Mischief;
use crate::stage::{Stage, bundle, gub, import, jpeg, photograph, seal_form, standing, tap, wako};

/// Seals a form with one photo on a phone that has no connection.
async fn sealed_with_photo(device: &Device) -> Vec<u8> {
    let draft = photograph(device, gub(), 1, &jpeg(1)).await.unwrap();
    seal_form(device, gub()).await;
    device.photo_bytes(draft.photos[0].id).await.unwrap()
}

async fn only_carried(device: &Device) -> CarriedView {
    let mut carried = device.carried().await.unwrap();
    assert_eq!(carried.len(), 1);
    carried.remove(0)
}

#[tokio::test]
async fn a_form_that_another_phone_carries_arrives_with_its_photo_and_both_learn_of_it() {
    let (stage, device) = Stage::enrolled().await;
    let copy = sealed_with_photo(&device).await;
    let other = stage.other_phone().await;
    let imported = import(&other, &bundle(&device).await).await;
    assert_eq!(
        imported,
        Imported {
            revisions_new: 1,
            photos_new: 1,
            ..Imported::default()
        }
    );
    let own = other.delivery_view().await.unwrap();
    assert_eq!(
        (own.revisions_only_here, own.photos_only_here),
        (0, 0),
        "others' things are not among one's own"
    );
    let view = only_carried(&other).await;
    assert_eq!(
        (view.contest.as_str(), view.seq, view.photos),
        ("gub", 1, 1)
    );
    assert!(!view.is_received);

    assert_eq!(tap(&other).await, None);
    let expected = CarriedCounts {
        revisions: 1,
        revisions_received: 1,
        photos: 1,
        photos_received: 1,
        refused: 0,
    };
    assert_eq!(other.home().await.unwrap().carried, expected);
    assert!(only_carried(&other).await.is_received);
    let left = std::fs::read_dir(stage.other_data().join("photos/carried"));
    assert_eq!(left.unwrap().count(), 0, "given up with its receipt");
    {
        let state = stage.peer.state();
        assert_eq!(state.endpoint.revisions.len(), 1);
        assert!(state.endpoint.photos.values().any(|(own, _)| *own == copy));
    }
    // Whose form it is has the same receipt once there is a connection.
    assert_eq!(tap(&device).await, None);
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::AllReceived { .. }
    ));
    assert_eq!(stage.peer.state().endpoint.revisions.len(), 1);
}

#[tokio::test]
async fn importing_anything_again_and_by_other_ways_changes_nothing() {
    let (stage, device) = Stage::enrolled().await;
    sealed_with_photo(&device).await;
    let other = stage.other_phone().await;
    let bytes = bundle(&device).await;
    import(&other, &bytes).await;
    let again = Imported {
        revisions_known: 1,
        photos_known: 1,
        ..Imported::default()
    };
    assert_eq!(import(&other, &bytes).await, again);
    let text = qr_text(&bytes);
    let known = Imported {
        revisions_known: 1,
        ..Imported::default()
    };
    assert_eq!(other.import_text(&text).await.unwrap(), known);
    assert_eq!(import(&other, text.as_bytes()).await, known);
    tap(&other).await;
    assert_eq!(import(&other, &bytes).await, again, "also after it went");
    assert_eq!(other.carried().await.unwrap().len(), 1);
    assert_eq!(stage.peer.count("POST /v1/bundles"), 1);
    // Its own bundle comes home.
    let own = import(&device, &bytes).await;
    assert_eq!((own.revisions_own, own.photos_known), (1, 1));
    assert_eq!(device.carried().await.unwrap(), []);
}

#[tokio::test]
async fn a_photo_comes_after_its_form_was_handed_over_as_a_code() {
    let (stage, device) = Stage::enrolled().await;
    sealed_with_photo(&device).await;
    let other = stage.other_phone().await;
    let bytes = bundle(&device).await;
    let first = other.import_text(&qr_text(&bytes)).await.unwrap();
    assert_eq!(first.revisions_new, 1);
    tap(&other).await;
    let second = import(&other, &bytes).await;
    assert_eq!((second.revisions_known, second.photos_new), (1, 1));
    tap(&other).await;
    assert_eq!(only_carried(&other).await.photos_received, 1);
}

#[tokio::test]
async fn what_cannot_be_imported_says_why_and_harms_nothing() {
    let (stage, device) = Stage::enrolled().await;
    sealed_with_photo(&device).await;
    let other = stage.other_phone().await;
    let bytes = bundle(&device).await;
    let cut = &bytes[..bytes.len() / 2];
    for (file, expected) in [
        (b"bukan apa-apa".as_slice(), ImportProblem::NotOurs),
        (b"", ImportProblem::NotOurs),
        (cut, ImportProblem::Damaged),
        (&jpeg(3), ImportProblem::NoCode),
        (b"SAKSI1:rusak", ImportProblem::Damaged),
    ] {
        assert_eq!(import(&other, file).await.problems, [expected]);
    }
    let problems = other.import_text("https://example.org").await.unwrap();
    assert_eq!(problems.problems, [ImportProblem::NotOurs]);
    assert_eq!(other.carried().await.unwrap(), []);
    let fresh = Device::open(stage.dir.path().join("fresh"), stage.ports()).unwrap();
    assert_eq!(
        import(&fresh, &bytes).await.problems,
        [ImportProblem::NotEnrolled]
    );
}

#[tokio::test]
async fn an_import_that_is_killed_leaves_nothing_half() {
    let (stage, device) = Stage::enrolled().await;
    sealed_with_photo(&device).await;
    let bytes = bundle(&device).await;
    let other = stage.other_phone().await;
    let import_id = other.begin_import().await.unwrap();
    let piece = protocol::encoding::to_base64(&bytes[..2_000]);
    other
        .add_import_piece(import_id, &piece, false)
        .await
        .unwrap();
    drop(other);
    // Killed a little later: a photo's file is there, and no row.
    let carried = stage.other_data().join("photos/carried");
    let half = carried.join(format!("{}.jpg", "ab".repeat(32)));
    std::fs::write(&half, b"half").unwrap();

    let other = Device::open(stage.other_data(), stage.ports()).unwrap();
    assert_eq!(other.carried().await.unwrap(), []);
    assert!(!half.exists());
    let imports = std::fs::read_dir(stage.other_data().join("imports"));
    assert_eq!(imports.unwrap().count(), 0);
    let late = other.add_import_piece(import_id, &piece, false).await;
    assert_eq!(late.unwrap_err(), Failure::NotFound);
    assert_eq!(import(&other, &bytes).await.revisions_new, 1);
}

#[tokio::test]
async fn the_bytes_of_others_stay_until_a_receipt_of_the_pinned_server_is_here() {
    let (stage, device) = Stage::enrolled().await;
    sealed_with_photo(&device).await;
    let other = stage.other_phone().await;
    import(&other, &bundle(&device).await).await;
    let files = || {
        let folder = stage.other_data().join("photos/carried");
        std::fs::read_dir(folder).unwrap().count()
    };
    for begins in ["POST /v1/bundles", "PATCH"] {
        stage.peer.misbehave(begins, Mischief::ForeignReceipts, 10);
        assert_eq!(tap(&other).await, Some(TroubleCode::WrongServer));
        assert_eq!(files(), 1, "{begins}");
        stage.peer.state().endpoint.restore(false);
        stage.peer.heal();
    }
    assert_eq!(tap(&other).await, None);
    assert_eq!(files(), 0);
}

#[tokio::test]
async fn a_carried_form_that_is_refused_stays_and_says_why() {
    let (stage, device) = Stage::enrolled().await;
    sealed_with_photo(&device).await;
    let other = stage.other_phone().await;
    import(&other, &bundle(&device).await).await;
    seal_form(&other, wako()).await;
    let author = only_carried(&other).await.device;
    let key = stage.peer.state().endpoint.devices.remove(&author);
    assert_eq!(tap(&other).await, None, "nothing else is touched");
    let view = only_carried(&other).await;
    assert_eq!(view.refused, Some(ProblemCode::DeviceUnknown));
    assert!(other.home().await.unwrap().carried.refused > 0);
    assert!(matches!(
        standing(&other, &wako()).await,
        Standing::AllReceived { .. }
    ));
    // Known again, a tap brings it over.
    let key = key.unwrap();
    stage.peer.state().endpoint.devices.insert(author, key);
    tap(&other).await;
    stage.clock.pass(60);
    tap(&other).await;
    let view = only_carried(&other).await;
    assert!(view.is_received);
    assert_eq!((view.refused, view.photos_received), (None, 1));
}

#[tokio::test]
async fn only_what_has_no_receipt_is_handed_on_when_asked_so() {
    let (stage, device) = Stage::enrolled().await;
    sealed_with_photo(&device).await;
    tap(&device).await;
    seal_form(&device, wako()).await;
    let mut what = ExportWhat {
        slot: None,
        with_originals: false,
        only_unreceived: true,
    };
    let exported = device.export_bundle(what.clone()).await.unwrap();
    assert_eq!((exported.revisions, exported.photos), (1, 0));
    what.with_originals = true;
    what.only_unreceived = false;
    let exported = device.export_bundle(what.clone()).await.unwrap();
    assert_eq!(
        (exported.revisions, exported.photos, exported.left_out),
        (2, 2, 0)
    );
    let old = exported.file.clone();
    tap(&device).await;
    what.with_originals = false;
    what.only_unreceived = true;
    what.slot = Some(gub());
    let nothing = device.export_bundle(what).await;
    assert_eq!(nothing.unwrap_err(), Failure::NothingToSave);
    drop(device);
    drop(stage.open());
    assert!(
        !std::path::Path::new(&old).exists(),
        "gone at the next start"
    );
}

/// The text of the QR code of the first envelope in a bundle.
fn qr_text(bytes: &[u8]) -> String {
    let mut bundle = protocol::bundle::Bundle::open(std::io::Cursor::new(bytes)).unwrap();
    let rev_id = bundle.envelopes[0].clone();
    let json = bundle.envelope(&rev_id).unwrap();
    let envelope = protocol::Envelope::from_request(&json).unwrap();
    protocol::qr::text(&envelope).unwrap()
}
