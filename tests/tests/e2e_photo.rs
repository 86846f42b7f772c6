//! The photo's reader in the app's real window: what is doubtful is said while
//! the form still hangs there, and bubbles ask about a figure that was keyed.
//!
//! `cargo xtask test` starts a display for it and keeps the pictures that it
//! takes; the README shows some of them.

use std::path::Path;

use anyhow::{Context, Result};
use saksi_tests::stage::hands;
use saksi_tests::stage::presidential;
use saksi_tests::stage::screen::Screen;
use specimen::Shot;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a display and drivers: `cargo xtask test` starts them"]
async fn a_doubtful_photo_says_so_at_once_and_bubbles_ask_about_a_figure() -> Result<()> {
    let (mut phone, _far) = presidential::phone_without_signal().await?;
    phone.start().await?;
    let papers = tempfile::tempdir()?;
    let screen = phone.screen();
    screen
        .press_at("[data-slot$='/ppwp'] [data-action='open']")
        .await?;
    screen.see("Foto formulir").await?;

    page_at_the_wrong_place(screen, papers.path()).await?;
    one_doubt_after_the_other(screen, papers.path()).await?;
    screen
        .press_at("[data-group='form-2'] [data-photo] .thumb")
        .await?;
    screen.press_at("#straighten").await?;
    screen
        .see("Tampilan bantu. Foto aslinya tetap menjadi bukti.")
        .await?;
    screen.picture("app-foto-lurus").await?;
    screen.press_at("#viewer-close").await?;

    bubbles_ask(screen).await?;
    // The phone runs out of memory; the question is there again, at once.
    phone.kill()?;
    phone.start().await?;
    let screen = phone.screen();
    screen.see(QUESTION).await?;
    hands::go_to_review(screen).await?;
    screen.see(QUESTION).await?;
    drawn(screen, "[data-bubbles] img").await?;
    screen.bring_into_sight("[data-bubbles]").await?;
    screen.picture("app-bulatan-periksa").await?;
    screen.press("Ubah angka").await?;
    screen.fill("[data-box='votes.2']", "73").await?;
    screen.see_no_more("Lihat lagi?").await
}

const QUESTION: &str = "Pada foto, bulatan menunjukkan 073, Anda mengisi 078. Lihat lagi?";

/// Page 1 stands at the place of page 2, and is sent to its own.
async fn page_at_the_wrong_place(screen: &Screen, papers: &Path) -> Result<()> {
    let page_1 = presidential::photograph(papers, "halaman-1", 1, &Shot::good(4))?;
    hands::attach(screen, 2, &page_1).await?;
    screen
        .see("Foto ini menunjukkan halaman 1, bukan halaman 2.")
        .await?;
    screen.see("Belum difoto: halaman 2, 3.").await?;
    screen.bring_into_sight("[data-group='form-2']").await?;
    screen.picture("app-foto-salah-halaman").await?;
    screen.press("Pindahkan ke halaman 1").await?;
    screen.find("[data-group='form-1'] [data-photo]").await?;
    screen.see_no_more("bukan halaman 2").await
}

/// One photo of page 2 after the other, each with something else to say.
async fn one_doubt_after_the_other(screen: &Screen, papers: &Path) -> Result<()> {
    let good = || Shot::good(4);
    let doubts = [
        ("gelap", Shot::dark(5), "too_dark", "Foto ini gelap."),
        (
            "terpotong",
            Shot {
                fill: 1.3,
                ..good()
            },
            "cut_off",
            "Sebagian halaman tidak masuk foto.",
        ),
        (
            "terbalik",
            Shot {
                rotation_degrees: 180.0,
                ..good()
            },
            "turned",
            "Halaman di foto ini terbalik atau rebah.",
        ),
    ];
    for (name, shot, code, sentence) in doubts {
        let photo = presidential::photograph(papers, name, 2, &shot)?;
        attach_anew(screen, &photo).await?;
        screen.see(sentence).await?;
        screen.find(&format!("[data-advice='{code}']")).await?;
        drawn(screen, "[data-group='form-2'] .thumb img").await?;
        screen.bring_into_sight("[data-advice]").await?;
        screen.picture(&format!("app-foto-{name}")).await?;
    }
    screen.press("Pakai saja").await?;
    screen.see("Dipakai apa adanya.").await?;
    screen.picture("app-foto-pakai-saja").await?;
    let photo = presidential::photograph(papers, "halaman-2", 2, &good())?;
    attach_anew(screen, &photo).await?;
    screen.see_no_more("Dipakai apa adanya.").await?;
    screen.see_no_more("Memeriksa foto…").await
}

/// Picks a photo of page 2, in place of the one that is there.
async fn attach_anew(screen: &Screen, photo: &Path) -> Result<()> {
    let ids = "return [...document.querySelectorAll(\"[data-group='form-2'] [data-photo]\")]\
               .map(photo => photo.dataset.photo)";
    let there = screen.client().execute(ids, vec![]).await?;
    let Some(id) = there[0].as_str() else {
        return hands::attach(screen, 2, photo).await;
    };
    let input = screen
        .find(&format!("#photo-form-2-{id}-gallery"))
        .await
        .context("a photo can be taken again")?;
    input.send_keys(&photo.to_string_lossy()).await?;
    let is_another = format!("return !document.querySelector(\"[data-photo='{id}']\")");
    screen.until(&is_another).await
}

/// 73 is keyed as 78, and asked about once the box is left.
async fn bubbles_ask(screen: &Screen) -> Result<()> {
    screen.press_at("#step-next").await?;
    screen.find("[data-box='dpt_male']").await?;
    screen.press_at("#step-next").await?;
    screen.find("[data-box='votes.1']").await?;
    assert!(
        !screen.words().await?.contains("bulatan"),
        "nothing is suggested"
    );
    for (box_id, text) in [("votes.1", "24"), ("votes.2", "78"), ("votes.3", "74")] {
        screen.fill(&format!("[data-box='{box_id}']"), text).await?;
    }
    screen.see(QUESTION).await?;
    drawn(screen, "[data-bubbles] img").await?;
    screen.bring_into_sight("[data-bubbles]").await?;
    screen.picture("app-bulatan").await
}

/// Waits until a picture is really drawn, not only placed.
async fn drawn(screen: &Screen, css: &str) -> Result<()> {
    let image = format!("document.querySelector(\"{css}\")");
    screen
        .until(&format!(
            "return Boolean({image}?.complete && {image}.naturalWidth > 0)"
        ))
        .await
}
