//! The first page: what this is, how to check it, and what it is about.

use super::text::{escaped, hash, heading, moment, state};
use super::{Cover, blocks};
use crate::dossier::gather::Case;

/// The first page, or pages when there are many slots.
pub(super) fn page(cover: &Cover<'_>, cases: &[Case]) -> String {
    let mut out = String::from(
        "<h1>Berkas bukti hasil TPS <small lang=\"en\">Dossier of polling-station results</small></h1>\n",
    );
    if !cover.manifest.title.is_empty() {
        let title = escaped(&cover.manifest.title);
        out.push_str(&format!("<p class=\"title\">{title}</p>\n"));
    }
    if cover.election.rehearsal {
        out.push_str(
            "<p class=\"rehearsal\">LATIHAN: bukan hasil pemilu. \
             <span lang=\"en\">Exercise: not an election's result.</span></p>\n",
        );
    }
    out.push_str(&facts(cover, cases));
    out.push_str(&machine(cover));
    out.push_str(&meaning(cover));
    out.push_str(&list(cases));
    out
}

fn facts(cover: &Cover<'_>, cases: &[Case]) -> String {
    let manifest = cover.manifest;
    let photos: usize = cases.iter().map(|case| case.file.photos.len()).sum();
    let rows = [
        (
            "Pemilihan <small>election</small>",
            escaped(&manifest.election_name),
        ),
        (
            "Dibuat <small>made</small>",
            format!(
                "{} oleh <b>{}</b>",
                moment(manifest.made_at, &cover.election.timezone),
                escaped(&manifest.made_by)
            ),
        ),
        (
            "Isi <small>contents</small>",
            format!(
                "{} formulir, {photos} foto <small>{} forms, {photos} photos</small>",
                cases.len(),
                cases.len()
            ),
        ),
        (
            "Posisi log <small>log position</small>",
            format!(
                "catatan ke-{}, sidik {}<br><small>entry {}; that this dossier was made is entry {}</small>",
                manifest.log_index,
                hash(&manifest.log_hash),
                manifest.log_index,
                cover.entry
            ),
        ),
        (
            "Kunci server <small>endpoint's key</small>",
            format!(
                "<span class=\"mono\">{} · {}</span>",
                escaped(&manifest.key_id),
                escaped(&manifest.key)
            ),
        ),
    ];
    let rows: String = rows
        .iter()
        .map(|(name, value)| format!("<dt>{name}</dt><dd>{value}</dd>\n"))
        .collect();
    format!("<dl>{rows}</dl>\n")
}

fn machine(cover: &Cover<'_>) -> String {
    let cells: String = (1..)
        .zip(blocks(cover.machine))
        .map(|(number, block)| format!("<div><span>blok {number}</span><b>{block}</b></div>"))
        .collect();
    format!(
        "{}<p>Sidik SHA-256 dari <span class=\"mono\">manifest.json</span>, yang menyebut setiap berkas \
         beserta sidiknya. Perintah <span class=\"mono\">saksi-server verify</span> meminta dua blok di \
         bawah ini; bila cocok, kertas ini dan berkasnya satu asal. <span class=\"en\" lang=\"en\">The \
         program asks for two of these blocks, to show that paper and file belong \
         together.</span></p>\n<div class=\"blocks\">{cells}</div>\n",
        heading("Sidik bagian mesin", "Hash of the machine part"),
    )
}

fn meaning(cover: &Cover<'_>) -> String {
    let upto = cover.manifest.log_index;
    format!(
        "{}<div class=\"box\"><p><b>Dapat dibuktikan tanpa server:</b> setiap kiriman ditandatangani \
         perangkat saksi dan tidak berubah; setiap foto adalah foto yang disebut dalam kiriman itu; setiap \
         putusan, bacaan dan langkah kertas tercatat dengan sidiknya; semuanya berada pada tempatnya dalam log berantai yang \
         ditandatangani server sampai catatan ke-{upto}.</p>\
         <p><b>Tidak dibuktikan:</b> bahwa tidak ada hal lain tentang TPS ini (catatan log lain tampil hanya \
         sebagai sidik); bahwa jam perangkat saksi benar; kiriman lewat SMS tidak bertanda tangan dan hanya \
         dijamin oleh log.</p>\
         <p class=\"en\" lang=\"en\">Provable offline: what witnesses' devices signed, the photos they named, \
         rulings, readings and the paper's steps, each at its place in the endpoint's hash-chained, signed log. Not proved: that \
         nothing else exists about these stations; that witnesses' clocks were right; SMS are vouched for by \
         the log only.</p></div>\n",
        heading("Apa artinya", "What it means"),
    )
}

fn list(cases: &[Case]) -> String {
    let rows: String = (1..)
        .zip(cases)
        .map(|(number, case)| {
            let (indonesian, english) = state(case.file.state);
            format!(
                "<tr><td class=\"n\">{number}</td><td class=\"code\">{}</td><td>TPS {} · {}</td><td>{}</td>\
                 <td>{indonesian} <small lang=\"en\">{english}</small></td><td class=\"n\">{}</td></tr>\n",
                case.file.slot.tps,
                escaped(&case.file.number),
                escaped(&place(case)),
                escaped(&case.file.contest.title),
                case.file.photos.len()
            )
        })
        .collect();
    format!(
        "{}<table class=\"data\"><thead><tr><th>No.</th><th>Kode TPS</th><th>Tempat <small>place</small></th>\
         <th>Pemilihan <small>contest</small></th><th>Keadaan <small>state</small></th><th>Foto</th></tr></thead>\n\
         <tbody>{rows}</tbody></table>\n",
        heading("Daftar formulir", "Forms in this dossier"),
    )
}

/// Village first, as people say it.
pub(super) fn place(case: &Case) -> String {
    let names: Vec<&str> = case.file.place.iter().rev().map(String::as_str).collect();
    names.join(", ")
}
