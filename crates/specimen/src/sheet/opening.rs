//! The opening of the first page: title, the day, the place, and what was
//! done there, in the official form's words.

use domain::{Contest, FormLayout};

use super::furniture::{emblem, is_general, place_and_number};
use super::{DayPart, Sheet, Spot};
use crate::measure::{Area, at};
use crate::print::{Align, Face};

/// Left edge and full width of the running text.
const TEXT_LEFT: f32 = 73.3;
const TEXT_WIDTH: f32 = 453.3;
const TEXT_CAPITAL: f32 = 3.9;

/// Base line of the day.
const DAY_BASE: f32 = 167.9;

/// Lines of the running text below the place: base line, whether the line is
/// spread to the full width, words.
const DONE_THERE: [(f32, bool, &str); 5] = [
    (
        256.4,
        true,
        "Pemungutan dan Penghitungan Suara dipimpin oleh Ketua KPPS dengan kegiatan membuka Rapat Pemungutan Suara, membuka kotak suara dan mengeluarkan seluruh",
    ),
    (
        267.9,
        true,
        "isi kotak suara, mengidentifikasi dan menghitung jenis serta jumlah dokumen dan peralatan pemungutan dan penghitungan suara, memeriksa dan menandatangani",
    ),
    (
        279.3,
        false,
        "surat suara yang akan digunakan oleh Pemilih, dimulai pada pukul  . . . . . :  . . . . .  s.d.  . . . . . :  . . . . .  waktu setempat.",
    ),
    (
        290.8,
        true,
        "Selanjutnya Rapat Penghitungan Suara dimulai pukul  . . . . . :  . . . . .  s.d.  . . . . . :  . . . . .  waktu setempat di hari yang sama / setelahnya *).  Adapun data pemilih dan",
    ),
    (
        302.3,
        false,
        "pengguna hak pilih, penggunaan surat suara, dan hasil penghitungan suara terinci sebagai berikut:",
    ),
];

/// Lays out everything above the first page's tables.
pub(super) fn draw(sheet: &mut Sheet, form: &FormLayout, contest: &Contest) {
    emblem(sheet, at(90.5, 99.2), 15.0);
    title(sheet, form, contest);
    the_day(sheet);
    let meeting = format!(
        "Kelompok Penyelenggara Pemungutan Suara (KPPS) mengadakan Rapat Pemungutan dan Penghitungan Suara dalam Pemilihan {}",
        contest.title
    );
    running_text(sheet, &meeting, 179.5, true);
    let attended =
        "yang dihadiri oleh Saksi dan/atau Panwaslu Kelurahan/Desa / Pengawas TPS, bertempat di:";
    running_text(sheet, attended, 191.0, false);
    place_and_number(sheet, TEXT_LEFT, 251.1, 209.7);
    for (base, is_spread, words) in DONE_THERE {
        running_text(sheet, words, base, is_spread);
    }
}

fn running_text(sheet: &mut Sheet, words: &str, base: f32, is_spread: bool) {
    let start = at(TEXT_LEFT, base);
    if is_spread {
        sheet.measured(
            words,
            Face::Bold,
            TEXT_CAPITAL,
            start,
            Align::Left,
            TEXT_WIDTH,
        );
    } else {
        sheet.text(
            words,
            Face::Bold,
            TEXT_CAPITAL,
            start,
            Align::Left,
            TEXT_WIDTH,
        );
    }
}

fn title(sheet: &mut Sheet, form: &FormLayout, contest: &Contest) {
    // The year stands at the end of a form's id (`c-hasil-ppwp-2024`).
    let year = form.id.rsplit('-').next().unwrap_or_default();
    let what = contest.title.to_uppercase();
    let (election, country) = if is_general(contest) {
        (" UMUM", "REPUBLIK INDONESIA")
    } else {
        ("", "")
    };
    let lines = [
        (
            96.3,
            5.2,
            "BERITA ACARA, SERTIFIKAT DAN CATATAN HASIL PENGHITUNGAN PEROLEHAN SUARA",
        ),
        (
            104.9,
            5.2,
            &format!("DI TEMPAT PEMUNGUTAN SUARA DALAM PEMILIHAN{election}"),
        ),
        (114.2, 6.3, &what),
        (124.4, 6.3, country),
        (133.3, 5.2, &format!("TAHUN {year}")),
    ];
    for (base, capital, words) in lines {
        sheet.text(
            words,
            Face::Bold,
            capital,
            at(300.0, base),
            Align::Centre,
            306.0,
        );
    }
}

/// "On this day …", with room to write it.
fn the_day(sheet: &mut Sheet) {
    let parts = [
        ("Pada hari ini", 73.3, 109.0, 156.0, DayPart::Weekday),
        ("tanggal", 159.0, 183.0, 252.0, DayPart::Day),
        ("bulan", 256.5, 275.0, 335.5, DayPart::Month),
        ("tahun", 338.5, 358.0, 526.5, DayPart::Year),
    ];
    for (words, x, left, right, part) in parts {
        sheet.text(
            words,
            Face::Bold,
            TEXT_CAPITAL,
            at(x, DAY_BASE),
            Align::Left,
            40.0,
        );
        sheet.dotted(left, right, DAY_BASE - 0.6);
        let area = Area::spanning(left, DAY_BASE - 9.0, right, DAY_BASE);
        let boxes = vec![];
        sheet.spots.push(Spot::Day { part, area, boxes });
    }
}
