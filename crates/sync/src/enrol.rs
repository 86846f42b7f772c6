//! Enrolment over a transport: one request, and what its answer means.

use protocol::PublicKey;
use protocol::enrol::{EnrolAnswer, EnrolRequest};

use crate::address::Address;
use crate::clock::Clock;
use crate::transport::{Answer, Method, Request, Transport};
use crate::trouble::{Trouble, TroubleReport};
use crate::understand::{No, date, is_page, understand};

/// What a granted enrolment brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Enrolled {
    /// The endpoint's answer; its key is one that can verify.
    pub answer: EnrolAnswer,
    /// How far this device's clock is ahead of the endpoint's, in
    /// milliseconds, if it said.
    pub clock_skew_ms: Option<i64>,
}

/// Asks the endpoint at `address` to enrol this device.
///
/// # Errors
/// [`TroubleReport`]. Asking again with the same key and code is always right:
/// a lost answer does not burn the code.
pub async fn enrol(
    transport: &dyn Transport,
    clock: &dyn Clock,
    address: &Address,
    request: &EnrolRequest,
) -> Result<Enrolled, TroubleReport> {
    let request = Request::json(Method::Post, "/v1/enrol", request)
        .map_err(|cause| TroubleReport::new(Trouble::Device, cause.to_string()))?;
    let answer = transport.send(address, request).await?;
    let clock_skew_ms = date(&answer).map(|told| clock.now().unix_ms() - told.unix_ms());
    let granted = understand(answer.clone()).map_err(|no| meaning(no, &answer))?;
    let enrolled: EnrolAnswer = serde_json::from_slice(&granted.body).map_err(|cause| {
        let trouble = if is_page(&granted) {
            Trouble::CaptivePortal
        } else {
            Trouble::WrongServer
        };
        TroubleReport::new(trouble, cause.to_string())
    })?;
    let is_whole = PublicKey::from_base64(&enrolled.server_key).is_some()
        && !enrolled.device_id.is_empty()
        && !enrolled.token.is_empty();
    if !is_whole {
        return Err(TroubleReport::new(
            Trouble::WrongServer,
            "enrolled without a usable key, id or token",
        ));
    }
    Ok(Enrolled {
        answer: enrolled,
        clock_skew_ms,
    })
}

/// A refusal to enrol. No key is pinned yet, so what tells the endpoint from
/// another server is only that it knows this path and speaks in problems: a
/// server that does neither, and shows no page either, is simply another one.
fn meaning(no: No, answer: &Answer) -> TroubleReport {
    match no {
        No::Refused(refusal) => TroubleReport::new(
            match refusal.status {
                404 | 405 => Trouble::WrongServer,
                _ => Trouble::Refused,
            },
            format!("status {} ({})", refusal.status, refusal.word()),
        ),
        No::Stopped(report) => {
            let is_elsewhere = matches!(answer.status, 401 | 403 | 404 | 405 | 501);
            if is_elsewhere
                && !is_page(answer)
                && matches!(
                    report.trouble,
                    Trouble::CaptivePortal | Trouble::ServerFault
                )
            {
                TroubleReport {
                    trouble: Trouble::WrongServer,
                    ..report
                }
            } else {
                report
            }
        }
    }
}
