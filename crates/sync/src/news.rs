//! Two steps: asking for the pack, and for the inbox.

use std::fmt::Write as _;

use protocol::inbox::InboxAnswer;
use protocol::pack::Pack;

use crate::courier::{Courier, Round};
use crate::outbox::{Account, PackAnswer};
use crate::transport::{Method, Request};
use crate::trouble::{Trouble, TroubleReport};
use crate::understand::{No, read, understand};

/// What asking for the inbox brought.
pub(crate) struct Asked {
    /// Whether anything was new here.
    pub(crate) is_news: bool,
    /// Whether there may be more.
    may_be_more: bool,
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
        match self.ask_inbox(account, None).await {
            Ok(asked) => {
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
    /// question open that long.
    pub(crate) async fn ask_inbox(
        &self,
        account: &Account,
        wait_seconds: Option<u64>,
    ) -> Result<Asked, No> {
        let after = self.ask_outbox(|outbox| outbox.inbox_cursor()).await?;
        let mut query = Vec::new();
        if let Some(cursor) = &after {
            query.push(format!("after={}", percent_encoded(cursor)));
        }
        if let Some(seconds) = wait_seconds {
            query.push(format!("wait={seconds}"));
        }
        let path = if query.is_empty() {
            "/v1/inbox".to_owned()
        } else {
            format!("/v1/inbox?{}", query.join("&"))
        };
        let mut request = Request::new(Method::Get, path);
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
        let may_be_more = !news.items.is_empty() && after.as_ref() != Some(&news.cursor);
        let is_taken = self
            .ask_outbox(move |outbox| outbox.take_inbox(after.as_deref(), &news))
            .await?;
        Ok(Asked {
            is_news: is_taken && may_be_more,
            may_be_more,
        })
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
