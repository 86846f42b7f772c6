-- How a night went, what is still missing, and screens on a wall; the SQLite
-- file beside this one says what each column is for.

CREATE TABLE progress (
    election TEXT COLLATE "C" NOT NULL,
    contest TEXT COLLATE "C" NOT NULL,
    village TEXT COLLATE "C" NOT NULL,
    quarter BIGINT NOT NULL, -- when it began
    received BIGINT NOT NULL,
    verified BIGINT NOT NULL,
    PRIMARY KEY (election, contest, village, quarter)
);

-- Nights that have begun before this table was there.
INSERT INTO progress (election, contest, village, quarter, received, verified)
SELECT election, contest, village, quarter, SUM(received), SUM(verified)
FROM (
    SELECT s.election, s.contest, substr(s.tps, 1, 10) AS village,
        MIN(r.received_at) / 900000 * 900000 AS quarter, 1 AS received, 0 AS verified
    FROM slots s JOIN revisions r ON r.slot = s.slot
    WHERE s.state <> 'empty'
    GROUP BY s.slot, s.election, s.contest, s.tps
    UNION ALL
    SELECT s.election, s.contest, substr(s.tps, 1, 10) AS village,
        MAX(d.decided_at) / 900000 * 900000 AS quarter, 0 AS received, 1 AS verified
    FROM slots s JOIN decisions d ON d.slot = s.slot
    WHERE s.state IN ('verified', 'stale')
    GROUP BY s.slot, s.election, s.contest, s.tps
) AS changes
GROUP BY election, contest, village, quarter;

-- Voters on the roll, beside the state: how many can still vote in what is not
-- in is asked for with every reading of totals.
ALTER TABLE slots ADD COLUMN roll BIGINT; -- of the polling station; NULL when it is not known
UPDATE slots SET roll = (SELECT t.dpt_male + t.dpt_female FROM tps t WHERE t.code = slots.tps);
CREATE INDEX slots_missing ON slots (election, contest, tps, roll) WHERE state = 'empty';

-- Links for screens that show totals without anybody being signed in.
CREATE TABLE wall_links (
    id BIGINT PRIMARY KEY NOT NULL,
    token_hash TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_by TEXT COLLATE "C",
    revoked_at BIGINT
);
