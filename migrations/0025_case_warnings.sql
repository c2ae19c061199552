-- Who was told that somebody is to be answered soon: once for each time limit.
CREATE TABLE case_warning (
    case_id   INTEGER NOT NULL REFERENCES outreach_case (id) ON DELETE CASCADE,
    due_at    INTEGER NOT NULL,
    recipient TEXT    NOT NULL,
    letter_id TEXT    NOT NULL REFERENCES outbox (id) ON DELETE CASCADE, -- a letter that is taken back has told nobody
    PRIMARY KEY (case_id, due_at, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX case_warning_by_letter ON case_warning (letter_id);
CREATE INDEX outreach_case_by_due ON outreach_case (due_at) WHERE due_at IS NOT NULL;
