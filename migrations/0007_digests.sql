-- Digests: who was told of what, who does not want them any more, and how their links are known to be ours.

CREATE TABLE digest (
    period       TEXT    NOT NULL CHECK (period IN ('day', 'week')),
    brands       TEXT    NOT NULL,             -- JSON: names, in the order of sources.toml; '[]': all
    recipient    TEXT    NOT NULL,             -- the address alone, in lower case
    told_through INTEGER NOT NULL,             -- the end of the newest period that is done with
    PRIMARY KEY (period, brands, recipient)
) STRICT, WITHOUT ROWID;

CREATE TABLE unsubscribed (
    recipient TEXT    PRIMARY KEY,             -- the address alone, in lower case
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What only this database knows.
CREATE TABLE secret (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A letter of a list, from which one can unsubscribe.
ALTER TABLE outbox ADD COLUMN list        TEXT; -- the name of the list; NULL: of none
ALTER TABLE outbox ADD COLUMN unsubscribe TEXT; -- the page where one click is enough; NULL: there is none

-- Whom a letter quotes beside the finding it tells of, so that it is forgotten with them.
CREATE TABLE outbox_quote (
    outbox_id  TEXT    NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
    mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    PRIMARY KEY (mention_id, outbox_id)
) STRICT, WITHOUT ROWID;
