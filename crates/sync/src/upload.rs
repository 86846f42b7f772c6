//! One step: a piece of a photo, from where the endpoint's part ends.

use bytes::Bytes;
use protocol::ProblemCode;
use protocol::photo::{PIECE_TYPE, PhotoAnswer, UPLOAD_LENGTH, UPLOAD_OFFSET};
use protocol::receipt::{Receipt, ReceiptKind};

use crate::back_off;
use crate::clock::jitter;
use crate::courier::{Courier, Progress, Round};
use crate::outbox::{Account, Item, Lane, OutboxError};
use crate::transport::{Answer, Body, Method, Request};
use crate::trouble::{Trouble, TroubleReport};
use crate::understand::{No, Refusal, read, understand, understand_head};

/// Times per delivery that the endpoint may name another offset than before.
const CONFLICTS_MAX: u32 = 5;
/// Times that a photo whose bytes arrived wrong is begun anew.
const RESTARTS_MAX: u32 = 3;
/// The code of a photo whose file is gone from this device.
const FILE_GONE: &str = "file_gone";

impl Courier {
    /// Sends the next piece of a photo and tells the outbox what came of it.
    pub(crate) async fn upload(
        &self,
        account: &Account,
        item: Item,
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        let sent = match self.offset(account, &item, round).await {
            Ok(offset) if offset >= item.size_bytes => {
                let path = format!("/v1/photos/{}/receipt", item.key.id);
                let request = Request::new(Method::Get, path);
                self.call(account, request, understand).await
            }
            Ok(offset) => match self.send_piece(account, &item, offset).await? {
                Some(sent) => sent,
                None => return Ok(()),
            },
            Err(report) => Err(No::Stopped(report)),
        };
        match sent {
            Ok(answer) => self.take_answer(account, &item, &answer, round).await,
            Err(No::Refused(refusal)) => self.take_no(&item, &refusal, round).await,
            Err(No::Stopped(report)) => {
                {
                    let mut road = self.road();
                    road.pace = road.pace.after_failure();
                }
                round.offsets.insert(item.key.clone(), None);
                if is_cut_while_getting_on(&item, &report) && round.is_answered {
                    tracing::debug!(%report, "cut; going on at once");
                    return self.note_failure(item.key, 0).await;
                }
                self.bear(vec![(item.key, item.attempts)], report, round)
                    .await
            }
        }
    }

    /// Where the endpoint's part ends: as it said in this delivery, or 0 for a
    /// photo that was never begun, or as it says now.
    async fn offset(
        &self,
        account: &Account,
        item: &Item,
        round: &mut Round<'_>,
    ) -> Result<u64, TroubleReport> {
        let is_new = item.sent_bytes == 0 && item.attempts == 0;
        match round.offsets.get(&item.key) {
            Some(Some(offset)) => return Ok(*offset),
            None if is_new => return Ok(0),
            Some(None) | None => {}
        }
        let request = Request::new(Method::Head, format!("/v1/photos/{}", item.key.id));
        let offset = match self.call(account, request, understand_head).await {
            Ok(answer) if answer.status == 200 => answer.number(UPLOAD_OFFSET).unwrap_or(0),
            // Nothing yet; or a refusal, which the next piece hears in words.
            Ok(_) | Err(No::Refused(_)) => 0,
            Err(No::Stopped(report)) => return Err(report),
        };
        let offset = offset.min(item.size_bytes);
        round.offsets.insert(item.key.clone(), Some(offset));
        if offset < item.sent_bytes {
            // Less than it said before: what the witness sees goes back too.
            let key = item.key.clone();
            self.ask_outbox(move |outbox| outbox.note_sent_bytes(&key, offset))
                .await?;
        }
        Ok(offset)
    }

    /// The answer to one piece; `None` when the file is gone, which is noted.
    async fn send_piece(
        &self,
        account: &Account,
        item: &Item,
        offset: u64,
    ) -> Result<Option<Result<Answer, No>>, TroubleReport> {
        let Some(bytes) = self.piece(item, offset).await? else {
            return Ok(None);
        };
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mut request = Request::new(Method::Patch, format!("/v1/photos/{}", item.key.id))
            .header(UPLOAD_OFFSET, offset.to_string())
            .header(UPLOAD_LENGTH, item.size_bytes.to_string());
        request.body = Some(Body {
            content_type: PIECE_TYPE,
            bytes,
        });
        let began_ms = self.clock.monotonic_ms();
        let sent = self.call(account, request, understand).await;
        if sent.is_ok() {
            let elapsed_ms = self.clock.monotonic_ms().saturating_sub(began_ms);
            let mut road = self.road();
            road.pace = road.pace.after(size_bytes, elapsed_ms);
            road.photos = road.photos.after_photo();
        }
        Ok(Some(sent))
    }

    async fn piece(&self, item: &Item, offset: u64) -> Result<Option<Bytes>, TroubleReport> {
        let max_bytes = self.road().pace.piece_bytes();
        let key = item.key.clone();
        let read = self
            .ask_outbox(move |outbox| match outbox.piece(&key, offset, max_bytes) {
                Err(OutboxError::FileGone(cause)) => Ok(Err(cause)),
                other => other.map(Ok),
            })
            .await?;
        match read {
            Ok(bytes) => Ok(Some(bytes)),
            Err(cause) => {
                tracing::error!(cause, "a photo's file is gone");
                self.note_refusal(item.key.clone(), FILE_GONE, None).await?;
                Ok(None)
            }
        }
    }

    async fn take_answer(
        &self,
        account: &Account,
        item: &Item,
        answer: &Answer,
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        let size_bytes = item.size_bytes;
        let sent_bytes = if answer.status == 200 {
            self.take_photo_receipt(account, item, answer).await?;
            size_bytes
        } else {
            let before = round.offsets.get(&item.key).copied().flatten().unwrap_or(0);
            let now_there = answer.number(UPLOAD_OFFSET);
            let Some(sent_bytes) =
                now_there.filter(|there| *there > before && *there <= size_bytes)
            else {
                return Err(TroubleReport::new(
                    Trouble::CaptivePortal,
                    format!("status {} without a new offset", answer.status),
                ));
            };
            let key = item.key.clone();
            self.ask_outbox(move |outbox| outbox.note_sent_bytes(&key, sent_bytes))
                .await?;
            sent_bytes
        };
        self.believe();
        // The road gets on, if slowly: a link that is cut every few seconds
        // must not be waited for longer each time.
        self.forget_failures();
        round.is_answered = true;
        round.offsets.insert(item.key.clone(), Some(sent_bytes));
        (round.on_progress)(Progress {
            key: item.key.clone(),
            sent_bytes,
            size_bytes,
        });
        Ok(())
    }

    async fn take_photo_receipt(
        &self,
        account: &Account,
        item: &Item,
        answer: &Answer,
    ) -> Result<(), TroubleReport> {
        let PhotoAnswer { receipt: envelope } = read(answer)?;
        let receipt = Receipt::open(
            &envelope,
            &account.server_key,
            ReceiptKind::Photo,
            &item.key.id,
            &account.device,
        )
        .map_err(|cause| TroubleReport::new(Trouble::WrongServer, cause.to_string()))?;
        self.ask_outbox(move |outbox| outbox.receive(&receipt, &envelope))
            .await
    }

    async fn take_no(
        &self,
        item: &Item,
        refusal: &Refusal,
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        let random = jitter(self.random.as_ref());
        let wait_ms = back_off::wait_ms(item.attempts.saturating_add(1), random);
        match refusal.code {
            Some(ProblemCode::OffsetMismatch) => self.take_conflict(item, refusal, round).await,
            Some(ProblemCode::HashMismatch) if item.restarts.saturating_add(1) < RESTARTS_MAX => {
                round.offsets.insert(item.key.clone(), Some(0));
                let key = item.key.clone();
                self.ask_outbox(move |outbox| outbox.note_restart(&key))
                    .await
            }
            // Only who brought a revision may send its photos: bring it again.
            Some(code @ ProblemCode::PhotoNotAnnounced) if item.key.lane == Lane::CarriedPhoto => {
                let key = item.key.clone();
                self.ask_outbox(move |outbox| outbox.announce_again(&key))
                    .await?;
                let at = back_off::after(self.clock.now(), wait_ms);
                self.note_refusal(item.key.clone(), code.as_str(), Some(at))
                    .await
            }
            // Its revision has not arrived, or there is no receipt yet: later.
            Some(code @ (ProblemCode::PhotoNotAnnounced | ProblemCode::NotFound)) => {
                let at = back_off::after(self.clock.now(), wait_ms);
                self.note_refusal(item.key.clone(), code.as_str(), Some(at))
                    .await
            }
            _ => {
                self.note_refusal(item.key.clone(), refusal.word(), None)
                    .await
            }
        }
    }

    /// The endpoint's part ends elsewhere: go on from there.
    async fn take_conflict(
        &self,
        item: &Item,
        refusal: &Refusal,
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        let conflicts = round.conflicts.entry(item.key.clone()).or_default();
        *conflicts = conflicts.saturating_add(1);
        if *conflicts > CONFLICTS_MAX {
            let random = jitter(self.random.as_ref());
            let wait_ms = back_off::wait_ms(item.attempts.saturating_add(1), random);
            return self.note_failure(item.key.clone(), wait_ms).await;
        }
        let told = refusal
            .upload_offset
            .filter(|there| *there <= item.size_bytes);
        round.offsets.insert(item.key.clone(), told);
        match told {
            Some(sent_bytes) => {
                let key = item.key.clone();
                self.ask_outbox(move |outbox| outbox.note_sent_bytes(&key, sent_bytes))
                    .await
            }
            None => Ok(()),
        }
    }
}

/// Whether a connection ended under a photo of which a piece had got through
/// since the last failure. A thin link does that every few seconds: it is worth
/// one try at once, and only when that fails too worth a wait.
fn is_cut_while_getting_on(item: &Item, report: &TroubleReport) -> bool {
    let is_cut = matches!(report.trouble, Trouble::NoAnswer | Trouble::NoConnection);
    is_cut && item.sent_bytes > 0 && item.attempts == 0
}
