//! The figures of all heads side by side, and what was decided.

use std::collections::BTreeSet;

use domain::{Choice, Counts, Field, SlotState};

use super::text::{escaped, heading};
use crate::dossier::gather::Case;

/// One line: what it is called, and the ids of its figures.
struct Line {
    label: String,
    ids: Vec<String>,
}

/// What stands in a column.
struct Source<'a> {
    head: String,
    counts: &'a Counts,
}

/// The table, or that there is nothing.
pub(super) fn table(case: &Case) -> String {
    let mut out = heading("Angka berdampingan", "Figures side by side");
    if case.detail.heads.is_empty() {
        out.push_str("<p>Belum ada kiriman. <span class=\"en\">Nothing has arrived.</span></p>\n");
        return out;
    }
    let sources = sources(case);
    let heads: String = sources
        .iter()
        .map(|source| format!("<th>{}</th>", source.head))
        .collect();
    let mut rows = String::new();
    let mut differing = 0_usize;
    for (section, lines) in sections(case) {
        let width = sources.len().saturating_add(1);
        rows.push_str(&format!(
            "<tr class=\"section\"><td colspan=\"{width}\">{}</td></tr>\n",
            escaped(&section)
        ));
        for line in &lines {
            let (row, differs) = row(line, &sources);
            rows.push_str(&row);
            differing = differing.saturating_add(usize::from(differs));
        }
    }
    let note = if differing == 0 {
        "Tidak ada isian yang berbeda. <span class=\"en\">No figure differs.</span>".to_owned()
    } else {
        format!(
            "<b>{differing} baris berbeda</b>, ditandai ≠. \
             <span class=\"en\">{differing} lines differ, marked ≠.</span>"
        )
    };
    out.push_str(&format!(
        "<p>{note} Tiga angka dalam satu kotak: laki-laki / perempuan / jumlah.</p>\n\
         <table class=\"data\"><thead><tr><th>Isian <small>figure</small></th>{heads}</tr></thead>\n\
         <tbody>{rows}</tbody></table>\n"
    ));
    out
}

fn sources(case: &Case) -> Vec<Source<'_>> {
    let stands = match case.file.state {
        SlotState::Verified | SlotState::Stale => "Putusan <small>decided</small>",
        _ => "Gabungan <small>union</small>",
    };
    let mut sources = vec![Source {
        head: stands.to_owned(),
        counts: &case.file.figures,
    }];
    for head in &case.detail.heads {
        sources.push(Source {
            head: format!(
                "{}<br><small><span class=\"mono id\">{}</span>, kiriman ke-{}</small>",
                escaped(&head.witness),
                escaped(&head.device),
                head.seq
            ),
            counts: &head.counts,
        });
    }
    sources
}

/// The form's own rows page by page, then the options' votes.
fn sections(case: &Case) -> Vec<(String, Vec<Line>)> {
    let form = &case.form;
    let mut all = Vec::new();
    for page in &form.pages {
        let mut lines: Vec<Line> = Vec::new();
        // As on the paper: the options first, what they add up to below.
        if form.votes.page == page.number {
            lines.extend(case.detail.contest.options.iter().flat_map(votes));
        }
        let mut last_row = None;
        for field in form.fields.iter().filter(|field| field.page == page.number) {
            match lines.last_mut().filter(|_| last_row == Some(&field.row)) {
                Some(line) => line.ids.push(field.id.clone()),
                None => lines.push(line_of(field)),
            }
            last_row = Some(&field.row);
        }
        if !lines.is_empty() {
            all.push((format!("Halaman {}: {}", page.number, page.title), lines));
        }
    }
    all
}

/// What the form calls the line of a figure; its id when the form has none.
pub(super) fn label(case: &Case, id: &str) -> String {
    let mut lines = sections(case).into_iter().flat_map(|(_, lines)| lines);
    let line = lines.find(|line| line.ids.iter().any(|of| of == id));
    line.map_or_else(|| id.to_owned(), |line| line.label)
}

fn line_of(field: &Field) -> Line {
    Line {
        label: field.label.clone(),
        ids: vec![field.id.clone()],
    }
}

fn votes(option: &Choice) -> Vec<Line> {
    let total = Line {
        label: format!("{}. {}", option.number, option.name),
        ids: vec![format!("votes.{}", option.number)],
    };
    if option.candidates.is_empty() {
        return vec![total];
    }
    let own = Line {
        label: format!("{}. {}: suara partai", option.number, option.name),
        ids: vec![format!("votes.{}.party", option.number)],
    };
    let each = option.candidates.iter().map(|candidate| Line {
        label: format!("{}.{} {}", option.number, candidate.number, candidate.name),
        ids: vec![format!("votes.{}.{}", option.number, candidate.number)],
    });
    std::iter::once(own).chain(each).chain([total]).collect()
}

fn row(line: &Line, sources: &[Source<'_>]) -> (String, bool) {
    let odd: BTreeSet<&String> = line
        .ids
        .iter()
        .filter(|id| {
            let told: BTreeSet<u32> = sources
                .iter()
                .filter_map(|source| source.counts.get(*id).copied())
                .collect();
            told.len() > 1
        })
        .collect();
    let cells: String = sources
        .iter()
        .map(|source| {
            let figures: Vec<String> = line
                .ids
                .iter()
                .map(|id| {
                    let figure = source.counts.get(id);
                    let figure = figure.map_or_else(|| "–".to_owned(), u32::to_string);
                    if odd.contains(id) {
                        format!("<span class=\"odd\">{figure}</span>")
                    } else {
                        figure
                    }
                })
                .collect();
            format!("<td class=\"n\">{}</td>", figures.join(" / "))
        })
        .collect();
    let class = if odd.is_empty() {
        ""
    } else {
        " class=\"differs\""
    };
    let label = escaped(&line.label);
    (
        format!("<tr{class}><td>{label}</td>{cells}</tr>\n"),
        !odd.is_empty(),
    )
}
