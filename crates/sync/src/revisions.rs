//! One step: a batch of revisions; and what an answer about revisions, own or
//! carried, means.

use protocol::receipt::{Receipt, ReceiptKind};
use protocol::revision::{RevisionResult, RevisionStatus, RevisionsAnswer, RevisionsRequest};
use protocol::{ProblemCode, Timestamp};

use crate::back_off;
use crate::clock::jitter;
use crate::courier::{Courier, Progress, Round};
use crate::outbox::{Account, ItemKey, Signed};
use crate::transport::{Method, Request};
use crate::trouble::{Trouble, TroubleReport};
use crate::understand::{No, date, read, understand};

/// Failures that a kept refusal counts as, at least: a coordinator needs
/// minutes to let something in, not seconds.
const KEPT_FAILURES: u32 = 7;

impl Courier {
    /// Posts these revisions and tells the outbox what came of each.
    pub(crate) async fn post(
        &self,
        account: &Account,
        keys: &[ItemKey],
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        let signed = self.signed(keys).await?;
        let (devices, envelopes): (Vec<_>, Vec<_>) = signed
            .into_iter()
            .map(|one| (one.device, one.envelope))
            .unzip();
        let body = RevisionsRequest { envelopes };
        let request = Request::json(Method::Post, "/v1/revisions", &body)
            .map_err(|cause| TroubleReport::new(Trouble::Device, cause.to_string()))?;
        let results = match self.call(account, request, understand).await {
            Ok(answer) => read::<RevisionsAnswer>(&answer).map(|heard| {
                self.hear_wish(heard.photos_not_before, date(&answer));
                heard.results
            }),
            Err(No::Stopped(report)) => Err(report),
            Err(No::Refused(refusal)) => return self.refuse_batch(keys, refusal.word()).await,
        };
        self.settle(account, keys, &devices, results, round).await
    }

    /// The revisions as they are sent.
    pub(crate) async fn signed(&self, keys: &[ItemKey]) -> Result<Vec<Signed>, TroubleReport> {
        let ids: Vec<String> = keys.iter().map(|key| key.id.clone()).collect();
        self.ask_outbox(move |outbox| ids.iter().map(|id| outbox.signed(id)).collect())
            .await
    }

    /// Tells the outbox what came of revisions that `devices` signed.
    pub(crate) async fn settle(
        &self,
        account: &Account,
        keys: &[ItemKey],
        devices: &[String],
        results: Result<Vec<RevisionResult>, TroubleReport>,
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        match results {
            Ok(results) if is_about(keys, &results) => {
                self.believe();
                round.is_answered = true;
                self.take_results(account, keys, devices, results, round)
                    .await
            }
            Ok(_) => Err(TroubleReport::new(
                Trouble::CaptivePortal,
                "the answer is about other revisions",
            )),
            Err(report) => {
                let keys = self.with_attempts(keys).await?;
                self.bear(keys, report, round).await
            }
        }
    }

    /// The endpoint would not have the batch as a whole. Alone, it is the
    /// revision; among others, the next batches are smaller.
    pub(crate) async fn refuse_batch(
        &self,
        keys: &[ItemKey],
        code: &'static str,
    ) -> Result<(), TroubleReport> {
        if let [only] = keys {
            return self.note_refusal(only.clone(), code, None).await;
        }
        for key in keys {
            self.note_failure(key.clone(), 0).await?;
        }
        Ok(())
    }

    async fn take_results(
        &self,
        account: &Account,
        keys: &[ItemKey],
        devices: &[String],
        results: Vec<RevisionResult>,
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        let mut first_doubt = None;
        for ((key, device), result) in keys.iter().zip(devices).zip(results) {
            match result.status {
                RevisionStatus::Stored | RevisionStatus::Known => {
                    if let Err(report) = self
                        .take_receipt(account, key, device, result, round)
                        .await?
                    {
                        first_doubt.get_or_insert(report);
                    }
                }
                RevisionStatus::Refused => self.take_refusal(key, &result).await?,
            }
        }
        first_doubt.map_or(Ok(()), Err)
    }

    /// Keeps a receipt that verifies and was given to the `device` that signed
    /// the revision; the inner error says that it does not.
    async fn take_receipt(
        &self,
        account: &Account,
        key: &ItemKey,
        device: &str,
        result: RevisionResult,
        round: &Round<'_>,
    ) -> Result<Result<(), TroubleReport>, TroubleReport> {
        let doubt = |cause: String| Ok(Err(TroubleReport::new(Trouble::WrongServer, cause)));
        let Some(envelope) = result.receipt else {
            return doubt("stored, it says, without a receipt".to_owned());
        };
        let opened = Receipt::open(
            &envelope,
            &account.server_key,
            ReceiptKind::Revision,
            &key.id,
            device,
        );
        match opened {
            Ok(receipt) => {
                self.ask_outbox(move |outbox| outbox.receive(&receipt, &envelope))
                    .await?;
                (round.on_progress)(Progress {
                    key: key.clone(),
                    sent_bytes: 1,
                    size_bytes: 1,
                });
                Ok(Ok(()))
            }
            Err(cause) => doubt(cause.to_string()),
        }
    }

    async fn take_refusal(
        &self,
        key: &ItemKey,
        result: &RevisionResult,
    ) -> Result<(), TroubleReport> {
        let code = result.problem.as_ref().and_then(|problem| problem.code);
        let random = jitter(self.random.as_ref());
        match code {
            Some(
                ProblemCode::RateLimited
                | ProblemCode::Overloaded
                | ProblemCode::StorageFull
                | ProblemCode::Internal,
            ) => {
                self.note_failure(key.clone(), back_off::wait_ms(1, random))
                    .await
            }
            // Kept by the endpoint, and perhaps let in by a coordinator.
            Some(code @ (ProblemCode::NotAssigned | ProblemCode::WindowClosed)) => {
                let wait_ms = back_off::wait_ms(KEPT_FAILURES, random);
                let at = back_off::after(self.clock.now(), wait_ms);
                self.note_refusal(key.clone(), code.as_str(), Some(at))
                    .await
            }
            Some(code) => self.note_refusal(key.clone(), code.as_str(), None).await,
            None => {
                let code = ProblemCode::RequestInvalid.as_str();
                self.note_refusal(key.clone(), code, None).await
            }
        }
    }

    pub(crate) async fn note_refusal(
        &self,
        key: ItemKey,
        code: &'static str,
        next_try_at: Option<Timestamp>,
    ) -> Result<(), TroubleReport> {
        tracing::warn!(lane = ?key.lane, id = %key.id, code, "refused");
        self.ask_outbox(move |outbox| outbox.note_refusal(&key, code, next_try_at))
            .await
    }

    async fn with_attempts(&self, keys: &[ItemKey]) -> Result<Vec<(ItemKey, u32)>, TroubleReport> {
        let keys = keys.to_vec();
        self.ask_outbox(move |outbox| {
            let items = outbox.items()?;
            let attempts = |key: &ItemKey| {
                let item = items.iter().find(|item| item.key == *key);
                item.map_or(0, |item| item.attempts)
            };
            Ok(keys
                .iter()
                .map(|key| (key.clone(), attempts(key)))
                .collect())
        })
        .await
    }
}

/// Whether the results are about what was sent, in the order sent.
fn is_about(keys: &[ItemKey], results: &[RevisionResult]) -> bool {
    let named = |result: &RevisionResult, key: &ItemKey| {
        // What the endpoint could not even hash has no name.
        result.rev_id == key.id
            || (result.rev_id.is_empty() && result.status == RevisionStatus::Refused)
    };
    keys.len() == results.len()
        && keys
            .iter()
            .zip(results)
            .all(|(key, result)| named(result, key))
}
