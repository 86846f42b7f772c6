-- The queue: what is to be looked at next, who holds it, what was read, and how
-- people get on.

-- What follows from revisions, rulings and readings: the rank without regard to
-- photos (queue::rank says which number means what; 0 is nothing to do), and
-- what the queue itself has left open in the slot.
ALTER TABLE slots ADD COLUMN queue_base INTEGER NOT NULL DEFAULT 0;
ALTER TABLE slots ADD COLUMN queue_open TEXT NOT NULL DEFAULT ''; -- '' | check | difference

-- Where the slot stands in the queue. Photos arrive, and are found to be
-- another slot's, without the slot being worked out anew, so the database
-- itself keeps this true: what is compared with a photo waits for one, goes
-- behind everything while some are missing, and counts as a finding when one
-- is another slot's too.
ALTER TABLE slots ADD COLUMN queue_rank INTEGER GENERATED ALWAYS AS (
    CASE WHEN queue_base NOT IN (20, 30, 55, 60, 70) THEN queue_base
         WHEN photos_received = 0 THEN 0
         ELSE CASE WHEN same_photos > 0 AND queue_base IN (30, 60, 70) THEN 20 ELSE queue_base END
            + CASE WHEN photos_received < photos_announced THEN 100 ELSE 0 END
    END
) VIRTUAL;

-- What is here already.
UPDATE slots SET queue_base = CASE
    WHEN state = 'conflict' THEN 10
    WHEN state = 'stale' THEN 50
    WHEN state NOT IN ('single', 'agreed') OR marks LIKE '%returned%' THEN 0
    WHEN findings > 0 THEN 20
    WHEN bubbles_differ > 0 THEN 30
    WHEN state = 'single' THEN 60
    ELSE 70
END;

-- The next item is the first row of this that nobody holds.
CREATE INDEX slots_by_queue ON slots (queue_rank, changed_at, slot, contest)
    WHERE queue_rank > 0;

-- Who works on what. No evidence, so it is not in the log; one row per slot, so
-- that two people never hold the same.
CREATE TABLE queue_claims (
    slot TEXT PRIMARY KEY NOT NULL REFERENCES slots (slot),
    user_name TEXT NOT NULL REFERENCES users (name),
    way TEXT NOT NULL, -- protocol::queue::Way
    place INTEGER NOT NULL, -- order in which they were claimed
    claimed_at INTEGER NOT NULL,
    shown_at INTEGER, -- when it came on the screen
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX queue_claims_by_user ON queue_claims (user_name, place);

-- Items that somebody does not want as they are.
CREATE TABLE queue_skips (
    slot TEXT NOT NULL REFERENCES slots (slot),
    user_name TEXT NOT NULL REFERENCES users (name),
    version INTEGER NOT NULL, -- of the slot; it is offered again after a change
    PRIMARY KEY (slot, user_name)
) STRICT;

-- How an election's forms are verified.
CREATE TABLE queue_settings (
    election TEXT PRIMARY KEY NOT NULL REFERENCES elections (id),
    mode TEXT NOT NULL, -- protocol::queue::QueueMode
    check_percent INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

-- What people read from photos. Append-only, each under an entry of the log.
CREATE TABLE readings (
    slot TEXT NOT NULL REFERENCES slots (slot),
    number INTEGER NOT NULL, -- in the slot, from 1
    read_by TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    way TEXT NOT NULL,
    counts TEXT NOT NULL,
    note TEXT NOT NULL,
    against TEXT NOT NULL, -- JSON list of rev_ids
    outcome TEXT NOT NULL, -- protocol::queue::ReadingOutcome
    log_index INTEGER NOT NULL,
    PRIMARY KEY (slot, number)
) STRICT;

-- What was done through the queue, for people's figures. `log_index` is that of
-- the ruling or the reading; `verdict` is found out later.
CREATE TABLE queue_work (
    log_index INTEGER PRIMARY KEY NOT NULL,
    slot TEXT NOT NULL REFERENCES slots (slot),
    user_name TEXT NOT NULL,
    way TEXT NOT NULL,
    took_ms INTEGER NOT NULL,
    done_at INTEGER NOT NULL,
    counts TEXT NOT NULL, -- what was confirmed, read or ruled
    verdict TEXT -- right | wrong; NULL while it is not known
) STRICT;
CREATE INDEX queue_work_by_slot ON queue_work (slot);
CREATE INDEX queue_work_by_time ON queue_work (done_at);
