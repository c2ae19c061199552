-- How each source does, beside its outages.
ALTER TABLE source ADD COLUMN quota_left INTEGER;  -- requests that it would still answer, as of the last round; NULL: it does not say
ALTER TABLE source ADD COLUMN hint TEXT;           -- what to do about the failure that lasts

-- Hosts that asked to be left alone: a restart is no reason to ask them again.
CREATE TABLE host_pause (
    host  TEXT    PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
