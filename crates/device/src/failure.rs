//! How causes become the closed failures that the window knows.
//!
//! The cause is logged here, once; what goes on is the code.

use std::io;

use photo::PhotoError;
use store::StoreError;
use sync::{Trouble, TroubleReport};

use crate::view::{Failure, TroubleCode};

impl From<StoreError> for Failure {
    fn from(cause: StoreError) -> Self {
        tracing::error!(%cause, "the database");
        let database = |code: &str| Self::Database {
            code: code.to_owned(),
        };
        match cause {
            StoreError::DiskFull => Self::DiskFull,
            StoreError::ReadOnly => Self::ReadOnly,
            StoreError::FromTheFuture => database("from_the_future"),
            StoreError::NotADatabase => database("not_a_database"),
            StoreError::Damaged(_) => database("damaged"),
            StoreError::Missing(_) => Self::NotFound,
            StoreError::Io(_) | StoreError::OldSqlite(_) | StoreError::Other(_) => Self::Internal,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        tracing::error!(%cause, "a file");
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            io::ErrorKind::NotFound => Self::NotFound,
            _ => Self::Internal,
        }
    }
}

impl From<PhotoError> for Failure {
    fn from(cause: PhotoError) -> Self {
        tracing::warn!(%cause, "a photo cannot be used");
        Self::Photo {
            code: cause.code().to_owned(),
        }
    }
}

impl From<serde_json::Error> for Failure {
    fn from(cause: serde_json::Error) -> Self {
        tracing::error!(%cause, "JSON");
        Self::Internal
    }
}

impl From<TroubleReport> for Failure {
    fn from(report: TroubleReport) -> Self {
        match code_of(report.trouble) {
            Some(code) => Self::Trouble { code },
            None => Self::Internal,
        }
    }
}

/// The window's code of a trouble; `None` when the trouble is this device's
/// own memory, which has failures of its own.
pub(crate) fn code_of(trouble: Trouble) -> Option<TroubleCode> {
    Some(match trouble {
        Trouble::NoConnection => TroubleCode::NoConnection,
        Trouble::NoAnswer => TroubleCode::NoAnswer,
        Trouble::CaptivePortal => TroubleCode::CaptivePortal,
        Trouble::WrongServer => TroubleCode::WrongServer,
        Trouble::BadAddress => TroubleCode::BadAddress,
        Trouble::WrongClock => TroubleCode::WrongClock,
        Trouble::InsecureConnection => TroubleCode::InsecureConnection,
        Trouble::Busy => TroubleCode::Busy,
        Trouble::ServerFault => TroubleCode::ServerFault,
        Trouble::DeviceRevoked => TroubleCode::DeviceRevoked,
        Trouble::TokenUnknown => TroubleCode::TokenUnknown,
        Trouble::EnrolCodeUnknown => TroubleCode::EnrolCodeUnknown,
        Trouble::EnrolCodeUsed => TroubleCode::EnrolCodeUsed,
        Trouble::EnrolCodeExpired => TroubleCode::EnrolCodeExpired,
        Trouble::EnrolThrottled => TroubleCode::EnrolThrottled,
        Trouble::Refused => TroubleCode::Refused,
        Trouble::Device => return None,
    })
}

/// As prose, for those who are not a window.
impl std::fmt::Display for Failure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Trouble { code } => write!(out, "trouble with the endpoint: {code:?}"),
            Self::Photo { code } => write!(out, "the photo cannot be used: {code}"),
            Self::Figure { digits } => write!(out, "a figure has at most {digits} digits"),
            Self::DiskFull => out.write_str("the disk is full"),
            Self::ReadOnly => out.write_str("the device's data cannot be written"),
            Self::Database { code } => write!(out, "the database cannot be used: {code}"),
            Self::NothingToSave => out.write_str("there is nothing to seal"),
            Self::NotFound => out.write_str("no such thing on this device"),
            Self::Internal => out.write_str("a fault of the app; the log has the cause"),
        }
    }
}

impl std::error::Error for Failure {}
