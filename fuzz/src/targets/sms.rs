//! The text of an SMS, as a phone's network and a gateway may have changed it.

use protocol::sms::{FIGURES_MAX, KEY_BYTES, Sms};

const KEY: [u8; KEY_BYTES] = [7; KEY_BYTES];

/// What is read can be written, carries its mac through any white space, and
/// is believed under no other key.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok((sms, _)) = Sms::read(text) else {
        assert!(Sms::open(text, &KEY).is_err());
        return;
    };
    assert!(!sms.figures.is_empty() && sms.figures.len() <= FIGURES_MAX);
    let message = sms.message(&KEY);
    assert_eq!(Sms::open(&message, &KEY).as_ref(), Ok(&sms));
    let broken = message.replace(' ', " \r\n").to_ascii_lowercase();
    assert_eq!(Sms::open(&broken, &KEY).as_ref(), Ok(&sms));
    assert!(Sms::open(&message, &[8; KEY_BYTES]).is_err());
}

/// Messages with all figures and with some.
pub fn seeds() -> Vec<Vec<u8>> {
    let message = |figures: &[Option<u32>]| {
        let sms = Sms {
            slot_code: "7KQ2".to_owned(),
            seq: 3,
            figures: figures.to_vec(),
        };
        sms.message(&KEY).into_bytes()
    };
    vec![
        message(&[Some(101), Some(88), None, Some(0)]),
        message(&[None; FIGURES_MAX]),
    ]
}
