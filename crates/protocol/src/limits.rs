//! Every limit of the wire, with its unit.

/// Most envelopes in one `POST /v1/revisions`.
pub const ENVELOPES_MAX: usize = 50;
/// Largest body of `POST /v1/revisions`, in bytes.
pub const REVISIONS_BODY_MAX_BYTES: usize = 1024 * 1024;
/// Largest payload of one envelope, in bytes.
pub const PAYLOAD_MAX_BYTES: usize = 16 * 1024;
/// Largest body of any other JSON request, in bytes.
pub const JSON_BODY_MAX_BYTES: usize = 64 * 1024;
/// Largest reading copy, in bytes.
pub const READING_COPY_MAX_BYTES: u64 = 2 * 1024 * 1024;
/// Largest original photo, in bytes.
pub const ORIGINAL_MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Most photos that one revision may name.
pub const PHOTOS_PER_REVISION_MAX: usize = 60;
/// Most readings of bubbles that are taken from one revision's flags.
pub const READINGS_MAX: usize = 200;
/// Longest id of a count in such a reading, in bytes.
pub const COUNT_ID_MAX_BYTES: usize = 64;
/// Most digits of a figure in such a reading.
pub const FIGURE_DIGITS_MAX: usize = 9;
/// Longest note, reason or message, in bytes.
pub const TEXT_MAX_BYTES: usize = 4_000;
/// Wrong tries of an enrolment code, per code and per caller, before throttling.
pub const ENROL_WRONG_TRIES_MAX: u32 = 5;
/// Longest wait of a long-polled inbox, in seconds.
pub const INBOX_WAIT_MAX_SECONDS: u64 = 25;
/// Receipts that a device names in one question for its inbox.
pub const HELD_RECEIPTS_MAX: usize = 16;
/// Most slots in one page of the counting room's list.
pub const SLOTS_PAGE_MAX: u32 = 500;
/// Largest `.saksi` bundle, in bytes.
pub const BUNDLE_MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Most entries of a bundle.
pub const BUNDLE_ENTRIES_MAX: usize = 400;
/// Largest envelope as JSON, in bytes: its payload in base64, and room for the
/// rest.
pub const ENVELOPE_JSON_MAX_BYTES: u64 = 64 * 1024;
/// Longest text of an SMS taken in, in bytes.
pub const SMS_MAX_BYTES: usize = 1_600;
/// Longest that an endpoint may ask photos to wait, in seconds.
pub const PHOTOS_WAIT_MAX_SECONDS: u64 = 30 * 60;
/// Most entries in one page of the audit.
pub const AUDIT_PAGE_MAX: u32 = 500;
/// Most slots in one dossier.
pub const DOSSIER_SLOTS_MAX: u32 = 300;
/// Largest dossier that is made, in bytes, as reckoned from its photos.
pub const DOSSIER_MAX_BYTES: u64 = 512 * 1024 * 1024;
/// Longest title of a dossier, in characters.
pub const DOSSIER_TITLE_MAX_CHARS: usize = 200;
/// Most items of the queue that one person holds at a time.
pub const QUEUE_HELD_MAX: u32 = 4;
/// Longest text of who was called, in bytes.
pub const DESK_CALLED_MAX_BYTES: usize = 200;
/// Most polling stations in one answer to a search at the desk.
pub const DESK_STATIONS_MAX: usize = 40;
/// Entries in one page of what somebody entered at the desk.
pub const DESK_ENTRIES_PAGE: usize = 50;
/// Largest workbook that is taken in, in bytes.
pub const WORKBOOK_MAX_BYTES: usize = 16 * 1024 * 1024;
/// Most cells that are marked and told of one workbook.
pub const WORKBOOK_PROBLEMS_MAX: usize = 500;
/// Most links for wall displays that are live at a time.
pub const WALL_LINKS_MAX: u32 = 50;
/// Longest name of such a link, in characters.
pub const WALL_NAME_MAX_CHARS: usize = 60;
/// Longest life of such a link, in hours.
pub const WALL_LIFE_MAX_HOURS: u32 = 14 * 24;
/// Longest wait of a wall display for news, in seconds.
pub const WALL_WAIT_MAX_SECONDS: u64 = 25;
/// Most irregularities in one page.
pub const IRREGULARITIES_PAGE_MAX: u32 = 500;
/// Most polling stations in one picture of turnout and shares.
pub const TURNOUT_POINTS_MAX: u32 = 4_000;
/// Most papers in one note, or on one hand-over list.
pub const PAPERS_MAX: usize = 500;
/// Longest name of a folder that papers lie in, in characters.
pub const FOLDER_MAX_CHARS: usize = 40;
/// Longest name of who takes papers over, and of a hand-over list, in characters.
pub const HOLDER_MAX_CHARS: usize = 100;
/// Longest note on a paper or a call, in characters.
pub const NOTE_MAX_CHARS: usize = 500;
/// Longest message to witnesses, in characters.
pub const MESSAGE_MAX_CHARS: usize = 500;
/// Most polling stations in one answer of the coverage list.
pub const STATIONS_MAX: u32 = 500;
/// Digits of a witness's phone number, least and most.
pub const PHONE_DIGITS: (usize, usize) = (8, 15);
/// Most differences from official figures in one answer.
pub const OFFICIAL_DIFFERENCES_MAX: usize = 500;
