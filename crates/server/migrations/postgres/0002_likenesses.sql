-- What photos show; the SQLite file beside this one says what each column is
-- for.

CREATE TABLE likenesses (
    number BIGINT PRIMARY KEY NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES photos (sha256),
    likeness TEXT COLLATE "C"
);

CREATE TABLE likeness_pairs (
    sha256 TEXT COLLATE "C" NOT NULL,
    other TEXT COLLATE "C" NOT NULL,
    bits BIGINT NOT NULL,
    PRIMARY KEY (sha256, other)
);

ALTER TABLE slots ADD COLUMN same_photos BIGINT NOT NULL DEFAULT 0;
CREATE INDEX slots_by_same_photos ON slots (slot) WHERE same_photos > 0;

ALTER TABLE revisions ADD COLUMN bubbles_differ BIGINT NOT NULL DEFAULT 0;
ALTER TABLE slots ADD COLUMN bubbles_differ BIGINT NOT NULL DEFAULT 0;
CREATE INDEX slots_by_bubbles ON slots (bubbles_differ DESC, slot);
