//! A `.saksi` file, as it may have passed through anybody's tools.

use std::io::Cursor;

use protocol::bundle::{Bundle, BundleWriter};
use protocol::envelope::rev_id;
use protocol::limits;

use super::sealed;

/// Bytes of one made-up photo of a seed.
const PHOTO: &[u8] = b"\xFF\xD8\xFF\xE0 not much of a photo \xFF\xD9";

/// Nothing larger than allowed comes out, a photo has the hash in its name,
/// and what came out goes into a new bundle and out of it unchanged.
pub fn run(data: &[u8]) {
    let Ok(mut bundle) = Bundle::open(Cursor::new(data)) else {
        return;
    };
    let (names, photos) = (bundle.envelopes.clone(), bundle.photos.clone());
    assert!(names.len() + photos.len() <= limits::BUNDLE_ENTRIES_MAX);
    let mut carried = Vec::new();
    for id in &names {
        if let Ok(json) = bundle.envelope(id) {
            assert!(fits(json.len(), limits::ENVELOPE_JSON_MAX_BYTES));
            carried.push((id.clone(), json));
        }
    }
    let mut pictures = Vec::new();
    for id in &photos {
        if let Ok(jpeg) = bundle.photo(id) {
            assert!(fits(jpeg.len(), limits::ORIGINAL_MAX_BYTES));
            assert_eq!(&protocol::encoding::sha256_hex(&jpeg), id);
            pictures.push((id.clone(), jpeg));
        }
    }
    carry_on(&carried, &pictures);
}

fn fits(size: usize, max_bytes: u64) -> bool {
    u64::try_from(size).is_ok_and(|size| size <= max_bytes)
}

/// The bundle that the next phone would write of it.
fn carry_on(envelopes: &[(String, String)], photos: &[(String, Vec<u8>)]) {
    if envelopes.is_empty() && photos.is_empty() {
        return;
    }
    let mut again = Bundle::open(Cursor::new(written(envelopes, photos)))
        .expect("a bundle of our own can be opened");
    for (id, json) in envelopes {
        assert_eq!(again.envelope(id).ok().as_ref(), Some(json));
    }
    for (id, jpeg) in photos {
        assert_eq!(again.photo(id).ok().as_ref(), Some(jpeg));
    }
}

fn written(envelopes: &[(String, String)], photos: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
    for (id, json) in envelopes {
        writer.envelope(id, json).expect("it was in a bundle");
    }
    for (id, jpeg) in photos {
        writer.photo(id, jpeg).expect("it was in a bundle");
    }
    writer.finish().expect("memory is enough").into_inner()
}

/// A bundle of an envelope, and one of an envelope and a photo.
pub fn seeds() -> Vec<Vec<u8>> {
    let revision = sealed::revision(1, 0);
    let id = rev_id(&sealed::payload(&revision));
    let envelopes = [(id, sealed::json(&sealed::envelope(&revision)))];
    let photos = [(protocol::encoding::sha256_hex(PHOTO), PHOTO.to_vec())];
    vec![written(&envelopes, &[]), written(&envelopes, &photos)]
}
