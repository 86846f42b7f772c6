use std::io::Cursor;

use super::*;

fn bundle(envelopes: &[(&str, &str)], photos: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
    for (id, json) in envelopes {
        writer.envelope(id, json).unwrap();
    }
    for (id, jpeg) in photos {
        writer.photo(id, jpeg).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn open(bytes: &[u8]) -> Result<Bundle<Cursor<&[u8]>>, BundleError> {
    Bundle::open(Cursor::new(bytes))
}

#[test]
fn what_goes_in_comes_out_byte_for_byte() {
    let (rev_id, jpeg) = ("ab".repeat(32), b"a picture".as_slice());
    let sha256 = sha256_hex(jpeg);
    let bytes = bundle(
        &[(&rev_id, "{\"payload\": 1}"), (&rev_id, "again")],
        &[(&sha256, jpeg)],
    );
    let mut read = open(&bytes).unwrap();
    assert_eq!(read.envelopes, std::slice::from_ref(&rev_id));
    assert_eq!(read.photos, std::slice::from_ref(&sha256));
    assert_eq!(read.envelope(&rev_id).unwrap(), "{\"payload\": 1}");
    assert_eq!(read.photo(&sha256).unwrap(), jpeg);
    assert_eq!(
        bytes,
        bundle(&[(&rev_id, "{\"payload\": 1}")], &[(&sha256, jpeg)]),
        "the same content is the same file"
    );
}

#[test]
fn a_photo_that_is_not_what_its_name_says_is_damaged() {
    let name = "cd".repeat(32);
    let bytes = bundle(&[], &[(&name, b"something else")]);
    let damaged = open(&bytes).unwrap().photo(&name);
    assert!(matches!(damaged, Err(BundleError::DamagedPhoto(_))));
}

#[test]
fn other_files_are_no_bundles_and_other_entries_are_left_alone() {
    assert!(matches!(open(b"PK? no"), Err(BundleError::Zip(_))));
    let whole = bundle(&[(&"ab".repeat(32), "{}")], &[]);
    assert!(open(whole.get(..whole.len() / 2).unwrap()).is_err());

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["__MACOSX/x", "envelopes/../../x.json", "photos/UP.jpg"] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
    }
    let strange = zip.finish().unwrap().into_inner();
    assert!(matches!(open(&strange), Err(BundleError::Empty)));
}

#[test]
fn an_entry_that_swells_is_too_large() {
    let rev_id = "ab".repeat(32);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(format!("envelopes/{rev_id}.json"), options)
        .unwrap();
    let size = usize::try_from(limits::ENVELOPE_JSON_MAX_BYTES).unwrap() + 1;
    zip.write_all(&vec![b' '; size]).unwrap();
    let swelling = zip.finish().unwrap().into_inner();
    assert!(swelling.len() < 1_000);
    let read = open(&swelling).unwrap().envelope(&rev_id);
    assert!(matches!(read, Err(BundleError::TooLarge)));
}

#[test]
fn a_bundle_of_too_many_entries_is_neither_written_nor_read() {
    let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
    let mut last = Ok(());
    for number in 0..=limits::BUNDLE_ENTRIES_MAX {
        last = writer.envelope(&sha256_hex(number.to_string().as_bytes()), "{}");
    }
    assert!(matches!(last, Err(BundleError::TooLarge)));
}
