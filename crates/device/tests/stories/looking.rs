//! Photos of the presidential form, looked at: what makes them hard to read,
//! which page they show, and bubbles that ask about a figure.

use std::collections::BTreeMap;

use device::Device;
use device::view::{
    BubbleQuestion, DraftChange, DraftView, Failure, PageFinding, PhotoProblem, PhotoTrouble,
};
use domain::FormLayout;
use protocol::revision::PhotoKind;
use protocol::{BubbleReading, SlotId};
use specimen::{Filled, Head, Shot};

use crate::stage::{Stage, jpeg, key, photograph, tap};

fn ppwp() -> SlotId {
    "kaltim-2024/6472011001001/ppwp".parse().unwrap()
}

fn layout() -> FormLayout {
    sample::layout(sample::PPWP_FORM).unwrap().unwrap()
}

/// An enrolled phone whose witness has the presidential form too.
async fn stage() -> (Stage, Device) {
    let stage = Stage::set().await;
    {
        let pack = &mut stage.peer.state().endpoint.pack;
        pack.contests.push(sample::ppwp());
        pack.forms.push(layout());
        pack.assignments[0].contests.push("ppwp".to_owned());
    }
    let device = stage.open();
    let code = stage.peer.state().endpoint.new_code();
    device.enrol(&stage.peer.address(), &code).await.unwrap();
    (stage, device)
}

/// A careful photo of a page on which the pairs have 24, 73 and 74 votes.
fn page(page: u32) -> Vec<u8> {
    shot(page, &Shot::good(4))
}

fn shot(page: u32, shot: &Shot) -> Vec<u8> {
    let (form, contest) = (layout(), sample::ppwp());
    let head = Head {
        place: vec!["Kalimantan Timur".to_owned()],
        number: "001".to_owned(),
        date: "2024-02-14".to_owned(),
    };
    let votes = [("votes.1", 24), ("votes.2", 73), ("votes.3", 74)];
    let counts = BTreeMap::from(votes.map(|(id, value)| (id.to_owned(), value)));
    let filled = Filled {
        form: &form,
        contest: &contest,
        head: &head,
        counts: &counts,
        seed: 4,
    };
    specimen::photograph(&filled, page, shot).unwrap()
}

/// Photographs a page for place `at`, and has the photo looked at.
async fn attach(device: &Device, at: u32, jpeg: &[u8]) -> DraftView {
    let taken = photograph(device, ppwp(), at, jpeg).await.unwrap();
    let id = taken.photos.last().unwrap().id;
    device.look_at_photo(ppwp(), id).await.unwrap()
}

fn asked(draft: &DraftView) -> Vec<(&str, &str, &str)> {
    let questions = draft.bubble_questions.iter();
    questions
        .map(|one| (one.field.as_str(), one.keyed.as_str(), one.read.as_str()))
        .collect()
}

fn problems(draft: &DraftView) -> Vec<PhotoProblem> {
    let look = draft.photos.last().unwrap().look.as_ref().unwrap();
    look.troubles.iter().map(|one| one.problem).collect()
}

async fn answer(device: &Device, question: &BubbleQuestion) -> DraftView {
    let change = DraftChange::Answer {
        code: question.code.clone(),
        text: question.settled.clone(),
    };
    device.change_draft(ppwp(), change).await.unwrap()
}

#[tokio::test]
async fn bubbles_that_say_073_ask_about_a_keyed_078_and_never_before_it_is_keyed() {
    let (_stage, device) = stage().await;
    let draft = attach(&device, 2, &page(2)).await;
    assert_eq!(problems(&draft), [], "a careful photo");
    assert_eq!(draft.figures.len(), 0, "nothing is filled in");
    assert_eq!(draft.bubble_questions, [], "and nothing suggested");

    key(&device, ppwp(), "votes.1", "24").await.unwrap();
    let draft = key(&device, ppwp(), "votes.2", "78").await.unwrap();
    assert_eq!(asked(&draft), [("votes.2", "078", "073")]);
    let question = &draft.bubble_questions[0];
    let photo = &draft.photos[0];
    assert_eq!(question.photo, photo.id);
    let place = question.place;
    assert!(place.width > 0 && place.left + place.width <= photo.width);
    assert!(place.height > 0 && place.top + place.height <= photo.height);

    // Changed, it is over; kept, it is over until the figure is changed again.
    let right = key(&device, ppwp(), "votes.2", "073").await.unwrap();
    assert_eq!(right.bubble_questions, []);
    key(&device, ppwp(), "votes.2", "78").await.unwrap();
    let kept = answer(&device, question).await;
    assert_eq!(kept.bubble_questions, []);
    assert_eq!(kept.figures["votes.2"], "78");
    let other = key(&device, ppwp(), "votes.2", "13").await.unwrap();
    assert_eq!(asked(&other), [("votes.2", "013", "073")]);
}

#[tokio::test]
async fn a_sealed_revision_carries_what_the_bubbles_said_agreeing_or_not() {
    let (stage, device) = stage().await;
    photograph(&device, ppwp(), 1, &jpeg(1)).await.unwrap();
    attach(&device, 2, &page(2)).await;
    key(&device, ppwp(), "votes.2", "78").await.unwrap();
    let flag = |name: &str| DraftChange::Flag {
        name: name.to_owned(),
        is_set: true,
    };
    for name in ["objection", "bubbles:votes.1=999@1"] {
        device.change_draft(ppwp(), flag(name)).await.unwrap();
    }
    device.seal(ppwp()).await.unwrap();
    assert_eq!(tap(&device).await, None);

    let (revision, _) = stage.peer.state().endpoint.revisions[0].clone();
    let read = |field: &str, digits: &str| BubbleReading {
        field: field.to_owned(),
        digits: digits.to_owned(),
        photo: 1,
    };
    assert_eq!(
        revision.bubble_readings().collect::<Vec<_>>(),
        [
            read("votes.1", "024"),
            read("votes.2", "073"),
            read("votes.3", "074")
        ]
    );
    assert_eq!(
        revision.counts["votes.2"], 78,
        "what was keyed is what counts"
    );
    assert_eq!(revision.witness_flags().collect::<Vec<_>>(), ["objection"]);
    let history = device.history(ppwp()).await.unwrap();
    assert_eq!(history[0].flags, ["objection"]);
}

#[tokio::test]
async fn a_restart_neither_loses_a_look_nor_needs_the_photo_again_for_it() {
    let (stage, device) = stage().await;
    let looked = attach(&device, 2, &page(2)).await;
    key(&device, ppwp(), "votes.3", "47").await.unwrap();
    drop(device);

    let device = stage.open();
    let draft = device.open_form(ppwp()).await.unwrap().draft;
    assert_eq!(draft.photos, looked.photos);
    assert_eq!(asked(&draft), [("votes.3", "047", "074")]);
    for copy in std::fs::read_dir(stage.data().join("photos/copies")).unwrap() {
        std::fs::remove_file(copy.unwrap().path()).unwrap();
    }
    let again = device.look_at_photo(ppwp(), draft.photos[0].id).await;
    assert_eq!(again.unwrap().photos, looked.photos);
}

#[tokio::test]
async fn a_page_at_the_wrong_place_is_noticed_and_may_go_to_its_own() {
    let (_stage, device) = stage().await;
    let draft = attach(&device, 2, &page(1)).await;
    let photo = draft.photos[0].id;
    let missing = |page| PageFinding::PageMissing { page };
    assert_eq!(
        draft.page_findings,
        [
            PageFinding::WrongPage {
                photo,
                meant: 2,
                seen: 1,
                is_free: true
            },
            missing(2),
            missing(3)
        ]
    );
    let moved = device
        .set_photo_page(ppwp(), photo, Some(1), PhotoKind::Form)
        .await
        .unwrap();
    assert_eq!(moved.page_findings, [missing(2), missing(3)]);

    // The same page again: its place is taken now.
    let again = attach(&device, 3, &page(1)).await;
    let second = again.photos[1].id;
    assert_eq!(
        again.page_findings,
        [
            PageFinding::WrongPage {
                photo: second,
                meant: 3,
                seen: 1,
                is_free: false
            },
            PageFinding::PageTwice {
                page: 1,
                photos: vec![photo, second]
            },
            missing(2),
            missing(3)
        ]
    );
}

#[tokio::test]
async fn a_form_without_tags_is_silently_not_recognised_and_a_strange_one_is_noticed() {
    let (_stage, device) = stage().await;
    for seed in [1, 2] {
        let draft = attach(&device, 1, &jpeg(seed)).await;
        let missing = |page| PageFinding::PageMissing { page };
        assert_eq!(draft.page_findings, [missing(2), missing(3)]);
    }
    // The presidential page, in the place of another contest's form.
    let gub = crate::stage::gub();
    let taken = photograph(&device, gub.clone(), 2, &page(2)).await.unwrap();
    let photo = taken.photos[0].id;
    let draft = device.look_at_photo(gub.clone(), photo).await.unwrap();
    let form = sample::PPWP_FORM.to_owned();
    assert_eq!(
        draft.page_findings[0],
        PageFinding::WrongForm { photo, form }
    );
    let keyed = key(&device, gub, "votes.2", "78").await.unwrap();
    assert_eq!(
        keyed.bubble_questions,
        [],
        "another form's bubbles say nothing"
    );
}

#[tokio::test]
async fn what_makes_a_photo_hard_to_read_is_said_once_and_shown_where_it_is() {
    let (_stage, device) = stage().await;
    let dark = attach(&device, 2, &shot(2, &Shot::dark(5))).await;
    assert_eq!(problems(&dark), [PhotoProblem::TooDark]);
    let troubles = |draft: &DraftView| -> Vec<PhotoTrouble> {
        let look = draft.photos.last().unwrap().look.clone();
        look.unwrap().troubles
    };
    assert_eq!(troubles(&dark)[0].places.len(), 3, "one for each figure");

    let cut = Shot {
        fill: 1.3,
        ..Shot::good(4)
    };
    let cut = attach(&device, 2, &shot(2, &cut)).await;
    assert!(problems(&cut).contains(&PhotoProblem::CutOff));

    // Without a tag nothing is known of figures: the photo as a whole is judged.
    let tiny = attach(&device, 1, &jpeg(3)).await;
    assert!(problems(&tiny).contains(&PhotoProblem::TooSmall));
}

#[tokio::test]
async fn where_the_sheet_lies_is_made_out_with_the_rest() {
    let (_stage, device) = stage().await;
    let draft = attach(&device, 2, &page(2)).await;
    let photo = &draft.photos[0];
    let sheet = photo.look.as_ref().unwrap().sheet.unwrap();
    assert_eq!(sheet.sheet_mm, [600, 900]);
    assert_eq!(sheet.picture_px, [photo.width, photo.height]);

    let plain = attach(&device, 1, &jpeg(1)).await;
    let plain = plain.photos.last().unwrap();
    assert_eq!(plain.look.as_ref().unwrap().sheet, None);

    // What was made out on a photo goes with it.
    let id = draft.photos[0].id;
    let left = device.remove_photo(ppwp(), id).await.unwrap();
    assert_eq!(left.photos.len(), 1);
    let gone = device.photo_bytes(id).await;
    assert_eq!(gone.unwrap_err(), Failure::NotFound);
    let stranger = device.look_at_photo(ppwp(), id).await;
    assert_eq!(stranger.unwrap_err(), Failure::NotFound);
}
