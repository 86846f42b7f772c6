//! What an answer means: from the endpoint, or from something in the way.
//!
//! Between a phone and its endpoint stand log-in pages, proxies and filters
//! that answer in the endpoint's place. An answer is believed to be the
//! endpoint's only when it has the documented shape; even then it proves
//! nothing but itself, since only a receipt proves that something arrived.

use chrono::DateTime;
use protocol::problem::PROBLEM_TYPE;
use protocol::{Problem, ProblemCode, Timestamp};

use crate::back_off::RETRY_AFTER_MAX_MS;
use crate::transport::Answer;
use crate::trouble::{Trouble, TroubleReport};

/// Why a request was not granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum No {
    /// The road or the endpoint as a whole: nothing else will go either.
    Stopped(TroubleReport),
    /// The endpoint will not have this very thing.
    Refused(Refusal),
}

/// The endpoint's refusal of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The problem's code, if this app knows it.
    pub(crate) code: Option<ProblemCode>,
    /// HTTP status.
    pub(crate) status: u16,
    /// The `Upload-Offset` that came along.
    pub(crate) upload_offset: Option<u64>,
}

impl Refusal {
    /// The code as the witness's screens know it.
    pub(crate) fn word(&self) -> &'static str {
        self.code.map_or("request_invalid", ProblemCode::as_str)
    }
}

impl From<TroubleReport> for No {
    fn from(report: TroubleReport) -> Self {
        Self::Stopped(report)
    }
}

/// The answer itself when it grants what was asked.
pub(crate) fn understand(answer: Answer) -> Result<Answer, No> {
    let status = answer.status;
    match status {
        200..=299 if is_page(&answer) => return Err(portal(&answer).into()),
        200..=299 | 304 => return Ok(answer),
        300..=399 | 407 | 511 => return Err(portal(&answer).into()),
        _ => {}
    }
    let problem = problem_of(&answer);
    let code = problem.as_ref().and_then(|problem| problem.code);
    if let Some(trouble) = code.and_then(trouble_of) {
        return Err(stopped(&answer, trouble));
    }
    match status {
        429 | 503 => Err(stopped(&answer, Trouble::Busy)),
        500.. => Err(stopped(&answer, Trouble::ServerFault)),
        401 if problem.is_some() => Err(stopped(&answer, Trouble::TokenUnknown)),
        _ if problem.is_some() => Err(No::Refused(Refusal {
            code,
            status,
            upload_offset: answer.number(protocol::photo::UPLOAD_OFFSET),
        })),
        _ => Err(portal(&answer).into()),
    }
}

/// The same for `HEAD`, whose answers have no body to tell who speaks. What
/// it is refused for, the next request will hear in words.
pub(crate) fn understand_head(answer: Answer) -> Result<Answer, No> {
    match answer.status {
        200 if answer.number(protocol::photo::UPLOAD_OFFSET).is_none() => {
            Err(portal(&answer).into())
        }
        400..=499 if !matches!(answer.status, 407 | 429) => Ok(answer),
        _ => understand(answer),
    }
}

/// The JSON that was promised.
pub(crate) fn read<T: serde::de::DeserializeOwned>(answer: &Answer) -> Result<T, TroubleReport> {
    serde_json::from_slice(&answer.body).map_err(|cause| {
        // The cause names keys and positions, never what was sent.
        TroubleReport::new(
            Trouble::CaptivePortal,
            format!("status {} with another body: {cause}", answer.status),
        )
    })
}

/// The endpoint's clock, from the `Date` header.
pub(crate) fn date(answer: &Answer) -> Option<Timestamp> {
    let date = DateTime::parse_from_rfc2822(answer.header("date")?).ok()?;
    Some(Timestamp::from_unix_ms(date.timestamp_millis()))
}

/// Whether a page for people came instead of an answer.
pub(crate) fn is_page(answer: &Answer) -> bool {
    answer
        .header("content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"))
}

/// Problems that concern more than one thing.
fn trouble_of(code: ProblemCode) -> Option<Trouble> {
    Some(match code {
        ProblemCode::TokenUnknown => Trouble::TokenUnknown,
        ProblemCode::DeviceRevoked => Trouble::DeviceRevoked,
        ProblemCode::EnrolCodeUnknown => Trouble::EnrolCodeUnknown,
        ProblemCode::EnrolCodeUsed => Trouble::EnrolCodeUsed,
        ProblemCode::EnrolCodeExpired => Trouble::EnrolCodeExpired,
        ProblemCode::EnrolThrottled => Trouble::EnrolThrottled,
        ProblemCode::RateLimited
        | ProblemCode::Overloaded
        | ProblemCode::StorageFull
        | ProblemCode::RequestTimeout => Trouble::Busy,
        ProblemCode::Internal => Trouble::ServerFault,
        _ => return None,
    })
}

fn problem_of(answer: &Answer) -> Option<Problem> {
    let problem: Problem = serde_json::from_slice(&answer.body).ok()?;
    let is_labelled = answer
        .header("content-type")
        .is_some_and(|kind| kind.starts_with(PROBLEM_TYPE));
    (is_labelled || problem.code.is_some()).then_some(problem)
}

fn portal(answer: &Answer) -> TroubleReport {
    TroubleReport::new(
        Trouble::CaptivePortal,
        format!("status {} that the endpoint does not give", answer.status),
    )
}

fn stopped(answer: &Answer, trouble: Trouble) -> No {
    No::Stopped(TroubleReport {
        trouble,
        retry_after_ms: retry_after_ms(answer),
        cause: format!("status {}", answer.status),
    })
}

/// `Retry-After` in seconds or as a date, which is compared with the answer's
/// own date, never with this device's clock.
fn retry_after_ms(answer: &Answer) -> Option<u64> {
    let text = answer.header("retry-after")?.trim();
    let wait_ms = match text.parse::<u64>() {
        Ok(seconds) => seconds.saturating_mul(1_000),
        Err(_) => {
            let until = DateTime::parse_from_rfc2822(text).ok()?.timestamp_millis();
            u64::try_from(until.saturating_sub(date(answer)?.unix_ms())).ok()?
        }
    };
    Some(wait_ms.min(RETRY_AFTER_MAX_MS))
}

#[cfg(test)]
mod tests;
