-- Whether people are content with how they were helped. No address is kept here.

-- A number is never given twice: the link of a survey that was erased must not open another one.
CREATE TABLE survey (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id     INTEGER NOT NULL REFERENCES outreach_case (id) ON DELETE CASCADE,
    asked_by    TEXT    NOT NULL,              -- the account's name
    asked_at    INTEGER NOT NULL,
    language    TEXT    NOT NULL CHECK (language IN ('de', 'en')),
    expires_at  INTEGER NOT NULL,
    letter_id   TEXT,                          -- the last letter that brings the link; NULL: none does
    answered_at INTEGER,
    score       INTEGER CHECK (score BETWEEN 1 AND 5),
    comment     TEXT,
    CHECK ((answered_at IS NULL) = (score IS NULL))
) STRICT;
CREATE INDEX survey_by_case ON survey (case_id);

-- 1: once the letter is settled, it is forgotten whom it went to and what it said.
ALTER TABLE outbox ADD COLUMN is_discreet INTEGER NOT NULL DEFAULT 0 CHECK (is_discreet IN (0, 1));

-- A letter about what was erased does not leave any more; one that is just being sent forgets when it is settled.
CREATE TRIGGER survey_taken_back AFTER DELETE ON survey BEGIN
    DELETE FROM outbox WHERE id = OLD.letter_id AND state = 'queued';
END;
