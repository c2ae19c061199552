-- Cases that other systems know of.

CREATE TABLE hand_off (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id      INTEGER NOT NULL REFERENCES outreach_case (id) ON DELETE CASCADE,
    desk         TEXT    NOT NULL,             -- a `[[hand_off]]`, by its name
    key          TEXT    NOT NULL,             -- as the other system finds it; see hand_off::key
    made_by      TEXT,                         -- the account's name; NULL: it goes there by itself
    made_at      INTEGER NOT NULL,
    remote_id    TEXT    NOT NULL DEFAULT '',
    number       TEXT,                         -- as people call it there
    url          TEXT,
    standing     TEXT    CHECK (standing IN ('open', 'solved', 'gone', 'told')), -- NULL: it is not there yet
    told_through INTEGER NOT NULL DEFAULT 0,   -- the newest case_event.id of which it was told
    due_at       INTEGER,                      -- when it is told and asked next; NULL: not any more
    attempts     INTEGER NOT NULL DEFAULT 0,   -- that failed, in a row
    error        TEXT,
    error_german TEXT,
    UNIQUE (desk, key)
) STRICT;
CREATE INDEX hand_off_by_case ON hand_off (case_id);
CREATE INDEX hand_off_by_due ON hand_off (due_at) WHERE due_at IS NOT NULL;

-- What was told: `mention-7`, `answer-3`, `event-12`.
CREATE TABLE hand_off_note (
    hand_off_id INTEGER NOT NULL REFERENCES hand_off (id) ON DELETE CASCADE,
    key         TEXT    NOT NULL,
    PRIMARY KEY (hand_off_id, key)
) STRICT, WITHOUT ROWID;

-- What was read there, by the ids of the other system.
CREATE TABLE hand_off_comment (
    hand_off_id INTEGER NOT NULL REFERENCES hand_off (id) ON DELETE CASCADE,
    remote_id   TEXT    NOT NULL,
    PRIMARY KEY (hand_off_id, remote_id)
) STRICT, WITHOUT ROWID;
