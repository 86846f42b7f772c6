//! `verify`: whether a dossier is what it says it is. Needs no endpoint, no
//! data folder and no network.

use std::io::{BufRead as _, IsTerminal as _, Write};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use protocol::PublicKey;

use crate::dossier::verify::{Sound, Verdict, verify};

/// Blocks that are asked for.
const ASKED_BLOCKS: usize = 2;
/// Blocks on the first page.
const BLOCKS: u8 = 16;

#[derive(Debug, Args)]
pub(super) struct VerifyDossierArgs {
    /// The dossier, as it was downloaded.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The endpoint's public key in base64, known from elsewhere; no other
    /// endpoint's dossier is believed then.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// Two blocks from the first page, as 3=ab12,11=90fe. Without them they are
    /// asked for, where somebody sits at the terminal.
    #[arg(long, value_name = "BLOCKS")]
    blocks: Option<String>,
}

/// Says what was found, and fails when anything is wrong.
pub(super) fn run(args: &VerifyDossierArgs) -> anyhow::Result<()> {
    let pinned = args
        .key
        .as_deref()
        .map(|key| PublicKey::from_base64(key.trim()).context("--key is no public key in base64"))
        .transpose()?;
    let typed = args.blocks.as_deref().map(blocks_in).transpose()?;
    let verdict = verify(&args.file, pinned.as_ref())
        .with_context(|| format!("{} cannot be read", args.file.display()))?;
    let mut out = std::io::stdout().lock();
    if !verdict.faults.is_empty() {
        for fault in &verdict.faults {
            writeln!(out, "SALAH  {}: {}", fault.file, fault.indonesian)?;
            writeln!(out, "       {}", fault.english)?;
        }
        bail!(
            "berkas bukti ini tidak dapat dipercaya: {} hal tidak cocok (this dossier is not to be believed)",
            verdict.faults.len()
        );
    }
    say(&mut out, &verdict, pinned.is_some())?;
    paper(&mut out, &verdict, typed)
}

fn blocks_in(text: &str) -> anyhow::Result<Vec<(usize, String)>> {
    let one = |pair: &str| {
        let (number, block) = pair.split_once('=')?;
        let number: usize = number.trim().parse().ok()?;
        Some((number, block.trim().to_owned()))
    };
    let pairs: Option<Vec<_>> = text.split(',').map(one).collect();
    let pairs = pairs.context("--blocks is written like 3=ab12,11=90fe")?;
    let unlike = pairs.first().map(|(number, _)| *number);
    if pairs.len() < ASKED_BLOCKS || pairs.iter().skip(1).all(|(at, _)| Some(*at) == unlike) {
        bail!("--blocks names two different blocks, like 3=ab12,11=90fe");
    }
    Ok(pairs)
}

/// What was found sound, in both languages.
fn told(sound: &Sound) -> [(String, String); 6] {
    let Sound {
        files,
        signed,
        sms,
        receipts,
        photos,
        decisions,
        readings,
        paper_steps: steps,
        tied_devices: tied,
        untied_devices: untied,
        log_from: from,
        log_to: to,
        log_shown: shown,
    } = sound;
    [
        (
            format!("{files} berkas sesuai manifest dan segel server"),
            format!("{files} files fit the manifest and the endpoint's seal"),
        ),
        (
            format!(
                "{signed} kiriman bertanda tangan perangkat saksi, {sms} lewat SMS (dijamin log)"
            ),
            format!(
                "{signed} statements signed by witnesses' devices, {sms} by SMS (vouched for by the log)"
            ),
        ),
        (
            format!(
                "{tied} kunci perangkat tercatat di log saat pendaftaran, {untied} menurut server"
            ),
            format!(
                "{tied} devices' keys stand in the log since enrolment, {untied} by the endpoint's word"
            ),
        ),
        (
            format!("{receipts} tanda terima, {photos} foto cocok"),
            format!("{receipts} receipts and {photos} photos fit"),
        ),
        (
            format!("{decisions} putusan, {readings} bacaan, {steps} langkah kertas sesuai log"),
            format!(
                "{decisions} rulings, {readings} readings, {steps} steps of papers fit the log"
            ),
        ),
        (
            format!("rantai log utuh dari catatan {from} sampai {to}, ditandatangani"),
            format!(
                "the log's chain is whole from entry {from} to {to}, and signed; {shown} entries are shown"
            ),
        ),
    ]
}

fn say(out: &mut impl Write, verdict: &Verdict, is_pinned: bool) -> anyhow::Result<()> {
    for (indonesian, english) in told(&verdict.sound) {
        writeln!(out, "COCOK  {indonesian}\n       {english}")?;
    }
    if let Some(manifest) = &verdict.manifest {
        writeln!(
            out,
            "Dibuat (made) {} oleh (by) {}",
            manifest.made_at, manifest.made_by
        )?;
        writeln!(
            out,
            "Kunci server (endpoint's key) {} {}",
            manifest.key_id, manifest.key
        )?;
    }
    if is_pinned {
        writeln!(out, "       sama dengan --key (the same as --key)")?;
    } else {
        writeln!(
            out,
            "       bandingkan dengan kunci yang Anda ketahui, atau sebutkan dengan --key\n       \
             (compare it with a key that you know, or give that with --key)"
        )?;
    }
    Ok(())
}

/// Whether the paper belongs to the file.
fn paper(
    out: &mut impl Write,
    verdict: &Verdict,
    typed: Option<Vec<(usize, String)>>,
) -> anyhow::Result<()> {
    let typed = match typed {
        Some(typed) => typed,
        None if std::io::stdin().is_terminal() => asked(out)?,
        None => {
            writeln!(
                out,
                "Kertas belum dibandingkan: sebutkan dua blok dengan --blocks.\n\
                 (The paper was not compared: give two blocks with --blocks.)"
            )?;
            return Ok(());
        }
    };
    if !verdict.has_blocks(&typed) {
        bail!(
            "blok di kertas lain: kertas ini bukan dari berkas ini (paper and file do not belong together)"
        );
    }
    writeln!(
        out,
        "COCOK  kertas dan berkas ini satu asal\n       paper and file belong together"
    )?;
    Ok(())
}

/// Asks for two different blocks that nobody could foresee.
fn asked(out: &mut impl Write) -> anyhow::Result<Vec<(usize, String)>> {
    let mut random = [0_u8; ASKED_BLOCKS];
    getrandom::fill(&mut random)?;
    let [one, other] = random.map(|byte| byte % BLOCKS);
    let other = if other == one {
        (one + 1) % BLOCKS
    } else {
        other
    };
    let mut typed = Vec::new();
    for number in [one, other].map(|at| usize::from(at).saturating_add(1)) {
        write!(
            out,
            "Halaman pertama, blok {number} (first page, block {number}): "
        )?;
        out.flush()?;
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        typed.push((number, line.trim().to_owned()));
    }
    Ok(typed)
}
