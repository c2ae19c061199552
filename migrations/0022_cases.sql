-- What the service team takes on.

-- Authors whom somebody of the team has confirmed to be one person.
CREATE TABLE person (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    made_at INTEGER NOT NULL
) STRICT;
ALTER TABLE author ADD COLUMN person_id INTEGER REFERENCES person (id) ON DELETE SET NULL;
CREATE INDEX author_by_person ON author (person_id) WHERE person_id IS NOT NULL;

-- How far was looked for cases.
CREATE TABLE case_look (
    only         INTEGER PRIMARY KEY CHECK (only = 1),
    seen_through INTEGER NOT NULL              -- the newest revision.id that was looked at: edits count, too
) STRICT;

CREATE TABLE outreach_case (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id       INTEGER NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
    author_id      INTEGER REFERENCES author (id) ON DELETE CASCADE, -- NULL: the source does not say who
    severity       TEXT    NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'urgent')),
    rule           TEXT    NOT NULL,           -- the name of the rule by which it is one
    state          TEXT    NOT NULL CHECK (
        state IN ('new', 'claimed', 'answered', 'waiting', 'solved', 'followed_up', 'dismissed')
    ),
    dismissal      TEXT,                       -- see outreach::Dismissal
    owner          TEXT,                       -- the account's name; NULL: nobody has it
    opened_at      INTEGER NOT NULL,
    first_word_at  INTEGER NOT NULL,           -- when the person said the first of it
    waits_since    INTEGER,                    -- since when they wait for us; NULL: it is not our turn
    due_at         INTEGER,                    -- when they are to have an answer; NULL: it is not our turn
    snoozed_until  INTEGER,
    promise        TEXT,                       -- what was promised and is not kept yet
    promised_at    INTEGER,                    -- by when
    answered_at    INTEGER,                    -- the first answer
    solved_at      INTEGER,
    follow_up_at   INTEGER                     -- when somebody is to ask whether it stayed so
) STRICT;
CREATE INDEX outreach_case_by_author ON outreach_case (author_id);
CREATE INDEX outreach_case_by_state ON outreach_case (state, waits_since);

CREATE TABLE case_mention (
    mention_id INTEGER PRIMARY KEY REFERENCES mention (id) ON DELETE CASCADE,
    case_id    INTEGER NOT NULL REFERENCES outreach_case (id) ON DELETE CASCADE,
    why        TEXT    NOT NULL CHECK (why IN ('rule', 'same_person', 'same_text', 'by_hand')),
    joined_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX case_mention_by_case ON case_mention (case_id);

-- A case about nothing is none.
CREATE TRIGGER case_without_mentions AFTER DELETE ON case_mention BEGIN
    DELETE FROM outreach_case WHERE id = OLD.case_id
        AND NOT EXISTS (SELECT 1 FROM case_mention WHERE case_id = OLD.case_id);
END;

-- What happened to a case, as its page tells it.
CREATE TABLE case_event (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL REFERENCES outreach_case (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    who     TEXT,                              -- the account's name; NULL: the program
    what    TEXT    NOT NULL,                  -- see store::outreach::What
    detail  TEXT    NOT NULL DEFAULT ''        -- a note, a promise, a reason
) STRICT;
CREATE INDEX case_event_by_case ON case_event (case_id);

-- What was written to the person.
CREATE TABLE answer (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id     INTEGER NOT NULL REFERENCES outreach_case (id) ON DELETE CASCADE,
    mention_id  INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE, -- what it answers
    text        TEXT    NOT NULL,
    language    TEXT    NOT NULL,
    template    TEXT,                          -- name and version, as in `app.de@1f3a`; NULL: without one
    written_by  TEXT    NOT NULL,
    written_at  INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('draft', 'checking', 'copied', 'sending', 'sent', 'failed', 'seen')),
    approved_by TEXT,
    sent_at     INTEGER,
    seen_at     INTEGER,                       -- when it showed up in the source
    error       TEXT
) STRICT;
CREATE INDEX answer_by_case ON answer (case_id);
CREATE INDEX answer_by_mention ON answer (mention_id);
