//! `roster`: who is posted where, from a table that somebody keeps elsewhere.
//!
//! One row for each witness, with the columns `tps` (13 digits), `name`, and if
//! there are any `role` (`inside`, `outside`, `reserve`) and `phone`. All rows are
//! taken in, or none. The same table again adds nobody twice; a phone number
//! that is given takes the place of an earlier one.

use std::fs::File;
use std::io::{Read, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use domain::TpsCode;
use protocol::pack::WitnessRole;

use crate::config::DataArgs;
use crate::coverage::phones;
use crate::enrol::code::{CodeFault, post};
use crate::log::Event;
use crate::operations::open;
use crate::storage::Tx;

/// Most witnesses in one file.
const ROWS_MAX: usize = 100_000;

#[derive(Debug, Args)]
pub(super) struct RosterArgs {
    #[command(flatten)]
    data: DataArgs,

    /// The CSV file, with a first row of names: tps, name, and if you have them
    /// role (inside, outside or reserve) and phone (0812…, 62812… or +62 812…).
    #[arg(long = "in", value_name = "FILE")]
    file: PathBuf,
}

/// One row.
#[derive(Debug, PartialEq, Eq)]
struct Posting {
    tps: TpsCode,
    name: String,
    role: WitnessRole,
    phone: Option<String>,
}

/// Says how many witnesses are new, and how many phone numbers were taken in.
pub(super) async fn roster(args: RosterArgs) -> anyhow::Result<()> {
    let named = args.file.display();
    let file = File::open(&args.file).with_context(|| format!("{named} cannot be opened"))?;
    let rows = read(file).with_context(|| format!("{named} cannot be taken in"))?;
    open::require_data(&args.data)?;
    let (app, tasks) = open::data(&args.data).await?;
    let count = rows.len();
    let taken: Result<(usize, usize), CodeFault> = app
        .writer
        .run(move |tx| Box::pin(async move { take_in(tx, rows).await }))
        .await;
    tasks.finish(app).await;
    let (new, phones) = taken?;
    let line =
        format!("{count} witnesses: {new} are new, {phones} phone numbers taken in or changed");
    writeln!(std::io::stdout().lock(), "{line}")?;
    Ok(())
}

fn read(file: impl Read) -> anyhow::Result<Vec<Posting>> {
    let mut table = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(file);
    let head = table.headers().context("its first row")?.clone();
    let column = |name: &str| {
        head.iter().position(|cell| {
            cell.trim_start_matches('\u{feff}')
                .eq_ignore_ascii_case(name)
        })
    };
    let (Some(tps), Some(name)) = (column("tps"), column("name")) else {
        bail!("its first row must name the columns tps and name");
    };
    let (role, phone) = (column("role"), column("phone"));
    let mut rows = Vec::new();
    for (row, number) in table.records().zip(2..) {
        let row = row.with_context(|| format!("row {number}"))?;
        ensure!(rows.len() < ROWS_MAX, "it has more than {ROWS_MAX} rows");
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let wrong = |what: &str| format!("row {number}: {what}");
        rows.push(Posting {
            tps: cell(tps)
                .parse()
                .map_err(|_| anyhow::anyhow!(wrong("tps is not 13 digits")))?,
            name: cell(name).to_owned(),
            role: role_of(role.map_or("", cell))
                .with_context(|| wrong("role is not inside, outside or reserve"))?,
            // The number itself is in no message: those end in logs.
            phone: phones::normalised(phone.map_or("", cell))
                .with_context(|| wrong("the phone number"))?,
        });
    }
    Ok(rows)
}

fn role_of(word: &str) -> Option<WitnessRole> {
    match word.to_ascii_lowercase().as_str() {
        "" | "inside" => Some(WitnessRole::Inside),
        "outside" => Some(WitnessRole::Outside),
        "reserve" => Some(WitnessRole::Reserve),
        _ => None,
    }
}

/// How many witnesses are new, and how many numbers were taken in.
async fn take_in(tx: &mut Tx, rows: Vec<Posting>) -> Result<(usize, usize), CodeFault> {
    let (mut new, mut phones) = (0_usize, 0_usize);
    for row in rows {
        let (witness, is_new) = post(tx, &row.tps, &row.name, row.role).await?;
        if is_new {
            new = new.saturating_add(1);
            let event = Event::WitnessAdded {
                witness: witness.clone(),
                tps: row.tps,
            };
            tx.append(None, &event)?;
        }
        let Some(phone) = row.phone else {
            continue;
        };
        if phones::of(tx, &witness).await?.as_ref() != Some(&phone) {
            phones::put(tx, None, &witness, Some(&phone)).await?;
            phones = phones.saturating_add(1);
        }
    }
    Ok((new, phones))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns() {
        let table =
            "\u{feff}Name,TPS,phone\nSiti,6472011001001,0800-000-0001\nBudi,6472011001002,\n";
        let rows = read(table.as_bytes()).unwrap();
        assert_eq!(rows[0].phone.as_deref(), Some("+628000000001"));
        assert_eq!(
            (rows[1].name.as_str(), &rows[1].phone, rows[1].role),
            ("Budi", &None, WitnessRole::Inside)
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_row_and_without_a_phone_number() {
        for (table, said) in [
            ("name\nSiti\n", "must name the columns"),
            ("tps,name\n64,Siti\n", "row 2: tps is not 13 digits"),
            ("tps,name,role\n6472011001001,Siti,x\n", "row 2: role"),
            (
                "tps,name,phone\n6472011001001,Siti,0800x\n",
                "row 2: the phone",
            ),
        ] {
            let error = read(table.as_bytes()).unwrap_err();
            let whole = format!("{error:#}");
            assert!(whole.contains(said) && !whole.contains("0800"), "{whole}");
        }
    }
}
