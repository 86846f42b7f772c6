//! Official figures beside ours.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use domain::Level;
use protocol::console::Role;
use protocol::irregularity::IrregularitiesAnswer;
use protocol::official::{OfficialAnswer, OfficialImportAnswer};
use protocol::paper::PaperPlace;
use serde_json::json;
use server::irregularities::Irregularities;
use server::operations::verify_log::{Broken, verify};

use crate::operations::{data, run_on};
use crate::world::{Answer, Console, SAMARINDA, TPS, TPS_2, World};

async fn bring(console: &Console, file: &str, text: &str) -> Answer {
    let request = Request::post(format!("/v1/official?contest=gub&file={file}"))
        .header("host", "hitung.example")
        .header("content-type", "application/octet-stream")
        .body(Body::from(text.to_owned()))
        .unwrap();
    console.send(request).await
}

async fn taken(console: &Console, file: &str, text: &str) -> OfficialImportAnswer {
    bring(console, file, text).await.json(StatusCode::OK)
}

async fn compared(console: &Console, query: &str) -> OfficialAnswer {
    let path = format!("/v1/official?contest=gub{query}");
    console.get(&path).await.json(StatusCode::OK)
}

async fn i601(world: &World, console: &Console) -> Vec<String> {
    Irregularities::default().finish(&world.app).await.unwrap();
    let answer: IrregularitiesAnswer = console
        .get("/v1/irregularities?code=I601")
        .await
        .json(StatusCode::OK);
    let items = answer.items.into_iter();
    items.map(|item| item.slot.tps.to_string()).collect()
}

async fn paper_arrives(rani: &Console, tps: &str) {
    let folder = json!({"act": "arrived", "folder": "Map 3"});
    let arrived = json!({"slots": [format!("kaltim-2024/{tps}/gub")], "act": folder});
    let noted = rani.post("/v1/paper", &arrived).await;
    assert_eq!(noted.status, StatusCode::CREATED);
}

#[tokio::test]
async fn a_table_by_polling_station_is_held_against_ours_and_what_differs_is_irregular() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    siti.report(TPS, 1, [144, 50]).await;
    budi.report(TPS_2, 1, [80, 61]).await;
    let admin = world.sign_in("admin").await;
    let text = format!(
        "kode_tps;paslon_1;paslon_2;suara_sah;suara_tidak_sah\n{TPS};154;50;204;3\n\
         {TPS_2};80;61;141;X\n6472011001003;;;;\n3101011001002;1;2;3;0\n"
    );
    let told = taken(&admin, "resmi.csv", &text).await;
    assert_eq!(
        (told.places, told.blank, told.elsewhere),
        (2, 1, 1),
        "{told:?}"
    );
    let import = told.imported.unwrap();
    assert_eq!(import.by.as_deref(), Some("admin"));

    let rani = world.sign_in("rani").await;
    paper_arrives(&rani, TPS).await;
    let seen = compared(&rani, "").await;
    assert_eq!(seen.level, Some(Level::Tps));
    assert_eq!((seen.places, seen.missing, seen.differences_all), (2, 0, 2));
    let worst = &seen.differences[0];
    assert_eq!(worst.slot.as_ref().unwrap().tps.as_str(), TPS);
    let evidence = seen.differences.iter().map(|one| one.evidence.unwrap());
    let papers: Vec<PaperPlace> = evidence.map(|one| one.paper).collect();
    assert_eq!(papers, [PaperPlace::Here, PaperPlace::Witness]);
    let figures: Vec<(&str, Option<u32>, Option<u32>)> = worst
        .figures
        .iter()
        .map(|one| (one.field.as_str(), one.first, one.other))
        .collect();
    assert_eq!(
        figures,
        [
            ("votes.1", Some(144), Some(154)),
            ("valid", Some(194), Some(204))
        ]
    );
    let sums = &seen.regions[0];
    assert_eq!((sums.compared, sums.differ), (2, 2));
    assert_eq!((sums.votes["1"].ours, sums.votes["1"].official), (224, 234));
    assert_eq!(seen.imports[0].sha256, import.sha256);
    assert_eq!(i601(&world, &rani).await, [TPS, TPS_2]);

    // They correct themselves; nothing differs any more but a missing stroke.
    let corrected =
        format!("kode_tps,paslon_1,paslon_2,suara_tidak_sah\n{TPS},144,50,3\n{TPS_2},80,61,3\n");
    let told = taken(&admin, "resmi-2.csv", &corrected).await;
    assert!(told.imported.is_some(), "{told:?}");
    assert_eq!(compared(&rani, "").await.differences_all, 0);
    assert!(i601(&world, &rani).await.is_empty());
    verify(&world.app, false).await.unwrap();
    sqlx::query("UPDATE official_imports SET sha256 = 'x'")
        .execute(world.app.storage.reading())
        .await
        .unwrap();
    let broken = verify(&world.app, false).await.unwrap_err();
    assert!(matches!(broken, Broken::Entry { .. }), "{broken}");
}

#[tokio::test]
async fn a_file_with_anything_wrong_is_told_row_by_row_and_nothing_of_it_is_taken_in() {
    let world = World::start().await;
    let admin = world.sign_in("admin").await;
    let text = format!(
        "kode_tps,paslon_1,paslon_2,paslon_3\n{TPS},154,5o,\n6472011001999,1,2,\n\
         {TPS_2},80,61,7\n{TPS},1,1,\n"
    );
    let told = taken(&admin, "resmi.csv", &text).await;
    assert!(told.imported.is_none());
    let errors: Vec<(u64, &str)> = told
        .errors
        .iter()
        .map(|one| (one.line, one.why.as_str()))
        .collect();
    assert_eq!(
        errors,
        [
            (2, "votes.2: not a number"),
            (3, "no such place holds this contest"),
            (4, "the ballot has no option 3"),
            (5, "the place stands in the file twice")
        ]
    );
    assert_eq!(compared(&admin, "").await.places, 0);
    let told = taken(&admin, "kosong.csv", "").await;
    assert_eq!(told.errors_all, 1);
    let no = bring(&admin, "a.csv&contest=dpr", "x").await;
    assert_eq!(no.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn districts_of_kpu_are_held_against_our_sums() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    siti.report(TPS, 1, [100, 50]).await;
    budi.report(TPS_2, 1, [80, 61]).await;
    let admin = world.sign_in("admin").await;
    let figures = json!({"mode": "hhcw", "tungsura": {
        "chart": {"1000054": 200, "1000055": 111},
        "table": {"647201": {"psu": "Reguler", "1000054": 111, "1000055": 185,
            "progres": {"total": 3, "persen": 66.7, "progres": 2}}}}});
    let alone = taken(&admin, "pkwkp.json", &figures.to_string()).await;
    assert!(
        alone.imported.is_none(),
        "codes of pairs are no ballot numbers"
    );
    let pairs = json!({"64": {"1000054": {"nomor_urut": 2}, "1000055": {"nomor_urut": 1}}});
    let both = json!({"pairs": pairs, "figures": figures});
    let told = taken(&admin, "pkwkp.json", &both.to_string()).await;
    assert!(told.imported.is_some(), "{told:?}");
    let seen = compared(&admin, &format!("&region={SAMARINDA}")).await;
    assert_eq!(seen.level, Some(Level::District));
    let one = &seen.differences[0];
    assert_eq!(one.coverage, Some((2, 3)));
    assert_eq!(one.figures[0].field, "votes.1");
    assert_eq!(
        (one.figures[0].first, one.figures[0].other),
        (Some(180), Some(185))
    );
    assert_eq!(one.figures.len(), 1);
}

#[tokio::test]
async fn names_do_where_there_are_no_codes_and_a_coordinator_brings_only_the_own_region() {
    let world = World::start().await;
    let catalogue: protocol::console::RegionsAnswer = world
        .sign_in("admin")
        .await
        .get("/v1/regions?within=6472011001")
        .await
        .json(StatusCode::OK);
    let names: Vec<String> = catalogue.path.iter().map(|it| it.name.clone()).collect();
    let text = format!(
        "kabupaten,kecamatan,kelurahan,tps,01,02\n{},{},{},TPS 001,9,8\n",
        names[1], names[2], names[3]
    );
    let rani = world.sign_in("rani").await;
    let told = taken(&rani, "nama.csv", &text).await;
    assert_eq!(told.imported.unwrap().places, 1, "{:?}", told.errors);
    world
        .add_user("lain", Role::Coordinator, Some("6471"))
        .await;
    let lain = world.sign_in("lain").await;
    let told = taken(&lain, "nama.csv", &text).await;
    assert_eq!((told.imported, told.elsewhere), (None, 1));
    let tamu = world.sign_in("tamu").await;
    assert_eq!(
        bring(&tamu, "nama.csv", &text).await.problem(),
        (403, "not_allowed".to_owned())
    );
    world
        .add_user("budi", Role::Operator, Some(SAMARINDA))
        .await;
    let budi = world.sign_in("budi").await;
    assert_eq!(
        budi.get("/v1/official?contest=gub").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn the_command_line_takes_the_same_files() {
    let world = World::start().await;
    let from = data(world.folder.path());
    let path = |name: &str| world.folder.path().join(name).display().to_string();
    let (figures, pairs) = (path("angka.json"), path("paslon.json"));
    let text = r#"{"table":{"6472011001001":{"1000054":9,"1000055":8}}}"#;
    std::fs::write(&figures, text).unwrap();
    std::fs::write(
        &pairs,
        r#"{"1000054":{"nomor_urut":1},"1000055":{"nomor_urut":2}}"#,
    )
    .unwrap();
    let command = [
        "official",
        "--data",
        &from,
        "--contest",
        "gub",
        "--in",
        &figures,
    ];
    let (went_well, said) = run_on(&world, &command, "").await;
    assert!(
        !went_well && said.contains("nothing was taken in"),
        "{said}"
    );
    let with_pairs = [&command[..], &["--pairs", &pairs]].concat();
    let (went_well, said) = run_on(&world, &with_pairs, "").await;
    assert!(
        went_well && said.contains("1 places with figures"),
        "{said}"
    );
    let seen = compared(&world.sign_in("admin").await, "").await;
    assert_eq!((seen.places, seen.missing), (1, 1));
}
