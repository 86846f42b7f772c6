-- The endpoint's whole memory. The PostgreSQL file beside this one holds the
-- same tables; every query runs on both, so only three kinds of columns occur:
-- text, 64-bit integers, and JSON kept as text. Times are milliseconds since
-- 1970 in UTC; truth values are 0 and 1.
--
-- STRICT: SQLite would otherwise store a text in an integer column and let a
-- later reader find out.

-- Facts about this installation, such as the id of its signing key.
CREATE TABLE meta (
    key TEXT PRIMARY KEY NOT NULL,
    value TEXT NOT NULL
) STRICT;

-- ---------------------------------------------------------------- the election

CREATE TABLE elections (
    id TEXT PRIMARY KEY NOT NULL,
    json TEXT NOT NULL -- protocol::pack::Election
) STRICT;

-- Provinces down to villages.
CREATE TABLE regions (
    code TEXT PRIMARY KEY NOT NULL,
    level TEXT NOT NULL,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE tps (
    code TEXT PRIMARY KEY NOT NULL,
    number TEXT NOT NULL,
    dpt_male INTEGER,
    dpt_female INTEGER
) STRICT;

CREATE TABLE forms (
    id TEXT PRIMARY KEY NOT NULL,
    json TEXT NOT NULL -- domain::FormLayout
) STRICT;

-- One id (mayor or regent) may be held in several regions with other options.
CREATE TABLE contests (
    election TEXT NOT NULL REFERENCES elections (id),
    id TEXT NOT NULL,
    region TEXT NOT NULL,
    position INTEGER NOT NULL, -- order on the screens
    json TEXT NOT NULL, -- domain::Contest
    PRIMARY KEY (election, id, region)
) STRICT;

-- ---------------------------------------------------------------- people and devices

CREATE TABLE witnesses (
    id TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- A witness is posted to a polling station for all contests held there.
CREATE TABLE assignments (
    witness TEXT NOT NULL REFERENCES witnesses (id),
    election TEXT NOT NULL REFERENCES elections (id),
    tps TEXT NOT NULL REFERENCES tps (code),
    PRIMARY KEY (witness, election, tps)
) STRICT;
CREATE INDEX assignments_by_tps ON assignments (tps);

CREATE TABLE devices (
    id TEXT PRIMARY KEY NOT NULL,
    witness TEXT NOT NULL REFERENCES witnesses (id),
    public_key TEXT NOT NULL, -- base64
    model TEXT NOT NULL,
    os TEXT NOT NULL,
    app TEXT NOT NULL,
    sms_key TEXT NOT NULL, -- base64
    enrolled_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX devices_by_witness ON devices (witness);

-- Several per device: the answer that carried the first one may have been lost.
CREATE TABLE device_tokens (
    token_hash TEXT PRIMARY KEY NOT NULL,
    device TEXT NOT NULL REFERENCES devices (id),
    issued_at INTEGER NOT NULL
) STRICT;

CREATE TABLE enrol_codes (
    code_hash TEXT PRIMARY KEY NOT NULL, -- keyed: worthless without the server's secret
    witness TEXT NOT NULL REFERENCES witnesses (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_by TEXT REFERENCES devices (id)
) STRICT;

-- Wrong tries, counted per code ("code:…") and per caller ("caller:…").
CREATE TABLE enrol_tries (
    subject TEXT PRIMARY KEY NOT NULL,
    wrong_tries INTEGER NOT NULL,
    since INTEGER NOT NULL
) STRICT;

-- ---------------------------------------------------------------- what devices sent

CREATE TABLE revisions (
    rev_id TEXT PRIMARY KEY NOT NULL,
    slot TEXT NOT NULL, -- election/tps/contest
    device TEXT NOT NULL REFERENCES devices (id),
    seq INTEGER NOT NULL,
    prev TEXT,
    channel TEXT NOT NULL, -- domain::Channel
    envelope TEXT NOT NULL, -- as it came, byte for byte; of an SMS its text
    counts TEXT NOT NULL, -- of the payload, to work out states without opening envelopes
    photos TEXT NOT NULL, -- JSON list of the reading copies' hashes, likewise
    findings INTEGER NOT NULL, -- of severity error
    recorded_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    log_index INTEGER NOT NULL,
    receipt TEXT -- signed envelope, given again byte for byte; an SMS has none
) STRICT;
CREATE INDEX revisions_by_slot ON revisions (slot);
CREATE INDEX revisions_by_device ON revisions (device);

-- Refused, but kept for a coordinator to see: nothing a witness sent is lost.
CREATE TABLE refused (
    rev_id TEXT PRIMARY KEY NOT NULL,
    slot TEXT NOT NULL,
    device TEXT NOT NULL REFERENCES devices (id),
    code TEXT NOT NULL,
    channel TEXT NOT NULL,
    envelope TEXT NOT NULL,
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX refused_by_device ON refused (device);

-- Photos that revisions name, reading copies and originals.
CREATE TABLE announced (
    sha256 TEXT NOT NULL,
    rev_id TEXT NOT NULL REFERENCES revisions (rev_id),
    device TEXT NOT NULL,
    kind TEXT NOT NULL, -- copy | original
    size_bytes INTEGER NOT NULL,
    PRIMARY KEY (sha256, rev_id, kind)
) STRICT, WITHOUT ROWID;

-- Revisions that another device brought, taken in or kept: it may send their
-- photos.
CREATE TABLE carried (
    rev_id TEXT NOT NULL,
    device TEXT NOT NULL REFERENCES devices (id), -- the carrier
    PRIMARY KEY (rev_id, device)
) STRICT, WITHOUT ROWID;

-- Photos that are complete and durable in the photo store.
CREATE TABLE photos (
    sha256 TEXT PRIMARY KEY NOT NULL,
    size_bytes INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    completed_at INTEGER NOT NULL
) STRICT;

-- A receipt names the device that it was given to, so each gets its own.
CREATE TABLE photo_receipts (
    sha256 TEXT NOT NULL REFERENCES photos (sha256),
    device TEXT NOT NULL REFERENCES devices (id),
    receipt TEXT NOT NULL,
    log_index INTEGER NOT NULL,
    PRIMARY KEY (sha256, device)
) STRICT;

-- Photos whose originals the counting room has asked the phones for.
CREATE TABLE originals_asked (
    sha256 TEXT NOT NULL, -- of the reading copy
    slot TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    PRIMARY KEY (sha256, slot)
) STRICT, WITHOUT ROWID;

-- ---------------------------------------------------------------- what it means

-- One row per polling station and contest, there from the start. Everything
-- after `sms_code` is worked out from revisions and decisions in the same
-- transaction that adds one.
CREATE TABLE slots (
    slot TEXT PRIMARY KEY NOT NULL, -- election/tps/contest
    election TEXT NOT NULL,
    tps TEXT NOT NULL REFERENCES tps (code),
    contest TEXT NOT NULL,
    contest_region TEXT NOT NULL, -- names the contest together with election and id
    district TEXT NOT NULL,
    sms_code TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    marks TEXT NOT NULL, -- JSON list
    heads TEXT NOT NULL, -- JSON list of rev_ids
    contribution TEXT NOT NULL, -- domain::rollup::Contribution
    findings INTEGER NOT NULL, -- of severity error, of the heads
    photos_announced INTEGER NOT NULL, -- reading copies that heads name
    photos_received INTEGER NOT NULL, -- those that are here
    decisions INTEGER NOT NULL,
    version INTEGER NOT NULL, -- grows with every change: the ETag
    changed_at INTEGER
) STRICT;
CREATE INDEX slots_by_state ON slots (state, slot);
CREATE INDEX slots_by_tps ON slots (tps);
CREATE INDEX slots_by_district ON slots (district);

-- Totals per district; sums above it are made on reading. `kind` is slots |
-- received_slots | verified_slots | conflict_slots (field is empty), or
-- verified | received | low | high with the field's id.
CREATE TABLE rollups (
    election TEXT NOT NULL,
    contest TEXT NOT NULL,
    district TEXT NOT NULL,
    kind TEXT NOT NULL,
    field TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (election, contest, district, kind, field)
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (
    slot TEXT NOT NULL REFERENCES slots (slot),
    number INTEGER NOT NULL, -- in the slot, from 1
    kind TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    chosen TEXT,
    counts TEXT NOT NULL,
    device TEXT,
    reason TEXT NOT NULL,
    considered TEXT NOT NULL, -- JSON list of rev_ids
    log_index INTEGER NOT NULL,
    PRIMARY KEY (slot, number)
) STRICT;

-- News for devices; the cursor is the id.
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY NOT NULL,
    device TEXT NOT NULL REFERENCES devices (id),
    item TEXT NOT NULL -- protocol::inbox::InboxItem
) STRICT;
CREATE INDEX inbox_by_device ON inbox (device, id);

-- ---------------------------------------------------------------- the log

-- Everything that happened, each entry holding the hash of the one before.
-- Entries with an actor are what people of the counting room did: the audit.
CREATE TABLE log (
    log_index INTEGER PRIMARY KEY NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT, -- user name; NULL when a device or the endpoint itself acted
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL -- over the previous hash and this entry
) STRICT;
CREATE INDEX log_by_actor ON log (actor, log_index) WHERE actor IS NOT NULL;

-- One row. Updating it first makes writers wait for one another, on both
-- databases, so that the log has no gaps and states are worked out one by one.
CREATE TABLE log_head (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    next_index INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;
INSERT INTO log_head (id, next_index, hash)
VALUES (1, 1, '0000000000000000000000000000000000000000000000000000000000000000');

-- The log's head, signed now and then, to be kept elsewhere.
CREATE TABLE checkpoints (
    log_index INTEGER PRIMARY KEY NOT NULL,
    envelope TEXT NOT NULL,
    signed_at INTEGER NOT NULL
) STRICT;

-- ---------------------------------------------------------------- the counting room

CREATE TABLE users (
    name TEXT PRIMARY KEY NOT NULL,
    role TEXT NOT NULL,
    region TEXT NOT NULL,
    password_hash TEXT NOT NULL, -- argon2id, PHC format
    created_at INTEGER NOT NULL,
    disabled_at INTEGER
) STRICT;

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY NOT NULL,
    user_name TEXT NOT NULL REFERENCES users (name),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
