use proptest::prelude::*;

use super::*;

fn votes<const N: usize>(of: [(u32, u64); N]) -> Votes {
    of.into_iter().collect()
}

/// Provincial assembly of North Kalimantan 2024, dapil 1 (Tarakan), 12 seats:
/// votes and seats as the province's election commission announced them,
/// <https://www.a-news.id/perubahan-total-jumlah-kursi-dprd-kaltara-setelah-pemilu/>.
/// By ballot number.
fn tarakan() -> Votes {
    votes([
        (1, 9_134),
        (2, 27_369),
        (3, 15_820),
        (4, 18_368),
        (5, 8_576),
        (6, 297),
        (7, 2_726),
        (8, 8_558),
        (9, 248),
        (10, 15_705),
        (11, 168),
        (12, 7_172),
        (13, 396),
        (14, 8_594),
        (15, 735),
        (16, 568),
        (17, 6_894),
        (24, 72),
    ])
}

/// National house 2024, dapil East Kalimantan, 8 seats: the parties that got
/// one, as the province's election commission announced it on 2024-03-11,
/// <https://kaltim.antaranews.com/berita/208629/>. The report leaves out the
/// parties without a seat; whatever their votes were, they are fewer than
/// those of the last seat.
fn east_kalimantan() -> Votes {
    votes([
        (1, 143_852),
        (2, 307_259),
        (3, 252_714),
        (4, 538_147),
        (5, 227_803),
        (8, 145_538),
        (12, 111_141),
    ])
}

/// National house 2024, the whole country: 151,793,293 valid votes; who passed
/// 4 % and who did not as the election commission determined on 2024-08-25,
/// <https://lampost.co/politik/pdip-miliki-110-kursi-dpr-ri-2024-2029>.
fn national() -> Threshold {
    Threshold {
        numerator: 4,
        denominator: 100,
        valid_votes: 151_793_293,
        votes: votes([
            (1, 16_115_358),
            (2, 20_071_345),
            (3, 25_384_673),
            (4, 23_208_488),
            (5, 14_660_328),
            (6, 972_898),
            (7, 1_282_000),
            (8, 12_781_241),
            (9, 326_803),
            (10, 1_094_599),
            (11, 406_884),
            (12, 10_984_639),
            (13, 484_487),
            (14, 11_283_053),
            (15, 4_260_108),
            (16, 1_955_131),
            (17, 5_878_708),
            (24, 642_550),
        ]),
    }
}

fn left_out(votes: &Votes) -> BTreeSet<u32> {
    national().leaves_out(votes)
}

#[test]
fn the_seats_of_tarakan_in_2024_come_out_as_they_were_published() {
    let result = allot(&tarakan(), 12, &BTreeSet::new());
    let two = [2, 4];
    let one = [1, 3, 5, 8, 10, 12, 14, 17];
    let published: BTreeMap<u32, u32> = two
        .map(|party| (party, 2))
        .into_iter()
        .chain(one.map(|party| (party, 1)))
        .collect();
    assert_eq!(result.seats(), published);
    let order: Vec<u32> = result.awards.iter().map(|one| one.quotient.party).collect();
    assert_eq!(order, [2, 4, 3, 10, 1, 2, 14, 5, 8, 12, 17, 4]);
    let places: Vec<u32> = result.awards.iter().map(|award| award.place).collect();
    assert_eq!(places, (1..=12).collect::<Vec<u32>>());
}

#[test]
fn the_last_seat_of_tarakan_had_1946_votes_to_spare_and_the_next_party_lacked_3245() {
    let last = allot(&tarakan(), 12, &BTreeSet::new()).last.unwrap();
    let [winner] = last.winners[..] else {
        panic!("{last:?}")
    };
    let party_4_by_3 = Quotient {
        party: 4,
        votes: 18_368,
        divisor: 3,
    };
    assert_eq!(winner.quotient, party_4_by_3);
    // 27,369 / 5 = 5,473.8 is next; 3 × 5,473.8 = 16,421.4, so 16,422 would do.
    assert_eq!(winner.spare_votes, 18_368 - 16_422);
    let next = last.next[0];
    assert_eq!((next.quotient.party, next.quotient.divisor), (2, 5));
    // 18,368 / 3 × 5 = 30,613.3: with 30,614 it would be more.
    assert_eq!(next.missing_votes, 30_614 - 27_369);
    // The one with the fewest votes missing is another: 18,368 / 3 = 6,122.7.
    let fewest = last
        .next
        .iter()
        .min_by_key(|one| one.missing_votes)
        .unwrap();
    assert_eq!((fewest.quotient.party, fewest.missing_votes), (3, 2_549));
}

#[test]
fn the_seats_of_east_kalimantan_in_2024_come_out_as_they_were_published() {
    let result = allot(&east_kalimantan(), 8, &left_out(&east_kalimantan()));
    let published = BTreeMap::from([(1, 1), (2, 1), (3, 1), (4, 2), (5, 1), (8, 1), (12, 1)]);
    assert_eq!(result.seats(), published);
    let last = result.last.unwrap();
    assert_eq!(last.winners[0].quotient.party, 12);
    // 538,147 / 5 = 107,629.4 is next: the eighth seat had 3,511 votes to spare.
    assert_eq!(last.winners[0].spare_votes, 111_141 - 107_630);
    assert_eq!(
        (last.next[0].quotient.party, last.next[0].missing_votes),
        (4, 17_559)
    );
}

#[test]
fn the_threshold_of_2024_lets_eight_parties_in_and_leaves_ten_out() {
    let national = national();
    let (in_it, out): (Vec<u32>, Vec<u32>) = national
        .votes
        .keys()
        .partition(|party| national.is_passed_by(**party));
    assert_eq!(in_it, [1, 2, 3, 4, 5, 8, 12, 14]);
    assert_eq!(out, [6, 7, 9, 10, 11, 13, 15, 16, 17, 24]);
}

#[test]
fn a_party_below_the_threshold_gets_no_seat_however_strong_it_is_here() {
    let votes = votes([(17, 900_000), (4, 1_000)]);
    let result = allot(&votes, 3, &left_out(&votes));
    assert_eq!(result.seats(), BTreeMap::from([(4, 3)]));
    assert_eq!(result.below_threshold, [17]);
}

#[test]
fn equal_quotients_with_too_few_seats_are_a_tie_and_nobodys() {
    let result = allot(&votes([(1, 300), (2, 100), (3, 100)]), 2, &BTreeSet::new());
    assert_eq!(result.seats(), BTreeMap::from([(1, 1)]));
    let tie = result.tie.unwrap();
    // 300 / 3 is as much as 100 / 1.
    let parties: Vec<u32> = tie.between.iter().map(|one| one.party).collect();
    assert_eq!((tie.seats, parties), (1, vec![1, 2, 3]));
    assert_eq!(result.last, None);
}

#[test]
fn equal_quotients_with_seats_enough_all_get_one() {
    let result = allot(&votes([(1, 100), (2, 100), (3, 40)]), 2, &BTreeSet::new());
    assert_eq!(result.tie, None);
    let last = result.last.unwrap();
    let spare: Vec<u64> = last.winners.iter().map(|one| one.spare_votes).collect();
    assert_eq!(spare, [59, 59], "40 votes with the divisor 1 come next");
    let places: Vec<u32> = result.awards.iter().map(|award| award.place).collect();
    assert_eq!(places, [1, 1]);
}

#[test]
fn without_votes_there_are_no_seats() {
    let result = allot(&votes([(1, 0)]), 5, &BTreeSet::new());
    assert_eq!((result.awards.len(), result.vacant), (0, 5));
    let result = allot(&votes([(1, 3)]), 0, &BTreeSet::new());
    assert_eq!((result.awards.len(), result.last), (0, None));
}

#[test]
fn a_party_alone_gets_every_seat_down_to_its_last_vote() {
    let result = allot(&votes([(1, 7)]), 4, &BTreeSet::new());
    assert_eq!(result.seats(), BTreeMap::from([(1, 4)]));
    assert_eq!(result.last.unwrap().winners[0].spare_votes, 6);
}

fn some_votes() -> impl Strategy<Value = Votes> {
    prop::collection::btree_map(1_u32..=24, 0_u64..=2_000, 1..=10)
}

proptest! {
    #[test]
    fn every_seat_is_given_or_tied_or_vacant(votes in some_votes(), seats in 0_u16..40) {
        let result = allot(&votes, seats, &BTreeSet::new());
        let given = u32::try_from(result.awards.len()).unwrap();
        let tied = result.tie.as_ref().map_or(0, |tie| tie.seats);
        prop_assert_eq!(given + tied + result.vacant, u32::from(seats));
        let is_voted = votes.values().any(|votes| *votes > 0);
        prop_assert!(result.vacant == 0 || !is_voted);
        if let Some(tie) = &result.tie {
            prop_assert!(tie.between.len() > usize::try_from(tie.seats).unwrap() && tie.seats > 0);
        }
    }

    #[test]
    fn more_seats_take_none_away(votes in some_votes(), seats in 0_u16..40) {
        let fewer = allot(&votes, seats, &BTreeSet::new()).seats();
        let more = allot(&votes, seats + 1, &BTreeSet::new()).seats();
        for (party, own) in fewer {
            prop_assert!(more.get(&party).is_some_and(|seats| *seats >= own));
        }
    }

    #[test]
    fn the_order_of_the_parties_does_not_matter(votes in some_votes(), seats in 1_u16..40) {
        let renumber = |party: u32| 100 - party;
        let other: Votes = votes.iter().map(|(party, own)| (renumber(*party), *own)).collect();
        let renumbered: BTreeMap<u32, u32> = allot(&votes, seats, &BTreeSet::new())
            .seats()
            .into_iter()
            .map(|(party, own)| (renumber(party), own))
            .collect();
        prop_assert_eq!(renumbered, allot(&other, seats, &BTreeSet::new()).seats());
    }

    #[test]
    fn the_votes_said_to_be_missing_and_to_spare_are_exactly_those(
        votes in some_votes(),
        seats in 1_u16..20,
    ) {
        let result = allot(&votes, seats, &BTreeSet::new());
        let Some(last) = result.last.clone() else { return Ok(()) };
        let before = result.seats();
        let seats_with = |party: u32, own: u64| {
            let mut changed = votes.clone();
            changed.insert(party, own);
            allot(&changed, seats, &BTreeSet::new()).seats().get(&party).copied().unwrap_or_default()
        };
        for next in &last.next {
            let Quotient { party, votes: own, .. } = next.quotient;
            let held = before.get(&party).copied().unwrap_or_default();
            prop_assert_eq!(seats_with(party, own + next.missing_votes), held + 1);
            prop_assert_eq!(seats_with(party, own + next.missing_votes - 1), held);
        }
        for winner in &last.winners {
            let Quotient { party, votes: own, .. } = winner.quotient;
            let held = before.get(&party).copied().unwrap_or_default();
            prop_assert_eq!(seats_with(party, own - winner.spare_votes), held);
            if own > winner.spare_votes + 1 {
                prop_assert_eq!(seats_with(party, own - winner.spare_votes - 1), held - 1);
            }
        }
    }
}
