//! The main job in real windows: the app's own on a phone-sized screen, and
//! the console in a real browser, with nothing standing in for anything.
//!
//! `cargo xtask test` starts a display for it and keeps the pictures that it
//! takes; the README shows some of them.

use anyhow::{Context, Result};
use saksi_tests::stage::backing::Backing;
use saksi_tests::stage::driver;
use saksi_tests::stage::endpoint::Endpoint;
use saksi_tests::stage::hands;
use saksi_tests::stage::phone::Phone;
use saksi_tests::stage::relay::Relay;
use saksi_tests::stage::screen::Screen;

const TPS: &str = "6472011001001";
const PASSWORD: &str = "kamar hitung samarinda";
/// The smallest screen of a counting room.
const DESK: (u32, u32) = (1366, 768);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a display and drivers: `cargo xtask test` starts them"]
async fn a_form_from_a_village_without_signal_is_verified_in_the_counting_room() -> Result<()> {
    let relay = Relay::new().await?;
    let endpoint = Endpoint::start_behind(&relay, Backing::Embedded)?;
    endpoint.add_user("rina", "coordinator", "6472", PASSWORD)?;
    let code = endpoint.enrol_code(TPS, "Saksi 001 (contoh)")?;
    let papers = tempfile::tempdir()?;
    let photos = hands::photograph(papers.path(), TPS).await?;
    let paper = hands::paper(TPS)?;

    // Siti enrols where there is a connection.
    let mut siti = Phone::new(&relay.address()).await?;
    enrol(siti.screen(), &code).await?;

    // In the village there is none.
    relay.cut();
    let screen = siti.screen();
    hands::open_form(screen).await?;
    for (page, photo) in photos.iter().enumerate() {
        hands::attach(screen, page + 1, photo).await?;
    }
    screen.picture("app-foto").await?;
    screen.press_at("#step-next").await?;
    hands::key_page(screen, &paper).await?;
    screen.picture("app-angka").await?;

    // The phone runs out of memory in the middle of the form.
    siti.kill()?;
    siti.start().await?;
    let screen = siti.screen();
    screen.find("[data-box='dpt_male']").await?;
    assert_eq!(
        value_of(screen, "dpt_male").await?,
        paper["dpt_male"].to_string(),
        "it comes back where it was"
    );
    screen.press_at("#step-next").await?;
    hands::key_page(screen, &paper).await?;
    screen.picture("app-suara").await?;
    hands::go_to_review(screen).await?;
    screen.see("Semua angka klop.").await?;
    screen.fill("#form-tps", "001").await?;
    screen.picture("app-periksa").await?;
    screen.press_at("#seal").await?;
    screen.see("Tersimpan di ponsel ini").await?;
    screen.picture("app-tersimpan").await?;

    // Killed again after saving: everything is there, and only there.
    siti.kill()?;
    siti.start().await?;
    let screen = siti.screen();
    screen
        .see("Tersimpan di ponsel ini, belum diterima server")
        .await?;
    screen.see("Masih hanya di ponsel ini: 1 formulir").await?;
    screen.picture("app-tanpa-sinyal").await?;

    // The signal is back, and the app finds it.
    relay.restore();
    screen.press("Kirim sekarang").await?;
    screen
        .see("Angka dan semua foto sudah diterima server")
        .await?;
    screen.see("Tidak ada yang hanya di ponsel ini.").await?;
    screen.picture("app-diterima").await?;

    // Rina sees photo and figures, and returns the form.
    let (_driver, room) = driver::browser(DESK.0, DESK.1).await?;
    sign_in(&room, &endpoint).await?;
    room.picture("konsol-daftar").await?;
    open_slot(&room, &endpoint).await?;
    room.see("Satu saksi").await?;
    seen_photo(&room).await?;
    room.picture("konsol-formulir").await?;
    room.key("b").await?;
    room.find("dialog textarea, [role='dialog'] textarea")
        .await?;
    room.key("Suara sah halaman 2 tidak terbaca, mohon lihat lagi.")
        .await?;
    room.picture("konsol-kembalikan").await?;
    room.ctrl_enter().await?;
    room.see("Dikembalikan").await?;

    // Siti reads why, corrects and saves.
    screen.see("Dikembalikan oleh ruang hitung").await?;
    screen
        .see("Suara sah halaman 2 tidak terbaca, mohon lihat lagi.")
        .await?;
    screen.picture("app-dikembalikan").await?;
    screen
        .press_at("[data-slot$='/gub'] [data-action='open']")
        .await?;
    hands::go_to_review(screen).await?;
    screen.fill("#note", "Sudah dicek dengan kertas.").await?;
    screen.press_at("#seal").await?;
    screen.see("Tersimpan di ponsel ini").await?;
    screen.press_at("#saved-home").await?;
    screen
        .see("Angka dan semua foto sudah diterima server")
        .await?;

    // Rina verifies; the app says so.
    room.see("Ada yang baru pada formulir ini.").await?;
    room.picture("konsol-baru").await?;
    room.key("u").await?;
    room.see("Sudah dicek dengan kertas.").await?;
    room.key("v").await?;
    room.see("Terverifikasi").await?;
    room.picture("konsol-terverifikasi").await?;
    screen.see("Terverifikasi").await?;
    screen.picture("app-terverifikasi").await?;
    room.open(&format!("http://{}/#/totals", endpoint.address()))
        .await?;
    room.see("Samarinda").await?;
    room.picture("konsol-perolehan").await?;
    Ok(())
}

async fn enrol(screen: &Screen, code: &str) -> Result<()> {
    screen.see("Daftarkan ponsel ini").await?;
    screen.picture("app-daftar").await?;
    // A slip of the finger gets its own sentence first.
    screen.fill("#enrol-code", "7KQ2M-9XH4T-0").await?;
    screen.press_at("#enrol-submit").await?;
    screen.find("[role='alert']").await?;
    screen.picture("app-kode-salah").await?;
    hands::enrol(screen, code).await?;
    screen.see("Belum diisi").await?;
    screen.picture("app-tps").await
}

async fn value_of(screen: &Screen, id: &str) -> Result<String> {
    let field = screen.find(&format!("[data-box='{id}']")).await?;
    Ok(field.prop("value").await?.unwrap_or_default())
}

async fn sign_in(room: &Screen, endpoint: &Endpoint) -> Result<()> {
    room.open(&format!("http://{}/", endpoint.address()))
        .await?;
    room.find("[name='user']").await?;
    room.picture("konsol-masuk").await?;
    room.fill("[name='user']", "rina").await?;
    room.fill("[name='password']", PASSWORD).await?;
    room.enter().await?;
    room.see("Daftar formulir").await?;
    room.find("tr[data-slot]").await.map(drop)
}

async fn open_slot(room: &Screen, endpoint: &Endpoint) -> Result<()> {
    let slot = hands::slot(TPS)?;
    room.press_at(&format!("tr[data-slot='{slot}'] a"))
        .await
        .with_context(|| format!("at {}", endpoint.address()))
}

/// Waits until the photo is really drawn, not only placed.
async fn seen_photo(room: &Screen) -> Result<()> {
    let drawn =
        "return [...document.images].some(image => image.complete && image.naturalWidth > 900)";
    room.until(drawn).await
}
