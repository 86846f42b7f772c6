//! Stories of somebody who has a table of results and nothing else: the real
//! binary, small made-up tables, no data folder and no configuration.

#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A folder with one table in it.
struct Desk {
    folder: tempfile::TempDir,
}

/// What the command said and wrote.
struct Answer {
    ok: bool,
    said: String,
    complained: String,
    findings: Vec<BTreeMap<String, String>>,
}

impl Desk {
    fn with(table: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("in.csv"), table).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn look(&self, more: &[&str]) -> Answer {
        let output = Command::new(env!("CARGO_BIN_EXE_saksi-server"))
            .args(["findings", "--in"])
            .arg(self.path("in.csv"))
            .arg("--out")
            .arg(self.path("out.csv"))
            .args(more)
            .env_clear()
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Answer {
            ok: output.status.success(),
            said: text(&output.stdout),
            complained: text(&output.stderr),
            findings: rows(&self.path("out.csv")),
        }
    }
}

fn rows(path: &std::path::Path) -> Vec<BTreeMap<String, String>> {
    let Ok(mut reader) = csv::Reader::from_path(path) else {
        return Vec::new();
    };
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        let cells = header.iter().zip(record.iter());
        cells.map(|(a, b)| (a.to_owned(), b.to_owned())).collect()
    };
    reader
        .records()
        .map(|record| row(record.unwrap()))
        .collect()
}

impl Answer {
    /// TPS and code of each finding, in the order of the file.
    fn codes(&self) -> Vec<(String, String)> {
        let pair = |row: &BTreeMap<String, String>| (row["tps"].clone(), row["code"].clone());
        self.findings.iter().map(pair).collect()
    }

    fn of(&self, code: &str) -> &BTreeMap<String, String> {
        let found = self.findings.iter().find(|row| row["code"] == code);
        assert!(
            found.is_some(),
            "no {code}: {:?}\n{}",
            self.codes(),
            self.said
        );
        found.unwrap()
    }
}

/// Five forms that add up and one whose first option lost its hundreds.
const INDONESIAN: &str = "\
Provinsi,Kabupaten/Kota,Kecamatan,Kelurahan/Desa,No. TPS,DPT,Paslon 1,Paslon 2,Suara Sah,Suara Tidak Sah,Jumlah
Contoh,Kota Contoh,Hulu,Sungai,1,250,102,61,163,3,166
Contoh,Kota Contoh,Hulu,Sungai,2,240,95,58,153,2,155
Contoh,Kota Contoh,Hulu,Sungai,3,270,110,66,176,4,180
Contoh,Kota Contoh,Hulu,Sungai,4,220,88,51,139,1,140
Contoh,Kota Contoh,Hulu,Sungai,5,290,20,70,190,5,195
";

#[test]
fn a_lost_digit_is_found_and_named_in_a_table_with_indonesian_names() {
    let answer = Desk::with(INDONESIAN).look(&[]);
    assert!(answer.ok, "{}", answer.complained);
    let finding = answer.of("I101");
    assert_eq!(finding["tps"], "5");
    assert_eq!(finding["line"], "6");
    assert_eq!(
        (&finding["village"][..], &finding["rank"][..]),
        ("Sungai", "1")
    );
    assert!(
        finding["evidence"].starts_with("repairs=votes.1:20>120@100"),
        "{finding:?}"
    );
    assert!(finding["keterangan"].contains("bukan 20 melainkan 120"));
    assert!(finding["explanation"].contains("is 120 and not 20"));
    assert!(
        answer.said.contains("option:1                 Paslon 1"),
        "{}",
        answer.said
    );
}

#[test]
fn the_same_table_with_other_names_and_signs_gives_the_same_findings() {
    let english = "\u{feff}tps_code;registered voters;01;02;valid votes;invalid votes;total votes\r\n\
        6472011001001;250;\"102\";61;163;3;166\r\n\
        6472011001002;240;95;58;153;2;155\r\n\
        6472011001003;270;110;66;176;4;180\r\n\
        6472011001004;220;88;51;139;1;140\r\n\
        6472011001005;290;20;70;190;5;195\r\n";
    let tabs = "Rekapitulasi hasil (contoh)\n\nkode_kel\ttps\tdpt_l\tdpt_p\ts01\ts02\tsah\ttsah\tjml\n\
        64.72.01.1001\tTPS 001\t100\t150\t102\t61\t163\t3\t166\n\
        64.72.01.1001\tTPS 002\t100\t140\t95\t58\t153\t2\t155\n\
        64.72.01.1001\tTPS 003\t100\t170\t110\t66\t176\t4\t180\n\
        64.72.01.1001\tTPS 004\t100\t120\t88\t51\t139\t1\t140\n\
        64.72.01.1001\tTPS 005\t100\t190\t20\t70\t190.0\t5\t195\n";
    let first = Desk::with(INDONESIAN).look(&[]);
    for table in [english, tabs] {
        let answer = Desk::with(table).look(&[]);
        assert!(answer.ok, "{}", answer.complained);
        assert_eq!(answer.codes(), first.codes(), "{}", answer.said);
    }
}

#[test]
fn a_table_is_looked_at_alike_every_time() {
    let desk = Desk::with(INDONESIAN);
    desk.look(&["--notices"]);
    let first = std::fs::read(desk.path("out.csv")).unwrap();
    desk.look(&["--notices"]);
    assert_eq!(std::fs::read(desk.path("out.csv")).unwrap(), first);
}

#[test]
fn bad_rows_are_counted_with_their_reason_and_stop_nothing() {
    let table = "desa,tps,paslon1,paslon2,sah,tidak_sah,total\n\
        Sungai,1,102,61,163,3,166\n\
        Sungai,,95,58,153,2,155\n\
        Sungai,3,seratus,66,176,4,180\n\
        Sungai,4,88,51,139\n\
        Sungai,5,X,-,0,12,12\n\
        Sungai,6,-,-,-,-,-\n\
        ,7,1,2,3,0,3\n\
        Sungai,8,10.5,66,1.176,4,180\n";
    let desk = Desk::with(table);
    let unread = desk.path("unread.csv");
    let answer = desk.look(&["--unread", unread.to_str().unwrap()]);
    assert!(answer.ok, "{}", answer.complained);
    for line in [
        "not read: 4",
        "no TPS number (line 3",
        "no village (line 8",
        "paslon1: not a number (line 4",
        "paslon1: not a whole number (line 9",
        "rows without figures: 1",
    ] {
        assert!(answer.said.contains(line), "{line}\n{}", answer.said);
    }
    let unread = rows(&unread);
    assert_eq!(unread.len(), 4);
    assert_eq!(
        (&unread[1]["line"][..], &unread[1]["text"][..]),
        ("4", "seratus")
    );
    assert_eq!(answer.of("I106")["tps"], "5", "crosses are zeros");
    assert_eq!(answer.of("I107")["tps"], "8", "1.176 is a thousand");
}

#[test]
fn two_readings_and_official_figures_are_compared_figure_by_figure() {
    let table = "desa,tps,saksi_01,saksi_02,saksi_sah,saksi2_01,saksi2_02,saksi2_sah,kpu_01,kpu_02,kpu_sah\n\
        Sungai,1,102,61,163,102,61,163,102,61,163\n\
        Sungai,2,95,58,153,102,61,163,95,58,153\n\
        Sungai,3,110,66,176,110,66,176,66,110,176\n";
    let answer = Desk::with(table).look(&[]);
    let second = answer.of("I501");
    assert_eq!(second["tps"], "2");
    assert!(
        second["evidence"].starts_with("class=wrong_tps"),
        "{second:?}"
    );
    assert!(second["evidence"].ends_with("tps=1"), "{second:?}");
    let official = answer.of("I601");
    assert_eq!(official["tps"], "3");
    assert!(
        official["evidence"].starts_with("class=swapped"),
        "{official:?}"
    );
}

#[test]
fn columns_that_nobody_could_know_are_told_or_guessed() {
    let table = "wilayah_kerja,pos,biru,hijau,masuk\n\
        Sungai,1,102,61,163\nSungai,2,95,58,153\nSungai,3,110,66,176\n\
        Sungai,4,88,51,139\nSungai,5,101,52,153\nSungai,6,77,52,229\n";
    let desk = Desk::with(table);
    let lost = desk.look(&[]);
    assert!(!lost.ok);
    assert!(
        lost.complained.contains("--column tps=NAME"),
        "{}",
        lost.complained
    );
    assert!(
        lost.complained.contains("wilayah_kerja, pos, biru"),
        "{}",
        lost.complained
    );
    let told = [
        "--column",
        "village=wilayah_kerja",
        "--column",
        "tps=pos",
        "--column",
        "valid=masuk",
    ];
    let guessed = desk.look(&told);
    assert!(guessed.ok, "{}", guessed.complained);
    assert!(guessed.said.contains("biru  (guessed"), "{}", guessed.said);
    assert_eq!(guessed.of("I101")["tps"], "6");
    let wrong = desk.look(&["--column", "valid=tidak_ada"]);
    assert!(
        wrong.complained.contains("no column \"tidak_ada\""),
        "{}",
        wrong.complained
    );
    let unknown = desk.look(&["--column", "sum=masuk"]);
    assert!(
        unknown.complained.contains("\"sum\" is no meaning"),
        "{}",
        unknown.complained
    );
}

#[test]
fn no_cell_of_the_findings_is_a_formula() {
    let table = "desa,tps,01,02,sah\n=HYPERLINK(\"x\"),1,10,20,35\n+62,2,10,20,33\n@x,3,10,20,99\n";
    let answer = Desk::with(table).look(&[]);
    assert!(!answer.findings.is_empty());
    for cell in answer.findings.iter().flat_map(BTreeMap::values) {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
}

#[test]
fn what_is_no_table_is_refused_in_a_sentence() {
    for (bytes, sentence) in [
        (&b""[..], "is empty"),
        (&b"PK\x03\x04"[..], "is a workbook; save it as CSV"),
        (&b"\xff\xfed\0e\0"[..], "is not UTF-8 text"),
    ] {
        let answer = Desk::with(bytes).look(&[]);
        assert!(!answer.ok);
        assert!(
            answer.complained.contains(sentence),
            "{}",
            answer.complained
        );
        assert_eq!(
            answer.complained.lines().count(),
            1,
            "{}",
            answer.complained
        );
    }
}
