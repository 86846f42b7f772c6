-- Where the papers are, how far the polling stations are, and words between the
-- counting room and the phones.

-- To call or write. Personal: it is in no log, and only coordinators see it.
ALTER TABLE witnesses ADD COLUMN phone TEXT COLLATE "C"; -- international: + and digits

-- What happened to the paper of a slot. Append-only, each under an entry of the
-- log.
CREATE TABLE paper_steps (
    slot TEXT COLLATE "C" NOT NULL REFERENCES slots (slot),
    number BIGINT NOT NULL, -- in the slot, from 1
    act TEXT COLLATE "C" NOT NULL, -- protocol::paper::PaperAct
    noted_by TEXT COLLATE "C" NOT NULL,
    noted_at BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL,
    log_index BIGINT NOT NULL,
    PRIMARY KEY (slot, number)
);

-- What follows from it; a slot without a row has no steps.
CREATE TABLE papers (
    slot TEXT COLLATE "C" PRIMARY KEY NOT NULL REFERENCES slots (slot),
    election TEXT COLLATE "C" NOT NULL,
    contest TEXT COLLATE "C" NOT NULL,
    tps TEXT COLLATE "C" NOT NULL,
    place TEXT COLLATE "C" NOT NULL, -- '' (where it was at first) | handed_over | here
    holder TEXT COLLATE "C", -- who took it over last
    folder TEXT COLLATE "C", -- where it lies here
    compared TEXT COLLATE "C", -- protocol::paper::PaperMatch
    steps BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX papers_here ON papers (election, contest, tps, compared) WHERE place = 'here';
CREATE INDEX papers_by_folder ON papers (folder, slot) WHERE folder IS NOT NULL;

-- Printed lists of papers, to be signed where they change hands. The code is in
-- the QR code on each.
CREATE TABLE paper_lists (
    code TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- digits
    title TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    log_index BIGINT NOT NULL
);
CREATE TABLE paper_list_slots (
    code TEXT COLLATE "C" NOT NULL REFERENCES paper_lists (code),
    position BIGINT NOT NULL, -- from 1
    slot TEXT COLLATE "C" NOT NULL REFERENCES slots (slot),
    PRIMARY KEY (code, position)
);

-- When a device was last heard of, and what it said of itself. Not in the log:
-- it is no evidence and changes all the time.
CREATE TABLE contacts (
    device TEXT COLLATE "C" PRIMARY KEY NOT NULL REFERENCES devices (id),
    seen_at BIGINT NOT NULL,
    drafts BIGINT NOT NULL, -- forms begun and not sealed, as it said last
    delivered_up_to BIGINT NOT NULL, -- number of the inbox item that it has
    read_up_to BIGINT NOT NULL -- number of the inbox item that was read
);

-- Calls to witnesses. Append-only, each under an entry of the log.
CREATE TABLE calls (
    number BIGINT PRIMARY KEY NOT NULL, -- from 1
    election TEXT COLLATE "C" NOT NULL,
    tps TEXT COLLATE "C" NOT NULL REFERENCES tps (code),
    witness TEXT COLLATE "C" REFERENCES witnesses (id),
    result TEXT COLLATE "C" NOT NULL, -- protocol::coverage::CallResult
    note TEXT COLLATE "C" NOT NULL,
    called_by TEXT COLLATE "C" NOT NULL,
    called_at BIGINT NOT NULL,
    log_index BIGINT NOT NULL
);
CREATE INDEX calls_by_tps ON calls (tps, number);

-- Messages to witnesses. Append-only, each under an entry of the log.
CREATE TABLE messages (
    number BIGINT PRIMARY KEY NOT NULL, -- from 1
    id TEXT COLLATE "C" NOT NULL UNIQUE, -- random; phones name it when it was read
    region TEXT COLLATE "C", -- to the witnesses posted in it ...
    witness TEXT COLLATE "C" REFERENCES witnesses (id), -- ... or to one
    wording TEXT COLLATE "C" NOT NULL,
    sent_as TEXT COLLATE "C" NOT NULL, -- protocol::console::Role
    sent_by TEXT COLLATE "C" NOT NULL,
    sent_at BIGINT NOT NULL,
    witnesses BIGINT NOT NULL, -- whom it was meant for when it was sent
    request_key TEXT COLLATE "C" NOT NULL, -- one request, however often it comes
    log_index BIGINT NOT NULL,
    UNIQUE (sent_by, request_key)
);

-- Which message an item of an inbox is, to know who has it.
ALTER TABLE inbox ADD COLUMN message BIGINT;
CREATE INDEX inbox_by_message ON inbox (message, device, id) WHERE message IS NOT NULL;

-- How far every polling station is, is asked for as a whole.
CREATE INDEX slots_by_progress ON slots
    (election, tps, contest, state, photos_announced, photos_received);
CREATE INDEX assignments_at ON assignments (tps, election, witness);
CREATE INDEX devices_in_use ON devices (witness, revoked_at, id);
