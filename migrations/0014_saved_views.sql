-- Views that people come back to.
CREATE TABLE saved_view (
    id         INTEGER PRIMARY KEY,
    name       TEXT    NOT NULL,
    query      TEXT    NOT NULL,               -- as view::View writes it
    who        TEXT,                           -- whose account; NULL: without accounts, everybody's
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_view_by_name ON saved_view (coalesce(who, ''), name);
