-- Desks of the counting room: devices whose revisions somebody keys from a paper,
-- a call or a workbook.

-- The signing key is not here: it is worked out from server.key and the
-- device's id. One desk for each user and election.
CREATE TABLE desks (
    device TEXT PRIMARY KEY NOT NULL REFERENCES devices (id),
    user_name TEXT NOT NULL REFERENCES users (name),
    election TEXT NOT NULL REFERENCES elections (id),
    first_seq INTEGER NOT NULL, -- grows with every restore, so that no number is given out twice
    log_index INTEGER NOT NULL, -- of the entry that opened it
    UNIQUE (user_name, election)
) STRICT;

-- What a desk entered is listed newest first.
DROP INDEX revisions_by_device;
CREATE INDEX revisions_by_device ON revisions (device, log_index);
