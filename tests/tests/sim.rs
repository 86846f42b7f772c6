//! A few simulated evenings, as a taste of what `cargo xtask sim` runs by the
//! thousand.

use saksi_tests::sim::{Template, simulate};

/// Seeds of the short run.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=30;
/// Evenings of the long run on which the checks themselves had erred: a phone
/// lost power with a receipt in hand, or was still delivering, while the
/// endpoint came back from a backup that knew of none.
const REMEMBERED: [u64; 2] = [3896, 6333];

#[test]
fn whatever_befalls_an_evening_nothing_is_lost_twice_or_wrong() {
    let template = Template::make().unwrap();
    let mut found = Vec::new();
    for seed in SEEDS.chain(REMEMBERED) {
        let verdict = simulate(&template, seed, false).unwrap();
        let violations = verdict.violations.iter();
        found.extend(violations.map(|violation| format!("seed {seed}: {violation}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_same_seed_is_the_same_evening_event_by_event() {
    let template = Template::make().unwrap();
    let other = Template::make().unwrap();
    for seed in [3, 14, 15] {
        let first = simulate(&template, seed, true).unwrap();
        let second = simulate(&other, seed, true).unwrap();
        let differing = first
            .lines
            .iter()
            .zip(&second.lines)
            .find(|(one, other)| one != other);
        assert_eq!(differing, None, "seed {seed}");
        assert_eq!(first.hash, second.hash, "seed {seed}");
    }
}
