-- The phone's whole memory. Rules that hold for every table:
--   * times (`*_at`) are milliseconds since 1970 in UTC, by the clock named in the comment;
--   * hashes are lowercase hex SHA-256; files are names relative to the data folder;
--   * a slot is written election/tps/contest;
--   * nothing here says "sending": after a power cut every row is still true.

-- Who this installation is. The key is made and kept before the first request,
-- so that a lost answer can be asked for again with the same key. Enrolling
-- anew adds a row; revisions stay with the identity that signed them.
CREATE TABLE identities (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    secret_seed   BLOB    NOT NULL CHECK (length(secret_seed) = 32),
    began_at      INTEGER NOT NULL,               -- device clock
    device        TEXT,                           -- null until enrolled, as are all below
    token         TEXT,
    server_key_id TEXT,
    server_key    TEXT,                           -- pinned: base64 of 32 bytes
    address       TEXT,                           -- as the witness gave it, normalised
    endpoints     TEXT,                           -- JSON list of addresses, tried in turn
    enrolled_at   INTEGER,                        -- device clock
    CHECK ((device IS NULL) = (enrolled_at IS NULL))
) STRICT;

-- What the device must know to work offline. One row: the newest.
CREATE TABLE pack (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    body     TEXT    NOT NULL,                    -- JSON as it came
    version  INTEGER NOT NULL,
    etag     TEXT,
    taken_at INTEGER NOT NULL                     -- device clock
) STRICT;

-- What is keyed and not sealed, a row per slot …
CREATE TABLE drafts (
    slot       TEXT    PRIMARY KEY,
    form_tps   TEXT    NOT NULL DEFAULT '',
    note       TEXT    NOT NULL DEFAULT '',
    changed_at INTEGER NOT NULL                   -- device clock
) STRICT, WITHOUT ROWID;

-- … a row per box, exactly as typed …
CREATE TABLE draft_figures (
    slot     TEXT NOT NULL REFERENCES drafts (slot) ON DELETE CASCADE,
    count_id TEXT NOT NULL,
    text     TEXT NOT NULL CHECK (text <> ''),
    PRIMARY KEY (slot, count_id)
) STRICT, WITHOUT ROWID;

-- … a row per answered finding …
CREATE TABLE draft_answers (
    slot TEXT NOT NULL REFERENCES drafts (slot) ON DELETE CASCADE,
    code TEXT NOT NULL,
    text TEXT NOT NULL CHECK (text <> ''),
    PRIMARY KEY (slot, code)
) STRICT, WITHOUT ROWID;

-- … and a row per flag that is set.
CREATE TABLE draft_flags (
    slot TEXT NOT NULL REFERENCES drafts (slot) ON DELETE CASCADE,
    name TEXT NOT NULL CHECK (name <> ''),
    PRIMARY KEY (slot, name)
) STRICT, WITHOUT ROWID;

-- A photo whose two files are durable. The row is written after the files.
CREATE TABLE photos (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    source           TEXT    NOT NULL CHECK (source IN ('camera', 'gallery')),
    original_file    TEXT    NOT NULL,
    original_sha256  TEXT    NOT NULL,
    original_bytes   INTEGER NOT NULL,
    original_is_jpeg INTEGER NOT NULL CHECK (original_is_jpeg IN (0, 1)),
    copy_file        TEXT    NOT NULL,
    copy_sha256      TEXT    NOT NULL,
    copy_bytes       INTEGER NOT NULL,
    width            INTEGER NOT NULL,            -- of the reading copy, in pixels
    height           INTEGER NOT NULL,
    warnings         TEXT    NOT NULL,            -- JSON list of codes
    taken_at         INTEGER,                     -- by the camera, or the device clock
    added_at         INTEGER NOT NULL,            -- device clock
    removed_at       INTEGER                      -- files may go; the row goes after them
) STRICT;
CREATE INDEX photos_by_copy ON photos (copy_sha256);
CREATE INDEX photos_by_original ON photos (original_sha256);

-- A photo that is about to be taken: written before the camera opens, because
-- the app may be killed behind the camera.
CREATE TABLE pending_photos (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    slot       TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('form', 'objection', 'other')),
    page       INTEGER,
    replaces   INTEGER,                           -- the photo of a retake
    created_at INTEGER NOT NULL,                  -- device clock
    failed     TEXT                               -- why its file could not be used; the file is kept
) STRICT;

CREATE TABLE draft_photos (
    slot     TEXT    NOT NULL REFERENCES drafts (slot) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    photo    INTEGER NOT NULL REFERENCES photos (id),
    kind     TEXT    NOT NULL CHECK (kind IN ('form', 'objection', 'other')),
    page     INTEGER,
    PRIMARY KEY (slot, position)
) STRICT, WITHOUT ROWID;

-- Sealed statements. Immutable and append-only, by trigger.
CREATE TABLE revisions (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- order of sealing on this device
    rev_id     TEXT    NOT NULL UNIQUE,
    identity   INTEGER NOT NULL REFERENCES identities (id),
    slot       TEXT    NOT NULL,
    seq        INTEGER NOT NULL CHECK (seq >= 1),
    prev       TEXT,
    envelope   TEXT    NOT NULL,                  -- JSON exactly as it is sent
    draft      TEXT    NOT NULL,                  -- JSON of the draft it was sealed from
    sealed_at  INTEGER NOT NULL,                  -- device clock
    inbox_seen INTEGER NOT NULL,                  -- newest inbox entry here at that time
    UNIQUE (identity, slot, seq)
) STRICT;
CREATE INDEX revisions_by_slot ON revisions (slot, id);
CREATE TRIGGER revisions_never_change BEFORE UPDATE ON revisions
BEGIN SELECT RAISE(ABORT, 'revisions are immutable'); END;
CREATE TRIGGER revisions_never_go BEFORE DELETE ON revisions
BEGIN SELECT RAISE(ABORT, 'revisions are append-only'); END;

CREATE TABLE revision_photos (
    rev_id   TEXT    NOT NULL REFERENCES revisions (rev_id),
    position INTEGER NOT NULL,
    photo    INTEGER NOT NULL REFERENCES photos (id),
    kind     TEXT    NOT NULL CHECK (kind IN ('form', 'objection', 'other')),
    page     INTEGER,
    PRIMARY KEY (rev_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX revision_photos_by_photo ON revision_photos (photo);

-- The endpoint's signed words, verified before they came here. A thing is
-- received by an endpoint, which is known by its pinned key, if and only if a
-- receipt is in this table, whichever enrolment it was given to.
CREATE TABLE receipts (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- order of arrival here
    server_key  TEXT    NOT NULL,                 -- the pinned key that it verified under
    kind        TEXT    NOT NULL CHECK (kind IN ('revision', 'photo')),
    item        TEXT    NOT NULL,                 -- rev_id or hash
    device      TEXT    NOT NULL,                 -- to whom it was given
    envelope    TEXT    NOT NULL,                 -- JSON as it came
    log_index   INTEGER NOT NULL,
    received_at INTEGER NOT NULL,                 -- endpoint's clock
    UNIQUE (server_key, kind, item)
) STRICT;
CREATE INDEX receipts_by_log ON receipts (server_key, log_index);
CREATE TRIGGER receipts_never_change BEFORE UPDATE ON receipts
BEGIN SELECT RAISE(ABORT, 'receipts are immutable'); END;

-- Receipts that the endpoint no longer stands by, because it was restored from
-- a backup: no longer relied on, and kept as evidence.
CREATE TABLE receipts_disowned (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    server_key  TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    item        TEXT    NOT NULL,
    device      TEXT    NOT NULL,
    envelope    TEXT    NOT NULL,
    log_index   INTEGER NOT NULL,
    received_at INTEGER NOT NULL,                 -- endpoint's clock
    disowned_at INTEGER NOT NULL                  -- device clock
) STRICT;
CREATE INDEX receipts_disowned_by_envelope ON receipts_disowned (envelope);
CREATE TRIGGER receipts_disowned_never_change BEFORE UPDATE ON receipts_disowned
BEGIN SELECT RAISE(ABORT, 'disowned receipts are immutable'); END;
CREATE TRIGGER receipts_disowned_never_go BEFORE DELETE ON receipts_disowned
BEGIN SELECT RAISE(ABORT, 'disowned receipts are append-only'); END;
CREATE TRIGGER receipts_only_go_aside BEFORE DELETE ON receipts
WHEN NOT EXISTS (SELECT 1 FROM receipts_disowned WHERE envelope = OLD.envelope)
BEGIN SELECT RAISE(ABORT, 'receipts are set aside, never removed'); END;

-- What other phones said and this one carries for them. Immutable and
-- append-only, by trigger, like what it says itself.
CREATE TABLE carried_revisions (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,   -- order of import
    rev_id   TEXT    NOT NULL UNIQUE,
    device   TEXT    NOT NULL,                    -- who signed it
    slot     TEXT    NOT NULL,
    seq      INTEGER NOT NULL CHECK (seq >= 1),
    envelope TEXT    NOT NULL,                    -- JSON as it is sent
    taken_at INTEGER NOT NULL                     -- device clock
) STRICT;
CREATE TRIGGER carried_revisions_never_change BEFORE UPDATE ON carried_revisions
BEGIN SELECT RAISE(ABORT, 'carried revisions are immutable'); END;
CREATE TRIGGER carried_revisions_never_go BEFORE DELETE ON carried_revisions
BEGIN SELECT RAISE(ABORT, 'carried revisions are append-only'); END;

-- Every photo that a carried revision names, whether its bytes came along or
-- not: an original stands after all reading copies.
CREATE TABLE carried_revision_photos (
    rev_id      TEXT    NOT NULL REFERENCES carried_revisions (rev_id),
    position    INTEGER NOT NULL,
    sha256      TEXT    NOT NULL,
    PRIMARY KEY (rev_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX carried_revision_photos_by_hash ON carried_revision_photos (sha256);

-- Carried photos whose files are durable. The row is written after the file;
-- the file goes after the receipt, and the row stays.
CREATE TABLE carried_photos (
    sha256     TEXT    PRIMARY KEY,
    size_bytes INTEGER NOT NULL,
    file       TEXT    NOT NULL,
    taken_at   INTEGER NOT NULL,                  -- device clock
    removed_at INTEGER                            -- its bytes are gone; device clock
) STRICT, WITHOUT ROWID;

-- What is still to be sent to an endpoint. A row goes in the transaction that
-- brings the receipt, and in no other way. A revision that has its receipt
-- comes back only to be named again by a new enrolment, which may send its
-- photos only then.
CREATE TABLE outbox (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    server_key  TEXT    NOT NULL,                 -- of the endpoint
    lane        TEXT    NOT NULL CHECK (lane IN ('revision', 'copy', 'original',
                                                 'carried_revision', 'carried_photo')),
    item        TEXT    NOT NULL,                 -- rev_id or hash
    size_bytes  INTEGER NOT NULL,
    sent_bytes  INTEGER NOT NULL DEFAULT 0,       -- what the endpoint said it holds
    attempts    INTEGER NOT NULL DEFAULT 0,       -- failures since the last success
    restarts    INTEGER NOT NULL DEFAULT 0,       -- times that all bytes arrived wrong
    next_try_at INTEGER,                          -- device clock; null is at once
    refused     TEXT,                             -- the endpoint's code, for the witness to see
    is_final    INTEGER NOT NULL DEFAULT 0 CHECK (is_final IN (0, 1)), -- only tried again on a tap
    is_asked    INTEGER NOT NULL DEFAULT 1 CHECK (is_asked IN (0, 1)), -- 0: an original that nobody
                                                  -- asked for, which goes over free links only
    UNIQUE (server_key, lane, item)
) STRICT;
CREATE INDEX outbox_by_item ON outbox (item);

-- News from the counting room, oldest first.
CREATE TABLE inbox (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    slot    TEXT,
    item    TEXT    NOT NULL UNIQUE,              -- JSON; the same news twice is one
    is_read INTEGER NOT NULL DEFAULT 0 CHECK (is_read IN (0, 1))
) STRICT;
CREATE INDEX inbox_by_slot ON inbox (slot, id);

-- Small things with a name; names are constants in settings.rs.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
