-- The sums of `tally` over whole months: a year is told from them. A month with a stale day does not hold, either.
CREATE TABLE tally_month (
    brand_id  INTEGER NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
    dimension TEXT    NOT NULL,
    month     INTEGER NOT NULL,                -- its first day, in days since 1970-01-01
    value     TEXT    NOT NULL,
    negative  INTEGER NOT NULL,
    neutral   INTEGER NOT NULL,
    positive  INTEGER NOT NULL,
    untold    INTEGER NOT NULL,
    copies    INTEGER NOT NULL,
    PRIMARY KEY (brand_id, dimension, month, value)
) STRICT, WITHOUT ROWID;

INSERT INTO tally_month
SELECT brand_id, dimension, unixepoch(day * 86400, 'unixepoch', 'start of month') / 86400, value, sum(negative), sum(neutral),
    sum(positive), sum(untold), sum(copies)
FROM tally GROUP BY 1, 2, 3, 4;
