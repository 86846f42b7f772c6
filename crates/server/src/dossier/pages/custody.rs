//! In whose hands the paper was: every step that was noted of it.

use protocol::paper::{PaperAct, PaperMatch};

use super::figures;
use super::text::{escaped, heading, moment};
use crate::dossier::gather::Case;
use crate::dossier::machine::PaperFact;

/// The table, or that nothing was noted.
pub(super) fn table(case: &Case, zone: &str) -> String {
    let mut out = heading("Perjalanan kertas", "Custody of the paper");
    if case.file.paper.is_empty() {
        out.push_str(
            "<p>Belum ada catatan tentang kertas formulir ini. \
             <span class=\"en\">Nothing was noted of this form's paper.</span></p>\n",
        );
        return out;
    }
    let rows: String = case
        .file
        .paper
        .iter()
        .map(|fact| row(case, fact, zone))
        .collect();
    out.push_str(&format!(
        "<table class=\"data\"><thead><tr><th>No.</th><th>Oleh, kapan <small>by, when</small></th>\
         <th>Peristiwa <small>what happened</small></th><th>Catatan <small>note</small></th><th>Log</th></tr></thead>\
         <tbody>{rows}</tbody></table>\n"
    ));
    out
}

fn row(case: &Case, fact: &PaperFact, zone: &str) -> String {
    let step = &fact.step;
    format!(
        "<tr><td class=\"n\">{}</td><td><b>{}</b><br>{}</td><td>{}</td><td>{}</td><td class=\"n\">{}</td></tr>\n",
        step.number,
        escaped(&step.by),
        moment(step.at, zone),
        happened(case, &step.act),
        escaped(&step.note),
        fact.log_index
    )
}

fn happened(case: &Case, act: &PaperAct) -> String {
    match act {
        PaperAct::HandedOver { to } => format!(
            "Diserahkan kepada <b>{}</b> <small>handed over</small>",
            escaped(to)
        ),
        PaperAct::Arrived { folder } => format!(
            "Tiba di ruang hitung, map <b>{}</b> <small>arrived, folder</small>",
            escaped(folder)
        ),
        PaperAct::Compared {
            outcome: PaperMatch::Matches,
            ..
        } => "Dibandingkan: sama dengan foto <small>matches the photo</small>".to_owned(),
        PaperAct::Compared {
            outcome: PaperMatch::Differs,
            figures: written,
        } => {
            let told: Vec<String> = written
                .iter()
                .map(|(id, figure)| {
                    let name = figures::label(case, id);
                    format!("{}: {figure}", escaped(&name))
                })
                .collect();
            let told = if told.is_empty() {
                String::new()
            } else {
                format!("; di kertas tertulis {}", told.join("; "))
            };
            format!(
                "<b>Dibandingkan: berbeda dari foto</b> <small>differs from the photo</small>{told}"
            )
        }
        PaperAct::TakenBack => "Catatan sebelumnya dibatalkan <small>taken back</small>".to_owned(),
    }
}
