//! Checking a dossier offline: without an endpoint, its data or a network.
//!
//! First the file itself (`container`): its names, sizes and shape, since it
//! may come from anybody. Then what is in it (`machine`, `slot`): manifest and
//! seal, the part of the log, and each slot's statements, receipts, photos,
//! rulings, readings and the paper's steps; the state is worked out anew.
//! Everything that is wrong is told, with the name of the file it is wrong in.
//!
//! Whose dossier it is, only a key known from elsewhere can say: without one,
//! the key in the manifest is taken and printed.

mod container;
mod machine;
mod slot;

use std::fs::File;
use std::path::Path;

use protocol::PublicKey;

pub use super::machine::Manifest;
use super::machine::{BLOCKS, blocks};

/// Most faults that are told.
const FAULTS_MAX: usize = 50;

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file that it is wrong in.
    pub file: String,
    /// In Indonesian.
    pub indonesian: String,
    /// In English.
    pub english: String,
}

/// What was found sound, to be told in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sound {
    /// Files of the machine part.
    pub files: usize,
    /// Statements signed by devices.
    pub signed: usize,
    /// Statements by SMS, which only the log vouches for.
    pub sms: usize,
    /// Receipts of the endpoint.
    pub receipts: usize,
    /// Photos.
    pub photos: usize,
    /// Rulings.
    pub decisions: usize,
    /// Readings.
    pub readings: usize,
    /// Steps of papers.
    pub paper_steps: usize,
    /// Devices whose key stands in the log.
    pub tied_devices: usize,
    /// Devices whose key only the endpoint's word ties to their enrolment.
    pub untied_devices: usize,
    /// The first entry of the part of the log.
    pub log_from: i64,
    /// Its last, which is signed for.
    pub log_to: i64,
    /// Entries of it that are shown.
    pub log_shown: u64,
}

/// What came of checking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What it says of itself, where that could be read.
    pub manifest: Option<Manifest>,
    /// Hash of the machine part.
    pub machine: String,
    /// What was found sound.
    pub sound: Sound,
    /// Everything that is wrong, up to a number; nothing when all is right.
    pub faults: Vec<Fault>,
}

impl Verdict {
    fn fault(&mut self, file: &str, indonesian: &str, english: &str) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(Fault {
                file: file.to_owned(),
                indonesian: indonesian.to_owned(),
                english: english.to_owned(),
            });
        }
    }

    /// Whether these blocks, by their numbers from 1, are those on the first
    /// page. Case and space do not matter.
    #[must_use]
    pub fn has_blocks(&self, typed: &[(usize, String)]) -> bool {
        !typed.is_empty()
            && typed.iter().all(|(number, text)| {
                let at = number.checked_sub(1).filter(|at| *at < BLOCKS);
                let block = at.and_then(|at| blocks(&self.machine).nth(at));
                block.is_some_and(|block| block.eq_ignore_ascii_case(text.trim()))
            })
    }
}

/// Checks the dossier in `file`; with `pinned`, no other endpoint's is
/// believed.
///
/// # Errors
/// When the file cannot be opened. What is wrong with it is in the verdict.
pub fn verify(file: &Path, pinned: Option<&PublicKey>) -> std::io::Result<Verdict> {
    let mut verdict = Verdict {
        manifest: None,
        machine: String::new(),
        sound: Sound::default(),
        faults: Vec::new(),
    };
    let file = File::open(file)?;
    if let Some(content) = container::read(file, &mut verdict) {
        machine::check(&content, pinned, &mut verdict);
    }
    Ok(verdict)
}
