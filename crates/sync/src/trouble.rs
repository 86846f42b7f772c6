//! Everything that can stop a delivery, as a closed list.

/// What stopped a delivery or an enrolment. The window has a sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// No connection could be made at all.
    NoConnection,
    /// Connected, and no whole answer came in time.
    NoAnswer,
    /// Something answered that is not the endpoint, such as a log-in page.
    CaptivePortal,
    /// It is no endpoint of Saksi, or one with another key than the pinned one.
    WrongServer,
    /// The address is not one.
    BadAddress,
    /// The certificate is not valid at this device's time.
    WrongClock,
    /// The secure connection could not be made, or none was asked for.
    InsecureConnection,
    /// The endpoint asks to come back later.
    Busy,
    /// The endpoint has a fault.
    ServerFault,
    /// This device was revoked.
    DeviceRevoked,
    /// The endpoint does not know this device's token.
    TokenUnknown,
    /// The endpoint does not know the enrolment code.
    EnrolCodeUnknown,
    /// The enrolment code was used by another device.
    EnrolCodeUsed,
    /// The enrolment code has expired.
    EnrolCodeExpired,
    /// Too many wrong tries.
    EnrolThrottled,
    /// The endpoint refused what this app sent.
    Refused,
    /// This device could not read or write its own data.
    Device,
}

impl Trouble {
    /// Whether the thing that was being sent may itself be the reason, so that
    /// others should go before it next time.
    #[must_use]
    pub fn may_be_the_items(self) -> bool {
        matches!(self, Self::NoAnswer | Self::ServerFault)
    }

    /// Whether another address of the same endpoint may do better.
    #[must_use]
    pub fn may_be_the_addresses(self) -> bool {
        matches!(
            self,
            Self::NoConnection
                | Self::NoAnswer
                | Self::CaptivePortal
                | Self::InsecureConnection
                | Self::ServerFault
        )
    }

    /// Whether trying again soon is pointless: a person has to act first.
    #[must_use]
    pub fn needs_a_person(self) -> bool {
        matches!(
            self,
            Self::DeviceRevoked | Self::TokenUnknown | Self::WrongServer | Self::BadAddress
        )
    }
}

/// A trouble, when to try again if the endpoint said so, and the cause for the
/// log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{trouble:?}: {cause}")]
pub struct TroubleReport {
    /// What.
    pub trouble: Trouble,
    /// What the endpoint asked to wait, in milliseconds.
    pub retry_after_ms: Option<u64>,
    /// Prose for the log; nothing of what was sent.
    pub cause: String,
}

impl TroubleReport {
    /// A report without a time to wait.
    #[must_use]
    pub fn new(trouble: Trouble, cause: impl Into<String>) -> Self {
        Self {
            trouble,
            retry_after_ms: None,
            cause: cause.into(),
        }
    }
}
