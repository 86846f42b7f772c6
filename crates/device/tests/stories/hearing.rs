//! News from the counting room, and what it makes of a slot.

use device::view::Standing;
use protocol::console::Role;
use protocol::inbox::InboxKind;

use crate::stage::{Stage, dpr, gub, key, seal_form, standing, tap, wako};

#[tokio::test]
async fn a_returned_form_is_corrected_and_then_verified() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    tap(&device).await;
    let reason = "Foto halaman 2 tidak terbaca";
    stage
        .peer
        .state()
        .endpoint
        .tell(InboxKind::Returned, Some(gub()), reason);
    tap(&device).await;
    let Standing::Returned { reason: told, .. } = standing(&device, &gub()).await else {
        panic!("not returned");
    };
    assert_eq!(told, reason);
    let card = &device.home().await.unwrap().posts[0].slots[0];
    assert!(
        card.figures_received,
        "what has arrived is said in every standing"
    );

    key(&device, gub(), "votes.1", "100").await.unwrap();
    let sealed = device.seal(gub()).await.unwrap();
    assert_eq!(
        sealed.standing,
        Standing::SavedHere,
        "the correction answers it"
    );
    tap(&device).await;
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::AllReceived { .. }
    ));
    stage
        .peer
        .state()
        .endpoint
        .tell(InboxKind::Verified, Some(gub()), "");
    tap(&device).await;
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::Verified { .. }
    ));
    assert_eq!(standing(&device, &wako()).await, Standing::NotStarted);
}

#[tokio::test]
async fn a_correction_sealed_before_the_news_came_still_answers_it() {
    let (stage, device) = Stage::enrolled().await;
    seal_form(&device, gub()).await;
    tap(&device).await;
    // Returned while the witness, without a signal, corrects it unasked.
    stage
        .peer
        .state()
        .endpoint
        .tell(InboxKind::Returned, Some(gub()), "periksa lagi");
    key(&device, gub(), "votes.1", "100").await.unwrap();
    device.seal(gub()).await.unwrap();
    tap(&device).await;
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::AllReceived { .. }
    ));
}

#[tokio::test]
async fn news_is_kept_newest_first_until_it_is_read() {
    let (stage, device) = Stage::enrolled().await;
    {
        let mut state = stage.peer.state();
        state
            .endpoint
            .tell(InboxKind::Message, None, "Selamat bertugas");
        state.endpoint.tell(InboxKind::Conflict, Some(gub()), "");
    }
    tap(&device).await;
    tap(&device).await;
    drop(device);
    let device = stage.open();
    let inbox = device.home().await.unwrap().inbox;
    assert_eq!(inbox.len(), 2, "once each");
    assert_eq!(inbox[0].item.kind, InboxKind::Conflict);
    assert!(inbox.iter().all(|entry| !entry.is_read));
    let home = device.read_inbox(inbox[1].id).await.unwrap();
    assert_eq!(
        home.inbox
            .iter()
            .map(|entry| entry.is_read)
            .collect::<Vec<_>>(),
        [false, true]
    );
}

#[tokio::test]
async fn the_phone_says_what_is_begun_on_it_and_which_message_was_read() {
    let (stage, device) = Stage::enrolled().await;
    tap(&device).await;
    let said = || stage.peer.state().endpoint.said.clone();
    assert_eq!(said(), (Some("0".to_owned()), None));
    key(&device, gub(), "votes.1", "100").await.unwrap();
    {
        let mut state = stage.peer.state();
        state.endpoint.tell(InboxKind::Message, None, "Foto ulang");
        state.endpoint.inbox[0].message = Some("0123456789abcdef".to_owned());
        state.endpoint.inbox[0].from = Some(Role::Coordinator);
    }
    tap(&device).await;
    assert_eq!(said(), (Some("1".to_owned()), None));
    let news = device.home().await.unwrap().inbox;
    assert_eq!(news[0].item.from, Some(Role::Coordinator));
    device.read_inbox(news[0].id).await.unwrap();
    seal_form(&device, gub()).await;
    tap(&device).await;
    let read = Some("0123456789abcdef".to_owned());
    assert_eq!(said(), (Some("0".to_owned()), read));
}

#[tokio::test]
async fn a_new_pack_posts_the_witness_elsewhere_and_what_was_recorded_stays() {
    let (stage, device) = Stage::enrolled().await;
    key(&device, dpr(), "votes.1.party", "4").await.unwrap();
    seal_form(&device, gub()).await;
    tap(&device).await;
    {
        let mut state = stage.peer.state();
        let endpoint = &mut state.endpoint;
        endpoint.pack.version = 2;
        endpoint.pack.assignments[0].tps = "6472011001002".parse().unwrap();
        endpoint.pack.assignments[0].number = "002".to_owned();
        endpoint.tell(InboxKind::PackChanged, None, "");
    }
    tap(&device).await;
    let home = device.home().await.unwrap();
    assert_eq!(home.posts[0].number, "002");
    let kept: Vec<String> = home.posts[1..]
        .iter()
        .flat_map(|post| post.slots.iter().map(|card| card.slot.to_string()))
        .collect();
    assert_eq!(kept, [gub().to_string(), dpr().to_string()]);
    let mut cards = home.posts.iter().flat_map(|post| &post.slots);
    assert!(cards.all(|card| card.is_assigned == (card.slot.tps.number() == "002")));
    let form = device.open_form(gub()).await.unwrap();
    assert_eq!(form.draft.figures["votes.1"], "101");
    // Asked for once: the next time the pack is known.
    let before = stage.peer.count("GET /v1/pack");
    tap(&device).await;
    assert_eq!(stage.peer.count("GET /v1/pack"), before);
}

#[tokio::test]
async fn an_app_that_is_too_old_says_so_and_goes_on() {
    let (stage, device) = Stage::enrolled().await;
    stage.peer.state().endpoint.pack.min_app = "9.0.0".to_owned();
    stage
        .peer
        .state()
        .endpoint
        .tell(InboxKind::PackChanged, None, "");
    seal_form(&device, gub()).await;
    assert_eq!(
        tap(&device).await,
        Some(device::view::TroubleCode::AppTooOld)
    );
    assert!(matches!(
        standing(&device, &gub()).await,
        Standing::AllReceived { .. }
    ));
}
