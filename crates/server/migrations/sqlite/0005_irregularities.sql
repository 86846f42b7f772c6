-- Irregularities: what is odd in forms, what people ruled on it, and what was
-- officially published.

-- What stands there now, and what did (`gone_at`). Worked out behind the
-- requests; the same finding keeps its row, and with it its rulings.
CREATE TABLE irregularities (
    slot TEXT NOT NULL REFERENCES slots (slot),
    key TEXT NOT NULL, -- code, and what tells it from others of the code
    election TEXT NOT NULL,
    contest TEXT NOT NULL,
    code TEXT NOT NULL,
    body TEXT NOT NULL, -- figures, evidence and sentences as JSON
    numbers TEXT NOT NULL, -- hash of what a ruling on it is made on
    score INTEGER NOT NULL,
    stake INTEGER NOT NULL,
    weight INTEGER NOT NULL, -- of all flags of the slot together
    slot_stake INTEGER NOT NULL, -- the most that hangs on one of them
    ruling TEXT NOT NULL DEFAULT '', -- in force; '' when there is none on these numbers
    since INTEGER NOT NULL,
    gone_at INTEGER, -- NULL while it stands there
    PRIMARY KEY (slot, key)
) STRICT;
-- The list begins with what weighs most.
CREATE INDEX irregularities_by_weight
    ON irregularities (weight DESC, slot_stake DESC, slot, score DESC, key)
    WHERE gone_at IS NULL;

-- Append-only, each under an entry of the log.
CREATE TABLE irregularity_rulings (
    slot TEXT NOT NULL,
    key TEXT NOT NULL,
    number INTEGER NOT NULL, -- for this irregularity, from 1
    ruling TEXT NOT NULL, -- protocol::irregularity::IrregularityRulingKind
    note TEXT NOT NULL,
    ruled_by TEXT NOT NULL,
    ruled_at INTEGER NOT NULL,
    numbers TEXT NOT NULL, -- what it was made on
    log_index INTEGER NOT NULL,
    PRIMARY KEY (slot, key, number),
    FOREIGN KEY (slot, key) REFERENCES irregularities (slot, key)
) STRICT;

CREATE TABLE irregularity_settings (
    election TEXT PRIMARY KEY NOT NULL REFERENCES elections (id),
    body TEXT NOT NULL, -- protocol::irregularity::IrregularitySettingsRequest
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    log_index INTEGER NOT NULL
) STRICT;

-- Files of official figures that were taken in.
CREATE TABLE official_imports (
    log_index INTEGER PRIMARY KEY NOT NULL,
    election TEXT NOT NULL REFERENCES elections (id),
    contest TEXT NOT NULL,
    file TEXT NOT NULL, -- its name
    sha256 TEXT NOT NULL,
    places INTEGER NOT NULL,
    imported_by TEXT, -- NULL from the command line
    imported_at INTEGER NOT NULL
) STRICT;

-- What stands now: the newest import that names a place.
CREATE TABLE official_figures (
    election TEXT NOT NULL,
    contest TEXT NOT NULL,
    region TEXT NOT NULL, -- a polling station, or a region above it
    counts TEXT NOT NULL,
    import INTEGER NOT NULL REFERENCES official_imports (log_index),
    PRIMARY KEY (election, contest, region)
) STRICT;

-- The strongest flag that nobody has ruled on goes into the queue, as a photo
-- that is another slot's does. The generated column is made anew for it.
ALTER TABLE slots ADD COLUMN flag_score INTEGER NOT NULL DEFAULT 0;
DROP INDEX slots_by_queue;
ALTER TABLE slots DROP COLUMN queue_rank;
ALTER TABLE slots ADD COLUMN queue_rank INTEGER GENERATED ALWAYS AS (
    CASE WHEN queue_base NOT IN (20, 30, 55, 60, 70) THEN queue_base
         WHEN photos_received = 0 THEN 0
         ELSE CASE WHEN (same_photos > 0 OR flag_score >= 30) AND queue_base IN (30, 60, 70)
                   THEN 20 ELSE queue_base END
            + CASE WHEN photos_received < photos_announced THEN 100 ELSE 0 END
    END
) VIRTUAL;
CREATE INDEX slots_by_queue ON slots (queue_rank, changed_at, slot, contest)
    WHERE queue_rank > 0;
