//! The pages of one slot, each headed with its polling station.

use domain::{Finding, Severity};
use protocol::console::{RevisionDetail, SlotDetail};
use protocol::revision::PhotoRef;

use super::text::{
    channel, desk_source, escaped, hash, heading, irregularity_ruling, mark, moment, outcome,
    photo, ruling, source, state, way,
};
use super::{Cover, cover, custody, figures};
use crate::dossier::gather::Case;
use crate::dossier::machine::{PhotoFact, photo_name};

/// Everything about one slot.
pub(super) fn section(on: &Cover<'_>, case: &Case) -> String {
    let zone = on.election.timezone.as_str();
    let parts = [
        stands(case),
        figures::table(case),
        findings(&case.detail),
        irregular(case, zone),
        rulings(case, zone),
        readings(case, zone),
        custody::table(case, zone),
        statements(case, zone),
        photos(case, zone),
    ];
    format!(
        "<section class=\"slot\"><table class=\"frame\"><thead><tr><td>{}</td></tr></thead>\
         <tbody><tr><td>\n{}</td></tr></tbody></table></section>\n",
        head(case),
        parts.concat()
    )
}

fn head(case: &Case) -> String {
    format!(
        "<div class=\"head\"><div><b>TPS {}</b><span>{}</span></div><div class=\"right\">\
         <span class=\"mono\">{}</span><span>{}</span></div></div>",
        escaped(&case.file.number),
        escaped(&cover::place(case)),
        case.file.slot.tps,
        escaped(&case.file.contest.title)
    )
}

fn stands(case: &Case) -> String {
    let (indonesian, english) = state(case.file.state);
    let marks: Vec<&str> = case.detail.marks.iter().copied().map(mark).collect();
    let marks = if marks.is_empty() {
        String::new()
    } else {
        format!("<p>Tanda <small>marks</small>: {}</p>", marks.join("; "))
    };
    let roll = case.detail.dpt.map_or_else(String::new, |roll| {
        format!(
            " · DPT {} (L {}, P {})",
            roll.male.saturating_add(roll.female),
            roll.male,
            roll.female
        )
    });
    format!(
        "<p><span class=\"state\">{indonesian}</span> <small lang=\"en\">{english}</small>{roll}</p>{marks}\n"
    )
}

fn findings(detail: &SlotDetail) -> String {
    let of_heads = detail.heads.iter().flat_map(|head| {
        head.findings
            .iter()
            .map(move |one| (head.witness.as_str(), one))
    });
    let standing = detail
        .findings
        .iter()
        .map(|one| ("angka yang berlaku", one));
    let rows: Vec<String> = standing
        .chain(of_heads)
        .map(|(whose, one)| finding(whose, one))
        .collect();
    let body = if detail.history.is_empty() {
        "<p>Belum ada angka yang dapat diperiksa. <span class=\"en\">There are no figures yet to check.</span></p>\n"
            .to_owned()
    } else if rows.is_empty() {
        "<p>Semua hitungan di formulir cocok. <span class=\"en\">Everything on the form adds up.</span></p>\n"
            .to_owned()
    } else {
        format!(
            "<table class=\"data\"><thead><tr><th>Kode</th><th>Pada <small>in</small></th>\
             <th>Temuan <small>finding</small></th><th>Kiri / kanan</th></tr></thead><tbody>{}</tbody></table>\n",
            rows.concat()
        )
    };
    heading("Temuan", "Findings") + &body
}

fn finding(whose: &str, one: &Finding) -> String {
    let english = one.text_en.as_deref().unwrap_or_default();
    let kind = match one.severity {
        Severity::Error => "",
        Severity::Warning => " <small>pemberitahuan</small>",
    };
    format!(
        "<tr><td class=\"mono\">{}{kind}</td><td>{}</td><td>{} <small lang=\"en\">{}</small></td>\
         <td class=\"n\">{} / {}</td></tr>",
        escaped(&one.code),
        escaped(whose),
        escaped(&one.text),
        escaped(english),
        one.left,
        one.right
    )
}

fn irregular(case: &Case, zone: &str) -> String {
    if case.file.irregularities.is_empty() {
        return String::new();
    }
    let rows: String = case
        .file
        .irregularities
        .iter()
        .map(|one| {
            let rulings: Vec<String> = one
                .rulings
                .iter()
                .map(|ruling| {
                    format!(
                        "{} <b>{}</b>, {}: {}",
                        irregularity_ruling(ruling.ruling),
                        escaped(&ruling.by),
                        moment(ruling.at, zone),
                        escaped(&ruling.note)
                    )
                })
                .collect();
            format!(
                "<tr><td class=\"mono\">{}</td><td>{} <small lang=\"en\">{}</small></td><td>{}</td></tr>\n",
                escaped(&one.code),
                escaped(&one.text),
                escaped(&one.text_en),
                rulings.join("<br>")
            )
        })
        .collect();
    format!(
        "{}<table class=\"data\"><thead><tr><th>Kode</th><th>Kejanggalan <small>irregularity</small></th>\
         <th>Putusan <small>ruling</small></th></tr></thead><tbody>{rows}</tbody></table>\n",
        heading(
            "Kejanggalan menurut pemeriksaan server",
            "What the endpoint's analysis finds"
        ),
    )
}

fn rulings(case: &Case, zone: &str) -> String {
    let mut out = heading("Putusan", "Rulings");
    if case.file.decisions.is_empty() {
        out.push_str("<p>Belum ada putusan. <span class=\"en\">No ruling yet.</span></p>\n");
        return out;
    }
    let rows: String = case
        .file
        .decisions
        .iter()
        .map(|fact| {
            let one = &fact.decision;
            let what = match (&one.chosen, &one.device) {
                (Some(chosen), _) => format!("angka kiriman {}", hash(chosen)),
                (None, Some(device)) => format!("perangkat {}", escaped(device)),
                (None, None) if !one.counts.is_empty() => {
                    "angka diputuskan per isian <small>figures decided field by field</small>".to_owned()
                }
                (None, None) => String::new(),
            };
            let reason = escaped(&one.reason);
            format!(
                "<tr><td class=\"n\">{}</td><td>{}</td><td><b>{}</b><br>{}</td><td>{what}{}{reason}</td>\
                 <td class=\"n\">{}</td></tr>\n",
                one.number,
                ruling(one.kind),
                escaped(&one.by),
                moment(one.at, zone),
                if what.is_empty() || reason.is_empty() { "" } else { "<br>" },
                fact.log_index
            )
        })
        .collect();
    out.push_str(&format!(
        "<table class=\"data\"><thead><tr><th>No.</th><th>Putusan</th><th>Oleh, kapan <small>by, when</small></th>\
         <th>Isi dan alasan <small>what and why</small></th><th>Log</th></tr></thead><tbody>{rows}</tbody></table>\n"
    ));
    out
}

fn readings(case: &Case, zone: &str) -> String {
    if case.file.readings.is_empty() {
        return String::new();
    }
    let rows: String = case
        .file
        .readings
        .iter()
        .map(|fact| {
            let one = &fact.reading;
            let figures: Vec<String> = one
                .counts
                .iter()
                .map(|(id, figure)| format!("{}&nbsp;=&nbsp;{figure}", escaped(id)))
                .collect();
            format!(
                "<tr><td class=\"n\">{}</td><td><b>{}</b><br>{}</td><td>{}<br>{}</td>\
                 <td class=\"mono\">{}</td><td>{}</td><td class=\"n\">{}</td></tr>\n",
                one.number,
                escaped(&one.by),
                moment(one.at, zone),
                way(one.way),
                outcome(one.outcome),
                figures.join(", "),
                escaped(&one.note),
                fact.log_index
            )
        })
        .collect();
    format!(
        "{}<table class=\"data\"><thead><tr><th>No.</th><th>Oleh, kapan</th><th>Cara, hasil <small>way, outcome</small></th>\
         <th>Angka</th><th>Catatan</th><th>Log</th></tr></thead><tbody>{rows}</tbody></table>\n",
        heading("Bacaan petugas dari foto", "Readings from the photos"),
    )
}

fn statements(case: &Case, zone: &str) -> String {
    let rows: String = case
        .detail
        .history
        .iter()
        .map(|one| statement(case, one, zone))
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "{}<table class=\"data\"><thead><tr><th>Saksi, perangkat <small>witness, device</small></th>\
         <th>Dicatat, diterima <small>recorded, received</small></th><th>Sidik kiriman, catatan <small>hash, \
         note</small></th><th>Log</th></tr></thead><tbody>{rows}</tbody></table>\n",
        heading(
            "Kiriman: siapa, dari perangkat mana, kapan",
            "Statements: who, from which device, when"
        ),
    )
}

fn statement(case: &Case, one: &RevisionDetail, zone: &str) -> String {
    let fact = case
        .file
        .revisions
        .iter()
        .find(|fact| fact.rev_id == one.rev_id);
    let index = fact.map_or_else(String::new, |fact| fact.log_index.to_string());
    let is_aside = case.detail.quarantined.contains(&one.device);
    let form_tps = one.form_tps.as_deref().map_or_else(String::new, |number| {
        format!("<br>nomor TPS di formulir: {}", escaped(number))
    });
    let desk = one.desk.as_ref().map_or_else(String::new, |desk| {
        let called = if desk.called.is_empty() {
            String::new()
        } else {
            format!(": {}", escaped(&desk.called))
        };
        format!("<br>meja entri, {}{called}", desk_source(desk.source))
    });
    let note = if one.note.is_empty() {
        String::new()
    } else {
        format!("<br>{}", escaped(&one.note))
    };
    format!(
        "<tr><td><b>{}</b><br><span class=\"mono id\">{}</span><br><small>kiriman ke-{}, {}{}</small></td><td>{}<br>{}</td>\
         <td>{}{desk}{form_tps}{note}</td><td class=\"n\">{index}</td></tr>\n",
        escaped(&one.witness),
        escaped(&one.device),
        one.seq,
        channel(one.channel),
        if is_aside { ", dikesampingkan" } else { "" },
        moment(one.recorded_at, zone),
        moment(one.received_at, zone),
        hash(&one.rev_id)
    )
}

/// Each photo on a page of its own, once, with the first statement naming it.
fn photos(case: &Case, zone: &str) -> String {
    let mut out = String::new();
    let mut seen = std::collections::BTreeSet::new();
    for revision in &case.detail.history {
        for named in &revision.photos {
            if !seen.insert(&named.sha256) {
                continue;
            }
            let here = case
                .file
                .photos
                .iter()
                .find(|photo| photo.sha256 == named.sha256);
            out.push_str(&match here {
                Some(fact) => picture(case, revision, named, fact, zone),
                None => missing(revision, named),
            });
        }
    }
    out
}

fn picture(
    case: &Case,
    revision: &RevisionDetail,
    named: &PhotoRef,
    fact: &PhotoFact,
    zone: &str,
) -> String {
    let page = named
        .page
        .map_or_else(String::new, |page| format!(" halaman {page}"));
    let taken = named.taken_at.map_or_else(
        || "tidak diketahui <small>unknown</small>".to_owned(),
        |at| moment(at, zone),
    );
    let receipts: Vec<String> = fact
        .receipts
        .iter()
        .map(|receipt| receipt.log_index.to_string())
        .collect();
    let original = named.original.as_ref().map_or_else(String::new, |file| {
        let is_in = case.file.photos.iter().any(|one| one.sha256 == file.sha256);
        let where_it_is = if is_in {
            format!(
                "<a href=\"{}\">dalam berkas ini</a>",
                photo_name(&file.sha256)
            )
        } else {
            "tidak disertakan".to_owned()
        };
        format!(
            "<br>Foto asli <small>original</small>: {where_it_is}, sidik {}",
            hash(&file.sha256)
        )
    });
    format!(
        "<figure class=\"photo\"><img src=\"{}\" alt=\"Foto {} TPS {}\"><figcaption>\
         <b>{}{page}</b> · {} · {} · diambil <small>taken</small> {taken} · diterima <small>received</small> {} · \
         log {}<br>Sidik <small>SHA-256</small> {}{original}</figcaption></figure>\n",
        photo_name(&named.sha256),
        page,
        escaped(&case.file.number),
        photo(named.kind),
        source(named.source),
        escaped(&revision.witness),
        moment(fact.received_at, zone),
        receipts.join(", "),
        hash(&named.sha256)
    )
}

fn missing(revision: &RevisionDetail, named: &PhotoRef) -> String {
    format!(
        "<p class=\"box\"><b>Foto belum ada di server.</b> <span class=\"en\" lang=\"en\">This photo has not \
         arrived.</span> {}, {}; sidik {}</p>\n",
        photo(named.kind),
        escaped(&revision.witness),
        hash(&named.sha256)
    )
}
