//! A night in the counting room with a keyboard alone, in a real browser: all
//! that the room does is done, and what came of it is looked up in the
//! endpoint.
//!
//! How long each step is waited for is a figure of the same walk, at the size
//! of the province: `cargo xtask campaign room`.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use domain::SlotState;
use protocol::audit::AuditAnswer;
use protocol::coverage::{CallsAnswer, MessagesAnswer};
use protocol::desk::DeskSource;
use protocol::irregularity::IrregularitiesAnswer;
use protocol::official::OfficialAnswer;
use protocol::paper::{PaperListAnswer, PaperMatch, PapersAnswer};
use protocol::wall::WallLinksAnswer;
use saksi_tests::by_keyboard::everybody::SIZES;
use saksi_tests::by_keyboard::{ADMIN, CONTEST, Done, OPERATOR, Walk, coverage, irregular, paper};
use saksi_tests::campaign::night::Evening;
use saksi_tests::stage::counting_room::CountingRoom;
use saksi_tests::stage::driver;

const PASSWORD: &str = "kamar hitung kaltim";
/// Polling stations: enough for lists that scroll and errors to be found.
const STATIONS: u64 = 80;
/// Polling stations of the village where forms are looked at.
const VILLAGE: usize = 4;
/// Of an evening that has a village of five where witnesses disagree.
const SEED: u64 = 9;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a display and drivers: `cargo xtask test` starts them"]
async fn a_night_in_the_counting_room_is_done_by_keyboard() -> Result<()> {
    saksi_tests::install_tls();
    let evening = Evening::with_photographs(STATIONS, SEED, VILLAGE).await?;
    evening.send(SEED).await?;
    let downloads = tempfile::tempdir()?;
    let (width, height) = SIZES[0];
    let (_driver, screen) = driver::browser_keeping(width, height, downloads.path()).await?;
    let mut walk = Walk::begin(
        &evening,
        &screen,
        downloads.path(),
        PASSWORD,
        Duration::ZERO,
    )
    .await?;
    let done = walk.all().await?;
    walk.person.steps.print_slowest();
    let address = format!("http://{}", evening.endpoint.address());
    let room = CountingRoom::sign_in(&address, ADMIN, PASSWORD).await?;
    forms_are_verified(&room, &evening, &done).await?;
    entries_stand(&room, &done).await?;
    papers_are_in(&room, &done).await?;
    people_were_called(&room, &done).await?;
    questions_are_answered(&room, &done).await?;
    files_hold(&evening, &done)?;
    all_of_it_is_in_the_log(&room).await
}

async fn forms_are_verified(room: &CountingRoom, evening: &Evening, done: &Done) -> Result<()> {
    for slot in &done.queue.looked {
        let state = room.slot(slot).await?.state;
        ensure!(
            state == SlotState::Verified,
            "{slot} was confirmed and is {state:?}"
        );
    }
    for slot in done.queue.settled.iter().chain([&done.verify.settled]) {
        let detail = room.slot(slot).await?;
        ensure!(detail.state == SlotState::Verified, "{slot} was settled");
        let written = evening.papers.written.get(slot);
        ensure!(
            Some(&detail.figures) == written,
            "{slot} is not as on the paper"
        );
    }
    let read = room.slot(&done.verify.verified).await?;
    ensure!(
        read.state == SlotState::Verified,
        "a blind reading verifies"
    );
    Ok(())
}

async fn entries_stand(room: &CountingRoom, done: &Done) -> Result<()> {
    let sources = async |slot| {
        let heads = room.slot(slot).await?.heads.into_iter();
        anyhow::Ok(
            heads
                .filter_map(|head| head.desk)
                .map(|desk| desk.source)
                .collect::<Vec<_>>(),
        )
    };
    ensure!(
        sources(&done.entered).await? == [DeskSource::Paper],
        "entered from the paper"
    );
    ensure!(
        sources(&done.files.entered).await? == [DeskSource::Workbook],
        "a workbook's row"
    );
    ensure!(
        sources(&done.files.refused).await?.is_empty(),
        "a row with a word in it"
    );
    Ok(())
}

async fn papers_are_in(room: &CountingRoom, done: &Done) -> Result<()> {
    for (tps, found) in [
        (&done.paper.differs, PaperMatch::Differs),
        (&done.paper.matches, PaperMatch::Matches),
    ] {
        let papers: PapersAnswer = room.read(&format!("/v1/paper/stations/{tps}")).await?;
        let custodies: Vec<_> = papers.papers.iter().map(|line| &line.custody).collect();
        let is_here = custodies
            .iter()
            .all(|it| it.folder.as_deref() == Some(paper::FOLDER));
        ensure!(is_here, "{tps}: {custodies:?}");
        ensure!(
            custodies.iter().any(|it| it.compared == Some(found)),
            "{tps}: {custodies:?}"
        );
    }
    let list: PaperListAnswer = room
        .read(&format!("/v1/paper/lists/{}", done.paper.list))
        .await?;
    ensure!(
        list.list.title == paper::TITLE && list.list.here > 0,
        "{:?}",
        list.list
    );
    Ok(())
}

async fn people_were_called(room: &CountingRoom, done: &Done) -> Result<()> {
    let calls: CallsAnswer = room
        .read(&format!("/v1/coverage/calls?tps={}", done.coverage.tps))
        .await?;
    let call = calls.calls.first().context("no call was noted")?;
    ensure!(call.note == coverage::NOTE && call.by == ADMIN, "{call:?}");
    let messages: MessagesAnswer = room.read("/v1/messages").await?;
    let message = messages.messages.first().context("no message was sent")?;
    ensure!(
        message.text == coverage::MESSAGE && message.witnesses > 0,
        "{message:?}"
    );
    let walls: WallLinksAnswer = room.read("/v1/walls").await?;
    let wall = walls.links.first().context("no link was made")?;
    ensure!(
        wall.name == done.wall && wall.revoked_by.as_deref() == Some(ADMIN),
        "{wall:?}"
    );
    Ok(())
}

async fn questions_are_answered(room: &CountingRoom, done: &Done) -> Result<()> {
    let path = format!("/v1/irregularities?slot={}", done.irregular.slot);
    let found: IrregularitiesAnswer = room.read(&path).await?;
    let mut rulings = found.items.iter().flat_map(|item| &item.rulings);
    ensure!(
        rulings.any(|it| it.note == irregular::NOTE && it.by == ADMIN),
        "{found:?}"
    );
    let path = format!("/v1/official?contest={CONTEST}&region=64");
    let official: OfficialAnswer = room.read(&path).await?;
    ensure!(official.places == done.official.places, "{official:?}");
    let mut slots = official
        .differences
        .iter()
        .filter_map(|one| one.slot.as_ref());
    ensure!(
        slots.any(|slot| *slot == done.official.differs),
        "{official:?}"
    );
    Ok(())
}

fn files_hold(evening: &Evening, done: &Done) -> Result<()> {
    let path = |file: &std::path::Path| file.to_string_lossy().into_owned();
    evening.endpoint.run(&["verify", &path(&done.dossier)])?;
    evening
        .endpoint
        .run(&["verify-log", "--export", &path(&done.trail)])?;
    evening.endpoint.run(&["verify-log"])?;
    let slots = evening.papers.written.keys();
    let tables = csv::Reader::from_path(&done.files.csv)?
        .into_records()
        .count();
    let forms = slots.filter(|slot| slot.contest == CONTEST).count();
    ensure!(tables >= forms, "{tables} rows for {forms} forms");
    let book = std::fs::metadata(&done.files.xlsx)?.len();
    ensure!(book > 0, "an empty workbook");
    Ok(())
}

async fn all_of_it_is_in_the_log(room: &CountingRoom) -> Result<()> {
    for kind in [
        "decision",
        "queue_settings",
        "desk_opened",
        "workbook",
        "table_exported",
        "paper",
        "paper_list",
        "called",
        "message",
        "wall_link_made",
        "wall_link_revoked",
        "irregularity_ruling",
        "official_import",
        "dossier",
        "log_exported",
    ] {
        let found: AuditAnswer = room
            .read(&format!("/v1/audit?actor={ADMIN}&kind={kind}"))
            .await?;
        ensure!(!found.entries.is_empty(), "no {kind} in the log");
    }
    let read: AuditAnswer = room
        .read(&format!("/v1/audit?actor={OPERATOR}&kind=reading"))
        .await?;
    ensure!(
        read.entries.len() == 2,
        "two forms were read blind: {read:?}"
    );
    Ok(())
}
