-- What is thought of a text beside its mood.
ALTER TABLE analysis ADD COLUMN emotions    TEXT    NOT NULL DEFAULT '[]'; -- JSON: names, the clearest first
ALTER TABLE analysis ADD COLUMN intents     TEXT    NOT NULL DEFAULT '[]';
ALTER TABLE analysis ADD COLUMN topics      TEXT    NOT NULL DEFAULT '[]';
ALTER TABLE analysis ADD COLUMN urgency     REAL    NOT NULL DEFAULT 0;    -- from 0 to 1
ALTER TABLE analysis ADD COLUMN urgency_why TEXT    NOT NULL DEFAULT '[]'; -- JSON, as `why`
ALTER TABLE analysis ADD COLUMN contradicts INTEGER NOT NULL DEFAULT 0;    -- stars and text say opposite things
ALTER TABLE analysis ADD COLUMN disputed    INTEGER NOT NULL DEFAULT 0;    -- careful readers might judge otherwise

-- The one analysis of a revision that counts. Others are of a model that is being tried, or of the one before.
ALTER TABLE analysis ADD COLUMN current INTEGER NOT NULL DEFAULT 0 CHECK (current IN (0, 1));
UPDATE analysis SET current = 1
WHERE model_version = (SELECT max(model_version) FROM analysis AS other WHERE other.revision_id = analysis.revision_id);
CREATE UNIQUE INDEX analysis_current ON analysis (revision_id) WHERE current = 1;

-- What the source says of the language, so that a text can be read again as it was read first. Empty: nothing; NULL: not kept.
ALTER TABLE mention ADD COLUMN language_hint TEXT;

-- Which models there were, and which one speaks now.
CREATE TABLE model (
    version    TEXT    PRIMARY KEY,
    learned_at INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('shadow', 'active', 'retired')),
    adaptation BLOB,                           -- see analyse::adapt::Adaptation; NULL: the model in the program as it is
    lessons    INTEGER NOT NULL,               -- how many there were when it was learned
    gains      TEXT    NOT NULL,               -- JSON, see analyse::adapt::Gain
    report     TEXT    NOT NULL DEFAULT '[]'   -- JSON, what changed when it became the active one, see store::Break
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX model_active ON model (state) WHERE state = 'active';

-- What a person says the mood of a text is. The newest counts. Goes with the mention.
CREATE TABLE correction (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    mention_id  INTEGER NOT NULL REFERENCES mention (id) ON DELETE CASCADE,
    revision_id INTEGER NOT NULL REFERENCES revision (id) ON DELETE CASCADE,
    label       INTEGER NOT NULL CHECK (label IN (-1, 0, 1)),
    made_at     INTEGER NOT NULL,
    made_by     TEXT                           -- NULL: nobody is named
) STRICT;
CREATE INDEX correction_by_revision ON correction (revision_id);
CREATE INDEX correction_by_mention ON correction (mention_id);

-- A detector that starts anew with another model tells nothing that it finds up to here.
ALTER TABLE detector ADD COLUMN quiet_until INTEGER;
ALTER TABLE detector ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0;

-- Where a brand's history breaks because another model reads it: never a change of mood.
CREATE TABLE model_change (
    brand_id     INTEGER NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
    at           INTEGER NOT NULL,
    from_version TEXT    NOT NULL,
    to_version   TEXT    NOT NULL,
    break        TEXT    NOT NULL,             -- JSON, see store::Break
    PRIMARY KEY (brand_id, at, to_version)
) STRICT, WITHOUT ROWID;
