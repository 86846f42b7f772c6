-- Where the papers are, how far the polling stations are, and words between the
-- counting room and the phones.

-- To call or write. Personal: it is in no log, and only coordinators see it.
ALTER TABLE witnesses ADD COLUMN phone TEXT; -- international: + and digits

-- What happened to the paper of a slot. Append-only, each under an entry of the
-- log.
CREATE TABLE paper_steps (
    slot TEXT NOT NULL REFERENCES slots (slot),
    number INTEGER NOT NULL, -- in the slot, from 1
    act TEXT NOT NULL, -- protocol::paper::PaperAct
    noted_by TEXT NOT NULL,
    noted_at INTEGER NOT NULL,
    note TEXT NOT NULL,
    log_index INTEGER NOT NULL,
    PRIMARY KEY (slot, number)
) STRICT;

-- What follows from it; a slot without a row has no steps.
CREATE TABLE papers (
    slot TEXT PRIMARY KEY NOT NULL REFERENCES slots (slot),
    election TEXT NOT NULL,
    contest TEXT NOT NULL,
    tps TEXT NOT NULL,
    place TEXT NOT NULL, -- '' (where it was at first) | handed_over | here
    holder TEXT, -- who took it over last
    folder TEXT, -- where it lies here
    compared TEXT, -- protocol::paper::PaperMatch
    steps INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX papers_here ON papers (election, contest, tps, compared) WHERE place = 'here';
CREATE INDEX papers_by_folder ON papers (folder, slot) WHERE folder IS NOT NULL;

-- Printed lists of papers, to be signed where they change hands. The code is in
-- the QR code on each.
CREATE TABLE paper_lists (
    code TEXT PRIMARY KEY NOT NULL, -- digits
    title TEXT NOT NULL,
    region TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    log_index INTEGER NOT NULL
) STRICT;
CREATE TABLE paper_list_slots (
    code TEXT NOT NULL REFERENCES paper_lists (code),
    position INTEGER NOT NULL, -- from 1
    slot TEXT NOT NULL REFERENCES slots (slot),
    PRIMARY KEY (code, position)
) STRICT, WITHOUT ROWID;

-- When a device was last heard of, and what it said of itself. Not in the log:
-- it is no evidence and changes all the time.
CREATE TABLE contacts (
    device TEXT PRIMARY KEY NOT NULL REFERENCES devices (id),
    seen_at INTEGER NOT NULL,
    drafts INTEGER NOT NULL, -- forms begun and not sealed, as it said last
    delivered_up_to INTEGER NOT NULL, -- number of the inbox item that it has
    read_up_to INTEGER NOT NULL -- number of the inbox item that was read
) STRICT;

-- Calls to witnesses. Append-only, each under an entry of the log.
CREATE TABLE calls (
    number INTEGER PRIMARY KEY NOT NULL, -- from 1
    election TEXT NOT NULL,
    tps TEXT NOT NULL REFERENCES tps (code),
    witness TEXT REFERENCES witnesses (id),
    result TEXT NOT NULL, -- protocol::coverage::CallResult
    note TEXT NOT NULL,
    called_by TEXT NOT NULL,
    called_at INTEGER NOT NULL,
    log_index INTEGER NOT NULL
) STRICT;
CREATE INDEX calls_by_tps ON calls (tps, number);

-- Messages to witnesses. Append-only, each under an entry of the log.
CREATE TABLE messages (
    number INTEGER PRIMARY KEY NOT NULL, -- from 1
    id TEXT NOT NULL UNIQUE, -- random; phones name it when it was read
    region TEXT, -- to the witnesses posted in it ...
    witness TEXT REFERENCES witnesses (id), -- ... or to one
    wording TEXT NOT NULL,
    sent_as TEXT NOT NULL, -- protocol::console::Role
    sent_by TEXT NOT NULL,
    sent_at INTEGER NOT NULL,
    witnesses INTEGER NOT NULL, -- whom it was meant for when it was sent
    request_key TEXT NOT NULL, -- one request, however often it comes
    log_index INTEGER NOT NULL,
    UNIQUE (sent_by, request_key)
) STRICT;

-- Which message an item of an inbox is, to know who has it.
ALTER TABLE inbox ADD COLUMN message INTEGER;
CREATE INDEX inbox_by_message ON inbox (message, device, id) WHERE message IS NOT NULL;

-- How far every polling station is, is asked for as a whole.
CREATE INDEX slots_by_progress ON slots
    (election, tps, contest, state, photos_announced, photos_received);
CREATE INDEX assignments_at ON assignments (tps, election, witness);
CREATE INDEX devices_in_use ON devices (witness, revoked_at, id);
