-- Sources that people told to rest: they are not asked, and that nothing comes from them tells nothing.
ALTER TABLE source ADD COLUMN paused_at INTEGER;   -- NULL: it is asked

-- Pauses that are over.
CREATE TABLE source_pause (
    source_id INTEGER NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    began_at  INTEGER NOT NULL,
    ended_at  INTEGER NOT NULL,
    PRIMARY KEY (source_id, began_at)
) STRICT, WITHOUT ROWID;
