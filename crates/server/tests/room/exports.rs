//! All figures as one file, as of one moment.

use std::collections::BTreeMap;
use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Data, Reader as _, Xlsx};
use protocol::audit::AuditAnswer;
use protocol::console::RollupAnswer;
use protocol::encoding::sha256_hex;
use serde_json::json;

use crate::operations::{data, run_on};
use crate::queue_room::room;
use crate::world::{Console, ELECTION, ELSEWHERE, SAMARINDA, TPS, TPS_2, World};

type Rows = Vec<BTreeMap<String, String>>;

async fn csv(console: &Console, by: &str) -> Rows {
    let path = format!("/v1/export?contest=gub&by={by}&format=csv");
    let answer = console.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    table(&answer.body)
}

fn table(bytes: &[u8]) -> Rows {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap();
    let mut reader = csv::Reader::from_reader(text);
    let rows = reader.deserialize().map(Result::unwrap);
    rows.collect()
}

fn sum(rows: &Rows, column: &str) -> u64 {
    let values = rows.iter().map(|row| row[column].as_str());
    values.map(|text| text.parse().unwrap_or(0)).sum()
}

/// A verified form, one that is only in, and a conflict.
async fn evening() -> World {
    let (world, _) = room().await;
    let siti = world.enrol(TPS, "Siti").await;
    let head = siti.report(TPS, 1, [100, 50]).await;
    let joko = world.enrol(TPS_2, "Joko").await;
    joko.report(TPS_2, 1, [7, 8]).await;
    let wayan = world.enrol(TPS_2, "Wayan").await;
    wayan.report(TPS_2, 1, [9, 8]).await;
    let third = "6472011001003";
    let mut odd = world.enrol(third, "Ani").await.revision(third, 1, [20, 30]);
    odd.counts.insert("valid".to_owned(), 51);
    let ani = world.enrol(third, "Ani").await;
    odd.device.clone_from(&ani.id);
    ani.send(&odd).await;
    world
        .enrol(ELSEWHERE, "Lina")
        .await
        .report(ELSEWHERE, 1, [1, 1])
        .await;
    let rani = world.sign_in("rani").await;
    let seen = rani.slot(TPS, "gub").await;
    let ruled = rani
        .rule(&seen, json!({"kind": "verify", "chosen": head}))
        .await;
    assert_eq!(ruled.status, StatusCode::CREATED);
    world
}

#[tokio::test]
async fn an_export_says_of_every_station_what_stands_and_what_does_not_add_up() {
    let world = evening().await;
    let rani = world.sign_in("rani").await;
    let newest = server::log::newest_index(world.app.storage.reading())
        .await
        .unwrap();
    let rows = csv(&rani, "tps").await;
    assert_eq!(rows.len(), 6, "hers, empty ones too");
    let row = |code: &str| rows.iter().find(|row| row["Kode"] == code).unwrap();
    let option = rows[0]
        .keys()
        .find(|name| name.contains("Paslon 1"))
        .unwrap();
    let option = option.rsplit_once(" (").unwrap().0.to_owned();
    let cell = |code: &str, block: &str| row(code)[&format!("{option} ({block})")].clone();
    assert_eq!(row(TPS)["Status"], "terverifikasi");
    assert_eq!(
        (cell(TPS, "terverifikasi"), cell(TPS, "masuk")),
        ("100".to_owned(), String::new())
    );
    assert_eq!(row(TPS_2)["Status"], "beda angka");
    assert_eq!(cell(TPS_2, "masuk"), "");
    assert_eq!(
        (cell(TPS_2, "terendah"), cell(TPS_2, "tertinggi")),
        ("7".to_owned(), "9".to_owned())
    );
    assert_eq!(row(TPS_2)["Kiriman"], "2");
    let odd = row("6472011001003");
    assert_ne!(odd["Temuan"], "0");
    assert!(odd["Kode temuan"].contains('E'), "{odd:?}");
    assert!(!odd["Uraian temuan"].is_empty());
    assert_eq!(row(TPS)["Temuan"], "0");
    assert!(row("6472021001001")["Status"] == "kosong");
    assert_eq!(row(TPS)["Posisi log"], newest.to_string());
}

#[tokio::test]
async fn an_export_adds_up_to_the_totals_on_every_level() {
    let world = evening().await;
    let admin = world.sign_in("admin").await;
    let path = "/v1/rollup?contest=gub&region=64&by=regency";
    let totals: RollupAnswer = admin.get(path).await.json(StatusCode::OK);
    let of = |column: &str| -> u64 {
        let regions = totals.regions.iter();
        regions
            .map(|region| match column {
                "verified" => region.votes.verified.get("1").copied().unwrap_or(0),
                "received" => region.votes.received.get("1").copied().unwrap_or(0),
                "low" => region.votes.contested.get("1").map_or(0, |range| range.0),
                _ => region.received,
            })
            .sum()
    };
    for by in ["tps", "village", "district", "regency"] {
        let rows = csv(&admin, by).await;
        let option = rows[0]
            .keys()
            .find(|name| name.contains("Paslon 1"))
            .unwrap();
        let option = option.rsplit_once(" (").unwrap().0;
        for (block, column) in [
            ("terverifikasi", "verified"),
            ("masuk", "received"),
            ("terendah", "low"),
        ] {
            assert_eq!(
                sum(&rows, &format!("{option} ({block})")),
                of(column),
                "{by} {block}"
            );
        }
        if by != "tps" {
            assert_eq!(sum(&rows, "TPS masuk"), of("slots"), "{by}");
            assert_eq!(sum(&rows, "Jumlah TPS"), 9, "{by}");
            assert_eq!(sum(&rows, "TPS dengan temuan"), 1, "{by}");
        }
    }
    let regencies = csv(&admin, "regency").await;
    let codes: Vec<&str> = regencies.iter().map(|row| row["Kode"].as_str()).collect();
    assert_eq!(codes, ["6471", "6472"]);
}

#[tokio::test]
async fn a_workbook_holds_the_same_and_says_what_it_stands_for() {
    let world = evening().await;
    let rani = world.sign_in("rani").await;
    let path = "/v1/export?contest=gub&by=tps&format=xlsx";
    let answer = rani.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert_eq!(
        answer.header("content-length"),
        answer.body.len().to_string()
    );
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(answer.body.to_vec())).unwrap();
    let figures = file.worksheet_range("Angka").unwrap();
    let text = csv(&rani, "tps").await;
    assert_eq!(figures.height(), text.len() + 1);
    for (row, known) in figures.rows().skip(1).zip(&text) {
        for (heading, cell) in figures.rows().next().unwrap().iter().zip(row) {
            let said = match cell {
                Data::Empty => String::new(),
                other => other.to_string(),
            };
            match heading.to_string().as_str() {
                "Per waktu" => {}
                // The first export is itself an entry of the log.
                "Posisi log" => assert_eq!(
                    said.parse::<u64>().unwrap() + 1,
                    known["Posisi log"].parse::<u64>().unwrap()
                ),
                name => assert_eq!(said, known[name], "{name}"),
            }
        }
    }
    let about = file.worksheet_range("Keterangan").unwrap();
    let said = |name: &str| {
        let mut rows = about.rows();
        rows.find(|row| row[0] == name).unwrap()[1].to_string()
    };
    assert_eq!(said("Posisi log"), answer.header("saksi-log-index"));
    assert_eq!(said("Hash log").len(), 64);
}

#[tokio::test]
async fn a_name_that_begins_like_a_formula_is_defused() {
    let world = evening().await;
    let storage = &world.app.storage;
    let rename = "UPDATE regions SET name = '=1+1' WHERE code = '6472011001'";
    sqlx::query(rename)
        .execute(storage.reading())
        .await
        .unwrap();
    let rows = csv(&world.sign_in("rani").await, "village").await;
    assert_eq!(rows[0]["Desa/Kelurahan"], "'=1+1");
}

#[tokio::test]
async fn an_export_stays_in_ones_region_and_is_not_for_operators() {
    let world = evening().await;
    let rani = world.sign_in("rani").await;
    for (query, no) in [
        ("contest=gub&by=tps&format=csv&region=6471", 404),
        ("contest=tiada&by=tps&format=csv", 404),
        ("contest=gub&by=tps&format=pdf", 400),
        ("contest=gub&by=benua&format=csv", 400),
    ] {
        let answer = rani.get(&format!("/v1/export?{query}")).await;
        assert_eq!(answer.problem().0, no, "{query}");
    }
    let path = "/v1/export?contest=gub&by=village&format=csv";
    assert_eq!(world.sign_in("budi").await.get(path).await.problem().0, 403);
    let seen = world.sign_in("tamu").await.get(path).await;
    assert_eq!(
        seen.status,
        StatusCode::OK,
        "who sees totals may take them along"
    );
}

#[tokio::test]
async fn whoever_takes_a_table_out_stands_in_the_log_with_the_files_hash() {
    let world = evening().await;
    let rani = world.sign_in("rani").await;
    let admin = world.sign_in("admin").await;
    let of_slot = format!("/v1/irregularities.csv?slot={ELECTION}/{TPS}/gub");
    for (path, table, region) in [
        (
            "/v1/export?contest=gub&by=village&format=csv",
            "figures",
            SAMARINDA,
        ),
        (
            "/v1/export?contest=gub&by=tps&format=xlsx",
            "figures",
            SAMARINDA,
        ),
        (
            "/v1/irregularities.csv?contest=gub",
            "irregularities",
            SAMARINDA,
        ),
        (&of_slot, "irregularities", TPS),
        ("/v1/workbooks", "workbook", SAMARINDA),
    ] {
        let answer = rani.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let audit: AuditAnswer = admin
            .get("/v1/audit?kind=table_exported&limit=1")
            .await
            .json(StatusCode::OK);
        let entry = audit.entries.first().unwrap();
        assert_eq!(entry.actor.as_deref(), Some("rani"), "{path}");
        assert_eq!(entry.event["table"], table, "{path}");
        assert_eq!(entry.event["region"], region, "{path}");
        assert_eq!(entry.event["sha256"], sha256_hex(&answer.body), "{path}");
        let own = rani.get("/v1/audit?kind=table_exported").await;
        let own: AuditAnswer = own.json(StatusCode::OK);
        assert_eq!(own.entries.first().unwrap().log_index, entry.log_index);
    }
}

#[tokio::test]
async fn the_command_line_writes_the_same_file() {
    let world = evening().await;
    let from = data(world.folder.path());
    let file = world.folder.path().join("hasil.csv");
    let out = file.display().to_string();
    let arguments = [
        "export",
        "--data",
        &from,
        "--contest",
        "gub",
        "--level",
        "district",
        "--out",
        &out,
    ];
    let (went_well, said) = run_on(&world, &arguments, "").await;
    assert!(
        went_well && said.contains("2 rows") || said.contains("3 rows"),
        "{said}"
    );
    let rows = table(&std::fs::read(&file).unwrap());
    assert_eq!(sum(&rows, "TPS masuk"), 4);
    let (went_well, _) = run_on(&world, &arguments, "").await;
    assert!(!went_well, "a file that is there is left alone");
    let admin = world.sign_in("admin").await;
    let audit = admin.get("/v1/audit?kind=table_exported").await;
    let audit: AuditAnswer = audit.json(StatusCode::OK);
    assert_eq!(audit.entries.len(), 1, "what was not written did not leave");

    let elsewhere = world.folder.path().join("lain.csv");
    let out = elsewhere.display().to_string();
    let mut unknown = arguments;
    (unknown[4], unknown[8]) = ("wapres", &out);
    let (went_well, said) = run_on(&world, &unknown, "").await;
    assert!(!went_well && said.contains("contest"), "{said}");
    assert!(!elsewhere.exists(), "half a table is none");
}
