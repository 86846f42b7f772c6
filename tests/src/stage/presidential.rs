//! The presidential form on a phone. It has tags and bubbles, and the sample's
//! regional election does not hold it, so it is put into the pack that lies on
//! the phone already, as if the endpoint had sent it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use domain::{Counts, FormLayout};
use specimen::{Filled, Head, Shot};
use store::Store;

use super::backing::Backing;
use super::endpoint::Endpoint;
use super::hands;
use super::phone::Phone;
use super::relay::Relay;

/// Votes of the three pairs on the paper.
const VOTES: [u32; 3] = [24, 73, 74];

/// The polling station of its witness.
const TPS: &str = "6472011001001";

/// Enrols a new phone, cuts it off, and puts the presidential form on it. It
/// lies switched off, out of reach of what is answered with it.
///
/// # Errors
/// When the endpoint or the window does not start.
pub async fn phone_without_signal() -> Result<(Phone, (Relay, Endpoint))> {
    let relay = Relay::new().await?;
    let endpoint = Endpoint::start_behind(&relay, Backing::Embedded)?;
    let mut phone = Phone::new(&relay.address()).await?;
    let code = endpoint.enrol_code(TPS, "Saksi 001 (contoh)")?;
    hands::enrol(phone.screen(), &code).await?;
    relay.cut();
    phone.kill()?;
    add_to_pack(phone.data())?;
    Ok((phone, (relay, endpoint)))
}

/// Puts the contest into the pack of an app that is not running.
///
/// # Errors
/// When there is no pack.
fn add_to_pack(data: &Path) -> Result<()> {
    let mut store = Store::open(&data.join("saksi.db"))?;
    let mut row = store.pack()?.context("the phone is not enrolled")?;
    row.pack.forms.push(layout()?);
    row.pack.contests.push(sample::ppwp());
    for assignment in &mut row.pack.assignments {
        assignment.contests.push(sample::ppwp().id);
    }
    Ok(store.put_pack(&row)?)
}

/// A photo of a page, as a file to pick.
///
/// # Errors
/// When it cannot be drawn or kept.
pub fn photograph(folder: &Path, name: &str, page: u32, shot: &Shot) -> Result<PathBuf> {
    let (form, contest) = (layout()?, sample::ppwp());
    let head = Head {
        place: vec!["Kalimantan Timur".to_owned(), "Kota Samarinda".to_owned()],
        number: "001".to_owned(),
        date: "2024-02-14".to_owned(),
    };
    let filled = Filled {
        form: &form,
        contest: &contest,
        head: &head,
        counts: &paper(),
        seed: 4,
    };
    let file = folder.join(format!("{name}.jpg"));
    std::fs::write(&file, specimen::photograph(&filled, page, shot)?)?;
    Ok(file)
}

/// What stands on page 2 of the paper.
fn paper() -> Counts {
    let votes = (1..).zip(VOTES);
    votes
        .map(|(number, votes): (u32, u32)| (format!("votes.{number}"), votes))
        .collect::<BTreeMap<_, _>>()
}

fn layout() -> Result<FormLayout> {
    sample::layout(sample::PPWP_FORM)?.context("the sample has no such form")
}
