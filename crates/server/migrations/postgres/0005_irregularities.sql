-- Irregularities and official figures; the SQLite file beside this one says what
-- each column is for.

-- What stands there now, and what did (`gone_at`). Worked out behind the
-- requests; the same finding keeps its row, and with it its rulings.
CREATE TABLE irregularities (
    slot TEXT COLLATE "C" NOT NULL REFERENCES slots (slot),
    key TEXT COLLATE "C" NOT NULL, -- code, and what tells it from others of the code
    election TEXT COLLATE "C" NOT NULL,
    contest TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL, -- figures, evidence and sentences as JSON
    numbers TEXT COLLATE "C" NOT NULL, -- hash of what a ruling on it is made on
    score BIGINT NOT NULL,
    stake BIGINT NOT NULL,
    weight BIGINT NOT NULL, -- of all flags of the slot together
    slot_stake BIGINT NOT NULL, -- the most that hangs on one of them
    ruling TEXT COLLATE "C" NOT NULL DEFAULT '', -- in force; '' when there is none on these numbers
    since BIGINT NOT NULL,
    gone_at BIGINT, -- NULL while it stands there
    PRIMARY KEY (slot, key)
);
-- The list begins with what weighs most.
CREATE INDEX irregularities_by_weight
    ON irregularities (weight DESC, slot_stake DESC, slot, score DESC, key)
    WHERE gone_at IS NULL;

-- Append-only, each under an entry of the log.
CREATE TABLE irregularity_rulings (
    slot TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL, -- for this irregularity, from 1
    ruling TEXT COLLATE "C" NOT NULL, -- protocol::irregularity::IrregularityRulingKind
    note TEXT COLLATE "C" NOT NULL,
    ruled_by TEXT COLLATE "C" NOT NULL,
    ruled_at BIGINT NOT NULL,
    numbers TEXT COLLATE "C" NOT NULL, -- what it was made on
    log_index BIGINT NOT NULL,
    PRIMARY KEY (slot, key, number),
    FOREIGN KEY (slot, key) REFERENCES irregularities (slot, key)
);

CREATE TABLE irregularity_settings (
    election TEXT COLLATE "C" PRIMARY KEY NOT NULL REFERENCES elections (id),
    body TEXT COLLATE "C" NOT NULL, -- protocol::irregularity::IrregularitySettingsRequest
    changed_by TEXT COLLATE "C" NOT NULL,
    changed_at BIGINT NOT NULL,
    log_index BIGINT NOT NULL
);

-- Files of official figures that were taken in.
CREATE TABLE official_imports (
    log_index BIGINT PRIMARY KEY NOT NULL,
    election TEXT COLLATE "C" NOT NULL REFERENCES elections (id),
    contest TEXT COLLATE "C" NOT NULL,
    file TEXT COLLATE "C" NOT NULL, -- its name
    sha256 TEXT COLLATE "C" NOT NULL,
    places BIGINT NOT NULL,
    imported_by TEXT COLLATE "C", -- NULL from the command line
    imported_at BIGINT NOT NULL
);

-- What stands now: the newest import that names a place.
CREATE TABLE official_figures (
    election TEXT COLLATE "C" NOT NULL,
    contest TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL, -- a polling station, or a region above it
    counts TEXT COLLATE "C" NOT NULL,
    import BIGINT NOT NULL REFERENCES official_imports (log_index),
    PRIMARY KEY (election, contest, region)
);

-- The strongest flag that nobody has ruled on goes into the queue, as a photo
-- that is another slot's does. The generated column is made anew for it.
ALTER TABLE slots ADD COLUMN flag_score BIGINT NOT NULL DEFAULT 0;
DROP INDEX slots_by_queue;
ALTER TABLE slots DROP COLUMN queue_rank;
ALTER TABLE slots ADD COLUMN queue_rank BIGINT GENERATED ALWAYS AS (
    CASE WHEN queue_base NOT IN (20, 30, 55, 60, 70) THEN queue_base
         WHEN photos_received = 0 THEN 0
         ELSE CASE WHEN (same_photos > 0 OR flag_score >= 30) AND queue_base IN (30, 60, 70)
                   THEN 20 ELSE queue_base END
            + CASE WHEN photos_received < photos_announced THEN 100 ELSE 0 END
    END
) STORED;
CREATE INDEX slots_by_queue ON slots (queue_rank, changed_at, slot, contest)
    WHERE queue_rank > 0;
