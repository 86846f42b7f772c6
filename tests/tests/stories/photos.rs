//! What the counting room makes of photos: the same one twice, another view,
//! and what their bubbles say.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use domain::Mark;
use photo::page::SheetPlace;
use protocol::SlotId;
use protocol::console::{SlotDetail, SlotsAnswer};
use saksi_tests::stage::backing::Backing;
use saksi_tests::stage::counting_room::CountingRoom;

use crate::stories::scene::{Scene, TPS};

/// The neighbour of the scene's polling station.
const TPS_2: &str = "6472011001002";
/// How long looking at a few photos may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often the counting room looks meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(200);

fn neighbours(slot: &SlotId) -> Result<SlotId> {
    Ok(format!("{}/{TPS_2}/{}", slot.election, slot.contest).parse()?)
}

/// The same picture, stored once more in another size.
fn again(jpeg: &[u8]) -> Result<Vec<u8>> {
    Ok(photo::thumbnail(jpeg, 1_500)?)
}

/// The slot, once its photos have been found out.
async fn found_out(room: &CountingRoom, slot: &SlotId) -> Result<SlotDetail> {
    let looking = async {
        loop {
            let seen = room.slot(slot).await?;
            if seen.marks.contains(&Mark::SamePhoto) {
                return Ok(seen);
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking)
        .await
        .context("it was not found out")?
}

async fn marked(room: &CountingRoom, mark: &str) -> Result<SlotsAnswer> {
    room.slots(&format!("mark={mark}")).await
}

async fn one_photo_for_two_stations(backing: Backing) -> Result<()> {
    let scene = Scene::new(backing).await?;
    let slot = scene.slot();
    let other = neighbours(&slot)?;
    let photos = [scene.photo(1, 1)?, scene.photo(2, 1)?];
    let siti = scene.witness("Siti").await?;
    let budi = scene.witness_at(TPS_2, "Budi").await?;
    for (page, jpeg) in (1..).zip(&photos) {
        siti.photograph(&slot, page, jpeg).await?;
    }
    siti.key(&slot, &scene.paper()).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    // Budi was handed one of her pictures, and took the other one himself.
    budi.photograph(&other, 1, &scene.photo(1, 9)?).await?;
    budi.photograph(&other, 2, &again(&photos[1])?).await?;
    budi.key(&other, &scene.paper()).await?;
    budi.save(&other).await?;
    budi.send_all().await?;

    let seen = found_out(&scene.coordinator, &slot).await?;
    let question = seen
        .findings
        .iter()
        .find(|finding| finding.code == "P201")
        .context("no finding")?;
    ensure!(
        question.text == format!("Foto halaman 2 tampak sama dengan foto TPS {TPS_2} (gub)."),
        "{}",
        question.text
    );
    let pages: Vec<(Option<u32>, usize)> = seen
        .photos
        .iter()
        .map(|photo| (photo.photo.page, photo.same_as.len()))
        .collect();
    assert_eq!(pages, [(Some(1), 0), (Some(2), 1)], "and page 1 is not");
    let theirs = found_out(&scene.coordinator, &other).await?;
    let back = theirs.photos.iter().flat_map(|photo| &photo.same_as);
    let back: Vec<_> = back.map(|same| same.slot.clone()).collect();
    assert_eq!(back, [Some(slot.clone())]);
    assert_eq!(
        marked(&scene.coordinator, "same_photo").await?.slots.len(),
        2
    );
    // It says itself that it is a question.
    assert_eq!(seen.figures, scene.paper());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn one_photo_for_two_stations_is_found_out_on_the_embedded_default() -> Result<()> {
    one_photo_for_two_stations(Backing::Embedded).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a PostgreSQL: `cargo xtask test` starts one"]
async fn one_photo_for_two_stations_is_found_out_on_servers() -> Result<()> {
    one_photo_for_two_stations(Backing::servers().await?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_room_is_told_where_the_sheet_lies_in_a_photo() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.photograph(&slot, 1, &scene.presidents_page(3)?)
        .await?;
    siti.photograph(&slot, 2, &scene.photo(2, 4)?).await?;
    siti.key(&slot, &scene.paper()).await?;
    siti.save(&slot).await?;
    siti.send_all().await?;
    let room = &scene.coordinator;
    let seen = room.slot(&slot).await?;
    let [tagged, untagged] = seen.photos.as_slice() else {
        anyhow::bail!("{:?}", seen.photos);
    };
    let sheet = |sha256: &str| format!("/v1/photos/{sha256}/sheet");
    let path = sheet(&tagged.photo.sha256);
    let answer = room.get(&path).await?;
    assert_eq!(answer.status(), 200);
    let place: SheetPlace = answer.json().await?;
    assert_eq!(place.sheet_mm, [600, 900]);
    let whole = format!("/v1/photos/{}", tagged.photo.sha256);
    let size = photo::inspect(&room.get(&whole).await?.bytes().await?)?;
    assert_eq!(place.picture_px, [size.width, size.height]);
    let [top_left, top_right, bottom_right, bottom_left] = place.corners_px;
    let is_right_of = |one: [i32; 2], other: [i32; 2]| one[0] > other[0];
    let is_below = |one: [i32; 2], other: [i32; 2]| one[1] > other[1];
    assert!(is_right_of(top_right, top_left) && is_right_of(bottom_right, bottom_left));
    assert!(is_below(bottom_left, top_left) && is_below(bottom_right, top_right));
    let again: SheetPlace = room.get(&path).await?.json().await?;
    assert_eq!(again, place, "out of memory, the same");
    // A regional form has no tag: there is only the photo.
    let path = sheet(&untagged.photo.sha256);
    assert_eq!(room.get(&path).await?.status(), 404);
    assert_eq!(room.get(&sheet(&"0".repeat(64))).await?.status(), 404);
    assert_eq!(TPS, slot.tps.as_str());
    Ok(())
}
