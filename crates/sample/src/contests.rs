//! Contests with made-up options, clearly named so.
//!
//! How many pairs stood in each regency, and that Samarinda's one pair stood
//! against an empty column, is as it was in 2024; who they were is left out.

use domain::{Candidate, Choice, Contest, ContestKind, RegionCode};
use protocol::console::RegionalContest;

use crate::BrokenData;
use crate::layouts::{DPR_FORM, KWK_FORM, PPWP_FORM};

/// What stands beside a single pair on the ballot.
const EMPTY_COLUMN: &str = "Kolom kosong";

/// Parties in the general election of 2024, outside Aceh.
const PARTIES: u32 = 18;

/// Candidates on each made-up party's list.
const CANDIDATES_PER_PARTY: u32 = 8;

/// Each regency's code and number of pairs.
const REGENCIES: [(&str, u32); 10] = [
    ("6401", 2),
    ("6402", 3),
    ("6403", 2),
    ("6407", 3),
    ("6408", 2),
    ("6409", 4),
    ("6411", 3),
    ("6471", 3),
    ("6472", 1),
    ("6474", 4),
];

/// The contests of the regional election: governor in the whole province,
/// mayor (`wako`) in each city, regent (`bup`) in each other regency. Their
/// ids are unique at a polling station, not in the province.
pub(crate) fn regional() -> Result<Vec<RegionalContest>, BrokenData> {
    let governor = RegionalContest {
        region: "64".parse()?,
        contest: Contest {
            id: "gub".into(),
            kind: Some(ContestKind::Gubernur),
            title: "Gubernur dan Wakil Gubernur".into(),
            form: KWK_FORM.into(),
            options: pairs(2),
            dapil: None,
        },
    };
    let local = REGENCIES
        .into_iter()
        .map(|(code, pairs)| Ok(mayor_or_regent(code.parse()?, pairs)));
    std::iter::once(Ok(governor)).chain(local).collect()
}

fn mayor_or_regent(region: RegionCode, number_of_pairs: u32) -> RegionalContest {
    // The third digit of a city's code is 7 or more, of a kabupaten's less.
    let is_city = region.as_str().chars().nth(2) >= Some('7');
    let (id, title) = if is_city {
        ("wako", "Wali Kota dan Wakil Wali Kota")
    } else {
        ("bup", "Bupati dan Wakil Bupati")
    };
    let mut options = pairs(number_of_pairs);
    if number_of_pairs == 1 {
        options.push(choice(2, EMPTY_COLUMN.into()));
    }
    RegionalContest {
        region,
        contest: Contest {
            id: id.into(),
            kind: Some(ContestKind::BupatiWalikota),
            title: title.into(),
            form: KWK_FORM.into(),
            options,
            dapil: None,
        },
    }
}

/// A made-up contest for president and vice president: three pairs.
#[must_use]
pub fn ppwp() -> Contest {
    Contest {
        id: "ppwp".into(),
        kind: Some(ContestKind::Ppwp),
        title: "Presiden dan Wakil Presiden".into(),
        form: PPWP_FORM.into(),
        options: pairs(3),
        dapil: None,
    }
}

/// A made-up contest for the national house: 18 parties of 8 candidates.
#[must_use]
pub fn dpr() -> Contest {
    let party = |number: u32| Choice {
        number,
        name: format!("Partai {number} (contoh)"),
        candidates: (1..=CANDIDATES_PER_PARTY)
            .map(|candidate| Candidate {
                number: candidate,
                name: format!("Calon {number}.{candidate} (contoh)"),
            })
            .collect(),
    };
    Contest {
        id: "dpr".into(),
        kind: Some(ContestKind::Dpr),
        title: "Dewan Perwakilan Rakyat".into(),
        form: DPR_FORM.into(),
        options: (1..=PARTIES).map(party).collect(),
        dapil: None,
    }
}

fn pairs(count: u32) -> Vec<Choice> {
    (1..=count)
        .map(|number| choice(number, format!("Paslon {number} (contoh)")))
        .collect()
}

fn choice(number: u32, name: String) -> Choice {
    Choice {
        number,
        name,
        candidates: vec![],
    }
}
