//! Keying figures: what is refused, what is asked, and what survives.

use device::view::{DraftChange, Failure, Place, Standing};

use crate::stage::{Stage, dpr, gub, key, key_form, standing};

#[tokio::test]
async fn every_keystroke_is_there_after_the_app_is_killed() {
    let (stage, mut device) = Stage::enrolled().await;
    device.open_form(gub()).await.unwrap();
    for text in ["1", "10", "101"] {
        key(&device, gub(), "votes.1", text).await.unwrap();
        // Closing stands for killing: nothing is written then.
        drop(device);
        device = stage.open();
        let draft = device.open_form(gub()).await.unwrap().draft;
        assert_eq!(draft.figures["votes.1"], text);
    }
    let changes = [
        DraftChange::FormTps {
            text: "001".to_owned(),
        },
        DraftChange::Note {
            text: "kotak é robek".to_owned(),
        },
        DraftChange::Answer {
            code: "E301".to_owned(),
            text: "memang begitu".to_owned(),
        },
        DraftChange::Flag {
            name: "objection".to_owned(),
            is_set: true,
        },
    ];
    for change in changes {
        device.change_draft(gub(), change).await.unwrap();
    }
    let place = Place {
        slot: gub(),
        step: "page-2".to_owned(),
    };
    device.set_place(Some(place.clone())).await.unwrap();

    drop(device);
    let again = stage.open();
    let draft = again.open_form(gub()).await.unwrap().draft;
    assert_eq!(draft.form_tps, "001");
    assert_eq!(draft.note, "kotak é robek");
    assert_eq!(draft.answers["E301"], "memang begitu");
    assert_eq!(draft.flags, ["objection"]);
    assert!(draft.is_changed);
    assert_eq!(again.home().await.unwrap().last_place, Some(place));
    assert_eq!(standing(&again, &gub()).await, Standing::Draft);
}

#[tokio::test]
async fn letters_and_four_digits_are_refused_and_the_box_stays_as_it_was() {
    let (_stage, device) = Stage::enrolled().await;
    key(&device, gub(), "votes.1", "105").await.unwrap();
    for text in ["1050", "1O5", "-5", "1.5", "seratus"] {
        let refused = key(&device, gub(), "votes.1", text).await;
        assert_eq!(
            refused.unwrap_err(),
            Failure::Figure { digits: 3 },
            "{text}"
        );
    }
    let long = DraftChange::FormTps {
        text: "0001".to_owned(),
    };
    let refused = device.change_draft(gub(), long).await;
    assert_eq!(refused.unwrap_err(), Failure::Figure { digits: 3 });
    let draft = device.open_form(gub()).await.unwrap().draft;
    assert_eq!(draft.figures["votes.1"], "105");
    assert_eq!(
        key(&device, gub(), "votes.9", "1").await.unwrap_err(),
        Failure::NotFound
    );
}

#[tokio::test]
async fn figures_stand_in_words_sums_run_and_what_does_not_add_up_is_asked() {
    let (_stage, device) = Stage::enrolled().await;
    key_form(&device, gub()).await;
    let draft = key(&device, gub(), "valid", "198").await.unwrap();
    assert_eq!(draft.words["votes.1"], "seratus satu");
    assert_eq!(draft.votes_sum, 189);
    let finding = &draft.findings[0];
    assert_eq!(
        (finding.code.as_str(), finding.left, finding.right),
        ("E301", 189, 198)
    );
    // Cleared, the rule is silent.
    let draft = key(&device, gub(), "valid", "").await.unwrap();
    assert!(draft.findings.is_empty());
    assert!(!draft.figures.contains_key("valid"));
}

#[tokio::test]
async fn a_form_of_the_next_polling_station_is_asked_about() {
    let (_stage, device) = Stage::enrolled().await;
    let other = DraftChange::FormTps {
        text: "002".to_owned(),
    };
    let draft = device.change_draft(gub(), other).await.unwrap();
    assert_eq!(draft.findings[0].code, "E901");
    let own = DraftChange::FormTps {
        text: "1".to_owned(),
    };
    assert!(
        device
            .change_draft(gub(), own)
            .await
            .unwrap()
            .findings
            .is_empty()
    );
}

#[tokio::test]
async fn a_partys_sum_is_its_own_votes_and_its_candidates() {
    let (_stage, device) = Stage::enrolled().await;
    key(&device, dpr(), "votes.1.party", "10").await.unwrap();
    key(&device, dpr(), "votes.1.2", "5").await.unwrap();
    let draft = key(&device, dpr(), "votes.2", "7").await.unwrap();
    assert_eq!(draft.party_sums["1"], 15);
    assert_eq!(
        draft.party_sums["2"], 7,
        "as written, while no part is keyed"
    );
    assert_eq!(draft.votes_sum, 22);
}

#[tokio::test]
async fn a_discarded_draft_goes_back_to_what_was_sealed() {
    let (_stage, device) = Stage::enrolled().await;
    key_form(&device, gub()).await;
    let nothing = device.discard_draft(gub()).await.unwrap();
    assert!(nothing.figures.is_empty());
    assert_eq!(standing(&device, &gub()).await, Standing::NotStarted);

    key_form(&device, gub()).await;
    device.seal(gub()).await.unwrap();
    key(&device, gub(), "votes.1", "1").await.unwrap();
    let sealed = device.discard_draft(gub()).await.unwrap();
    assert_eq!(sealed.figures["votes.1"], "101");
    assert!(!sealed.is_changed);
}
