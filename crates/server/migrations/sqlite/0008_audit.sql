-- The log as it is looked through: by what an entry is about, by kind, by time.
-- An index beside the chain, not evidence: it can be made again from the log.

-- A slot as tps/contest/election and a polling station as its digits, so that a
-- region is a range; device/… and witness/… besides.
CREATE TABLE log_subjects (
    subject TEXT NOT NULL,
    log_index INTEGER NOT NULL,
    PRIMARY KEY (subject, log_index)
) STRICT, WITHOUT ROWID;

CREATE INDEX log_by_kind ON log (kind, log_index);
CREATE INDEX log_by_time ON log (at, log_index);

-- What is in the log already. A slot is written election/tps/contest there.
INSERT OR IGNORE INTO log_subjects (subject, log_index)
SELECT substr(named.slot, instr(named.slot, '/') + 1) || '/'
        || substr(named.slot, 1, instr(named.slot, '/') - 1), named.log_index
FROM (
    SELECT json_extract(body, '$.slot') AS slot, log_index FROM log
    UNION ALL
    SELECT each.value AS slot, log_index FROM log, json_each(log.body, '$.slots') AS each
) AS named
WHERE named.slot IS NOT NULL;

INSERT OR IGNORE INTO log_subjects (subject, log_index)
SELECT 'device/' || json_extract(body, '$.device'), log_index FROM log
WHERE json_extract(body, '$.device') IS NOT NULL;

INSERT OR IGNORE INTO log_subjects (subject, log_index)
SELECT 'witness/' || json_extract(body, '$.witness'), log_index FROM log
WHERE json_extract(body, '$.witness') IS NOT NULL;

INSERT OR IGNORE INTO log_subjects (subject, log_index)
SELECT json_extract(body, '$.tps'), log_index FROM log WHERE kind = 'code_made'
UNION ALL
SELECT json_extract(body, '$.from'), log_index FROM log WHERE kind = 'posted'
UNION ALL
SELECT json_extract(body, '$.to'), log_index FROM log WHERE kind = 'posted';
