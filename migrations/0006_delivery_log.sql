-- no-transaction
-- The table of findings is made anew, and to drop the old one must not drop what refers to it. Foreign keys can be left
-- aside outside of transactions only, so this brings its own; should it be cut off after that, it can be run once more.

PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

-- Findings of one kind and hour are told apart by what they are about.
DROP TABLE IF EXISTS finding_new;
CREATE TABLE finding_new (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id      INTEGER NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
    kind          TEXT    NOT NULL,
    at            INTEGER NOT NULL,
    about         TEXT    NOT NULL,            -- see detect::Finding::about
    onset_at      INTEGER NOT NULL,
    alert         TEXT    NOT NULL,            -- JSON, see alert::Alert
    stage         TEXT CHECK (stage IN ('growing', 'easing', 'over', 'settled', 'reversed')), -- NULL: it is as found
    stage_at      INTEGER,
    verdict       TEXT CHECK (verdict IN ('seen', 'false_alarm', 'incident')), -- what people say of it
    incident      TEXT,                        -- what they call it
    incident_at   INTEGER,                     -- when people knew of it
    judged_at     INTEGER,
    snoozed_until INTEGER,                     -- nothing more is told of it before
    UNIQUE (brand_id, kind, at, about)
) STRICT;
INSERT INTO finding_new (id, brand_id, kind, at, about, onset_at, alert, stage, stage_at, verdict, incident,
    incident_at, judged_at, snoozed_until)
SELECT id, brand_id, kind, at,
    coalesce(alert ->> '$.finding.place', '')
        || coalesce(' author ' || (alert ->> '$.finding.extent.author.author'), '')
        || coalesce(' text ' || (alert ->> '$.finding.extent.text.text'), '')
        || coalesce(' ' || (alert ->> '$.finding.extent.mix.of') || ' ' || (alert ->> '$.finding.extent.mix.part'), ''),
    onset_at, alert, stage, stage_at, verdict, incident, incident_at, judged_at, snoozed_until
FROM finding;
DROP TABLE finding;
ALTER TABLE finding_new RENAME TO finding;

-- The log of deliveries: every attempt of the last 90 days, and how it ended.
CREATE TABLE IF NOT EXISTS delivery (
    outbox_id    TEXT    NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    attempt      INTEGER NOT NULL,             -- from 1
    began_at     INTEGER NOT NULL,
    milliseconds INTEGER,                      -- NULL: the program died meanwhile
    outcome      TEXT    NOT NULL CHECK (outcome IN ('sent', 'later', 'refused', 'unknown')),
    code         INTEGER,                      -- of SMTP or HTTP; NULL: there was none
    error        TEXT,                         -- in plain words, addresses masked
    next_at      INTEGER,                      -- when it is tried again
    PRIMARY KEY (outbox_id, attempt)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS delivery_by_beginning ON delivery (began_at);

COMMIT;
PRAGMA foreign_keys = ON;
