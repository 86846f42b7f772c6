//! Complaints about who may send what.

use anyhow::{Context as _, Result};
use device::view::Standing;
use domain::SlotState;
use protocol::encoding::sha256_hex;
use protocol::envelope::REVISION_TYPE;
use protocol::revision::RevisionStatus;
use protocol::{Envelope, ProblemCode, SecretKey};
use saksi_tests::stage::backing::Backing;

use crate::stories::scene::{Scene, TPS};

const ELSEWHERE: &str = "6472011001002";

/// medic/cht-core#11306.
#[tokio::test(flavor = "multi_thread")]
async fn a_reassigned_phone_does_not_count_what_is_refused_as_sent() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    scene.relay.cut();
    siti.key(&slot, &scene.paper()).await?;
    siti.save(&slot).await?;
    scene.endpoint.run(&[
        "post",
        "--witness",
        "Siti",
        "--from",
        TPS,
        "--to",
        ELSEWHERE,
    ])?;
    scene.relay.restore();
    let delivery = siti.send().await?;
    assert_eq!(delivery.revisions_only_here, 1, "it is not counted as sent");
    assert_eq!(
        siti.standing(&slot).await?,
        Standing::Refused {
            code: "not_assigned".to_owned()
        },
        "the form stays in sight, and says what the endpoint says"
    );
    let elsewhere = format!("{}/{ELSEWHERE}/gub", slot.election).parse()?;
    assert_eq!(siti.standing(&elsewhere).await?, Standing::NotStarted);

    // The room sees what was refused, and lets it in: it ends well.
    let kept = scene.coordinator.refused("6472").await?;
    let kept = kept.refused.first().context("nothing was kept")?;
    scene
        .coordinator
        .admit(&kept.revision.rev_id, "Saksi dipindah hari ini.")
        .await?;
    siti.send_all().await?;
    assert!(matches!(
        siti.standing(&slot).await?,
        Standing::AllReceived { .. }
    ));
    assert_eq!(scene.coordinator.slot(&slot).await?.figures, scene.paper());
    Ok(())
}

/// The press of 2014 and 2019: entries by the thousand, made by scripts.
#[tokio::test(flavor = "multi_thread")]
async fn entries_without_an_enrolled_key_count_for_nothing() -> Result<()> {
    let scene = Scene::new(Backing::Embedded).await?;
    let slot = scene.slot();
    let siti = scene.witness("Siti").await?;
    siti.key(&slot, &scene.paper()).await?;
    siti.save(&slot).await?;
    let (rev_id, envelope) = siti.envelope(&slot).await?;
    let genuine = envelope.payload_bytes()?;
    let forger = SecretKey::from_seed(&[9; 32]);
    let keyid = envelope.signature()?.keyid.clone();
    let mut false_ones = Vec::new();
    for number in 0..40_u32 {
        let text = String::from_utf8(genuine.clone())?;
        let payload = text.replace("\"seq\":1", &format!("\"seq\":{}", number + 2));
        // Under the witness's name, and under one that nobody has.
        let keyid = if number % 2 == 0 {
            keyid.as_str()
        } else {
            "dev-nobody"
        };
        let sealed = Envelope::seal(REVISION_TYPE, payload.as_bytes(), keyid, &forger);
        false_ones.push((
            sha256_hex(payload.as_bytes()),
            serde_json::to_string(&sealed)?,
        ));
    }
    let bundle = saksi_tests::stage::bundle::of(&false_ones)?;
    let answer = scene.coordinator.bring(bundle).await?;
    assert_eq!(answer.results.len(), 40);
    for result in &answer.results {
        assert_eq!(result.status, RevisionStatus::Refused, "{result:?}");
        let problem = result.problem.as_ref();
        let code = problem
            .and_then(|problem| problem.code)
            .context("refused without a word")?;
        let expected = [
            ProblemCode::SignatureInvalid,
            ProblemCode::DeviceUnknown,
            ProblemCode::EnvelopeInvalid,
        ];
        assert!(expected.contains(&code), "{code:?}");
    }
    assert_eq!(scene.coordinator.slot(&slot).await?.state, SlotState::Empty);

    siti.send_all().await?;
    let seen = scene.coordinator.slot(&slot).await?;
    assert_eq!((seen.history.len(), &seen.history[0].rev_id), (1, &rev_id));
    Ok(())
}
