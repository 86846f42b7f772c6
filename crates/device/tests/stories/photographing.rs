//! Photographs: taken in, put in order, and never lost behind the camera.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use device::view::{Failure, PhotoView, Standing};
use device::{Device, Disk, Listed, SystemDisk};
use protocol::Timestamp;
use protocol::encoding::to_base64;
use protocol::revision::{PhotoKind, PhotoSource};

use crate::stage::{Stage, gub, hand_over, jpeg, key_form, photograph, standing};

fn pages(photos: &[PhotoView]) -> Vec<Option<u32>> {
    photos.iter().map(|photo| photo.page).collect()
}

async fn photos(device: &Device) -> Vec<PhotoView> {
    device.open_form(gub()).await.unwrap().draft.photos
}

#[tokio::test]
async fn a_photo_comes_in_pieces_and_is_shown_small() {
    let (_stage, device) = Stage::enrolled().await;
    let draft = photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    let photo = &draft.photos[0];
    assert_eq!((photo.width, photo.height), (300, 400));
    assert_eq!(photo.source, PhotoSource::Camera);
    assert_eq!(photo.look, None, "it is shown before it is looked at");
    assert!(!photo.is_received);
    let copy = device.photo_bytes(photo.id).await.unwrap();
    assert_eq!(copy.len() as u64, photo.size_bytes);
    assert_eq!(copy[..3], [0xff, 0xd8, 0xff]);
    assert_eq!(
        device.photo_bytes(999).await.unwrap_err(),
        Failure::NotFound
    );
}

#[tokio::test]
async fn photos_are_moved_renamed_retaken_and_removed_before_sealing() {
    let (stage, device) = Stage::enrolled().await;
    for page in 1..=3 {
        photograph(&device, gub(), page, &jpeg(page)).await.unwrap();
    }
    let first = photos(&device).await[0].id;
    let moved = device.move_photo(gub(), first, 2).await.unwrap();
    assert_eq!(pages(&moved.photos), [Some(2), Some(3), Some(1)]);
    let named = device
        .set_photo_page(gub(), first, None, PhotoKind::Objection)
        .await
        .unwrap();
    assert_eq!(named.photos[2].kind, PhotoKind::Objection);

    let second = named.photos[0].id;
    let pending = device
        .expect_photo(gub(), PhotoKind::Form, Some(2), Some(second))
        .await
        .unwrap();
    let retaken = hand_over(&device, pending, &jpeg(9)).await.unwrap();
    assert_eq!(pages(&retaken.photos), [Some(2), Some(3), None]);
    assert_ne!(retaken.photos[0].id, second);
    assert_eq!(
        device.photo_bytes(second).await.unwrap_err(),
        Failure::NotFound
    );

    let left = device.remove_photo(gub(), first).await.unwrap();
    assert_eq!(left.photos.len(), 2);
    let copies = std::fs::read_dir(stage.data().join("photos/copies")).unwrap();
    assert_eq!(copies.count(), 2, "removed photos take no room");
    assert_eq!(
        device.remove_photo(gub(), first).await.unwrap_err(),
        Failure::NotFound
    );
}

#[tokio::test]
async fn a_sealed_photo_taken_out_of_a_correction_stays_with_its_revision() {
    let (_stage, device) = Stage::enrolled().await;
    photograph(&device, gub(), 1, &jpeg(1)).await.unwrap();
    device.seal(gub()).await.unwrap();
    let id = photos(&device).await[0].id;
    device.remove_photo(gub(), id).await.unwrap();
    assert!(device.photo_bytes(id).await.is_ok());
    let history = device.history(gub()).await.unwrap();
    assert_eq!(history[0].photos[0].id, id);
    assert_eq!(device.discard_draft(gub()).await.unwrap().photos.len(), 1);
}

#[tokio::test]
async fn a_file_that_is_no_photo_says_why_and_spoils_nothing() {
    let (_stage, device) = Stage::enrolled().await;
    key_form(&device, gub()).await;
    let heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic";
    let pending = device
        .expect_photo(gub(), PhotoKind::Form, Some(1), None)
        .await
        .unwrap();
    for (bytes, code) in [
        (&b""[..], "empty"),
        (&heic[..], "heic"),
        (b"catatan", "not_an_image"),
    ] {
        let refused = hand_over(&device, pending, bytes).await;
        let code = code.to_owned();
        assert_eq!(refused.unwrap_err(), Failure::Photo { code });
    }
    // The same camera can be tried again, and a cancelled one is over.
    assert_eq!(
        hand_over(&device, pending, &jpeg(1))
            .await
            .unwrap()
            .photos
            .len(),
        1
    );
    assert_eq!(
        hand_over(&device, pending, &jpeg(1)).await.unwrap_err(),
        Failure::NotFound
    );
    let cancelled = device
        .expect_photo(gub(), PhotoKind::Form, Some(2), None)
        .await
        .unwrap();
    device.cancel_photo(cancelled).await.unwrap();
    assert_eq!(
        hand_over(&device, cancelled, &jpeg(2)).await.unwrap_err(),
        Failure::NotFound
    );
}

#[tokio::test]
async fn a_photo_taken_behind_a_killed_app_is_adopted_at_the_next_start() {
    let (stage, device) = Stage::enrolled().await;
    let now = Timestamp::from(chrono::DateTime::from(SystemTime::now()));
    stage.clock.set(&now.to_string());
    let earlier = stage.pictures.join("earlier.jpg");
    std::fs::write(&earlier, jpeg(1)).unwrap();
    let yesterday = SystemTime::now() - Duration::from_secs(86_400);
    let file = std::fs::File::options().write(true).open(&earlier).unwrap();
    file.set_modified(yesterday).unwrap();
    device
        .expect_photo(gub(), PhotoKind::Form, Some(2), None)
        .await
        .unwrap();
    // The app dies; the camera leaves its file, and an empty one besides.
    drop(device);
    std::fs::write(stage.pictures.join("camera.jpg"), jpeg(2)).unwrap();
    std::fs::write(stage.pictures.join("empty.jpg"), b"").unwrap();

    let device = stage.open();
    let adopted = photos(&device).await;
    assert_eq!(pages(&adopted), [Some(2)]);
    assert_eq!(adopted[0].source, PhotoSource::Camera);
    assert!(
        stage.pictures.join("camera.jpg").exists(),
        "the camera's file stays"
    );
    // Once.
    drop(device);
    assert_eq!(photos(&stage.open()).await.len(), 1);
}

#[tokio::test]
async fn a_photo_that_arrived_and_was_not_yet_reduced_is_finished_at_the_next_start() {
    let (stage, device) = Stage::enrolled().await;
    let pending = device
        .expect_photo(gub(), PhotoKind::Form, Some(1), None)
        .await
        .unwrap();
    drop(device);
    let originals = stage.data().join("photos/originals");
    std::fs::write(originals.join(format!("{pending}-gallery")), jpeg(3)).unwrap();
    std::fs::write(originals.join("stranger"), b"?").unwrap();
    let adopted = photos(&stage.open()).await;
    assert_eq!(adopted.len(), 1);
    assert_eq!(adopted[0].source, PhotoSource::Gallery);
    assert!(
        originals.join("stranger").exists(),
        "what is not understood stays"
    );
}

/// A disk that is full when the story says so.
struct FullDisk(AtomicBool);

impl FullDisk {
    fn room(&self) -> io::Result<()> {
        if self.0.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }
}

impl Disk for FullDisk {
    fn append(&self, path: &Path, bytes: &[u8], anew: bool) -> io::Result<()> {
        self.room()?;
        SystemDisk.append(path, bytes, anew)
    }
    fn settle(&self, from: &Path, to: &Path) -> io::Result<()> {
        SystemDisk.settle(from, to)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.room()?;
        SystemDisk.write(path, bytes)
    }
    fn read(&self, path: &Path, offset: u64, max_bytes: u64) -> io::Result<Vec<u8>> {
        SystemDisk.read(path, offset, max_bytes)
    }
    fn remove(&self, path: &Path) -> io::Result<()> {
        SystemDisk.remove(path)
    }
    fn list(&self, folder: &Path) -> io::Result<Vec<Listed>> {
        SystemDisk.list(folder)
    }
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        SystemDisk.make_folder(folder)
    }
}

#[tokio::test]
async fn a_full_disk_refuses_the_photo_and_the_figures_are_sealed_all_the_same() {
    let (stage, device) = Stage::enrolled().await;
    drop(device);
    let disk = Arc::new(FullDisk(AtomicBool::new(false)));
    let ports = device::Ports {
        disk: Arc::<FullDisk>::clone(&disk),
        ..stage.ports()
    };
    let device = Device::open(stage.data(), ports).unwrap();
    key_form(&device, gub()).await;
    let pending = device
        .expect_photo(gub(), PhotoKind::Form, Some(1), None)
        .await
        .unwrap();
    let jpeg = jpeg(1);
    let begun = device
        .add_photo_piece(
            pending,
            &to_base64(&jpeg[..1_000]),
            false,
            PhotoSource::Camera,
        )
        .await;
    assert!(begun.unwrap().is_none());
    disk.0.store(true, Ordering::SeqCst);
    let full = device
        .add_photo_piece(
            pending,
            &to_base64(&jpeg[1_000..]),
            true,
            PhotoSource::Camera,
        )
        .await;
    assert_eq!(full.unwrap_err(), Failure::DiskFull);
    device.seal(gub()).await.unwrap();
    assert_eq!(standing(&device, &gub()).await, Standing::SavedHere);
    // Room again: the photo comes from its first piece.
    disk.0.store(false, Ordering::SeqCst);
    assert_eq!(
        hand_over(&device, pending, &jpeg)
            .await
            .unwrap()
            .photos
            .len(),
        1
    );
}
