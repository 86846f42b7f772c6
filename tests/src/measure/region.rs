//! A made-up region: villages with a lean of their own and forms that add up,
//! but for three of a hundred, as on paper.

use domain::form::{Rule, RuleKind, Severity};
use domain::irregularity::{Figures, Sheet, Station};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// The columns of its table.
#[must_use]
pub fn sheet() -> Sheet {
    let ids = [
        "votes.1",
        "votes.2",
        "votes.3",
        "valid",
        "invalid",
        "total",
        "dpt_total",
    ];
    let rules = [
        equal("E301", &["votes.*"], "valid"),
        equal("E302", &["valid", "invalid"], "total"),
    ];
    Sheet::new(ids.map(str::to_owned).to_vec(), &rules)
}

fn equal(code: &str, left: &[&str], right: &str) -> Rule {
    Rule {
        code: code.to_owned(),
        severity: Severity::Error,
        kind: RuleKind::Equal,
        left: left.iter().map(|it| (*it).to_owned()).collect(),
        right: vec![right.to_owned()],
        scale: 1.0,
        plus: 0,
        text: "Jumlahnya tidak cocok.".to_owned(),
        text_en: None,
    }
}

/// So many villages of three to twenty polling stations, from a seed.
#[must_use]
pub fn villages(seed: u64, count: usize) -> Vec<Vec<Station>> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut village = || {
        let lean: [u32; 3] = [
            chance.random_range(20..60),
            chance.random_range(20..60),
            chance.random_range(5..30),
        ];
        let stations = chance.random_range(3..=20);
        (1..=stations)
            .map(|number| {
                let roll = chance.random_range(120..=300);
                let came = roll * chance.random_range(60..=95) / 100;
                let invalid = chance.random_range(0..8_u32).min(came);
                let valid = came - invalid;
                let parts = lean.map(|part| part * chance.random_range(80..=120));
                let all: u32 = parts.iter().sum();
                let one = valid * parts[0] / all;
                let two = valid * parts[1] / all;
                let total = if chance.random_range(0..100) < 3 {
                    came + chance.random_range(1..20)
                } else {
                    came
                };
                let figures = [one, two, valid - one - two, valid, invalid, total, roll];
                Station::new(number, Figures::new(figures.map(Some).to_vec()))
            })
            .collect()
    };
    (0..count).map(|_| village()).collect()
}
