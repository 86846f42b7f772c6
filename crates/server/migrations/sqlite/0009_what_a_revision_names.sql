-- The photos that a revision names: a slot's ETag asks for them at every look,
-- and went through all that was ever announced.
CREATE INDEX announced_by_revision ON announced (rev_id);
