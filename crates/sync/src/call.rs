//! One request to whichever of the endpoint's addresses answers.

use crate::courier::Courier;
use crate::outbox::Account;
use crate::transport::{Answer, Request};
use crate::trouble::{Trouble, TroubleReport};
use crate::understand::{No, date};

impl Courier {
    /// Sends `request` with the account's token, first to the address that
    /// answered last, then to the others in turn while the trouble may be the
    /// address's. `understand` says what an answer means. Every request of the
    /// wire may be repeated, so trying a second address changes nothing.
    pub(crate) async fn call(
        &self,
        account: &Account,
        mut request: Request,
        understand: fn(Answer) -> Result<Answer, No>,
    ) -> Result<Answer, No> {
        request.bearer = Some(account.token.clone());
        let count = account.addresses.len();
        let preferred = self.road().preferred;
        let mut first_trouble: Option<TroubleReport> = None;
        for turn in 0..count {
            let place = preferred.wrapping_add(turn) % count;
            let Some(address) = account.addresses.get(place) else {
                continue;
            };
            let sent = self.transport.send(address, request.clone()).await;
            let told_at = sent.as_ref().ok().and_then(date);
            match sent.map_err(No::Stopped).and_then(understand) {
                Err(No::Stopped(report)) if report.trouble.may_be_the_addresses() => {
                    first_trouble.get_or_insert(report);
                }
                understood => {
                    let now = self.clock.now();
                    let mut road = self.road();
                    road.preferred = place;
                    road.answered = Some((now, told_at.map(|told| now.unix_ms() - told.unix_ms())));
                    return understood;
                }
            }
        }
        Err(No::Stopped(first_trouble.unwrap_or_else(|| {
            TroubleReport::new(Trouble::BadAddress, "no address to send to")
        })))
    }

    /// The last answer had the shape that only the endpoint's have: that was a
    /// contact.
    pub(crate) fn believe(&self) {
        let mut road = self.road();
        if let Some(answered) = road.answered.take() {
            road.contact = Some(answered);
        }
    }
}
