//! The evening's rush: many devices at once, and the sums come out right.

use serde_json::Value;

use crate::world::{TPS, World};

const PHONES: usize = 12;
const REVISIONS: u64 = 8;

#[tokio::test(flavor = "multi_thread")]
async fn many_devices_at_once_add_up_and_everybody_gets_a_receipt() {
    let world = World::start().await;
    let mut phones = Vec::new();
    for at in 1..=PHONES {
        let tps = format!("{}{at:03}", &TPS[..10]);
        phones.push((tps.clone(), world.enrol(&tps, "Siti").await));
    }
    let sending = phones.into_iter().map(|(tps, phone)| {
        tokio::spawn(async move {
            for seq in 1..=REVISIONS {
                let votes = [u32::try_from(seq).unwrap() * 10, 5];
                let envelope = phone.seal(&phone.revision(&tps, seq, votes));
                // Sent twice at the same moment: a retry overtakes its request.
                let twice = [envelope.clone(), envelope];
                let (one, two) = tokio::join!(
                    phone.send_envelopes(&twice[..1]),
                    phone.send_envelopes(&twice[1..])
                );
                let receipt = |results: &[_]| serde_json::to_value(&results[0]).unwrap();
                let (one, two): (Value, Value) = (receipt(&one), receipt(&two));
                assert_eq!(one["receipt"], two["receipt"]);
                assert!(one["receipt"].is_object());
            }
        })
    });
    for phone in sending.collect::<Vec<_>>() {
        phone.await.unwrap();
    }
    let stored = world.count("SELECT COUNT(*) FROM revisions").await;
    assert_eq!(stored, PHONES as i64 * REVISIONS as i64);
    let last = i64::try_from(REVISIONS).unwrap() * 10;
    assert_eq!(
        world.total("received", "votes.1").await,
        PHONES as i64 * last
    );
    assert_eq!(world.total("received_slots", "").await, PHONES as i64);
    let key = world.app.key.public();
    let pool = world.app.storage.reading();
    server::log::verify(pool, &key, |_| ()).await.unwrap();
}
