-- The same as for SQLite; see the file beside this one.
CREATE TABLE totals (
    key TEXT COLLATE "C" PRIMARY KEY NOT NULL, -- election/contest/district
    district TEXT COLLATE "C" NOT NULL,
    slots BIGINT NOT NULL, -- that there are
    tally TEXT COLLATE "C" NOT NULL -- domain::rollup::Tally: what they add up to
);

INSERT INTO totals (key, district, slots, tally)
SELECT c.election || '/' || c.contest || '/' || c.district, c.district, c.slots,
    CAST(json_build_object(
        'received_slots', c.received_slots, 'verified_slots', c.verified_slots,
        'conflict_slots', c.conflict_slots, 'voteless_slots', c.voteless_slots,
        'verified', COALESCE(v.sums, '{}'), 'received', COALESCE(r.sums, '{}'),
        'contested', COALESCE(x.sums, '{}')) AS TEXT)
FROM (
    SELECT election, contest, district,
        SUM(CASE kind WHEN 'slots' THEN value ELSE 0 END) AS slots,
        SUM(CASE kind WHEN 'received_slots' THEN value ELSE 0 END) AS received_slots,
        SUM(CASE kind WHEN 'verified_slots' THEN value ELSE 0 END) AS verified_slots,
        SUM(CASE kind WHEN 'conflict_slots' THEN value ELSE 0 END) AS conflict_slots,
        SUM(CASE kind WHEN 'voteless_slots' THEN value ELSE 0 END) AS voteless_slots
    FROM rollups
    GROUP BY election, contest, district
) c
-- Sums of columns that no slot stands in any more have come back to zero, which
-- is not a figure that anybody sent.
LEFT JOIN (
    SELECT election, contest, district, json_object_agg(field, value) AS sums
    FROM rollups WHERE kind = 'verified'
    GROUP BY election, contest, district
) v ON v.election = c.election AND v.contest = c.contest AND v.district = c.district
    AND c.verified_slots > 0
LEFT JOIN (
    SELECT election, contest, district, json_object_agg(field, value) AS sums
    FROM rollups WHERE kind = 'received'
    GROUP BY election, contest, district
) r ON r.election = c.election AND r.contest = c.contest AND r.district = c.district
    AND c.received_slots > c.verified_slots + c.conflict_slots
LEFT JOIN (
    SELECT election, contest, district, json_object_agg(field, json_build_array(low, high)) AS sums
    FROM (
        SELECT election, contest, district, field,
            SUM(CASE kind WHEN 'low' THEN value ELSE 0 END) AS low,
            SUM(CASE kind WHEN 'high' THEN value ELSE 0 END) AS high
        FROM rollups WHERE kind IN ('low', 'high')
        GROUP BY election, contest, district, field
    ) ranges
    GROUP BY election, contest, district
) x ON x.election = c.election AND x.contest = c.contest AND x.district = c.district
    AND c.conflict_slots > 0;

DROP TABLE rollups;
