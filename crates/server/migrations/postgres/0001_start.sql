-- The endpoint's whole memory; the SQLite file beside this one says what each
-- table is for. What differs here:
--
-- * Codes, ids and hashes are compared byte by byte (COLLATE "C"), so that
--   prefix ranges and sort orders are those of SQLite, whatever the locale.
-- * Ids that grow are identity columns.

-- Facts about this installation, such as the id of its signing key.
CREATE TABLE meta (
    key TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    value TEXT COLLATE "C" NOT NULL
);

-- ---------------------------------------------------------------- the election

CREATE TABLE elections (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    json TEXT COLLATE "C" NOT NULL -- protocol::pack::Election
);

-- Provinces down to villages.
CREATE TABLE regions (
    code TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL
);

CREATE TABLE tps (
    code TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    dpt_male BIGINT,
    dpt_female BIGINT
);

CREATE TABLE forms (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    json TEXT COLLATE "C" NOT NULL -- domain::FormLayout
);

-- One id (mayor or regent) may be held in several regions with other options.
CREATE TABLE contests (
    election TEXT COLLATE "C" NOT NULL REFERENCES elections (id),
    id TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL, -- order on the screens
    json TEXT COLLATE "C" NOT NULL, -- domain::Contest
    PRIMARY KEY (election, id, region)
);

-- ---------------------------------------------------------------- people and devices

CREATE TABLE witnesses (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);

-- A witness is posted to a polling station for all contests held there.
CREATE TABLE assignments (
    witness TEXT COLLATE "C" NOT NULL REFERENCES witnesses (id),
    election TEXT COLLATE "C" NOT NULL REFERENCES elections (id),
    tps TEXT COLLATE "C" NOT NULL REFERENCES tps (code),
    PRIMARY KEY (witness, election, tps)
);
CREATE INDEX assignments_by_tps ON assignments (tps);

CREATE TABLE devices (
    id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    witness TEXT COLLATE "C" NOT NULL REFERENCES witnesses (id),
    public_key TEXT COLLATE "C" NOT NULL, -- base64
    model TEXT COLLATE "C" NOT NULL,
    os TEXT COLLATE "C" NOT NULL,
    app TEXT COLLATE "C" NOT NULL,
    sms_key TEXT COLLATE "C" NOT NULL, -- base64
    enrolled_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX devices_by_witness ON devices (witness);

-- Several per device: the answer that carried the first one may have been lost.
CREATE TABLE device_tokens (
    token_hash TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    device TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
    issued_at BIGINT NOT NULL
);

CREATE TABLE enrol_codes (
    code_hash TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- keyed: worthless without the server's secret
    witness TEXT COLLATE "C" NOT NULL REFERENCES witnesses (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_by TEXT COLLATE "C" REFERENCES devices (id)
);

-- Wrong tries, counted per code ("code:…") and per caller ("caller:…").
CREATE TABLE enrol_tries (
    subject TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    wrong_tries BIGINT NOT NULL,
    since BIGINT NOT NULL
);

-- ---------------------------------------------------------------- what devices sent

CREATE TABLE revisions (
    rev_id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    slot TEXT COLLATE "C" NOT NULL, -- election/tps/contest
    device TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
    seq BIGINT NOT NULL,
    prev TEXT COLLATE "C",
    channel TEXT COLLATE "C" NOT NULL, -- domain::Channel
    envelope TEXT COLLATE "C" NOT NULL, -- as it came, byte for byte; of an SMS its text
    counts TEXT COLLATE "C" NOT NULL, -- of the payload, to work out states without opening envelopes
    photos TEXT COLLATE "C" NOT NULL, -- JSON list of the reading copies' hashes, likewise
    findings BIGINT NOT NULL, -- of severity error
    recorded_at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    log_index BIGINT NOT NULL,
    receipt TEXT COLLATE "C" -- signed envelope, given again byte for byte; an SMS has none
);
CREATE INDEX revisions_by_slot ON revisions (slot);
CREATE INDEX revisions_by_device ON revisions (device);

-- Refused, but kept for a coordinator to see: nothing a witness sent is lost.
CREATE TABLE refused (
    rev_id TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    slot TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
    code TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    envelope TEXT COLLATE "C" NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX refused_by_device ON refused (device);

-- Photos that revisions name, reading copies and originals.
CREATE TABLE announced (
    sha256 TEXT COLLATE "C" NOT NULL,
    rev_id TEXT COLLATE "C" NOT NULL REFERENCES revisions (rev_id),
    device TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL, -- copy | original
    size_bytes BIGINT NOT NULL,
    PRIMARY KEY (sha256, rev_id, kind)
);

-- Revisions that another device brought, taken in or kept: it may send their
-- photos.
CREATE TABLE carried (
    rev_id TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C" NOT NULL REFERENCES devices (id), -- the carrier
    PRIMARY KEY (rev_id, device)
);

-- Photos that are complete and durable in the photo store.
CREATE TABLE photos (
    sha256 TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    size_bytes BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    completed_at BIGINT NOT NULL
);

-- A receipt names the device that it was given to, so each gets its own.
CREATE TABLE photo_receipts (
    sha256 TEXT COLLATE "C" NOT NULL REFERENCES photos (sha256),
    device TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
    receipt TEXT COLLATE "C" NOT NULL,
    log_index BIGINT NOT NULL,
    PRIMARY KEY (sha256, device)
);

-- Photos whose originals the counting room has asked the phones for.
CREATE TABLE originals_asked (
    sha256 TEXT NOT NULL, -- of the reading copy
    slot TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    PRIMARY KEY (sha256, slot)
);

-- ---------------------------------------------------------------- what it means

-- One row per polling station and contest, there from the start. Everything
-- after `sms_code` is worked out from revisions and decisions in the same
-- transaction that adds one.
CREATE TABLE slots (
    slot TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- election/tps/contest
    election TEXT COLLATE "C" NOT NULL,
    tps TEXT COLLATE "C" NOT NULL REFERENCES tps (code),
    contest TEXT COLLATE "C" NOT NULL,
    contest_region TEXT COLLATE "C" NOT NULL, -- names the contest together with election and id
    district TEXT COLLATE "C" NOT NULL,
    sms_code TEXT COLLATE "C" NOT NULL UNIQUE,
    state TEXT COLLATE "C" NOT NULL,
    marks TEXT COLLATE "C" NOT NULL, -- JSON list
    heads TEXT COLLATE "C" NOT NULL, -- JSON list of rev_ids
    contribution TEXT COLLATE "C" NOT NULL, -- domain::rollup::Contribution
    findings BIGINT NOT NULL, -- of severity error, of the heads
    photos_announced BIGINT NOT NULL, -- reading copies that heads name
    photos_received BIGINT NOT NULL, -- those that are here
    decisions BIGINT NOT NULL,
    version BIGINT NOT NULL, -- grows with every change: the ETag
    changed_at BIGINT
);
CREATE INDEX slots_by_state ON slots (state, slot);
CREATE INDEX slots_by_tps ON slots (tps);
CREATE INDEX slots_by_district ON slots (district);

-- Totals per district; sums above it are made on reading. `kind` is slots |
-- received_slots | verified_slots | conflict_slots (field is empty), or
-- verified | received | low | high with the field's id.
CREATE TABLE rollups (
    election TEXT COLLATE "C" NOT NULL,
    contest TEXT COLLATE "C" NOT NULL,
    district TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    value BIGINT NOT NULL,
    PRIMARY KEY (election, contest, district, kind, field)
);

CREATE TABLE decisions (
    slot TEXT COLLATE "C" NOT NULL REFERENCES slots (slot),
    number BIGINT NOT NULL, -- in the slot, from 1
    kind TEXT COLLATE "C" NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    decided_at BIGINT NOT NULL,
    chosen TEXT COLLATE "C",
    counts TEXT COLLATE "C" NOT NULL,
    device TEXT COLLATE "C",
    reason TEXT COLLATE "C" NOT NULL,
    considered TEXT COLLATE "C" NOT NULL, -- JSON list of rev_ids
    log_index BIGINT NOT NULL,
    PRIMARY KEY (slot, number)
);

-- News for devices; the cursor is the id.
CREATE TABLE inbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    device TEXT COLLATE "C" NOT NULL REFERENCES devices (id),
    item TEXT COLLATE "C" NOT NULL -- protocol::inbox::InboxItem
);
CREATE INDEX inbox_by_device ON inbox (device, id);

-- ---------------------------------------------------------------- the log

-- Everything that happened, each entry holding the hash of the one before.
-- Entries with an actor are what people of the counting room did: the audit.
CREATE TABLE log (
    log_index BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C", -- user name; NULL when a device or the endpoint itself acted
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL -- over the previous hash and this entry
);
CREATE INDEX log_by_actor ON log (actor, log_index) WHERE actor IS NOT NULL;

-- One row. Updating it first makes writers wait for one another, on both
-- databases, so that the log has no gaps and states are worked out one by one.
CREATE TABLE log_head (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    next_index BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL
);
INSERT INTO log_head (id, next_index, hash)
VALUES (1, 1, '0000000000000000000000000000000000000000000000000000000000000000');

-- The log's head, signed now and then, to be kept elsewhere.
CREATE TABLE checkpoints (
    log_index BIGINT PRIMARY KEY NOT NULL,
    envelope TEXT COLLATE "C" NOT NULL,
    signed_at BIGINT NOT NULL
);

-- ---------------------------------------------------------------- the counting room

CREATE TABLE users (
    name TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    password_hash TEXT COLLATE "C" NOT NULL, -- argon2id, PHC format
    created_at BIGINT NOT NULL,
    disabled_at BIGINT
);

CREATE TABLE sessions (
    token_hash TEXT COLLATE "C" PRIMARY KEY NOT NULL,
    user_name TEXT COLLATE "C" NOT NULL REFERENCES users (name),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
