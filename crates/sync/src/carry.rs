//! One step: a bundle of envelopes that others sealed.
//!
//! Over a thin line a bundle holds envelopes alone; the photos follow in
//! pieces, which the endpoint takes from whoever brought the revision.

use std::io::Cursor;

use protocol::bundle::{BUNDLE_TYPE, BundleAnswer, BundleError, BundleWriter};

use crate::courier::{Courier, Round};
use crate::outbox::{Account, ItemKey, Signed};
use crate::transport::{Body, Method, Request};
use crate::trouble::{Trouble, TroubleReport};
use crate::understand::{No, read, understand};

impl Courier {
    /// Brings these revisions of others and tells the outbox what came of
    /// each.
    pub(crate) async fn carry(
        &self,
        account: &Account,
        keys: &[ItemKey],
        round: &mut Round<'_>,
    ) -> Result<(), TroubleReport> {
        let signed = self.signed(keys).await?;
        let mut request = Request::new(Method::Post, "/v1/bundles");
        request.body = Some(Body {
            content_type: BUNDLE_TYPE,
            bytes: bundle(keys, &signed)
                .map_err(|cause| TroubleReport::new(Trouble::Device, cause.to_string()))?
                .into(),
        });
        let results = match self.call(account, request, understand).await {
            Ok(answer) => read::<BundleAnswer>(&answer).map(|answer| answer.results),
            Err(No::Stopped(report)) => Err(report),
            Err(No::Refused(refusal)) => return self.refuse_batch(keys, refusal.word()).await,
        };
        let devices: Vec<String> = signed.into_iter().map(|one| one.device).collect();
        self.settle(account, keys, &devices, results, round).await
    }
}

fn bundle(keys: &[ItemKey], signed: &[Signed]) -> Result<Vec<u8>, BundleError> {
    let mut writer = BundleWriter::new(Cursor::new(Vec::new()));
    for (key, one) in keys.iter().zip(signed) {
        writer.envelope(&key.id, one.envelope.get())?;
    }
    Ok(writer.finish()?.into_inner())
}
