//! The courier between an outbox in memory and a road that is made up: what a
//! socket cannot easily be made to do.
#![expect(
    clippy::unwrap_used,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

mod made_up;

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use made_up::{
    Memory, PHOTO_BYTES, answer, courier, courier_by_address, item, names, news, photo_receipt,
    problem, receipt, server_key, stored,
};
use protocol::ProblemCode;
use protocol::envelope::{self, Envelope, REVISION_TYPE};
use protocol::photo::{UPLOAD_LENGTH, UPLOAD_OFFSET};
use protocol::receipt::ReceiptKind;
use sync::{Answer, Clock as _, Lane, Method, Trouble, TroubleReport};

#[tokio::test]
async fn one_envelope_on_which_the_endpoint_chokes_does_not_hold_up_the_others() {
    let items = (0..8)
        .map(|number| item(Lane::Revision, &number.to_string()))
        .collect();
    let memory = Memory::with(items);
    let (courier, clock) = courier(&memory, |request| match request.method {
        Method::Post if names(request).contains(&"3".to_owned()) => Ok(answer(500, String::new())),
        Method::Post => Ok(stored(&names(request))),
        Method::Get | Method::Head | Method::Patch => Ok(news()),
    });
    let mut deliveries = 0;
    while memory.left() > 1 {
        deliveries += 1;
        assert!(deliveries < 10, "{:?}", memory.received.lock().unwrap());
        let outcome = courier.deliver(&|_| ()).await;
        assert_eq!(outcome.trouble.unwrap().trouble, Trouble::ServerFault);
        clock
            .0
            .store(outcome.next_try_at.unwrap().unix_ms(), Ordering::SeqCst);
    }
    assert_eq!(memory.items.lock().unwrap()[0].key.id, "3");
}

#[tokio::test]
async fn an_answer_about_other_revisions_is_not_the_endpoints() {
    let memory = Memory::with(vec![item(Lane::Revision, "a"), item(Lane::Revision, "b")]);
    for other in [vec!["a".to_owned()], vec!["b".to_owned(), "a".to_owned()]] {
        let (courier, _) = courier(&memory, move |_| Ok(stored(&other)));
        let outcome = courier.deliver(&|_| ()).await;
        assert_eq!(outcome.trouble.unwrap().trouble, Trouble::CaptivePortal);
        assert_eq!(memory.left(), 2);
    }
}

#[tokio::test]
async fn stored_without_a_receipt_is_not_stored_and_the_others_are() {
    let memory = Memory::with(vec![item(Lane::Revision, "a"), item(Lane::Revision, "b")]);
    let (courier, _) = courier(&memory, |request| {
        let answer = stored(&names(request));
        let mut body: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        body["results"][0]["receipt"] = serde_json::Value::Null;
        Ok(Answer {
            body: body.to_string().into(),
            ..answer
        })
    });
    let outcome = courier.deliver(&|_| ()).await;
    assert_eq!(outcome.trouble.unwrap().trouble, Trouble::WrongServer);
    assert_eq!(*memory.received.lock().unwrap(), ["b"]);
}

#[tokio::test]
async fn a_part_that_does_not_grow_is_not_believed() {
    let memory = Memory::with(vec![item(Lane::Copy, "photo")]);
    let (courier, _) = courier(&memory, |request| match request.method {
        Method::Patch => Ok(Answer {
            headers: vec![(UPLOAD_OFFSET.to_owned(), "0".to_owned())],
            ..answer(204, String::new())
        }),
        Method::Get | Method::Head | Method::Post => Ok(news()),
    });
    let outcome = courier.deliver(&|_| ()).await;
    assert_eq!(outcome.trouble.unwrap().trouble, Trouble::CaptivePortal);
    assert_eq!(memory.left(), 1);
}

#[tokio::test]
async fn an_endpoint_that_contradicts_itself_is_left_alone_for_a_while() {
    let memory = Memory::with(vec![item(Lane::Copy, "photo")]);
    let pieces = Arc::new(AtomicI64::new(0));
    let sent = Arc::clone(&pieces);
    let (courier, _) = courier(&memory, move |request| match request.method {
        Method::Patch => {
            let turn = sent.fetch_add(1, Ordering::SeqCst);
            let mut told = problem(ProblemCode::OffsetMismatch);
            told.headers
                .push((UPLOAD_OFFSET.to_owned(), (turn % 2 + 1).to_string()));
            Ok(told)
        }
        Method::Get | Method::Head | Method::Post => Ok(news()),
    });
    let outcome = courier.deliver(&|_| ()).await;
    assert_eq!(outcome.trouble, None);
    assert!(outcome.next_try_at.is_some());
    assert_eq!(pieces.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn a_photo_goes_in_growing_pieces_with_nothing_twice() {
    let memory = Memory::with(vec![item(Lane::Copy, "photo")]);
    let seen: Arc<Mutex<Vec<(u64, u64)>>> = Arc::default();
    let pieces = Arc::clone(&seen);
    let (courier, _) = courier(&memory, move |request| match request.method {
        Method::Patch => {
            let header = |name: &str| -> u64 {
                let found = request.headers.iter().find(|(own, _)| *own == name);
                found.unwrap().1.parse().unwrap()
            };
            assert_eq!(header(UPLOAD_LENGTH), PHOTO_BYTES);
            let offset = header(UPLOAD_OFFSET);
            let bytes = request.body.as_ref().unwrap().bytes.len() as u64;
            pieces.lock().unwrap().push((offset, bytes));
            let there = offset + bytes;
            if there == PHOTO_BYTES {
                return Ok(photo_receipt(request));
            }
            Ok(Answer {
                headers: vec![(UPLOAD_OFFSET.to_owned(), there.to_string())],
                ..answer(204, String::new())
            })
        }
        Method::Get | Method::Head | Method::Post => Ok(news()),
    });
    assert_eq!(courier.deliver(&|_| ()).await.trouble, None);
    assert_eq!(memory.left(), 0);
    assert_eq!(
        *seen.lock().unwrap(),
        [(0, 32_768), (32_768, PHOTO_BYTES - 32_768)]
    );
}

#[tokio::test]
async fn when_the_road_was_bad_for_hours_nothing_waits_once_it_is_good() {
    let memory = Memory::with(vec![item(Lane::Copy, "photo")]);
    let is_good = Arc::new(Mutex::new(false));
    let road = Arc::clone(&is_good);
    let (courier, clock) = courier(&memory, move |request| {
        if !*road.lock().unwrap() {
            return Err(TroubleReport::new(Trouble::NoAnswer, "silence"));
        }
        Ok(match request.method {
            Method::Head => answer(404, String::new()),
            Method::Patch => photo_receipt(request),
            Method::Get | Method::Post => news(),
        })
    });
    let mut waits_ms = Vec::new();
    for _ in 0..12 {
        let before = clock.now().unix_ms();
        let outcome = courier.deliver(&|_| ()).await;
        let next = outcome.next_try_at.unwrap().unix_ms();
        waits_ms.push(next - before);
        clock.0.store(next, Ordering::SeqCst);
    }
    assert_eq!(waits_ms[..4], [500, 1_000, 2_000, 4_000]);
    assert_eq!(waits_ms[11], 300_000, "half of ten minutes, without chance");
    *is_good.lock().unwrap() = true;
    assert_eq!(courier.deliver(&|_| ()).await.trouble, None);
    assert_eq!(memory.left(), 0);
}

#[tokio::test]
async fn the_endpoints_receipt_for_another_thing_is_not_one() {
    let payload = b"{}";
    let own = envelope::rev_id(payload);
    assert_eq!(own.len(), 64);
    let not_a_receipt = Envelope::seal(REVISION_TYPE, payload, "server-1", &server_key());
    for envelope in [
        receipt(ReceiptKind::Photo, "other"),
        receipt(ReceiptKind::Revision, "photo"),
        not_a_receipt,
    ] {
        let memory = Memory::with(vec![item(Lane::Copy, "photo")]);
        let (courier, _) = courier(&memory, move |request| match request.method {
            Method::Patch => Ok(answer(
                200,
                serde_json::json!({"receipt": envelope}).to_string(),
            )),
            Method::Get | Method::Head | Method::Post => Ok(news()),
        });
        let outcome = courier.deliver(&|_| ()).await;
        assert_eq!(outcome.trouble.unwrap().trouble, Trouble::WrongServer);
        assert_eq!(memory.left(), 1);
    }
}

#[tokio::test]
async fn a_second_address_is_tried_when_something_stands_before_the_first() {
    let memory = Memory::with(vec![item(Lane::Revision, "a"), item(Lane::Copy, "photo")]);
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = Arc::clone(&asked);
    let (courier, _) = courier_by_address(&memory, move |address, request| {
        log.lock().unwrap().push(address.to_owned());
        if address.contains("one") {
            return Ok(answer(302, String::new()));
        }
        Ok(match request.method {
            Method::Post => stored(&names(request)),
            Method::Patch => photo_receipt(request),
            Method::Get | Method::Head => news(),
        })
    });
    assert_eq!(courier.deliver(&|_| ()).await.trouble, None);
    assert_eq!(memory.left(), 0);
    let at_one = asked
        .lock()
        .unwrap()
        .iter()
        .filter(|own| own.contains("one"))
        .count();
    assert_eq!(at_one, 1, "the address that answers is asked from then on");
}

#[tokio::test]
async fn a_pack_that_cannot_be_had_holds_up_no_photo_and_is_asked_for_again() {
    let memory = Arc::new(Memory {
        items: Mutex::new(vec![item(Lane::Copy, "photo")]),
        wants_pack: true,
        ..Memory::default()
    });
    let (courier, _) = courier(&memory, |request| {
        Ok(match (request.method, request.path.as_str()) {
            (Method::Get, "/v1/pack") => answer(500, String::new()),
            (Method::Patch, _) => photo_receipt(request),
            (Method::Get | Method::Head | Method::Post, _) => news(),
        })
    });
    let outcome = courier.deliver(&|_| ()).await;
    assert_eq!(memory.left(), 0);
    assert!(!outcome.is_stopped && outcome.next_try_at.is_some());
    assert_eq!(outcome.trouble.unwrap().trouble, Trouble::ServerFault);
}

#[tokio::test]
async fn a_link_that_is_cut_after_every_piece_is_used_again_at_once() {
    const GETS_THROUGH_BYTES: u64 = 9_000;
    let memory = Memory::with(vec![item(Lane::Copy, "photo")]);
    let there = Arc::new(Mutex::new((0_u64, 0)));
    let road = Arc::clone(&there);
    let (courier, clock) = courier(&memory, move |request| {
        let (offset, cuts_left) = &mut *road.lock().unwrap();
        let stands = |offset: u64| vec![(UPLOAD_OFFSET.to_owned(), offset.to_string())];
        match request.method {
            Method::Patch if *cuts_left > 0 => {
                *cuts_left -= 1;
                Err(TroubleReport::new(Trouble::NoAnswer, "the link was cut"))
            }
            Method::Patch => {
                // The cut is the same at both addresses.
                *cuts_left = 2;
                *offset += GETS_THROUGH_BYTES.min(PHOTO_BYTES - *offset);
                if *offset == PHOTO_BYTES {
                    return Ok(photo_receipt(request));
                }
                Ok(Answer {
                    headers: stands(*offset),
                    ..answer(204, String::new())
                })
            }
            Method::Head => Ok(Answer {
                headers: stands(*offset),
                ..answer(200, String::new())
            }),
            Method::Get | Method::Post => Ok(news()),
        }
    });
    let outcome = courier.deliver(&|_| ()).await;
    assert_eq!(outcome.trouble, None);
    assert_eq!(memory.left(), 0);
    assert_eq!(clock.0.load(Ordering::SeqCst), 0, "nothing was waited for");
}
