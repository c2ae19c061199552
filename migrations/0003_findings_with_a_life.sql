-- Findings of more kinds, and what becomes of them.

-- The detectors remember otherwise than before. They learn anew from the last 45 days, and what they find there is told to nobody.
UPDATE detector SET state = '{}', restarts = restarts + 1,
    seen_through = coalesce((SELECT min(id) - 1 FROM mention
        WHERE first_seen_at >= (SELECT max(first_seen_at) FROM mention) - 45 * 86400), seen_through),
    quiet_until = coalesce((SELECT max(first_seen_at) FROM mention), quiet_until);

ALTER TABLE finding ADD COLUMN stage TEXT CHECK (stage IN ('growing', 'easing', 'over', 'settled', 'reversed')); -- NULL: it is as found
ALTER TABLE finding ADD COLUMN stage_at INTEGER;
ALTER TABLE finding ADD COLUMN verdict TEXT CHECK (verdict IN ('seen', 'false_alarm', 'incident')); -- what people say of it
ALTER TABLE finding ADD COLUMN incident TEXT;          -- what they call it
ALTER TABLE finding ADD COLUMN incident_at INTEGER;    -- when people knew of it
ALTER TABLE finding ADD COLUMN judged_at INTEGER;
ALTER TABLE finding ADD COLUMN snoozed_until INTEGER;  -- nothing more is told of it before

CREATE TABLE finding_stage (
    finding_id INTEGER NOT NULL REFERENCES finding (id) ON DELETE CASCADE,
    at         INTEGER NOT NULL,
    stage      TEXT    NOT NULL,
    residual   REAL    NOT NULL,                       -- how far the net mood is from what was usual before
    PRIMARY KEY (finding_id, at, stage)
) STRICT, WITHOUT ROWID;

-- Letters that tell of no finding, and letters that continue others.
CREATE TABLE outbox_new (
    id         TEXT    PRIMARY KEY,                    -- stable: becomes the Message-ID
    finding_id INTEGER REFERENCES finding (id) ON DELETE CASCADE, -- NULL: a digest, or urgent mentions
    channel    TEXT    NOT NULL,                       -- 'mail', or the name of a channel in sources.toml
    recipient  TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    html       TEXT    NOT NULL,
    reply_to   TEXT,                                   -- the id of the letter that this one continues
    written_at INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'unknown', 'failed')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    unknown    INTEGER NOT NULL DEFAULT 0,             -- attempts that broke off after the text was sent
    first_attempt_at INTEGER,
    due_at     INTEGER NOT NULL,
    sent_at    INTEGER,
    error      TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO outbox_new (id, finding_id, channel, recipient, subject, text, html, written_at, state, attempts, unknown,
    first_attempt_at, due_at, sent_at, error)
SELECT id, finding_id, channel, recipient, subject, text, html, written_at, state, attempts, unknown,
    first_attempt_at, due_at, sent_at, error FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
CREATE INDEX outbox_by_due ON outbox (due_at) WHERE state = 'queued';
CREATE INDEX outbox_by_finding ON outbox (finding_id);
