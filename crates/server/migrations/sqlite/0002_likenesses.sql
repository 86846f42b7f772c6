-- What photos show: what they look like, and where their bubbles say something else
-- than the witness keyed.

-- How a reading copy looks, for finding one photo that is used twice. In the
-- order in which they were looked at, so that each process can go on from the
-- last one that it knows.
CREATE TABLE likenesses (
    number INTEGER PRIMARY KEY NOT NULL, -- from 1, without gaps
    sha256 TEXT NOT NULL UNIQUE REFERENCES photos (sha256),
    likeness TEXT -- photo::Likeness; NULL when nothing can be told from it
) STRICT;

-- Photos that look the same; each pair stands here both ways round.
CREATE TABLE likeness_pairs (
    sha256 TEXT NOT NULL,
    other TEXT NOT NULL,
    bits INTEGER NOT NULL, -- that differ
    PRIMARY KEY (sha256, other)
) STRICT, WITHOUT ROWID;

-- Photos of other slots' heads that are, or look like, one of this slot's.
ALTER TABLE slots ADD COLUMN same_photos INTEGER NOT NULL DEFAULT 0;
CREATE INDEX slots_by_same_photos ON slots (slot) WHERE same_photos > 0;

-- Figures that the bubbles of the revision's photos say otherwise; of a slot,
-- the most that one of its heads has.
ALTER TABLE revisions ADD COLUMN bubbles_differ INTEGER NOT NULL DEFAULT 0;
ALTER TABLE slots ADD COLUMN bubbles_differ INTEGER NOT NULL DEFAULT 0;
CREATE INDEX slots_by_bubbles ON slots (bubbles_differ DESC, slot);
