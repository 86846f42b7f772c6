//! The main job in real windows: the app's own on a phone-sized screen, and
//! the console in a real browser, with nothing standing in for anything.
//!
//! `cargo xtask test` starts a display for it and keeps the pictures that it
//! takes; the README shows some of them.

use anyhow::{Context, Result};
use domain::Counts;
use protocol::SlotId;
use saksi_tests::demo::papers::Papers;
use saksi_tests::stage::backing::Backing;
use saksi_tests::stage::driver;
use saksi_tests::stage::endpoint::Endpoint;
use saksi_tests::stage::phone::Phone;
use saksi_tests::stage::relay::Relay;
use saksi_tests::stage::screen::Screen;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TPS: &str = "6472011001001";
const PASSWORD: &str = "kamar hitung samarinda";
/// The smallest screen of a counting room.
const DESK: (u32, u32) = (1366, 768);
/// What the form's first and second page hold, keyed in the paper's order.
const FIGURES_PAGES: [&str; 2] = ["1", "2"];

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a display and drivers: `cargo xtask test` starts them"]
async fn a_form_from_a_village_without_signal_is_verified_in_the_counting_room() -> Result<()> {
    let relay = Relay::new().await?;
    let endpoint = Endpoint::start_behind(&relay, Backing::Embedded)?;
    endpoint.add_user("rina", "coordinator", "6472", PASSWORD)?;
    let code = endpoint.enrol_code(TPS, "Saksi 001 (contoh)")?;
    let papers = tempfile::tempdir()?;
    let photos = photograph(papers.path()).await?;
    let paper = paper()?;

    // Siti enrols where there is a connection.
    let mut siti = Phone::new(&relay.address()).await?;
    enrol(siti.screen(), &code).await?;

    // In the village there is none.
    relay.cut();
    let screen = siti.screen();
    screen
        .press_at("[data-slot$='/gub'] [data-action='open']")
        .await?;
    screen.see("Foto formulir").await?;
    for (page, photo) in photos.iter().enumerate() {
        attach(screen, page + 1, photo).await?;
    }
    screen.picture("app-foto").await?;
    screen.press_at("#step-next").await?;
    key_page(screen, &paper, 0).await?;
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
    key_page(screen, &paper, 1).await?;
    screen.picture("app-suara").await?;
    go_to_review(screen).await?;
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
    go_to_review(screen).await?;
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
    screen.fill("#enrol-code", code).await?;
    screen.press_at("#enrol-submit").await?;
    screen.see("TPS saya").await?;
    screen.see("Gubernur dan Wakil Gubernur").await?;
    screen.see("Belum diisi").await?;
    screen.picture("app-tps").await
}

/// Picks a file for a page, and waits until it stands in the draft.
async fn attach(screen: &Screen, page: usize, photo: &Path) -> Result<()> {
    let input = screen.find(&format!("#photo-form-{page}-gallery")).await?;
    input.send_keys(&photo.to_string_lossy()).await?;
    screen
        .find(&format!("[data-group='form-{page}'] [data-photo] img"))
        .await
        .map(drop)
}

/// Types every figure of a page into its box, in the paper's order.
async fn key_page(screen: &Screen, paper: &Counts, index: usize) -> Result<()> {
    let boxes = screen
        .client()
        .execute(
            "return [...document.querySelectorAll('input[data-box]')].map(box => box.dataset.box)",
            vec![],
        )
        .await?;
    let ids: Vec<String> = serde_json::from_value(boxes)?;
    anyhow::ensure!(
        !ids.is_empty(),
        "page {} has no boxes",
        FIGURES_PAGES[index]
    );
    for id in ids.iter().filter(|id| *id != "form_tps") {
        let value = paper
            .get(id)
            .with_context(|| format!("the paper has no {id}"))?;
        screen
            .fill(&format!("[data-box='{id}']"), &value.to_string())
            .await?;
    }
    let first = ids
        .iter()
        .find(|id| *id != "form_tps")
        .context("no figures")?;
    screen
        .find(&format!("#words-{}", first.replace('.', "\\.")))
        .await?;
    Ok(())
}

async fn value_of(screen: &Screen, id: &str) -> Result<String> {
    let field = screen.find(&format!("[data-box='{id}']")).await?;
    Ok(field.prop("value").await?.unwrap_or_default())
}

/// Presses on until the last step.
async fn go_to_review(screen: &Screen) -> Result<()> {
    while screen.words().await?.contains("Lanjut") {
        screen.press_at("#step-next").await?;
    }
    screen.see("Periksa dan simpan").await
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
    let slot = slot()?;
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

fn slot() -> Result<SlotId> {
    Ok(format!("{}/{TPS}/gub", sample::ELECTION_ID).parse()?)
}

fn paper() -> Result<Counts> {
    sample::kaltim()?
        .truth(&TPS.parse()?, "gub")
        .context("no such form")
}

/// Specimen photos of the form's pages, as files to pick.
async fn photograph(folder: &Path) -> Result<Vec<PathBuf>> {
    let election = Arc::new(sample::kaltim()?);
    let photos = Papers::new(1).photograph(election, slot()?, 1).await?;
    let mut files = Vec::with_capacity(photos.len());
    for (page, jpeg) in photos {
        let file = folder.join(format!("gub-halaman-{page}.jpg"));
        std::fs::write(&file, jpeg)?;
        files.push(file);
    }
    Ok(files)
}
