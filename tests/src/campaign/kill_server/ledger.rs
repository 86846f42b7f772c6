//! Every receipt that was given, and whether it still holds.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use protocol::encoding::sha256_hex;
use protocol::limits::ENVELOPES_MAX;
use protocol::photo::PhotoAnswer;
use protocol::revision::{RevisionResult, RevisionStatus, RevisionsAnswer};
use protocol::{Envelope, PublicKey, Receipt, ReceiptKind};
use reqwest::StatusCode;

use crate::campaign::sender::Sealed;

/// What the endpoint has signed for.
#[derive(Default)]
pub(super) struct Ledger {
    devices: Mutex<HashMap<String, Kept>>,
    photo_reads: AtomicU64,
}

/// What one device has receipts for.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) token: String,
    pub(super) server_key: PublicKey,
    revisions: Vec<(Sealed, Envelope)>,
    photos: Vec<(String, Envelope)>,
}

impl Ledger {
    /// A device that was enrolled.
    pub(super) fn open(&self, device: &str, token: &str, server_key: PublicKey) {
        let kept = Kept {
            token: token.to_owned(),
            server_key,
            revisions: Vec::new(),
            photos: Vec::new(),
        };
        self.with(|devices| devices.insert(device.to_owned(), kept));
    }

    /// A revision's result: its receipt verifies, and is the one of before.
    pub(super) fn note(
        &self,
        device: &str,
        sealed: &Sealed,
        result: &RevisionResult,
    ) -> Result<()> {
        let id = &sealed.rev_id;
        ensure!(
            result.rev_id == *id && result.status != RevisionStatus::Refused,
            "{id} was answered {result:?}"
        );
        let receipt = result.receipt.clone().context("stored without a receipt")?;
        self.with(|devices| {
            let kept = devices.get_mut(device).context("not enrolled")?;
            Receipt::open(
                &receipt,
                &kept.server_key,
                ReceiptKind::Revision,
                id,
                device,
            )?;
            if let Some((_, before)) = kept.revisions.iter().find(|(own, _)| own.rev_id == *id) {
                ensure!(*before == receipt, "{id} has another receipt now");
                ensure!(
                    result.status == RevisionStatus::Known,
                    "{id} had a receipt and was stored anew"
                );
                return Ok(());
            }
            kept.revisions.push((sealed.clone(), receipt));
            Ok(())
        })
    }

    /// A photo's receipt.
    pub(super) fn note_photo(&self, device: &str, sha256: &str, receipt: &Envelope) -> Result<()> {
        self.with(|devices| {
            let kept = devices.get_mut(device).context("not enrolled")?;
            let kind = ReceiptKind::Photo;
            Receipt::open(receipt, &kept.server_key, kind, sha256, device)?;
            if let Some((_, before)) = kept.photos.iter().find(|(own, _)| own == sha256) {
                ensure!(before == receipt, "{sha256} has another receipt now");
                return Ok(());
            }
            kept.photos.push((sha256.to_owned(), receipt.clone()));
            Ok(())
        })
    }

    /// The newest receipts of a device, some of them.
    pub(super) fn some_of(&self, device: &str, most: usize) -> (Vec<Sealed>, Vec<String>) {
        self.with(|devices| {
            let Some(kept) = devices.get(device) else {
                return (Vec::new(), Vec::new());
            };
            let sealed = kept.revisions.iter().rev().take(most);
            let photos = kept.photos.iter().rev().take(most);
            (
                sealed.map(|(sealed, _)| sealed.clone()).collect(),
                photos.map(|(sha256, _)| sha256.clone()).collect(),
            )
        })
    }

    /// A photo as it was served: whole, or not at all before its receipt.
    pub(super) fn judge_served(
        &self,
        device: &str,
        sha256: &str,
        status: StatusCode,
        bytes: &[u8],
    ) -> Result<()> {
        self.photo_reads.fetch_add(1, Ordering::Relaxed);
        let has_receipt = self.with(|devices| {
            let kept = devices.get(device);
            kept.is_some_and(|kept| kept.photos.iter().any(|(own, _)| own == sha256))
        });
        match status {
            StatusCode::OK => ensure!(
                sha256_hex(bytes) == sha256,
                "{sha256} was served as {} other bytes",
                bytes.len()
            ),
            StatusCode::NOT_FOUND => ensure!(!has_receipt, "{sha256} has a receipt and is gone"),
            other => ensure!(other.is_server_error(), "{sha256} was answered {other}"),
        }
        Ok(())
    }

    /// Receipts of revisions and of photos so far.
    pub(super) fn held(&self) -> (u64, u64) {
        self.with(|devices| {
            let revisions: usize = devices.values().map(|kept| kept.revisions.len()).sum();
            let photos: usize = devices.values().map(|kept| kept.photos.len()).sum();
            (revisions as u64, photos as u64)
        })
    }

    /// Photos that were read.
    pub(super) fn photo_reads(&self) -> u64 {
        self.photo_reads.load(Ordering::Relaxed)
    }

    /// Sends everything that has a receipt once more, and reads every photo:
    /// all known, all with the receipts of before. Returns how many of each.
    pub(super) async fn ask_again(&self, address: &str) -> Result<(u64, u64)> {
        let http = reqwest::Client::new();
        let devices = self.with(|devices| devices.clone());
        let (mut revisions, mut photos) = (0, 0);
        for (device, kept) in &devices {
            for some in kept.revisions.chunks(ENVELOPES_MAX) {
                let results = known(&http, address, kept, some).await?;
                for ((sealed, _), result) in some.iter().zip(&results) {
                    self.note(device, sealed, result)?;
                    revisions += 1;
                }
            }
            for (sha256, _) in &kept.photos {
                let at = format!("{address}/v1/photos/{sha256}");
                let served = http.get(&at).bearer_auth(&kept.token).send().await?;
                let status = served.status();
                self.judge_served(device, sha256, status, &served.bytes().await?)?;
                let asked = http.get(format!("{at}/receipt")).bearer_auth(&kept.token);
                let answer: PhotoAnswer = asked.send().await?.error_for_status()?.json().await?;
                self.note_photo(device, sha256, &answer.receipt)?;
                photos += 1;
            }
        }
        Ok((revisions, photos))
    }

    fn with<T>(&self, what: impl FnOnce(&mut HashMap<String, Kept>) -> T) -> T {
        what(&mut self.devices.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn known(
    http: &reqwest::Client,
    address: &str,
    kept: &Kept,
    some: &[(Sealed, Envelope)],
) -> Result<Vec<RevisionResult>> {
    let envelopes: Vec<&Envelope> = some.iter().map(|(sealed, _)| &sealed.envelope).collect();
    let answer = http
        .post(format!("{address}/v1/revisions"))
        .bearer_auth(&kept.token)
        .json(&serde_json::json!({ "envelopes": envelopes }))
        .send()
        .await?
        .error_for_status()?;
    let answer: RevisionsAnswer = answer.json().await?;
    ensure!(
        answer.results.len() == some.len(),
        "fewer results than sent"
    );
    Ok(answer.results)
}
