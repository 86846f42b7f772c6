//! An enrolment code as people type it.

use protocol::EnrolCode;

use super::sealed;

/// A code that is read is shown and read again as the same one, whatever the
/// case and the hyphens; and it is proved by the key that proves it alone.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(code) = text.parse::<EnrolCode>() else {
        return;
    };
    assert_eq!(code.normalised().len(), 11);
    for typed in [
        code.to_string(),
        code.normalised().to_owned(),
        code.to_string().to_ascii_lowercase(),
        code.normalised().replace('0', "O").replace('1', "l"),
    ] {
        assert_eq!(typed.parse::<EnrolCode>().as_ref(), Ok(&code), "{typed}");
    }
    let proof = code.prove(&sealed::key());
    assert!(code.is_proved_by(&proof, &sealed::key().public()));
    assert!(!code.is_proved_by(&proof, &sealed::other_key().public()));
}

/// Codes as shown and as typed.
pub fn seeds() -> Vec<Vec<u8>> {
    let shown = EnrolCode::from_random([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).to_string();
    vec![
        shown.to_ascii_lowercase().into_bytes(),
        shown.replace('-', "  ").into_bytes(),
        shown.into_bytes(),
    ]
}
