//! Every screen of the counting room, with a night's forms in it, in a real
//! browser: it fits the smallest screen and a large one, and people who cannot
//! see it well, or use no mouse, can use it (axe finds nothing serious).
//!
//! Which screens there are is read from the console's own bar, so a new one is
//! looked at too.

use anyhow::{Context, Result, ensure};
use saksi_tests::by_keyboard::everybody::{SIZES, faults, screens};
use saksi_tests::campaign::night::Evening;
use saksi_tests::stage::driver;

const PASSWORD: &str = "kamar hitung kaltim";
/// Polling stations: enough for lists that scroll and errors to be found.
const STATIONS: u64 = 120;
const SEED: u64 = 20_241_127;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a display and drivers: `cargo xtask test` starts them"]
async fn every_screen_of_the_counting_room_fits_and_can_be_used_by_everybody() -> Result<()> {
    saksi_tests::install_tls();
    let evening = Evening::begin(STATIONS, SEED).await?;
    evening.send(SEED).await?;
    let endpoint = &evening.endpoint;
    endpoint.add_user("rina", "admin", "64", PASSWORD)?;
    let (_driver, room) = driver::browser(SIZES[0].0, SIZES[0].1).await?;
    let home = format!("http://{}/", endpoint.address());
    room.open(&home).await?;
    room.fill("[name='user']", "rina").await?;
    room.fill("[name='password']", PASSWORD).await?;
    room.enter().await?;
    room.find("nav a").await?;
    let mut places = screens(&room).await?;
    ensure!(places.len() >= 5, "only {places:?}");
    let slot = evening.papers.written.keys().next().context("no form")?;
    places.push(format!("#/slot/{slot}"));
    let wrong = faults(&room, &home, &places).await?;
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
