-- Mentions that cannot wait.

-- How far was looked. Without a row nobody has looked yet, and what is there already is told to nobody.
CREATE TABLE urgent_look (
    brand_id     INTEGER PRIMARY KEY REFERENCES brand (id) ON DELETE CASCADE,
    seen_through INTEGER NOT NULL              -- the newest revision.id that was looked at: edits count, too
) STRICT;

CREATE TABLE urgent (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id    INTEGER NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
    mention_id  INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    revision_id INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE, -- the first that could not wait
    cause       TEXT    NOT NULL,              -- see urgent::Cause
    words       TEXT    NOT NULL,              -- JSON: what decided it, as it stands in the text
    weight      REAL    NOT NULL,
    found_at    INTEGER NOT NULL,
    UNIQUE (brand_id, mention_id)
) STRICT;
CREATE INDEX urgent_by_mention ON urgent (mention_id);
CREATE INDEX urgent_by_revision ON urgent (revision_id);

-- Who is told of it; nobody of a copy of what was told.
CREATE TABLE urgent_reader (
    urgent_id INTEGER NOT NULL REFERENCES urgent (id) ON DELETE CASCADE,
    channel   TEXT    NOT NULL,
    recipient TEXT    NOT NULL,
    letter_id TEXT    REFERENCES outbox (id) ON DELETE SET NULL, -- NULL: waits for the next letter
    PRIMARY KEY (urgent_id, channel, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX urgent_reader_by_letter ON urgent_reader (letter_id);
