//! Bundles made by hand.

use std::io::Cursor;

use anyhow::Result;
use protocol::bundle::BundleWriter;

/// A bundle of these envelopes, each with its `rev_id`.
///
/// # Errors
/// When they do not fit.
pub fn of(envelopes: &[(String, String)]) -> Result<Vec<u8>> {
    let mut bundle = BundleWriter::new(Cursor::new(Vec::new()));
    for (rev_id, json) in envelopes {
        bundle.envelope(rev_id, json)?;
    }
    Ok(bundle.finish()?.into_inner())
}
