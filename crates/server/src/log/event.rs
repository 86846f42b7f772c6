//! What can happen.

use domain::{RegionCode, RulingKind, SlotState, TpsCode};
use protocol::SlotId;
use protocol::console::Role;
use protocol::irregularity::IrregularityRulingKind;
use protocol::queue::{QueueMode, ReadingOutcome};
use serde::{Deserialize, Serialize};

use super::subject;

/// One thing that happened. Additions are fine; what is written stays as it
/// is, because its bytes are hashed. The screens' twin of this type has the
/// console write a sentence for each kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export, rename = "LogEvent")]
pub enum Event {
    /// A revision was taken in.
    Revision {
        /// Its slot.
        slot: SlotId,
        /// Hash of its payload.
        rev_id: String,
        /// The device that signed it.
        device: String,
        /// Where the slot stands now.
        state: SlotState,
    },
    /// A photo is complete and durable.
    Photo {
        /// Its hash.
        sha256: String,
        /// The device that sent it.
        device: String,
        /// Slots whose revisions name it.
        slots: Vec<SlotId>,
    },
    /// A photo that was here already was vouched for to another device.
    PhotoKnown {
        /// Its hash.
        sha256: String,
        /// The device that got the receipt.
        device: String,
    },
    /// It was found out, or is no longer so, that slots share photos.
    SamePhoto {
        /// The slots.
        slots: Vec<SlotId>,
    },
    /// The original of a photo was asked for.
    OriginalAsked {
        /// The slot it was looked at in.
        slot: SlotId,
        /// Hash of its reading copy.
        sha256: String,
    },
    /// A ruling was made.
    Decision {
        /// Its slot.
        slot: SlotId,
        /// Its number in the slot.
        number: u32,
        /// What was ruled.
        ruling: RulingKind,
        /// Hash of the whole ruling, so that the chain covers it.
        digest: String,
        /// Where the slot stands now.
        state: SlotState,
    },
    /// A refused revision was let in; its `revision` entry follows.
    Admitted {
        /// Hash of its payload.
        rev_id: String,
        /// Why, in the coordinator's words.
        reason: String,
    },
    /// A code for one more device was made.
    CodeMade {
        /// The witness it is for.
        witness: String,
        /// Where that witness is posted.
        tps: TpsCode,
    },
    /// A device was enrolled.
    Enrolled {
        /// The new device.
        device: String,
        /// Whose it is.
        witness: String,
        /// The key that its revisions are signed with, in base64; older
        /// entries do not say it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        public_key: Option<String>,
    },
    /// A witness was posted elsewhere.
    Posted {
        /// The witness.
        witness: String,
        /// No longer there.
        from: TpsCode,
        /// But there.
        to: TpsCode,
    },
    /// A device was revoked.
    Revoked {
        /// The device.
        device: String,
    },
    /// The election's data (regions, contests, forms) was added to.
    Catalogue {
        /// Id of the election.
        election: String,
    },
    /// A user of the counting room was added or changed.
    User {
        /// Name.
        name: String,
        /// Role from now on.
        role: Role,
    },
    /// A user may sign in no more.
    UserDisabled {
        /// Name.
        name: String,
    },
    /// A user signed in.
    SignedIn {
        /// Name.
        name: String,
    },
    /// A user signed out.
    SignedOut {
        /// Name.
        name: String,
    },
    /// Somebody of the counting room, or its computer, took in a `.saksi`
    /// file; what was new in it has entries of its own.
    Brought {
        /// Envelopes in it, new or known.
        revisions: u32,
        /// Photos in it, new or known.
        photos: u32,
    },
    /// Everything up to an entry was copied into a backup.
    BackedUp {
        /// The last entry in it.
        log_index: i64,
    },
    /// Entries of the log were given out as a file.
    LogExported {
        /// The last entry that the file's chain goes up to.
        log_index: i64,
        /// How many entries stand in it with their content.
        entries: u32,
    },
    /// A table was given out as a file.
    TableExported {
        /// What stands in it.
        table: ExportedTable,
        /// Of this contest alone; `None` of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        contest: Option<String>,
        /// Of this region; `None` of all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        region: Option<RegionCode>,
        /// Its rows, without headings.
        rows: u32,
        /// Hash of the file, by which it can be told from any other.
        sha256: String,
    },
    /// A dossier was made.
    Dossier {
        /// Of these slots.
        slots: Vec<SlotId>,
        /// Hash of its machine part, which its first page shows.
        machine: String,
    },
    /// A link for a wall display was made.
    WallLinkMade {
        /// Its number.
        id: i64,
        /// What it was called.
        name: String,
        /// The region whose totals it shows.
        region: RegionCode,
    },
    /// A link for a wall display was revoked.
    WallLinkRevoked {
        /// Its number.
        id: i64,
    },
    /// Somebody read a form's figures from its photos.
    Reading {
        /// Its slot.
        slot: SlotId,
        /// Its number in the slot.
        number: u32,
        /// Hash of the whole reading, so that the chain covers it.
        digest: String,
        /// What came of it.
        outcome: ReadingOutcome,
    },
    /// It was set how forms are verified.
    QueueSettings {
        /// Of this election.
        election: String,
        /// How.
        mode: QueueMode,
        /// Of a hundred that are looked at, how many are read blind.
        check_percent: u32,
    },
    /// Somebody of the counting room has a desk from now on: a device that
    /// states what he or she keys.
    DeskOpened {
        /// The desk's id as a device.
        device: String,
        /// User name.
        user: String,
        /// The election that it may state figures of.
        election: String,
        /// The key that its revisions are signed with, in base64; older
        /// entries do not say it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        public_key: Option<String>,
    },
    /// A workbook was brought; the entries of its rows stand before it.
    Workbook {
        /// Hash of the file.
        sha256: String,
        /// Of this election.
        election: String,
        /// Rows that became entries.
        taken: u32,
        /// Rows that changed nothing.
        skipped: u32,
        /// Rows with something wrong.
        refused: u32,
    },
    /// What is irregular in these slots is something else now.
    Irregularities {
        /// The slots.
        slots: Vec<SlotId>,
    },
    /// Somebody ruled on an irregularity.
    IrregularityRuling {
        /// Its slot.
        slot: SlotId,
        /// Its key in the slot.
        key: String,
        /// The ruling's number for it.
        number: u32,
        /// What was ruled.
        ruling: IrregularityRulingKind,
        /// Hash of the whole ruling, so that the chain covers it.
        digest: String,
    },
    /// It was set what the analysis cannot know.
    IrregularitySettings {
        /// Of this election.
        election: String,
        /// Hash of the settings as they are kept.
        digest: String,
    },
    /// A file of official figures was taken in.
    OfficialImport {
        /// Of this election.
        election: String,
        /// Of this contest.
        contest: String,
        /// Hash of the file.
        sha256: String,
        /// Places that it has figures of.
        places: u32,
    },
    /// Something happened to a form's paper.
    Paper {
        /// Its slot.
        slot: SlotId,
        /// Number of the step in the slot.
        number: u32,
        /// Hash of the whole step, so that the chain covers it.
        digest: String,
    },
    /// A list of papers was made, to go with them.
    PaperList {
        /// Its code.
        code: String,
        /// Papers on it.
        papers: u32,
        /// Hash of the whole list.
        digest: String,
    },
    /// A witness was added to the roster.
    WitnessAdded {
        /// The witness.
        witness: String,
        /// Where he or she is posted.
        tps: TpsCode,
    },
    /// A witness's phone number was set, or taken out. It is not in the log.
    PhoneNoted {
        /// Whose.
        witness: String,
    },
    /// Somebody called a witness.
    Called {
        /// Number of the call.
        number: i64,
        /// About which polling station.
        tps: TpsCode,
        /// Hash of the whole note.
        digest: String,
    },
    /// A message was sent to witnesses.
    Message {
        /// Its number.
        number: i64,
        /// Witnesses whom it was for.
        witnesses: u64,
        /// Hash of the whole message.
        digest: String,
    },
    /// The data came out of a backup.
    Restored {
        /// The last entry of the backup.
        log_index: i64,
    },
}

/// A table that is given out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ExportedTable {
    /// All figures with states and findings.
    Figures,
    /// What is irregular.
    Irregularities,
    /// A workbook to fill in.
    Workbook,
}

impl Event {
    /// The kind as stored and filtered by.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Revision { .. } => "revision",
            Self::Photo { .. } => "photo",
            Self::PhotoKnown { .. } => "photo_known",
            Self::SamePhoto { .. } => "same_photo",
            Self::OriginalAsked { .. } => "original_asked",
            Self::Decision { .. } => "decision",
            Self::Admitted { .. } => "admitted",
            Self::CodeMade { .. } => "code_made",
            Self::Enrolled { .. } => "enrolled",
            Self::Posted { .. } => "posted",
            Self::Revoked { .. } => "revoked",
            Self::Catalogue { .. } => "catalogue",
            Self::User { .. } => "user",
            Self::UserDisabled { .. } => "user_disabled",
            Self::SignedIn { .. } => "signed_in",
            Self::SignedOut { .. } => "signed_out",
            Self::Brought { .. } => "brought",
            Self::BackedUp { .. } => "backed_up",
            Self::LogExported { .. } => "log_exported",
            Self::TableExported { .. } => "table_exported",
            Self::Dossier { .. } => "dossier",
            Self::WallLinkMade { .. } => "wall_link_made",
            Self::WallLinkRevoked { .. } => "wall_link_revoked",
            Self::Reading { .. } => "reading",
            Self::QueueSettings { .. } => "queue_settings",
            Self::DeskOpened { .. } => "desk_opened",
            Self::Workbook { .. } => "workbook",
            Self::Irregularities { .. } => "irregularities",
            Self::IrregularityRuling { .. } => "irregularity_ruling",
            Self::IrregularitySettings { .. } => "irregularity_settings",
            Self::OfficialImport { .. } => "official_import",
            Self::Paper { .. } => "paper",
            Self::PaperList { .. } => "paper_list",
            Self::WitnessAdded { .. } => "witness_added",
            Self::PhoneNoted { .. } => "phone_noted",
            Self::Called { .. } => "called",
            Self::Message { .. } => "message",
            Self::Restored { .. } => "restored",
        }
    }

    /// The slots that it changed.
    #[must_use]
    pub fn slots(&self) -> Vec<&SlotId> {
        match self {
            Self::Revision { slot, .. }
            | Self::OriginalAsked { slot, .. }
            | Self::Decision { slot, .. }
            | Self::Reading { slot, .. }
            | Self::IrregularityRuling { slot, .. }
            | Self::Paper { slot, .. } => vec![slot],
            Self::Photo { slots, .. }
            | Self::SamePhoto { slots }
            | Self::Irregularities { slots } => slots.iter().collect(),
            Self::PhotoKnown { .. }
            | Self::Admitted { .. }
            | Self::CodeMade { .. }
            | Self::Enrolled { .. }
            | Self::Posted { .. }
            | Self::Revoked { .. }
            | Self::Catalogue { .. }
            | Self::User { .. }
            | Self::UserDisabled { .. }
            | Self::SignedIn { .. }
            | Self::SignedOut { .. }
            | Self::Brought { .. }
            | Self::BackedUp { .. }
            | Self::LogExported { .. }
            | Self::TableExported { .. }
            | Self::Dossier { .. }
            | Self::WallLinkMade { .. }
            | Self::WallLinkRevoked { .. }
            | Self::QueueSettings { .. }
            | Self::DeskOpened { .. }
            | Self::Workbook { .. }
            | Self::IrregularitySettings { .. }
            | Self::OfficialImport { .. }
            | Self::PaperList { .. }
            | Self::WitnessAdded { .. }
            | Self::PhoneNoted { .. }
            | Self::Called { .. }
            | Self::Message { .. }
            | Self::Restored { .. } => Vec::new(),
        }
    }

    /// What it is about, as the log is looked through by: slots and polling
    /// stations by their digits, devices and witnesses by their ids.
    #[must_use]
    pub fn subjects(&self) -> Vec<String> {
        let mut all: Vec<String> = self.slots().into_iter().map(subject::slot).collect();
        match self {
            Self::Revision { device, .. }
            | Self::Photo { device, .. }
            | Self::PhotoKnown { device, .. }
            | Self::DeskOpened { device, .. }
            | Self::Revoked { device } => all.push(subject::device(device)),
            Self::Enrolled {
                device, witness, ..
            } => all.extend([subject::device(device), subject::witness(witness)]),
            Self::CodeMade { witness, tps } | Self::WitnessAdded { witness, tps } => {
                all.extend([subject::witness(witness), tps.to_string()]);
            }
            Self::Posted { witness, from, to } => {
                all.extend([subject::witness(witness), from.to_string(), to.to_string()]);
            }
            Self::TableExported { region, .. } => {
                all.extend(region.iter().map(ToString::to_string))
            }
            Self::PhoneNoted { witness } => all.push(subject::witness(witness)),
            Self::Called { tps, .. } => all.push(tps.to_string()),
            Self::Dossier { slots, .. } => all.extend(slots.iter().map(subject::slot)),
            Self::SamePhoto { .. }
            | Self::OriginalAsked { .. }
            | Self::Decision { .. }
            | Self::Reading { .. }
            | Self::Admitted { .. }
            | Self::Catalogue { .. }
            | Self::User { .. }
            | Self::UserDisabled { .. }
            | Self::SignedIn { .. }
            | Self::SignedOut { .. }
            | Self::Brought { .. }
            | Self::BackedUp { .. }
            | Self::LogExported { .. }
            | Self::WallLinkMade { .. }
            | Self::WallLinkRevoked { .. }
            | Self::QueueSettings { .. }
            | Self::Workbook { .. }
            | Self::Irregularities { .. }
            | Self::IrregularityRuling { .. }
            | Self::IrregularitySettings { .. }
            | Self::OfficialImport { .. }
            | Self::Paper { .. }
            | Self::PaperList { .. }
            | Self::Message { .. }
            | Self::Restored { .. } => {}
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}
