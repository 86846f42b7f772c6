//! Two steps: asking for the pack, and for the inbox.

use std::fmt::Write as _;

use protocol::Timestamp;
use protocol::inbox::{DRAFTS_HEADER, HeldReceipts, InboxAnswer, READ_HEADER};
use protocol::limits::HELD_RECEIPTS_MAX;
use protocol::pack::Pack;

use crate::courier::{Courier, Round};
use crate::outbox::{Account, PackAnswer};
use crate::transport::{Method, Request};
use crate::trouble::{Trouble, TroubleReport};
use crate::understand::{No, date, read, understand};

/// What asking for the inbox brought.
pub(crate) struct Asked {
    /// Whether anything was new here.
    pub(crate) is_news: bool,
    /// Whether there may be more.
    may_be_more: bool,
    /// What it said of the receipts that were named.
    standing: ReceiptStanding,
}

/// What an endpoint says of receipts of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReceiptStanding {
    /// Nothing, or that it stands by all of them.
    Stands,
    /// It stands by those that were named, and newer ones are still to be named.
    NewerToName,
    /// It was restored from a backup and has lost some.
    Lost,
}

impl Courier {
    /// Asks for the pack, once per delivery.
    pub(crate) async fn refresh_pack(
        &self,
        account: &Account,
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        round.may_ask_pack = false;
        match self.ask_pack(account).await {
            Ok(()) => {
                round.is_answered = true;
                Ok(())
            }
            Err(No::Stopped(report)) => self.bear(Vec::new(), report, round).await,
            Err(No::Refused(refusal)) => {
                tracing::warn!(status = refusal.status, "the pack was refused");
                Ok(())
            }
        }
    }

    async fn ask_pack(&self, account: &Account) -> Result<(), No> {
        let etag = self.ask_outbox(|outbox| outbox.pack_etag()).await?;
        let mut request = Request::new(Method::Get, "/v1/pack");
        if let Some(etag) = etag {
            request = request.header("if-none-match", etag);
        }
        let answer = self.call(account, request, understand).await?;
        let taken = if answer.status == 304 {
            PackAnswer::Unchanged
        } else {
            PackAnswer::New {
                pack: Box::new(read::<Pack>(&answer)?),
                etag: answer.header("etag").map(str::to_owned),
            }
        };
        Ok(self
            .ask_outbox(move |outbox| outbox.take_pack(&taken))
            .await?)
    }

    /// Reads one page of the inbox.
    pub(crate) async fn read_inbox(
        &self,
        account: &Account,
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        let pages_left = round.inbox_pages_left.saturating_sub(1);
        round.inbox_pages_left = 0;
        let may_ask_held = std::mem::take(&mut round.may_ask_held);
        match self.ask_inbox(account, None, may_ask_held).await {
            Ok(asked) => {
                match asked.standing {
                    ReceiptStanding::Stands => {}
                    ReceiptStanding::NewerToName => {
                        round.may_ask_held = true;
                        round.inbox_pages_left = pages_left;
                    }
                    // Parts of photos went with the receipts.
                    ReceiptStanding::Lost => round.offsets.clear(),
                }
                round.is_answered = true;
                if asked.may_be_more {
                    round.inbox_pages_left = pages_left;
                }
                Ok(())
            }
            Err(No::Stopped(report)) => self.bear(Vec::new(), report, round).await,
            Err(No::Refused(refusal)) => {
                tracing::warn!(status = refusal.status, "the inbox was refused");
                Ok(())
            }
        }
    }

    /// Asks for the inbox; with `wait_seconds` the endpoint may hold the
    /// question open that long, and with `ask_held` it says whether it still
    /// has a receipt of ours.
    pub(crate) async fn ask_inbox(
        &self,
        account: &Account,
        wait_seconds: Option<u64>,
        ask_held: bool,
    ) -> Result<Asked, No> {
        let after = self.ask_outbox(|outbox| outbox.inbox_cursor()).await?;
        let held = if ask_held {
            self.ask_outbox(|outbox| outbox.held(HELD_RECEIPTS_MAX))
                .await?
        } else {
            Vec::new()
        };
        let held = Some(HeldReceipts(held)).filter(|held| !held.0.is_empty());
        let path = inbox_path(after.as_deref(), wait_seconds, held.as_ref());
        let about = self.ask_outbox(|outbox| outbox.about_itself()).await?;
        let mut request =
            Request::new(Method::Get, path).header(DRAFTS_HEADER, about.drafts.to_string());
        if let Some(read) = about.read {
            request = request.header(READ_HEADER, read);
        }
        request.extra_wait_ms = wait_seconds.unwrap_or_default().saturating_mul(1_000);
        let answer = self.call(account, request, understand).await?;
        if answer.status != 200 {
            return Err(No::Stopped(TroubleReport::new(
                Trouble::CaptivePortal,
                format!("status {} for the inbox", answer.status),
            )));
        }
        let news: InboxAnswer = read(&answer)?;
        self.believe();
        self.hear_wish(news.photos_not_before, date(&answer));
        let may_be_more = !news.items.is_empty() && after.as_ref() != Some(&news.cursor);
        let are_held = news.held;
        let is_taken = self
            .ask_outbox(move |outbox| outbox.take_inbox(after.as_deref(), &news))
            .await?;
        let standing = match held {
            Some(held) => self.take_held(held, are_held).await?,
            None => ReceiptStanding::Stands,
        };
        let is_lost = standing == ReceiptStanding::Lost;
        Ok(Asked {
            is_news: is_lost || (is_taken && may_be_more),
            // After a restore the inbox is read from its beginning.
            may_be_more: may_be_more || is_lost,
            standing,
        })
    }

    /// A lie could not do more than make this device send again.
    async fn take_held(
        &self,
        held: HeldReceipts,
        are_held: Option<bool>,
    ) -> Result<ReceiptStanding, TroubleReport> {
        match are_held {
            None => Ok(ReceiptStanding::Stands),
            Some(true) => {
                let noting = self.ask_outbox(move |outbox| outbox.note_held(&held.0));
                Ok(match noting.await? {
                    true => ReceiptStanding::NewerToName,
                    false => ReceiptStanding::Stands,
                })
            }
            Some(false) => {
                tracing::warn!(%held, "the endpoint no longer has all of these receipts");
                let disowning = self.ask_outbox(move |outbox| outbox.disown(&held.0));
                Ok(match disowning.await? {
                    true => ReceiptStanding::Lost,
                    false => ReceiptStanding::Stands,
                })
            }
        }
    }

    /// Hears the wish in an answer that came at `told_at`.
    pub(crate) fn hear_wish(&self, wish: Option<Timestamp>, told_at: Option<Timestamp>) {
        let now = self.clock.now();
        let mut road = self.road();
        road.photos = road.photos.after(wish, told_at, now);
    }
}

fn inbox_path(
    after: Option<&str>,
    wait_seconds: Option<u64>,
    held: Option<&HeldReceipts>,
) -> String {
    let query: Vec<String> = [
        after.map(|cursor| format!("after={}", percent_encoded(cursor))),
        wait_seconds.map(|seconds| format!("wait={seconds}")),
        held.map(|held| format!("held={held}")),
    ]
    .into_iter()
    .flatten()
    .collect();
    match query.is_empty() {
        true => "/v1/inbox".to_owned(),
        false => format!("/v1/inbox?{}", query.join("&")),
    }
}

/// `text` as it may stand in a query.
fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::percent_encoded;

    #[test]
    fn a_cursor_may_hold_anything() {
        assert_eq!(percent_encoded("a-1 &=é"), "a-1%20%26%3D%C3%A9");
    }
}
