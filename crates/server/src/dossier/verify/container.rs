//! The zip, which may come from anybody.
//!
//! A zip has two lists of its files, and programs differ in which one they
//! believe; so both must say the same, each name occurs once, and nothing
//! stands before the first file or behind the last list. Sizes that are told are
//! not believed: reading stops at the limits.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use protocol::encoding::{sha256_hex, sha256_hex_of};
use zip::ZipArchive;

use super::Verdict;
use crate::dossier::machine::{DEVICES, LOG, MANIFEST, PAGES, README, SEAL};

/// Largest dossier that is looked at, in bytes.
const FILE_MAX_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Most files in one.
const ENTRIES_MAX: usize = 60_000;
/// Largest list of files, in bytes.
const LIST_MAX_BYTES: u64 = 32 * 1024 * 1024;
/// Largest photo, in bytes.
const PHOTO_MAX_BYTES: u64 = protocol::limits::ORIGINAL_MAX_BYTES;
/// Largest other file, in bytes.
const TEXT_MAX_BYTES: u64 = 256 * 1024 * 1024;
/// Most bytes of all files but photos, unpacked.
const TEXTS_MAX_BYTES: u64 = 768 * 1024 * 1024;
/// Longest name, in bytes.
const NAME_MAX_BYTES: usize = 200;
/// Bytes of the record at a zip's end.
const END_BYTES: u64 = 22;
/// Bytes of a file in the list, without its name.
const LISTED_BYTES: usize = 46;
/// Bytes before a file, without its name.
const LOCAL_BYTES: usize = 30;

/// What is in a dossier: texts as they are, photos by their hash.
pub(super) struct Content {
    /// All files but photos.
    pub(super) texts: BTreeMap<String, Vec<u8>>,
    /// Size and hash of every file.
    pub(super) files: BTreeMap<String, (u64, String)>,
}

impl Content {
    pub(super) fn text(&self, name: &str) -> Option<&[u8]> {
        self.texts.get(name).map(Vec::as_slice)
    }
}

/// Reads it; `None` when it is no zip that could be a dossier.
pub(super) fn read(mut file: File, verdict: &mut Verdict) -> Option<Content> {
    let names = match list(&mut file) {
        Ok(names) => names,
        Err(cause) => {
            verdict.fault(
                "zip",
                &format!("Bukan zip berkas bukti yang utuh: {cause}"),
                &format!("Not the whole zip of a dossier: {cause}"),
            );
            return None;
        }
    };
    let mut zip = match ZipArchive::new(BufReader::new(file)) {
        Ok(zip) if zip.len() == names.len() => zip,
        _ => {
            verdict.fault(
                "zip",
                "Daftar isi zip rusak.",
                "The zip's list of files is damaged.",
            );
            return None;
        }
    };
    let mut content = Content {
        texts: BTreeMap::new(),
        files: BTreeMap::new(),
    };
    let mut left_bytes = TEXTS_MAX_BYTES;
    for name in names {
        if !is_ours(&name) {
            verdict.fault(
                &name.escape_debug().to_string(),
                "Berkas ini bukan bagian dari berkas bukti.",
                "This file is no part of a dossier.",
            );
            continue;
        }
        if let Err(cause) = one(&mut zip, &name, &mut content, &mut left_bytes) {
            verdict.fault(
                &name,
                &format!("Tidak dapat dibaca: {cause}"),
                &format!("It cannot be read: {cause}"),
            );
            if left_bytes == 0 {
                return None;
            }
        }
    }
    Some(content)
}

fn one(
    zip: &mut ZipArchive<BufReader<File>>,
    name: &str,
    content: &mut Content,
    left_bytes: &mut u64,
) -> std::io::Result<()> {
    let too_large = || std::io::Error::other("larger than allowed");
    let mut entry = zip.by_name(name)?;
    if name.starts_with("photos/") {
        let (size, hash) = sha256_hex_of(entry.take(PHOTO_MAX_BYTES.saturating_add(1)))?;
        if size > PHOTO_MAX_BYTES {
            return Err(too_large());
        }
        content.files.insert(name.to_owned(), (size, hash));
        return Ok(());
    }
    let most = TEXT_MAX_BYTES.min(*left_bytes);
    let mut bytes = Vec::new();
    (&mut entry)
        .take(most.saturating_add(1))
        .read_to_end(&mut bytes)?;
    let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    *left_bytes = left_bytes.saturating_sub(size);
    if size > most {
        return Err(too_large());
    }
    content
        .files
        .insert(name.to_owned(), (size, sha256_hex(&bytes)));
    content.texts.insert(name.to_owned(), bytes);
    Ok(())
}

/// Names that a dossier's files may have.
fn is_ours(name: &str) -> bool {
    if [MANIFEST, SEAL, PAGES, README, DEVICES, LOG].contains(&name) {
        return true;
    }
    let Some((folder, file)) = name.split_once('/') else {
        return false;
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    ["slots", "envelopes", "receipts", "photos"].contains(&folder)
        && name.len() <= NAME_MAX_BYTES
        && !file.starts_with('.')
        && file.bytes().all(is_plain)
}

/// The names in the zip's list, each of which stands before its file too.
fn list(file: &mut File) -> Result<Vec<String>, &'static str> {
    let broken = |_| "daftar isinya terpotong / its list of files breaks off";
    let size = file.seek(SeekFrom::End(0)).map_err(broken)?;
    if size > FILE_MAX_BYTES {
        return Err("terlalu besar / too large");
    }
    let end = bytes_at(
        file,
        size.checked_sub(END_BYTES)
            .ok_or("terlalu kecil / too small")?,
        22,
    )?;
    if !end.starts_with(b"PK\x05\x06") || u16_at(&end, 20)? != 0 {
        return Err("akhirnya bukan akhir zip / its end is not a zip's");
    }
    let count = usize::from(u16_at(&end, 10)?);
    let (list_bytes, list_at) = (u64::from(u32_at(&end, 12)?), u64::from(u32_at(&end, 16)?));
    if list_at.saturating_add(list_bytes).saturating_add(END_BYTES) != size
        || list_bytes > LIST_MAX_BYTES
        || count > ENTRIES_MAX
    {
        return Err("ada yang terselip / something was slipped in");
    }
    let list = bytes_at(file, list_at, usize::try_from(list_bytes).map_err(|_| "-")?)?;
    let mut rest = list.as_slice();
    let mut names = Vec::with_capacity(count);
    let mut seen = BTreeSet::new();
    let mut first_at = u64::MAX;
    while !rest.is_empty() {
        if !rest.starts_with(b"PK\x01\x02") {
            return Err("daftar isinya rusak / its list of files is damaged");
        }
        let [name_bytes, extra, comment] = [28, 30, 32].map(|at| u16_at(rest, at));
        let name_bytes = usize::from(name_bytes?);
        let more = usize::from(extra?).saturating_add(usize::from(comment?));
        let local_at = u64::from(u32_at(rest, 42)?);
        let name_end = LISTED_BYTES.saturating_add(name_bytes);
        let name = rest
            .get(LISTED_BYTES..name_end)
            .ok_or("terpotong / cut off")?;
        let local = bytes_at(file, local_at, LOCAL_BYTES.saturating_add(name_bytes))?;
        let is_same = local.starts_with(b"PK\x03\x04")
            && usize::from(u16_at(&local, 26)?) == name_bytes
            && local.get(LOCAL_BYTES..) == Some(name);
        let name = std::str::from_utf8(name).map_err(|_| "nama aneh / a strange name")?;
        if !is_same || !seen.insert(name.to_owned()) {
            return Err("satu nama dua berkas / one name for two files");
        }
        first_at = first_at.min(local_at);
        names.push(name.to_owned());
        rest = rest
            .get(name_end.saturating_add(more)..)
            .ok_or("terpotong / cut off")?;
    }
    if names.len() != count || first_at != 0 {
        return Err("ada yang terselip / something was slipped in");
    }
    Ok(names)
}

fn bytes_at(file: &mut File, at: u64, count: usize) -> Result<Vec<u8>, &'static str> {
    let broken = |_| "terpotong / cut off";
    file.seek(SeekFrom::Start(at)).map_err(broken)?;
    let mut bytes = vec![0_u8; count];
    file.read_exact(&mut bytes).map_err(broken)?;
    Ok(bytes)
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, &'static str> {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk::<2>());
    found
        .map(|two| u16::from_le_bytes(*two))
        .ok_or("terpotong / cut off")
}

fn u32_at(bytes: &[u8], at: usize) -> Result<u32, &'static str> {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    found
        .map(|four| u32::from_le_bytes(*four))
        .ok_or("terpotong / cut off")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_of_a_dossiers_own_are_taken() {
        for name in [
            "manifest.json",
            "photos/ab.jpg",
            "slots/6472011001001-gub.json",
        ] {
            assert!(is_ours(name), "{name}");
        }
        for name in [
            "x",
            "photos/",
            "photos/../a",
            "/photos/a",
            "photos/a/b",
            "photos\\a",
            "photos/.a",
            "C:/a",
            "lain/a.jpg",
            "photos/a b",
        ] {
            assert!(!is_ours(name) || name == "photos/", "{name}");
        }
    }
}
