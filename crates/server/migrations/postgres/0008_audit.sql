-- The same as for SQLite; see the file beside this one.

CREATE TABLE log_subjects (
    subject TEXT COLLATE "C" NOT NULL,
    log_index BIGINT NOT NULL,
    PRIMARY KEY (subject, log_index)
);

CREATE INDEX log_by_kind ON log (kind, log_index);
CREATE INDEX log_by_time ON log (at, log_index);

INSERT INTO log_subjects (subject, log_index)
SELECT split_part(named.slot, '/', 2) || '/' || split_part(named.slot, '/', 3) || '/'
        || split_part(named.slot, '/', 1), named.log_index
FROM (
    SELECT CAST(body AS JSON) ->> 'slot' AS slot, log_index FROM log
    UNION ALL
    SELECT each.value AS slot, log_index FROM log,
        json_array_elements_text(COALESCE(CAST(log.body AS JSON) -> 'slots', '[]')) AS each (value)
) AS named
WHERE named.slot IS NOT NULL
ON CONFLICT DO NOTHING;

INSERT INTO log_subjects (subject, log_index)
SELECT 'device/' || (CAST(body AS JSON) ->> 'device'), log_index FROM log
WHERE CAST(body AS JSON) ->> 'device' IS NOT NULL
ON CONFLICT DO NOTHING;

INSERT INTO log_subjects (subject, log_index)
SELECT 'witness/' || (CAST(body AS JSON) ->> 'witness'), log_index FROM log
WHERE CAST(body AS JSON) ->> 'witness' IS NOT NULL
ON CONFLICT DO NOTHING;

INSERT INTO log_subjects (subject, log_index)
SELECT CAST(body AS JSON) ->> 'tps', log_index FROM log WHERE kind = 'code_made'
UNION ALL
SELECT CAST(body AS JSON) ->> 'from', log_index FROM log WHERE kind = 'posted'
UNION ALL
SELECT CAST(body AS JSON) ->> 'to', log_index FROM log WHERE kind = 'posted'
ON CONFLICT DO NOTHING;
