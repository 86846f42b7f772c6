-- What was made out on a photo's reading copy, so that it is worked out once.
-- It can always be worked out again: no evidence lies here.
CREATE TABLE photo_readings (
    photo   INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
    reader  INTEGER NOT NULL,                     -- version of the reader; another one reads again
    body    TEXT    NOT NULL,                     -- JSON, the reader's own
    read_at INTEGER NOT NULL                      -- device clock
) STRICT;
