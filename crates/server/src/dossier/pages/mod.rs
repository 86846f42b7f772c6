//! The printable pages: one HTML file beside the photos, for A4.
//!
//! Indonesian first, English beside it in small. No script, no address outside
//! the zip; whatever people wrote is escaped ([`text::escaped`]).

mod case;
mod cover;
mod custody;
mod figures;
mod text;

use protocol::pack::Election;

use super::gather::Case;
use super::machine::{Manifest, blocks};

/// How to read and check a dossier, for people.
pub(super) const README: &str = include_str!("readme.txt");
const STYLE: &str = include_str!("style.css");

/// What the first page says.
pub(super) struct Cover<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) election: &'a Election,
    /// Hash of the machine part.
    pub(super) machine: &'a str,
    /// The log's entry that says that it was made.
    pub(super) entry: i64,
}

/// The whole document.
pub(super) fn document(cover: &Cover<'_>, cases: &[Case]) -> String {
    let ends: Vec<&str> = blocks(cover.machine).take(2).collect();
    let foot = format!(
        "Saksi · berkas {} · {}",
        ends.join(" "),
        text::moment(cover.manifest.made_at, &cover.election.timezone)
    );
    let mut out = format!(
        "<!doctype html>\n<html lang=\"id\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\">\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; img-src 'self' file:; style-src 'unsafe-inline'\">\
         <title>Berkas bukti {}</title>\n<style>:root {{ --foot: \"{}\"; }}\n{STYLE}</style></head>\n<body>\n",
        text::escaped(&cover.election.name),
        foot.replace(['"', '\\', '<'], " "),
    );
    out.push_str(&cover::page(cover, cases));
    for case in cases {
        out.push_str(&case::section(cover, case));
    }
    out.push_str("</body></html>\n");
    out
}
