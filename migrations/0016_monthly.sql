-- Digests of a month.

CREATE TABLE digest_new (
    period       TEXT    NOT NULL CHECK (period IN ('day', 'week', 'month')),
    brands       TEXT    NOT NULL,             -- JSON: names, in the order of sources.toml; '[]': all
    recipient    TEXT    NOT NULL,             -- the address alone, in lower case
    told_through INTEGER NOT NULL,             -- the end of the newest period that is done with
    PRIMARY KEY (period, brands, recipient)
) STRICT, WITHOUT ROWID;
INSERT INTO digest_new (period, brands, recipient, told_through)
SELECT period, brands, recipient, told_through FROM digest;
DROP TABLE digest;
ALTER TABLE digest_new RENAME TO digest;
