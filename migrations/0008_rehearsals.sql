-- What the promise would have reported before anybody listened; told once for each brand.
CREATE TABLE rehearsal (
    brand_id INTEGER PRIMARY KEY REFERENCES brand (id) ON DELETE CASCADE,
    at       INTEGER NOT NULL,
    report   TEXT    NOT NULL                  -- JSON, see detect::rehearsal::Rehearsal
) STRICT;
