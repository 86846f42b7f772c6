-- The same as for SQLite; see the file beside this one.

CREATE INDEX announced_by_revision ON announced (rev_id);
