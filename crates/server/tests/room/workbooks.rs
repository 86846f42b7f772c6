//! Workbooks: handed out, filled in somewhere else, and brought back.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use calamine::{Data, Reader as _, Xlsx};
use domain::SlotState;
use protocol::desk::DeskSource;
use protocol::workbook::{WORKBOOK_TYPE, WorkbookFault, WorkbookReport};
use rust_xlsxwriter::{Formula, Workbook};
use server::operations::verify_log::verify;
use zip::write::SimpleFileOptions;

use crate::queue_room::room;
use crate::world::{Answer, Console, ELSEWHERE, TPS, TPS_2};
use crate::zips::{packed, unpacked};

/// What a program writes into a cell.
#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Number(f64),
    /// A formula, with the value that the program last worked out.
    Formula(&'static str, &'static str),
}

/// A workbook as some other program holds it.
#[derive(Debug, Clone, Default)]
struct Sheets(Vec<(String, Cells)>);

/// What stands in a sheet, by row and column from 0.
type Cells = BTreeMap<(u32, u16), Value>;

impl Sheets {
    fn open(bytes: &[u8]) -> Self {
        let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let names = file.sheet_names();
        let sheets = names.into_iter().map(|name| {
            let range = file.worksheet_range(&name).unwrap();
            let cells = range.used_cells().map(|(row, column, data)| {
                let (from_row, from_column) = range.start().unwrap();
                let at = (
                    u32::try_from(row).unwrap() + from_row,
                    u16::try_from(column).unwrap() + u16::try_from(from_column).unwrap(),
                );
                let value = match data {
                    Data::Float(number) => Value::Number(*number),
                    other => Value::Text(other.to_string()),
                };
                (at, value)
            });
            (name, cells.collect())
        });
        Self(sheets.collect())
    }

    fn save(&self) -> Vec<u8> {
        let mut workbook = Workbook::new();
        for (name, cells) in &self.0 {
            let page = workbook.add_worksheet();
            page.set_name(name).unwrap();
            for ((row, column), value) in cells {
                match value {
                    Value::Text(text) => page.write_string(*row, *column, text),
                    Value::Number(number) => page.write_number(*row, *column, *number),
                    Value::Formula(formula, result) => {
                        let formula = Formula::new(*formula).set_result(*result);
                        page.write_formula(*row, *column, formula)
                    }
                }
                .unwrap();
            }
        }
        workbook.save_to_buffer().unwrap()
    }

    fn sheet(&mut self, name: &str) -> &mut Cells {
        let found = self.0.iter_mut().find(|(known, _)| known == name);
        &mut found.unwrap().1
    }

    fn text(&self, name: &str, at: (u32, u16)) -> String {
        let (_, cells) = self.0.iter().find(|(known, _)| known == name).unwrap();
        match cells.get(&at) {
            Some(Value::Text(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// The column whose hidden key is `key`.
    fn column(&self, key: &str) -> u16 {
        let (_, cells) = self.0.iter().find(|(known, _)| known == "gub").unwrap();
        let mut keys = cells.iter().filter(|((row, _), _)| *row == 0);
        let found = keys.find(|(_, value)| matches!(value, Value::Text(text) if text == key));
        found.unwrap().0.1
    }

    /// The row of a polling station.
    fn row(&self, tps: &str) -> u32 {
        let (_, cells) = self.0.iter().find(|(known, _)| known == "gub").unwrap();
        let mut codes = cells.iter().filter(|((_, column), _)| *column == 0);
        let found = codes.find(|(_, value)| matches!(value, Value::Text(text) if text == tps));
        found.unwrap().0.0
    }

    fn put(&mut self, tps: &str, key: &str, value: Value) {
        let at = (self.row(tps), self.column(key));
        self.sheet("gub").insert(at, value);
    }

    /// Fills in the governor's votes.
    fn vote(&mut self, tps: &str, votes: [u32; 2]) {
        let sum = votes.iter().sum::<u32>();
        for (key, value) in [
            ("votes.1", votes[0]),
            ("votes.2", votes[1]),
            ("valid", sum),
            ("invalid", 3),
            ("total", sum + 3),
        ] {
            self.put(tps, key, Value::Number(f64::from(value)));
        }
    }
}

async fn download(console: &Console) -> Sheets {
    let answer = console.get("/v1/workbooks").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(answer.header("content-type"), WORKBOOK_TYPE);
    assert!(
        answer
            .header("content-disposition")
            .contains("saksi-kaltim-2024-6472.xlsx")
    );
    Sheets::open(&answer.body)
}

async fn send(console: &Console, path: &str, bytes: Vec<u8>) -> Answer {
    let request = Request::post(path)
        .header("host", "hitung.example")
        .header("content-type", WORKBOOK_TYPE)
        .body(Body::from(bytes))
        .unwrap();
    console.send(request).await
}

async fn upload(console: &Console, sheets: &Sheets) -> WorkbookReport {
    let answer = send(console, "/v1/workbooks", sheets.save()).await;
    answer.json(StatusCode::OK)
}

fn tally(report: &WorkbookReport) -> (u32, u32, u32) {
    (report.taken, report.skipped, report.refused)
}

fn faults(report: &WorkbookReport) -> Vec<WorkbookFault> {
    report.problems.iter().map(|one| one.fault).collect()
}

#[tokio::test]
async fn a_workbook_that_is_filled_in_becomes_entries_each_of_them_once() {
    let (world, _) = room().await;
    world
        .enrol(TPS, "Siti")
        .await
        .report(TPS, 1, [100, 50])
        .await;
    let (rani, wati) = (world.sign_in("rani").await, world.sign_in("wati").await);
    let mut book = download(&rani).await;
    assert_eq!(book.text("gub", (book.row(TPS), 3)), "001");
    assert_eq!(
        book.text("gub", (book.row(TPS), book.column("votes.1"))),
        "",
        "nobody's figures"
    );
    book.vote(TPS, [100, 50]);
    book.vote(TPS_2, [7, 8]);
    let report = upload(&rani, &book).await;
    let rows = tally(&report).1;
    assert_eq!(tally(&report), (2, rows, 0), "{report:?}");
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!(slot.state, SlotState::Agreed);
    let head = slot
        .heads
        .iter()
        .find(|head| head.witness == "rani")
        .unwrap();
    assert_eq!(head.desk.as_ref().unwrap().source, DeskSource::Workbook);
    assert_eq!(rani.slot(TPS_2, "gub").await.state, SlotState::Single);

    assert_eq!(
        tally(&upload(&rani, &book).await),
        (0, rows + 2, 0),
        "again"
    );
    let other = upload(&wati, &book).await;
    assert_eq!(
        tally(&other),
        (0, rows + 2, 0),
        "one testimony, whoever brings it"
    );
    let mut later = download(&rani).await;
    assert_eq!(
        later.text("gub", (later.row(TPS_2), later.column("votes.1"))),
        "7",
        "her own"
    );
    assert_eq!(
        tally(&upload(&rani, &later).await),
        (0, rows + 2, 0),
        "unchanged"
    );
    later.vote(TPS_2, [7, 9]);
    assert_eq!(tally(&upload(&rani, &later).await), (1, rows + 1, 0));
    let slot = rani.slot(TPS_2, "gub").await;
    assert_eq!((slot.heads.len(), slot.history.len()), (1, 2));
    assert_eq!(verify(&world.app, false).await.unwrap().revisions, 4);
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// Spoils every figure of a station, each in its own way, adds rows that are
/// wrong as a whole, and returns what is to be told of it in order.
fn spoil(book: &mut Sheets, tps: &str) -> Vec<WorkbookFault> {
    let mut expected = Vec::new();
    for (key, value, fault) in [
        ("votes.1", text("12.0"), WorkbookFault::Decimal),
        ("votes.2", text("1 2"), WorkbookFault::HasBlanks),
        ("valid", Value::Number(-3.0), WorkbookFault::Negative),
        ("invalid", text("tiga"), WorkbookFault::NotANumber),
        (
            "total",
            Value::Number(123_456_789.0),
            WorkbookFault::TooLarge,
        ),
    ] {
        book.put(tps, key, value);
        expected.push(fault);
    }
    let (below, votes) = (book.row(TPS) + 40, book.column("votes.1"));
    for (row, code, fault) in [
        (0, ELSEWHERE, WorkbookFault::TpsElsewhere),
        (1, "6472011001999", WorkbookFault::TpsUnknown),
        (2, TPS, WorkbookFault::TpsTwice),
        (3, "", WorkbookFault::TpsMissing),
    ] {
        book.sheet("gub").insert((below + row, 0), text(code));
        let figure = Value::Number(5.0);
        book.sheet("gub").insert((below + row, votes), figure);
        expected.push(fault);
    }
    expected
}

#[tokio::test]
async fn what_is_wrong_comes_back_marked_cell_by_cell_and_is_taken_once_it_is_put_right() {
    let (world, _) = room().await;
    let rani = world.sign_in("rani").await;
    let mut book = download(&rani).await;
    book.vote(TPS, [1, 2]);
    let expected = spoil(&mut book, TPS_2);
    let report = upload(&rani, &book).await;
    assert_eq!((report.taken, report.refused), (1, 5), "{report:?}");
    assert_eq!(faults(&report), expected);
    let decimal = &report.problems[0];
    assert_eq!(
        (decimal.sheet.as_str(), decimal.value.as_str()),
        ("gub", "12.0")
    );
    let row = (book.row(TPS_2) + 1).to_string();
    assert!(decimal.cell.ends_with(&row), "{decimal:?}");
    assert!(decimal.heading.starts_with("1. "), "{decimal:?}");

    let marked = send(&rani, "/v1/workbooks/marked", book.save()).await;
    assert_eq!(marked.status, StatusCode::OK, "{}", marked.text());
    let mut marked = Sheets::open(&marked.body);
    let remark = marked.column("keterangan");
    let said = marked.text("gub", (marked.row(TPS_2), remark));
    assert!(said.contains("Angka tidak boleh di bawah nol."), "{said}");
    assert!(said.contains("spasi"), "{said}");
    assert_eq!(marked.text("gub", (marked.row(TPS), remark)), "");
    let votes = marked.column("votes.1");
    let written = marked.text("gub", (marked.row(TPS_2), votes));
    assert_eq!(written, "12.0", "as it was written");
    marked.vote(TPS_2, [12, 12]);
    let report = upload(&rani, &marked).await;
    assert_eq!((report.taken, report.refused), (1, 4), "{report:?}");
}

#[tokio::test]
async fn a_workbook_is_known_whatever_a_program_did_to_its_columns() {
    let (world, _) = room().await;
    let rani = world.sign_in("rani").await;
    let mut book = download(&rani).await;
    book.vote(TPS, [1, 2]);
    book.put(TPS, "votes.1", Value::Formula("=100+5", "105"));
    let (one, two) = (book.column("votes.1"), book.column("votes.2"));
    let cells = std::mem::take(book.sheet("gub"));
    // Somebody has shown and deleted the row of keys, and swapped two columns.
    *book.sheet("gub") = cells
        .into_iter()
        .filter(|((row, _), _)| *row != 0)
        .map(|((row, column), value)| {
            let column = match column {
                at if at == one => two,
                at if at == two => one,
                at => at,
            };
            ((row - 1, column), value)
        })
        .collect();
    let report = upload(&rani, &book).await;
    assert_eq!((report.taken, report.refused), (1, 0), "{report:?}");
    let slot = rani.slot(TPS, "gub").await;
    assert_eq!((slot.figures["votes.1"], slot.figures["votes.2"]), (105, 2));
}

#[tokio::test]
async fn a_sheet_that_is_none_of_ours_is_told_and_the_others_are_taken() {
    let (world, _) = room().await;
    let rani = world.sign_in("rani").await;
    let mut book = download(&rani).await;
    book.vote(TPS, [1, 2]);
    let notes = BTreeMap::from([((0, 0), Value::Text("catatan".to_owned()))]);
    book.0.push(("catatan saya".to_owned(), notes));
    let report = upload(&rani, &book).await;
    assert_eq!(report.taken, 1);
    assert_eq!(faults(&report), [WorkbookFault::SheetUnknown]);
    book.sheet("gub").retain(|(row, _), _| *row > 1);
    let report = upload(&rani, &book).await;
    assert!(
        faults(&report).contains(&WorkbookFault::HeadingsMissing),
        "{report:?}"
    );
    assert_eq!(report.taken, 0);
}

#[tokio::test]
async fn what_is_no_workbook_of_this_election_is_refused_as_a_whole() {
    let (world, _) = room().await;
    let rani = world.sign_in("rani").await;
    let mut other = download(&rani).await;
    other.vote(TPS, [1, 2]);
    for value in other.sheet("_saksi").values_mut() {
        if matches!(value, Value::Text(text) if text == "kaltim-2024") {
            *value = Value::Text("lain-2024".to_owned());
        }
    }
    let mut stranger = Sheets::default();
    stranger.0.push(("gub".to_owned(), BTreeMap::new()));
    for bytes in [
        other.save(),
        stranger.save(),
        b"PK\x03\x04 not a zip".to_vec(),
        b"Kode TPS;votes.1\n".to_vec(),
        zip_of(&[("a.txt", 10)]),
    ] {
        let answer = send(&rani, "/v1/workbooks", bytes).await;
        assert_eq!(answer.problem(), (422, "payload_invalid".to_owned()));
    }
    let bomb = zip_of(&[("xl/worksheets/sheet1.xml", 100 * 1024 * 1024)]);
    assert!(bomb.len() < 1024 * 1024);
    let answer = send(&rani, "/v1/workbooks", bomb).await;
    assert_eq!(answer.problem(), (413, "too_large".to_owned()));
    let large = vec![0; protocol::limits::WORKBOOK_MAX_BYTES + 1];
    let answer = send(&rani, "/v1/workbooks", large).await;
    assert_eq!(answer.problem(), (413, "too_large".to_owned()));
    assert_eq!(rani.slot(TPS, "gub").await.state, SlotState::Empty);
}

/// What programs, disks and people who mean harm make of a file's inside.
const DAMAGES: [&str; 8] = [
    "",
    "<",
    "\"/>",
    "&#0;",
    "&a;",
    "r=\"XFD1048576\"",
    "4294967296",
    "\u{fffd}1e999",
];
/// Places in each file of a workbook where each damage is tried.
const PLACES: usize = 5;

#[tokio::test]
async fn a_workbook_damaged_anywhere_is_refused_or_taken_and_harms_nothing() {
    let (world, _) = room().await;
    let rani = world.sign_in("rani").await;
    let mut book = download(&rani).await;
    book.vote(TPS, [100, 50]);
    let whole = book.save();
    let files = unpacked(&whole);
    let mut answers = BTreeMap::<u16, usize>::new();
    for name in files.keys() {
        for (at, damage) in (0..PLACES).flat_map(|at| DAMAGES.map(|damage| (at, damage))) {
            let mut damaged = files.clone();
            let inside = damaged.get_mut(name).unwrap();
            // A few bytes give way, unevenly, so that tags, names and values are all hit.
            let from = inside.len() * (2 * at + 1) / (2 * PLACES) + damage.len();
            let from = from.min(inside.len());
            let to = (from + 1 + at).min(inside.len());
            inside.splice(from..to, damage.bytes());
            let answer = send(&rani, "/v1/workbooks", packed(&damaged)).await;
            let status = answer.status.as_u16();
            assert!([200, 413, 422].contains(&status), "{name} {at} {damage:?}");
            *answers.entry(status).or_default() += 1;
        }
    }
    for cut in (0..whole.len()).step_by(whole.len() / 50) {
        let answer = send(&rani, "/v1/workbooks", whole[..cut].to_vec()).await;
        assert_eq!(answer.problem(), (422, "payload_invalid".to_owned()));
    }
    assert!(answers[&422] > 20 && answers[&200] > 20, "{answers:?}");
    book.vote(TPS_2, [80, 70]);
    assert_eq!(upload(&rani, &book).await.refused, 0);
    assert_eq!(rani.slot(TPS_2, "gub").await.heads.len(), 1);
}

fn zip_of(files: &[(&str, usize)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let piece = vec![b' '; 1024 * 1024];
    for (name, size_bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        let mut left = *size_bytes;
        while left > 0 {
            let now = left.min(piece.len());
            zip.write_all(&piece[..now]).unwrap();
            left -= now;
        }
    }
    zip.finish().unwrap().into_inner()
}

#[tokio::test]
async fn workbooks_are_for_who_may_rule_and_come_from_our_own_pages() {
    let (world, _) = room().await;
    let rani = world.sign_in("rani").await;
    let book = download(&rani).await.save();
    for name in ["budi", "tamu"] {
        let other = world.sign_in(name).await;
        assert_eq!(other.get("/v1/workbooks").await.problem().0, 403, "{name}");
        for path in ["/v1/workbooks", "/v1/workbooks/marked"] {
            assert_eq!(
                send(&other, path, book.clone()).await.problem().0,
                403,
                "{name}"
            );
        }
    }
    let foreign = Request::post("/v1/workbooks")
        .header("host", "hitung.example")
        .header("origin", "https://lain.example")
        .header("content-type", WORKBOOK_TYPE)
        .body(Body::from(book.clone()))
        .unwrap();
    assert_eq!(
        rani.send(foreign).await.problem(),
        (403, "cross_origin".to_owned())
    );
    let untold = Request::post("/v1/workbooks")
        .body(Body::from(book))
        .unwrap();
    assert_eq!(rani.send(untold).await.problem().0, 415);
    let elsewhere = rani.get("/v1/workbooks?region=6471").await;
    assert_eq!(elsewhere.problem().0, 404);
}
