//! Around a dead network in real windows: one phone shows and saves, another
//! takes in and carries, and the first one's own receipts come in the end.
//!
//! `cargo xtask test` starts a display for it and keeps the pictures that it
//! takes; the README shows some of them.

use anyhow::{Context, Result};
use saksi_tests::stage::backing::Backing;
use saksi_tests::stage::counting_room::CountingRoom;
use saksi_tests::stage::endpoint::Endpoint;
use saksi_tests::stage::hands;
use saksi_tests::stage::phone::Phone;
use saksi_tests::stage::relay::Relay;
use saksi_tests::stage::screen::Screen;
use std::path::{Path, PathBuf};

const TPS: &str = "6472011001001";
const TPS_OF_FRIEND: &str = "6472011001002";
const PASSWORD: &str = "kamar hitung samarinda";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a display and drivers: `cargo xtask test` starts them"]
async fn a_friends_phone_carries_a_form_and_nothing_is_there_twice() -> Result<()> {
    let relay = Relay::new().await?;
    let endpoint = Endpoint::start_behind(&relay, Backing::Embedded)?;
    endpoint.add_user("rina", "coordinator", "6472", PASSWORD)?;
    let folder = tempfile::tempdir()?;
    let mut siti = Phone::new(&relay.address()).await?;
    hands::enrol(
        siti.screen(),
        &endpoint.enrol_code(TPS, "Saksi 001 (contoh)")?,
    )
    .await?;
    let budi = Phone::new(&relay.address()).await?;
    let code = endpoint.enrol_code(TPS_OF_FRIEND, "Saksi 002 (contoh)")?;
    hands::enrol(budi.screen(), &code).await?;

    // Neither has signal when Siti saves.
    relay.cut();
    let photos = hands::photograph(folder.path(), TPS).await?;
    save_form(siti.screen(), &photos).await?;
    let (code, bundle) = show_and_save(siti.screen(), folder.path()).await?;

    // Budi photographs the code, then gets the file as well: nothing is there twice.
    let screen = budi.screen();
    screen.press("Bawa kiriman teman").await?;
    screen
        .see("Ponsel ini belum membawa kiriman siapa pun.")
        .await?;
    pick(screen, "#take-picture", &code).await?;
    screen
        .see("Baru dibawa ponsel ini: 1 simpanan, 0 foto.")
        .await?;
    pick(screen, "#take-file", &bundle).await?;
    screen
        .see("Baru dibawa ponsel ini: 0 simpanan, 2 foto.")
        .await?;
    screen.see("Sudah ada di sini: 1 simpanan, 0 foto.").await?;
    screen.see("Belum diterima server").await?;
    screen.picture("app-bawaan").await?;
    pick(screen, "#take-file", &photos[0]).await?;
    screen
        .find("#imported [data-problem], [role='alert']")
        .await?;
    screen.picture("app-bawaan-bukan").await?;
    screen.press_at("#back").await?;
    // Carried things are never among a phone's own numbers.
    screen
        .see("Tidak ada kiriman Anda sendiri yang hanya di ponsel ini.")
        .await?;
    screen.picture("app-tps-bawaan").await?;

    // Siti's phone is off; Budi comes to where there is signal.
    siti.kill()?;
    relay.restore();
    screen.press("Bawa kiriman teman").await?;
    screen.see("Angka sudah diterima server").await?;
    screen.see("Foto diterima: 2 dari 2").await?;
    screen.picture("app-bawaan-diterima").await?;

    let address = format!("http://{}", endpoint.address());
    let room = CountingRoom::sign_in(&address, "rina", PASSWORD).await?;
    let slot = hands::slot(TPS)?;
    let seen = room.slot(&slot).await?;
    assert_eq!(seen.figures, hands::paper(TPS)?);
    assert_eq!(seen.photos.len(), 2);
    assert!(seen.photos.iter().all(|photo| photo.is_received));

    // Siti's phone comes on again, and gets receipts of its own.
    siti.start().await?;
    let screen = siti.screen();
    screen
        .see("Angka dan semua foto sudah diterima server")
        .await?;
    screen.see("Tidak ada yang hanya di ponsel ini.").await?;
    let seen = room.slot(&slot).await?;
    assert_eq!(seen.history.len(), 1, "one revision, however often it came");
    assert_eq!(seen.photos.len(), 2);
    endpoint.run(&["verify-log", "--photos"]).map(drop)
}

/// Photographs and keys the whole form, and saves it.
async fn save_form(screen: &Screen, photos: &[PathBuf]) -> Result<()> {
    let paper = hands::paper(TPS)?;
    hands::open_form(screen).await?;
    for (page, photo) in photos.iter().enumerate() {
        hands::attach(screen, page + 1, photo).await?;
    }
    for _ in 0..2 {
        screen.press_at("#step-next").await?;
        hands::key_page(screen, &paper).await?;
    }
    hands::go_to_review(screen).await?;
    screen.press_at("#seal").await?;
    screen.see("Tersimpan di ponsel ini").await?;
    screen.press_at("#saved-home").await
}

/// Shows the form as a code, and saves it as a file; answers with the picture
/// that somebody takes of the code, and with the file.
async fn show_and_save(screen: &Screen, folder: &Path) -> Result<(PathBuf, PathBuf)> {
    screen
        .press_at("[data-slot$='/gub'] [data-action='around']")
        .await?;
    screen.find("#qr").await?;
    screen.picture("app-cara-lain").await?;
    screen.press_at("#qr-larger").await?;
    screen.see_image("dialog[open] img").await?;
    screen.picture("app-qr").await?;
    let code = folder.join("foto-kode.png");
    std::fs::write(&code, screen.client().screenshot().await?)?;
    screen.press_at("#qr-close").await?;
    screen.press_at("#export").await?;
    let saved = screen.find("#exported").await?;
    screen.picture("app-berkas").await?;
    screen.bring_into_sight("#way-sms").await?;
    screen
        .until("return [...document.querySelectorAll('#way-sms textarea')].some(box => box.value.startsWith('S1 '))")
        .await?;
    screen.picture("app-sms").await?;
    let path = saved.attr("data-path").await?.context("not a file")?;
    Ok((code, path.into()))
}

/// Picks a file in one of the hidden choosers.
async fn pick(screen: &Screen, chooser: &str, file: &Path) -> Result<()> {
    let input = screen.find(chooser).await?;
    Ok(input.send_keys(&file.to_string_lossy()).await?)
}
