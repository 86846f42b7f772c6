//! `findings`: what is wrong, or odd, in any table of results.
//!
//! The same analysis that the endpoint makes of forms
//! ([`domain::irregularity`]), over a file: a past election, official figures,
//! a table that another organisation collected. It needs no database and no
//! configuration. docs/irregularities.md says what is found and how well.

mod guess;
pub mod ranked;
pub mod report;
mod rules;
pub mod size;
pub mod table;

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use domain::irregularity::Params;

pub use crate::tables::{cell, columns, meaning};

use crate::tables::source;
use columns::{Marks, Named};
use table::Table;

const HELP: &str = "\
The file is a table in CSV: one row for each TPS; separated by comma, semicolon, tab or bar; its
columns in any order and known by their names, Indonesian or English, in any spelling of case,
blanks and strokes:

  where    a 13-digit TPS code (kode_tps, kode_wilayah), or a village and a TPS number: village
           code (kel_id, kode_kel) or names (provinsi, kabupaten, kecamatan, kelurahan/desa), tps
           (no_tps, \"TPS 003\"); form_tps: the number as read from the form's head
  roll     dpt, or dpt_l and dpt_p
  options  01, 02 …; paslon_1, s01, calon 2, suara_paslon_3, votes_4; any number of them. When no
           name tells, columns side by side that add up to the valid votes are taken
  sums     suara_sah (valid), suara_tidak_sah (invalid), jumlah (total), pengguna (came)
  more     surat suara diterima, digunakan, dikembalikan, tidak digunakan (received, used, returned,
           unused); voters who came by kind (pengguna_dpt_l, pengguna_dptb_j …)
  readings a second reading has its mark before or behind the names: kp_sah beside kpu_sah, sah_2
           beside sah_1, saksi2_sah beside saksi_sah. Official figures beside own ones: kpu_…,
           resmi_…, official_…

A blank is no figure; X and - are zero, as on the forms; 1.234 and 1,234 are thousands. What cannot be
read is counted with its reason and its lines, and never stops the run. -1 for a roll means unknown.

Meanings for --column: code, village_code, province, regency, district, village, tps, form_tps,
contest; roll, roll_male, roll_female, came, option:N, valid, invalid, total, received, used,
returned, unused, came_dpt_male …; with first:, second: or official: before a figure of that reading.

FINDINGS.csv has one row for each finding, the stations to look at first at the top:
  rank, station_score   place of the station; what its flags weigh together, 0 to 100
  code, kind            E… an identity of the form does not hold; W… unusual but legal;
                        E901 TPS number on the form; I101 one digit, I102 transposed digits, I103 a
                        digit too many or few, I104 two figures exchanged: would repair the sums;
                        I105 blank sum; I106 no votes; I107 too many digits; I201 over the roll;
                        I202 over the size; I203 many returned; I301 copy, I302 near copy of another
                        TPS of the village; I303 fits another's roll; I304 options swapped;
                        I401 own option zero; I402 all for one; I501 readings differ; I601 official
                        figures differ
  score, flag           0 to 100; yes from 30 on. Notices (no) are left out without --notices
  contest … tps, line   which polling station, and the line of the file
  fields, evidence      figures it is about; the numbers behind it. repairs=votes.1:154>144@10 reads:
                        votes of option 1, 154 should be 144, the digit of the tens
  keterangan, explanation  the finding as a sentence, Indonesian and English

Examples:
  saksi-server findings --in hasil.csv --out temuan.csv
  saksi-server findings --in hasil.csv --out temuan.csv --column came=jum --column option:1=biru
  saksi-server findings --in dua.csv --out beda.csv --first petugas_ --second relawan_ --own 2";

/// Flags of `findings`.
#[derive(Debug, Args)]
#[command(after_long_help = HELP, after_help = "See --help for columns, codes and examples.")]
pub(super) struct FindingsArgs {
    /// The table to look at (CSV).
    #[arg(long = "in", value_name = "RESULTS.csv")]
    input: PathBuf,
    /// Where the findings go (CSV); an older file there is replaced.
    #[arg(long = "out", value_name = "FINDINGS.csv")]
    output: PathBuf,
    /// Say what a column holds, as often as needed.
    #[arg(long = "column", value_name = "MEANING=NAME")]
    columns: Vec<Named>,
    /// Beginning or end of the names of the figures to look at.
    #[arg(long, value_name = "MARK")]
    first: Option<String>,
    /// Beginning or end of the names of the second reading.
    #[arg(long, value_name = "MARK")]
    second: Option<String>,
    /// Beginning or end of the names of the official figures.
    #[arg(long, value_name = "MARK")]
    official: Option<String>,
    /// Number of the own option, for which zero votes are odd.
    #[arg(long, value_name = "N")]
    own: Option<u32>,
    /// Most voters of a TPS; by default the usual limit that the rolls keep to.
    #[arg(long, value_name = "VOTERS")]
    size: Option<u32>,
    /// Reserve of ballots in percent of the roll: 2 in general elections, 2.5
    /// in regional ones.
    #[arg(long, value_name = "PERCENT", default_value = "2.5", value_parser = permille)]
    reserve: u32,
    /// Also write what is unusual but legal.
    #[arg(long)]
    notices: bool,
    /// Write what could not be read, row by row, to this file (CSV).
    #[arg(long, value_name = "UNREAD.csv")]
    unread: Option<PathBuf>,
}

fn permille(text: &str) -> Result<u32, String> {
    let (whole, tenth) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let digit = |text: &str| text.parse::<u32>().ok();
    let value = digit(whole).zip(digit(tenth).filter(|_| tenth.len() == 1));
    let permille = value.and_then(|(whole, tenth)| whole.checked_mul(10)?.checked_add(tenth));
    permille
        .filter(|permille| *permille <= 1000)
        .ok_or_else(|| format!("{text}: write a percentage such as 2 or 2.5"))
}

/// Looks at the table and writes what it finds.
pub(super) fn findings(args: &FindingsArgs) -> anyhow::Result<()> {
    let marks = Marks {
        first: args.first.clone(),
        second: args.second.clone(),
        official: args.official.clone(),
    };
    let table = Table::read(&args.input, &args.columns, &marks)?;
    let params = Params {
        reserve_permille: args.reserve,
        size_max: args.size.unwrap_or_else(|| size::of(&table)),
        own: args.own,
        ..Params::default()
    };
    let mut out = std::io::stdout().lock();
    report::say_table(&mut out, &table, &params)?;
    let ranked = ranked::rank(&table, &params, args.notices);
    let file = create(&args.output)?;
    report::write(file, &table, &ranked)
        .with_context(|| format!("{} cannot be written", args.output.display()))?;
    if let Some(path) = &args.unread {
        report::write_unread(create(path)?, &table.unread)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    report::say_findings(&mut out, &table, &ranked)?;
    writeln!(out, "written: {}", args.output.display())?;
    Ok(())
}

fn create(path: &Path) -> anyhow::Result<BufWriter<File>> {
    let file =
        File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(BufWriter::new(file))
}
