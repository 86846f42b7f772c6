use super::*;
use crate::form::{Rule, RuleKind, Severity};

const IDS: [&str; 7] = [
    "votes.1",
    "votes.2",
    "votes.3",
    "valid",
    "invalid",
    "total",
    "dpt_total",
];

fn equal(code: &str, left: &[&str], right: &str) -> Rule {
    Rule {
        code: code.into(),
        severity: Severity::Error,
        kind: RuleKind::Equal,
        left: left.iter().map(|id| (*id).to_owned()).collect(),
        right: vec![right.into()],
        scale: 1.0,
        plus: 0,
        text: "Jumlahnya tidak cocok.".into(),
        text_en: Some("It does not add up.".into()),
    }
}

fn rules() -> [Rule; 2] {
    [
        equal("E301", &["votes.*"], "valid"),
        equal("E302", &["valid", "invalid"], "total"),
    ]
}

fn sheet() -> Sheet {
    Sheet::new(IDS.map(str::to_owned).to_vec(), &rules())
}

fn figures(values: [u32; 7]) -> Figures {
    Figures::new(values.map(Some).to_vec())
}

fn station(number: u32, values: [u32; 7]) -> Station {
    Station::new(number, figures(values))
}

/// A village of one lean: about five, three and two of ten.
fn village() -> Vec<Station> {
    vec![
        station(1, [102, 61, 40, 203, 3, 206, 250]),
        station(2, [95, 58, 36, 189, 2, 191, 240]),
        station(3, [110, 66, 45, 221, 4, 225, 270]),
        station(4, [88, 51, 37, 176, 1, 177, 220]),
        station(5, [120, 70, 49, 239, 5, 244, 290]),
    ]
}

fn with(number: u32, values: [u32; 7]) -> Vec<Station> {
    let mut village = village();
    village.push(station(number, values));
    village
}

fn found(village: &[Station]) -> Vec<Irregularity> {
    analyse(&sheet(), &Params::default(), village)
}

fn kinds(found: &[Irregularity]) -> Vec<Kind> {
    found.iter().map(|one| one.kind).collect()
}

fn of(found: &[Irregularity], kind: Kind) -> &Irregularity {
    found
        .iter()
        .find(|one| one.kind == kind)
        .unwrap_or_else(|| panic!("no {kind:?} among {:?}", kinds(found)))
}

fn first_repair(finding: &Irregularity) -> (String, u32, u32, Option<u32>) {
    match &finding.evidence {
        Evidence::Repairs { repairs, .. } => {
            let first = &repairs[0];
            (first.field.clone(), first.from, first.to, first.place)
        }
        other => panic!("no repairs: {other:?}"),
    }
}

fn readings(finding: &Irregularity) -> (DifferenceClass, Option<u32>) {
    match finding.evidence {
        Evidence::Readings { class, station, .. } => (class, station),
        ref other => panic!("no readings: {other:?}"),
    }
}

#[test]
fn a_village_whose_forms_add_up_has_nothing_irregular() {
    assert_eq!(found(&village()), []);
}

#[test]
fn one_misread_digit_is_named_with_its_field_and_place() {
    // 105 read as 905: the neighbours say that it is option 1.
    let found = found(&with(6, [905, 60, 41, 206, 3, 209, 260]));
    let finding = of(&found, Kind::OneDigit);
    assert_eq!(
        first_repair(finding),
        ("votes.1".to_owned(), 905, 105, Some(100))
    );
    assert!(
        finding.text.contains("bukan 905 melainkan 105"),
        "{}",
        finding.text
    );
    assert!(finding.is_flag());
    assert_eq!(found[0].station, 5);
    assert!(found.iter().any(|one| one.code == "E301"));
}

#[test]
fn of_two_possible_digits_the_one_that_fits_the_neighbours_comes_first() {
    // Both 165 -> 105 and 60 -> 0 repair the sum.
    let found = found(&with(6, [165, 60, 41, 206, 3, 209, 260]));
    let finding = of(&found, Kind::OneDigit);
    assert_eq!(first_repair(finding).0, "votes.1");
    assert_eq!(finding.fields, ["votes.1", "votes.2"]);
}

#[test]
fn transposed_digits_are_named() {
    let found = found(&with(6, [150, 60, 41, 206, 3, 209, 260]));
    let finding = of(&found, Kind::Transposed);
    assert_eq!(
        first_repair(finding),
        ("votes.1".to_owned(), 150, 105, None)
    );
}

#[test]
fn valid_and_invalid_in_each_others_place_are_named() {
    let found = found(&with(6, [105, 60, 41, 3, 206, 209, 260]));
    let finding = of(&found, Kind::Exchanged);
    assert_eq!(finding.fields, ["valid", "invalid"]);
}

#[test]
fn a_sum_left_blank_is_one_finding_and_not_three() {
    let found = found(&with(6, [105, 60, 41, 206, 3, 0, 260]));
    assert_eq!(kinds(&found), [Kind::BlankSum]);
    assert_eq!(found[0].fields, ["total"]);
}

#[test]
fn a_form_that_two_people_read_alike_weighs_less_than_one_that_one_read() {
    let alone = with(6, [105, 60, 41, 206, 3, 229, 260]);
    let mut twice = alone.clone();
    twice[5].second = Some(twice[5].first.clone());
    let (alone, twice) = (found(&alone), found(&twice));
    assert!(of(&alone, Kind::Rule).score > of(&twice, Kind::Rule).score);
    assert!(of(&twice, Kind::Rule).text.contains("Kedua pembacaan sama"));
}

#[test]
fn more_voters_than_the_roll_and_its_reserve_are_asked_about() {
    let exactly = found(&with(6, [105, 60, 41, 206, 3, 209, 203]));
    assert_eq!(exactly, [], "203 and a reserve of 2.5 % allow 209");
    let over = found(&with(6, [105, 60, 41, 206, 3, 209, 202]));
    assert_eq!(kinds(&over), [Kind::OverRoll]);
    let unknown = found(&with(6, [105, 60, 41, 206, 3, 209, 0]));
    assert_eq!(unknown, [], "a roll of zero is an unknown one");
}

#[test]
fn a_station_has_a_size_and_a_figure_has_its_boxes() {
    let params = Params {
        size_max: 300,
        ..Params::default()
    };
    let large = with(6, [150, 100, 70, 320, 3, 323, 410]);
    let large = analyse(&sheet(), &params, &large);
    assert_eq!(kinds(&large), [Kind::OverSize]);
    let long = found(&with(6, [1105, 60, 41, 206, 3, 209, 260]));
    assert_eq!(of(&long, Kind::TooManyDigits).fields, ["votes.1"]);
}

#[test]
fn no_votes_at_all_are_asked_about() {
    let found = found(&with(6, [0, 0, 0, 0, 0, 209, 260]));
    assert!(of(&found, Kind::NoVotes).is_flag());
}

#[test]
fn a_form_entered_for_two_stations_is_found_at_both() {
    let found = found(&with(6, [102, 61, 40, 203, 3, 206, 180]));
    let copies: Vec<(usize, &Evidence)> = found
        .iter()
        .filter(|one| one.kind == Kind::ExactCopy)
        .map(|one| (one.station, &one.evidence))
        .collect();
    let tps = |number: u32| Evidence::Stations {
        numbers: vec![number],
    };
    assert_eq!(copies, [(0, &tps(6)), (5, &tps(1))]);
    let score = |at: usize| {
        let own = |one: &&Irregularity| one.station == at && one.kind == Kind::ExactCopy;
        found.iter().find(own).map(|one| one.score)
    };
    assert!(
        score(5) > score(0),
        "its roll of 180 is too short for 206 voters"
    );
}

#[test]
fn nearly_a_copy_is_less_than_a_copy() {
    let found = found(&with(6, [102, 61, 40, 203, 7, 210, 260]));
    assert_eq!(kinds(&found), [Kind::NearCopy, Kind::NearCopy]);
}

#[test]
fn another_number_on_the_forms_head_is_a_flag() {
    let mut village = village();
    village[2].form_number = Some(3);
    village[3].form_number = Some(14);
    let found = found(&village);
    assert_eq!(found[0].code, "E901");
    assert_eq!((found.len(), found[0].station), (1, 3));
    assert!(found[0].text.contains("TPS 014"));
}

#[test]
fn two_forms_exchanged_are_seen_by_their_rolls() {
    let mut village = village();
    village.push(station(6, [110, 66, 44, 220, 0, 220, 130]));
    village.push(station(7, [50, 30, 22, 102, 1, 103, 280]));
    let found = found(&village);
    let finding = of(&found, Kind::FitsAnother);
    assert_eq!(finding.station, 5);
    assert_eq!(finding.evidence, Evidence::Stations { numbers: vec![7] });
}

#[test]
fn two_options_exchanged_are_seen_by_the_neighbours() {
    let mut village = village();
    for (number, one) in village.iter_mut().enumerate() {
        let few = u32::try_from(number).unwrap();
        one.first = figures([170 + few, 30, 10, 210 + few, 2, 212 + few, 260]);
    }
    village.push(station(6, [30, 171, 9, 210, 2, 212, 260]));
    let found = found(&village);
    let finding = of(&found, Kind::Swapped);
    assert_eq!(
        (finding.station, &finding.fields[..]),
        (5, &["votes.1".to_owned(), "votes.2".to_owned()][..])
    );
}

#[test]
fn no_vote_for_the_own_option_is_odd_where_the_neighbours_gave_some() {
    let params = Params {
        own: Some(3),
        ..Params::default()
    };
    let village = with(6, [130, 79, 0, 209, 3, 212, 260]);
    let odd = analyse(&sheet(), &params, &village);
    assert!(of(&odd, Kind::OwnZero).is_flag());
    assert_eq!(
        found(&village),
        [],
        "without an own option nothing is asked"
    );
}

#[test]
fn all_votes_for_one_are_odd_unless_the_village_is_of_one_mind() {
    let among_others = found(&with(6, [209, 0, 0, 209, 3, 212, 260]));
    assert!(of(&among_others, Kind::AllForOne).is_flag());
    let alike: Vec<Station> = (1..=6)
        .map(|number| {
            station(
                number,
                [200 + number, 0, 0, 200 + number, 0, 200 + number, 260],
            )
        })
        .collect();
    assert!(found(&alike).iter().all(|one| !one.is_flag()));
}

#[test]
fn two_readings_that_differ_are_named_for_how_they_differ() {
    let truth = [105, 60, 41, 206, 3, 209, 260];
    let cases = [
        ([108, 60, 41, 206, 3, 209, 260], DifferenceClass::OneDigit),
        ([150, 60, 41, 206, 3, 209, 260], DifferenceClass::Transposed),
        ([10, 60, 41, 206, 3, 209, 260], DifferenceClass::DigitCount),
        ([60, 105, 41, 206, 3, 209, 260], DifferenceClass::Swapped),
        ([0, 0, 0, 0, 0, 209, 260], DifferenceClass::Blank),
        ([206, 60, 41, 206, 3, 209, 260], DifferenceClass::Shifted),
        (
            [106, 61, 41, 206, 3, 209, 260],
            DifferenceClass::OneDigitEach,
        ),
        ([130, 72, 18, 220, 1, 221, 260], DifferenceClass::OtherForm),
        ([102, 61, 40, 203, 3, 206, 260], DifferenceClass::WrongTps),
        ([105, 60, 41, 206, 3, 0, 260], DifferenceClass::Blank),
    ];
    for (read, class) in cases {
        let mut village = with(6, read);
        for station in &mut village {
            station.second = Some(station.first.clone());
        }
        village[5].second = Some(figures(truth));
        let found = found(&village);
        let named = readings(of(&found, Kind::ReadingsDiffer));
        assert_eq!(named.0, class, "{read:?}");
        let station = (class == DifferenceClass::WrongTps).then_some(1);
        assert_eq!(named.1, station, "{read:?}");
    }
}

#[test]
fn a_reading_that_is_not_there_does_not_differ() {
    let mut village = village();
    village[0].second = Some(Figures::new(vec![None; IDS.len()]));
    assert_eq!(found(&village), []);
}

#[test]
fn an_official_figure_that_differs_is_a_flag_of_its_own() {
    let mut village = village();
    village[1].official = Some(figures([59, 94, 36, 189, 2, 191, 240]));
    let found = found(&village);
    let finding = of(&found, Kind::OfficialDiffers);
    assert_eq!((finding.station, finding.stake), (1, 36));
    assert!(finding.text.starts_with("Angka resmi berbeda"));
}

#[test]
fn blank_figures_raise_no_question() {
    let mut values: Vec<Option<u32>> = [105, 60, 41].map(Some).to_vec();
    values.resize(IDS.len(), None);
    let village = [Station::new(1, Figures::new(values))];
    assert_eq!(found(&village), []);
    assert_eq!(
        found(&[Station::new(1, Figures::new(vec![None; IDS.len()]))]),
        []
    );
}

#[test]
fn a_table_without_ballots_is_held_against_those_who_came() {
    let ids = ["votes.1", "valid", "invalid", "came_total_total"];
    let sheet = Sheet::new(ids.map(str::to_owned).to_vec(), &rules());
    assert_eq!(sheet.codes().collect::<Vec<_>>(), ["E301", "E306"]);
    let village = [Station::new(
        1,
        Figures::new([90, 90, 2, 95].map(Some).to_vec()),
    )];
    let found = analyse(&sheet, &Params::default(), &village);
    assert!(found.iter().any(|one| one.code == "E306"));
}

#[test]
fn several_flags_weigh_more_than_one_and_notices_nothing() {
    let found = found(&with(6, [905, 60, 41, 206, 3, 209, 260]));
    let heaviest = found.iter().map(|one| u32::from(one.score)).max().unwrap();
    let weight = weigh(&found);
    assert!(weight.score > heaviest * 100 && weight.score <= 10_000);
    assert_eq!(weigh(&[]), Weight { score: 0, stake: 0 });
}

mod together_with_the_rules_of_a_form {
    use super::*;
    use crate::contest::Choice;
    use crate::form::{FormLayout, VotesLayout};
    use crate::rules::{FormHead, check};
    use proptest::prelude::*;

    fn layout() -> FormLayout {
        FormLayout {
            id: "f".into(),
            title: "F".into(),
            also_called: "C1".into(),
            pages: vec![],
            fields: vec![],
            votes: VotesLayout {
                page: 1,
                digits: 3,
                page_per_option: false,
            },
            rules: rules().to_vec(),
            sms_fields: vec![],
        }
    }

    proptest! {
        #[test]
        fn the_same_identities_are_broken_as_on_the_phone(values in prop::array::uniform7(prop::option::of(1_u32..4))) {
            let choice = |number| Choice { number, name: "Paslon (contoh)".into(), candidates: vec![] };
            let options: Vec<Choice> = (1..=3).map(choice).collect();
            let counts = IDS.iter().zip(values)
                .filter_map(|(id, value)| Some(((*id).to_owned(), value?)))
                .collect();
            let mut phone: Vec<String> = check(&layout(), &options, &counts, FormHead::default())
                .into_iter().map(|one| one.code).collect();
            let village = [Station::new(1, Figures::new(values.to_vec()))];
            let mut table: Vec<String> = found(&village).into_iter()
                .filter(|one| one.kind == Kind::Rule).map(|one| one.code).collect();
            phone.sort();
            table.sort();
            prop_assert_eq!(phone, table);
        }
    }
}
