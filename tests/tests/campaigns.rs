//! Short slices of the campaigns: the same processes and the same judgement,
//! fewer rounds. `cargo xtask campaign` runs them whole.
//!
//! They assert what must hold, never how long it takes.

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use saksi_tests::campaign::link::{self, Scenario};
use saksi_tests::campaign::targets::ALL;
use saksi_tests::campaign::{
    Dice, decisions, faults, fuzzing, kill_device, kill_server, night, order, photos,
};
use saksi_tests::stage::backing::Backing;
use saksi_tests::stage::relay::Shape;

/// The seed of every slice: a failure here replays with the campaign.
const SEED: u64 = 20_241_127;

/// Mutations for each target, and for photos, whose way is long.
const MUTATIONS: usize = 300;
const PHOTO_MUTATIONS: usize = 30;

/// Polling stations of a night: as few as have errors in them.
const NIGHT_STATIONS: u64 = 60;

/// Points of an operation are tried for at most so long.
const FAULTS_AT_MOST: Duration = Duration::from_secs(20);

#[test]
fn any_order_of_the_same_events_is_the_same_slot() -> Result<()> {
    order::run(20, Some(1_000), SEED).map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_rulings_at_once_one_counts() -> Result<()> {
    saksi_tests::install_tls();
    decisions::run(Backing::Embedded, 20, SEED).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants a PostgreSQL: `cargo xtask test` starts one"]
async fn of_fifty_rulings_at_once_one_counts_on_postgresql() -> Result<()> {
    saksi_tests::install_tls();
    let backing = Backing::servers().await?;
    decisions::run(backing, 20, SEED).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_once_behind_a_thin_link_that_is_cut() -> Result<()> {
    saksi_tests::install_tls();
    let shape = Shape {
        bytes_per_s: Some(40_000),
        cut_every: Some(Duration::from_millis(700)),
        ..Shape::default()
    };
    let scenario = Scenario {
        shape,
        outage: Duration::from_millis(300),
        megapixels: 0.5,
        seed: SEED,
    };
    link::measure(scenario).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_misleads_delays_and_never_deceives() -> Result<()> {
    saksi_tests::install_tls();
    link::endure(40, SEED).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_phone_keeps_what_it_has_acknowledged() -> Result<()> {
    saksi_tests::install_tls();
    kill_device::run(1_000, SEED).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_endpoint_keeps_what_it_has_signed_for() -> Result<()> {
    saksi_tests::install_tls();
    kill_server::run(Backing::Embedded, 1_000, SEED)
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "wants strace: `cargo xtask setup` installs it"]
async fn a_call_that_fails_leaves_the_old_state_or_the_new_one() -> Result<()> {
    saksi_tests::install_tls();
    let extent = faults::Extent {
        every: 5,
        at_most: FAULTS_AT_MOST,
    };
    faults::run(extent, SEED).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_ends_with_the_papers_figures_where_nobody_erred() -> Result<()> {
    saksi_tests::install_tls();
    for (mode, word) in night::MODES {
        let report = night::run(mode, NIGHT_STATIONS, SEED).await?;
        report.print(word);
        assert!(report.all().put_in > 0, "no errors: {report:?}");
        assert_eq!(report.spoiled, 0, "{report:?}");
    }
    Ok(())
}

#[test]
fn a_page_of_every_difficulty_is_read_right_or_asked_about() -> Result<()> {
    let plan = photos::Plan::new(SEED, photos::difficulty::Difficulty::ALL.len() as u64);
    let all = photos::run(&plan)?.all;
    let [_, _, wrong] = all.options;
    assert_eq!((wrong, all.other_tags), (0, 0), "{all:?}");
    assert_eq!(
        all.tags[1], all.photos[1],
        "a usable page was not known: {all:?}"
    );
    let [right, unsure, _] = all.usable_options;
    assert!(right > 9 * unsure, "{all:?}");
    Ok(())
}

/// The kept inputs of the fuzz targets, whole examples, and mutations of both.
#[test]
fn what_strangers_hand_over_breaks_no_promise() -> Result<()> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for target in ALL {
        let mut inputs = (target.seeds)();
        for file in fuzzing::files(&kept.join(target.name))? {
            inputs.push(std::fs::read(file)?);
        }
        let mut dice = Dice::new(SEED);
        for input in &inputs {
            (target.run)(input);
        }
        let mutations = match target.name {
            "photo" => PHOTO_MUTATIONS,
            _ => MUTATIONS,
        };
        for _ in 0..mutations {
            let mut input = dice.pick(&inputs).clone();
            for _ in 0..1 + dice.below(4) {
                mutate(&mut input, &inputs, &mut dice);
            }
            (target.run)(&input);
        }
    }
    Ok(())
}

/// Flips, cuts, repeats or splices.
fn mutate(input: &mut Vec<u8>, others: &[Vec<u8>], dice: &mut Dice) {
    let at = dice.below(input.len().max(1));
    match dice.below(5) {
        0 => input.truncate(at),
        1 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
        2 => input.insert(at.min(input.len()), dice.below(256) as u8),
        3 => {
            let tail = input[at.min(input.len())..].to_vec();
            input.extend_from_slice(&tail);
        }
        _ => {
            let other = dice.pick(others);
            let from = dice.below(other.len().max(1)).min(other.len());
            input.truncate(at);
            input.extend_from_slice(&other[from..]);
        }
    }
}
