//! Passwords of the counting room: argon2id, and nothing kept but its hash.
//!
//! Checking costs about 19 MiB of memory and some tens of milliseconds on
//! purpose, so callers run it off the async threads and few at a time. An
//! unknown user costs the same as a known one: who exists here is not to be
//! learned from how long the answer takes.

use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Shortest password, in characters.
pub const PASSWORD_MIN_CHARS: usize = 10;
/// Longest password, in bytes: hashing megabytes is not a service we offer.
pub const PASSWORD_MAX_BYTES: usize = 256;

/// Why a password cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than [`PASSWORD_MIN_CHARS`].
    #[error("the password is too short: at least {PASSWORD_MIN_CHARS} characters")]
    TooShort,
    /// More than [`PASSWORD_MAX_BYTES`].
    #[error("the password is too long: at most {PASSWORD_MAX_BYTES} bytes")]
    TooLong,
    /// The system gave no randomness, or no memory.
    #[error("the password could not be hashed")]
    Hashing,
}

/// The hash to keep for `password`, in the PHC string format.
///
/// # Errors
/// [`PasswordError`].
pub fn hash(password: &str) -> Result<String, PasswordError> {
    if password.chars().count() < PASSWORD_MIN_CHARS {
        return Err(PasswordError::TooShort);
    }
    if password.len() > PASSWORD_MAX_BYTES {
        return Err(PasswordError::TooLong);
    }
    let hash: PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|_| PasswordError::Hashing)?;
    Ok(hash.to_string())
}

/// Whether `password` is the one that `kept` was made from. `None` stands for
/// a user who does not exist: the same work is done, and the answer is no.
#[must_use]
pub fn is_right(password: &str, kept: Option<&str>) -> bool {
    let known = kept.and_then(|text| PasswordHash::new(text).ok());
    let is_known = known.is_some();
    let Some(hash) = known.as_ref().or(STAND_IN.as_ref()) else {
        return false;
    };
    let fits = password.len() <= PASSWORD_MAX_BYTES
        && Argon2::default()
            .verify_password(password.as_bytes(), hash)
            .is_ok();
    fits && is_known
}

/// What is checked against for a user who does not exist.
static STAND_IN: LazyLock<Option<PasswordHash>> =
    LazyLock::new(|| Argon2::default().hash_password(b"nobody's password").ok());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_of_a_known_user_is_right() {
        let kept = hash("sepuluh huruf").unwrap();
        assert!(kept.starts_with("$argon2id$"));
        assert!(is_right("sepuluh huruf", Some(&kept)));
        assert!(!is_right("Sepuluh huruf", Some(&kept)));
        assert!(!is_right("nobody's password", None));
        assert!(!is_right("sepuluh huruf", Some("not a hash")));
    }

    #[test]
    fn a_password_has_bounds() {
        assert_eq!(hash("pendek"), Err(PasswordError::TooShort));
        assert_eq!(hash(&"x".repeat(257)), Err(PasswordError::TooLong));
    }
}
