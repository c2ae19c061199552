-- All times are seconds since 1970-01-01T00:00:00Z. All tables are STRICT: a column holds what it says.

CREATE TABLE source (
    id               INTEGER PRIMARY KEY,
    name             TEXT    NOT NULL UNIQUE,  -- `id` in sources.toml
    etag             TEXT,                     -- where the source was left off, see collect::Cursor
    last_modified    TEXT,
    moved_to         TEXT,
    moved_times      INTEGER NOT NULL DEFAULT 0,
    position         TEXT,
    due_at           INTEGER,                  -- NULL: never asked
    first_success_at INTEGER,                  -- NULL: the first import is still to come
    last_success_at  INTEGER,
    failures         INTEGER NOT NULL DEFAULT 0 -- in a row
) STRICT;

-- When we could not listen: so that silence is never taken for calm.
CREATE TABLE outage (
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER,                         -- NULL: it lasts
    error     TEXT    NOT NULL,                -- the newest reason, in plain words
    PRIMARY KEY (source_id, began_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE brand (
    id   INTEGER PRIMARY KEY,
    name TEXT    NOT NULL UNIQUE
) STRICT;

-- Personal data: everything that names a person is in this table.
CREATE TABLE author (
    id        INTEGER PRIMARY KEY,
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    key       TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    UNIQUE (source_id, key)
) STRICT;

-- Who was erased, as a hash of source and key, so that their texts are not taken in again with the next round.
CREATE TABLE erased_author (
    digest INTEGER PRIMARY KEY
) STRICT;

-- AUTOINCREMENT: ids grow in the order of arrival and are never used again, so that "everything after N" is well defined.
CREATE TABLE mention (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id     INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    native_id     TEXT    NOT NULL,
    author_id     INTEGER REFERENCES author (id) ON DELETE SET NULL,
    url           TEXT,
    publisher     TEXT,
    country       TEXT,
    app_version   TEXT,
    reply_text    TEXT,
    reply_at      INTEGER,
    published_at  INTEGER,                     -- NULL: the source does not say
    first_seen_at INTEGER NOT NULL,
    edited_at     INTEGER,
    removed_at    INTEGER,
    backfill      INTEGER NOT NULL,            -- 1: came with a first import; never live evidence
    cluster_id    INTEGER NOT NULL,            -- the first mention that carried this text; itself, if it is the first
    revision_id   INTEGER NOT NULL,            -- the current one
    digest        INTEGER NOT NULL,            -- over all that the source said, to see a change at a glance
    UNIQUE (source_id, native_id)
) STRICT;
CREATE INDEX mention_by_cluster ON mention (cluster_id);
CREATE INDEX mention_by_author ON mention (author_id);
CREATE INDEX mention_by_arrival ON mention (first_seen_at);

CREATE TABLE revision (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    mention_id   INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    seen_at      INTEGER NOT NULL,
    title        TEXT,
    text         TEXT    NOT NULL,
    rating       REAL,
    rating_worst REAL,
    rating_best  REAL,
    digest       INTEGER NOT NULL              -- over title, text and rating
) STRICT;
CREATE INDEX revision_by_mention ON revision (mention_id);

CREATE TABLE analysis (
    revision_id   INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    model_version TEXT    NOT NULL,
    language      TEXT,                        -- NULL: cannot tell
    label         INTEGER,                     -- -1, 0, 1; NULL: cannot tell
    score         REAL,
    negative      REAL,
    neutral       REAL,
    positive      REAL,
    why           TEXT    NOT NULL,            -- JSON: [{"words": …, "weight": …}, …]
    PRIMARY KEY (revision_id, model_version)
) STRICT, WITHOUT ROWID;

CREATE TABLE mention_brand (
    brand_id   INTEGER NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
    mention_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    PRIMARY KEY (brand_id, mention_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX mention_brand_by_mention ON mention_brand (mention_id);

-- Fingerprints of the texts that were met: see text::Fingerprint. Two mentions that share enough bands carry one text.
CREATE TABLE cluster_band (
    band       INTEGER NOT NULL,
    cluster_id INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    PRIMARY KEY (band, cluster_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cluster_band_by_cluster ON cluster_band (cluster_id);

-- Full text of the current revisions; rowid = mention.id. Contentless: the text itself is kept once, in `revision`.
CREATE VIRTUAL TABLE mention_text USING fts5 (
    title, text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE detector (
    brand_id     INTEGER PRIMARY KEY REFERENCES brand (id) ON DELETE CASCADE,
    state        TEXT    NOT NULL,             -- JSON, see detect::Detector
    seen_through INTEGER NOT NULL              -- the newest mention.id that the state knows of
) STRICT;

CREATE TABLE finding (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    brand_id INTEGER NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
    kind     TEXT    NOT NULL,
    at       INTEGER NOT NULL,
    onset_at INTEGER NOT NULL,
    alert    TEXT    NOT NULL,                 -- JSON, see alert::Alert
    UNIQUE (brand_id, kind, at)
) STRICT;

CREATE TABLE outbox (
    id         TEXT    PRIMARY KEY,            -- stable: becomes the Message-ID
    finding_id INTEGER NOT NULL REFERENCES finding (id) ON DELETE CASCADE,
    channel    TEXT    NOT NULL,               -- 'mail'
    recipient  TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    html       TEXT    NOT NULL,
    written_at INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'unknown', 'failed')),
    attempts   INTEGER NOT NULL DEFAULT 0,
    unknown    INTEGER NOT NULL DEFAULT 0,     -- attempts that broke off after the text was sent
    first_attempt_at INTEGER,
    due_at     INTEGER NOT NULL,
    sent_at    INTEGER,
    error      TEXT,
    UNIQUE (finding_id, channel, recipient)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_by_due ON outbox (due_at) WHERE state = 'queued';
