//! Parts of a small log, changed in every way.

use super::*;
use crate::keys::ServerKey;
use crate::log::Event;
use crate::log::checkpoint::{CHECKPOINT_TYPE, Checkpoint};

fn key() -> ServerKey {
    ServerKey::from_seed(&[7; 32])
}

fn head(log_index: i64, hash: &str) -> Line {
    let said = Checkpoint {
        v: 1,
        log_index,
        hash: hash.to_owned(),
    };
    let payload = serde_json::to_vec(&said).unwrap();
    Line::Checkpoint {
        envelope: Envelope::seal(CHECKPOINT_TYPE, &payload, key().id(), key().secret()),
    }
}

/// Four entries, of which the second and third are not shown.
fn lines() -> Vec<Line> {
    let mut hash = FIRST_HASH.to_owned();
    let mut entries = Vec::new();
    for (index, name) in (1..).zip(["rani", "-budi", "siti", "wati"]) {
        let event = Event::SignedIn {
            name: name.to_owned(),
        };
        let entry = Entry::after(&hash, index, 1_000 * index, Some(name), &event).unwrap();
        hash.clone_from(&entry.hash);
        entries.push(entry);
    }
    vec![
        Line::Begin {
            v: 1,
            key: key().public().to_string(),
            key_id: key().id().to_owned(),
            after: 0,
            hash: FIRST_HASH.to_owned(),
            checkpoint: None,
        },
        Line::of(entries[0].clone()),
        Line::Sealed {
            contents: vec![entries[1].content_hash(), entries[2].content_hash()],
        },
        Line::of(entries[3].clone()),
        head(4, &hash),
    ]
}

fn checked(lines: Vec<Line>) -> Result<Part, PartFault> {
    check(lines.into_iter().map(Ok), None, |_| ())
}

#[test]
fn a_part_is_whole_although_not_everything_in_it_is_shown() {
    let mut shown = Vec::new();
    let part = check(
        lines().into_iter().map(Ok),
        Some(&key().public()),
        |entry| {
            shown.push(entry.log_index);
        },
    )
    .unwrap();
    assert_eq!((part.after, part.upto, shown), (0, 4, vec![1, 4]));
    assert_eq!((part.shown, part.sealed, part.checkpoints), (2, 2, 1));
    let other = ServerKey::from_seed(&[8; 32]).public();
    let no = check(lines().into_iter().map(Ok), Some(&other), |_| ());
    assert!(matches!(no, Err(PartFault::OtherKey)), "{no:?}");
}

#[test]
fn a_part_with_a_line_less_or_in_another_place_is_not_believed() {
    let whole = lines();
    for at in 0..whole.len() {
        let mut less = whole.clone();
        less.remove(at);
        assert!(checked(less).is_err(), "without line {at}");
        if at > 0 {
            let mut moved = whole.clone();
            moved.swap(at - 1, at);
            assert!(checked(moved).is_err(), "line {at} moved");
        }
    }
    let mut more = whole.clone();
    more.push(whole[3].clone());
    assert!(checked(more).is_err());
}

#[test]
fn every_changed_letter_of_a_file_is_noticed() {
    let text: String = lines()
        .iter()
        .map(|line| serde_json::to_string(line).unwrap() + "\n")
        .collect();
    let read = |text: &[u8]| check(json_lines(text), Some(&key().public()), |_| ());
    assert!(read(text.as_bytes()).is_ok());
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1;
        // The key's id is a name for people; the key itself decides.
        let id = text.find(key().id()).unwrap();
        let keyid = text.rfind(key().id()).unwrap();
        let is_name = |from: usize| (from..from + key().id().len()).contains(&at);
        if !is_name(id) && !is_name(keyid) {
            assert!(read(&bytes).is_err(), "byte {at}: {}", &text[at..at + 1]);
        }
    }
}

#[test]
fn a_table_says_the_same_as_lines_of_json() {
    let mut out = ::csv::Writer::from_writer(Vec::new());
    out.write_record(csv::COLUMNS).unwrap();
    for line in lines() {
        for row in csv::rows(&line) {
            out.write_record(row).unwrap();
        }
    }
    let table = out.into_inner().unwrap();
    let part = check(csv::lines(&*table).unwrap(), Some(&key().public()), |_| ());
    assert_eq!(part.unwrap(), checked(lines()).unwrap());
    assert!(csv::lines(&b"a,b\n1,2\n"[..]).is_err());
}
