-- What sources say of whole profiles. A row holds from its time on until the next one of its source: there is none
-- while nothing changes.
CREATE TABLE grade (
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    at        INTEGER NOT NULL,
    value     REAL    NOT NULL,
    worst     REAL    NOT NULL,
    best      REAL    NOT NULL,
    reviews   INTEGER,                         -- NULL: the source does not say
    PRIMARY KEY (source_id, at)
) STRICT, WITHOUT ROWID;
