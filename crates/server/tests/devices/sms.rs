//! Figures by text message.

use protocol::revision::RevisionStatus::{Known, Refused, Stored};

use crate::ways::{SECRET, SENDER, rev_id};
use crate::world::{TPS, TPS_2, World, moment_ms};

/// Votes for the two pairs, and invalid ones.
fn figures(votes: [u32; 2]) -> [Option<u32>; 3] {
    [Some(votes[0]), Some(votes[1]), Some(3)]
}

#[tokio::test]
async fn a_message_counts_and_its_witness_is_told_what_was_understood() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    let message = world.message(&siti, TPS, 1, &figures([101, 88])).await;
    let (status, reply) = world.sms(&message).await;
    assert_eq!(status, Stored);
    for word in ["TPS 001", "gub", "1=101", "2=88", "sah=3"] {
        assert!(reply.contains(word), "{word} is missing in: {reply}");
    }
    assert_eq!(world.state(TPS).await.0, "single");
    assert_eq!(world.total("received", "votes.1").await, 101);
    // Phones and networks spoil the spelling, and send twice.
    let spoilt = message.to_ascii_lowercase().replace(' ', "  \n");
    let (status, reply) = world.sms(&spoilt).await;
    assert_eq!(status, Known);
    assert!(reply.contains("sudah diterima"), "{reply}");
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 1);
    world.is_sound().await;
}

#[tokio::test]
async fn what_the_phone_signed_takes_the_messages_place_whichever_comes_first() {
    for is_sms_first in [true, false] {
        let world = World::with_gateway().await;
        let siti = world.enrol(TPS, "Siti").await;
        let message = world.message(&siti, TPS, 1, &figures([101, 88])).await;
        let revision = siti.revision(TPS, 1, [101, 88]);
        if is_sms_first {
            world.sms(&message).await;
            siti.report(&revision).await;
        } else {
            siti.report(&revision).await;
            assert_eq!(world.sms(&message).await.0, Stored);
        }
        let (state, marks) = world.state(TPS).await;
        assert_eq!((state.as_str(), marks.as_str()), ("single", "[]"));
        assert_eq!(world.total("received", "votes.1").await, 101);
        assert_eq!(world.total("received", "valid").await, 189);
    }
}

#[tokio::test]
async fn a_message_that_says_something_else_than_the_phone_signed_is_a_fork() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    siti.report(&siti.revision(TPS, 1, [101, 88])).await;
    let message = world.message(&siti, TPS, 1, &figures([901, 88])).await;
    assert_eq!(world.sms(&message).await.0, Stored);
    let (state, marks) = world.state(TPS).await;
    assert_eq!(state, "conflict");
    assert!(marks.contains("fork"), "{marks}");
}

#[tokio::test]
async fn boxes_that_are_not_filled_in_are_blank_and_not_nought() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    let message = world.message(&siti, TPS, 1, &[Some(101), None, None]).await;
    assert_eq!(world.sms(&message).await.0, Stored);
    let counts: String = sqlx::query_scalar("SELECT counts FROM revisions")
        .fetch_one(world.app.storage.reading())
        .await
        .unwrap();
    assert_eq!(counts, r#"{"votes.1":101}"#);
    let nothing = world.message(&siti, TPS, 2, &[None, None, None]).await;
    let (status, reply) = world.sms(&nothing).await;
    assert_eq!(status, Refused);
    assert!(reply.contains("tidak ada angka"), "{reply}");
}

#[tokio::test]
async fn what_is_no_message_of_a_witness_of_that_place_is_refused() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    let ani = world.enrol(TPS_2, "Ani").await;
    let right = world.message(&siti, TPS, 1, &figures([101, 88])).await;
    let others = world.message(&ani, TPS, 1, &figures([101, 88])).await;
    for wrong in [
        "halo, ini hasil TPS 001".to_owned(),
        right.replace("101", "901"),
        right.replace("S1", "S2"),
        format!("{right} 7"),
        "S1 ZZZZZ 1 1 2 3 0123456789".to_owned(),
        others,
        "S1 ".repeat(600),
    ] {
        let (status, reply) = world.sms(&wrong).await;
        assert_eq!(status, Refused, "{wrong}");
        assert!(reply.contains("tidak dikenali"), "{reply}");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 0);
}

#[tokio::test]
async fn figures_that_fit_no_box_are_refused_in_words() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    let large = world.message(&siti, TPS, 1, &figures([1_000, 88])).await;
    let (status, reply) = world.sms(&large).await;
    assert_eq!(status, Refused);
    assert!(reply.contains("terlalu besar"), "{reply}");
    for few in [&[Some(1), Some(2)][..], &[Some(1); 4]] {
        let message = world.message(&siti, TPS, 1, few).await;
        let (status, reply) = world.sms(&message).await;
        assert_eq!(status, Refused);
        assert!(reply.contains("banyaknya angka"), "{reply}");
    }
    let nought = world.message(&siti, TPS, 0, &figures([1, 2])).await;
    assert_eq!(world.sms(&nought).await.0, Refused);
    assert_eq!(world.count("SELECT COUNT(*) FROM refused").await, 0);
}

#[tokio::test]
async fn a_message_out_of_its_time_or_of_a_revoked_phone_is_kept_and_can_be_let_in() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS, "Budi").await;
    world.revoke(&budi).await;
    let revoked = world.message(&budi, TPS, 1, &figures([101, 88])).await;
    let (status, reply) = world.sms(&revoked).await;
    assert_eq!(status, Refused);
    assert!(reply.contains("dicabut"), "{reply}");
    world.clock.set(moment_ms("2035-11-27T07:00:00.000Z"));
    let late = world.message(&siti, TPS, 1, &figures([101, 88])).await;
    let (status, reply) = world.sms(&late).await;
    assert_eq!(status, Refused);
    assert!(reply.contains("waktu penerimaan"), "{reply}");
    assert_eq!(world.count("SELECT COUNT(*) FROM refused").await, 2);
    let kept: Vec<String> = sqlx::query_scalar("SELECT rev_id FROM refused")
        .fetch_all(world.app.storage.reading())
        .await
        .unwrap();
    for id in kept {
        world.admit(&id).await;
    }
    assert_eq!(world.state(TPS).await.0, "agreed");
    assert_eq!(world.sms(&late).await.0, Known);
    world.is_sound().await;
}

#[tokio::test]
async fn only_the_gateway_may_hand_messages_over() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    let message = world.message(&siti, TPS, 1, &figures([101, 88])).await;
    for secret in ["", "salah", &siti.token, &SECRET[1..]] {
        let answer = world.hand_over(secret, &message).await;
        assert_eq!(answer.problem(), (401, "token_unknown".to_owned()));
    }
    let without = World::start().await;
    let answer = without.hand_over(SECRET, &message).await;
    assert_eq!(answer.problem(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn who_is_wrong_again_and_again_is_not_read_for_a_while() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    for _ in 0..10 {
        world.sms("S1 ZZZZZ 1 1 2 3 0123456789").await;
    }
    let message = world.message(&siti, TPS, 1, &figures([101, 88])).await;
    let answer = world.hand_over(SECRET, &message).await;
    assert_eq!(answer.problem(), (429, "rate_limited".to_owned()));
    assert!(!answer.header("retry-after").is_empty());
    world.pass_ms(15 * 60_000);
    assert_eq!(world.sms(&message).await.0, Stored);
}

#[tokio::test]
async fn the_senders_number_is_nowhere_in_the_data() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    let message = world.message(&siti, TPS, 1, &figures([101, 88])).await;
    world.sms(&message).await;
    world.sms("S1 ZZZZZ 1 1 2 3 0123456789").await;
    let backup = world.folder.path().join("all.zip");
    server::operations::backup::backup(&world.app, &backup)
        .await
        .unwrap();
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&backup).unwrap()).unwrap();
    for at in 0..zip.len() {
        let mut bytes = Vec::new();
        std::io::copy(&mut zip.by_index(at).unwrap(), &mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains(&SENDER[3..]),
            "{}",
            zip.name_for_index(at).unwrap()
        );
    }
}

#[tokio::test]
async fn a_changed_message_is_found_by_whoever_checks_the_log() {
    for (sql, said) in [
        (
            "UPDATE revisions SET envelope = replace(envelope, '101', '901')",
            "the mac of the SMS does not fit",
        ),
        (
            "UPDATE revisions SET counts = replace(counts, '101', '901')",
            "what is kept of the revision is not what was signed",
        ),
        (
            "UPDATE revisions SET channel = 'app'",
            "its envelope cannot be read",
        ),
    ] {
        let world = World::with_gateway().await;
        let siti = world.enrol(TPS, "Siti").await;
        let message = world.message(&siti, TPS, 1, &figures([101, 88])).await;
        world.sms(&message).await;
        sqlx::query(sql)
            .execute(world.app.storage.reading())
            .await
            .unwrap();
        let broken = server::operations::verify_log::verify(&world.app, false).await;
        let text = broken.unwrap_err().to_string();
        assert!(text.contains(said), "{text}");
    }
}

#[tokio::test]
async fn a_messages_id_is_the_hash_that_the_contract_says() {
    let world = World::with_gateway().await;
    let siti = world.enrol(TPS, "Siti").await;
    let message = world.message(&siti, TPS, 1, &figures([101, 88])).await;
    world.sms(&message.to_ascii_lowercase()).await;
    let named = format!("saksi-sms-v1\n{}\n{message}", siti.id);
    let kept: (String, String) = sqlx::query_as("SELECT rev_id, envelope FROM revisions")
        .fetch_one(world.app.storage.reading())
        .await
        .unwrap();
    assert_eq!(kept.0, protocol::encoding::sha256_hex(named.as_bytes()));
    assert_eq!(kept.1, message.to_ascii_lowercase(), "as it came");
    let signed = siti.seal(&siti.revision(TPS, 1, [101, 88]));
    assert_ne!(rev_id(&signed), kept.0);
}
