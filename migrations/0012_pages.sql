-- What the pages ask for: mentions in the order in which they were said, put aside by people, and counted by day.

-- When it was said, as far as that is known; no source is believed that it was said after it was heard.
ALTER TABLE mention ADD COLUMN said_at INTEGER
    GENERATED ALWAYS AS (max(0, min(coalesce(published_at, first_seen_at), first_seen_at))) VIRTUAL;
CREATE INDEX mention_by_saying ON mention (said_at, id);
CREATE INDEX mention_by_source ON mention (source_id, said_at, id);

-- Put aside by a person: it is no voice (spam), or of no use to anybody. It leaves figures, lists and quotes.
ALTER TABLE mention ADD COLUMN set_aside TEXT CHECK (set_aside IN ('spam', 'hidden'));

-- What is thought of a revision: by the model that speaks, unless a person says otherwise.
CREATE VIEW reading AS
SELECT revision_id, model_version, language, score, negative, neutral, positive, why, emotions, intents, topics, urgency,
    urgency_why, contradicts, disputed,
    coalesce((SELECT label FROM correction WHERE correction.revision_id = analysis.revision_id ORDER BY id DESC LIMIT 1),
        label) AS label
FROM analysis WHERE current = 1;

-- How much was said about a brand on a day of the calendar, and how: a text counts once, where it was met first; the others
-- are copies. `value` is the source's name, the language's code, or the topic's name; empty: all, or not known.
CREATE TABLE tally (
    brand_id  INTEGER NOT NULL REFERENCES brand (id) ON DELETE CASCADE,
    dimension TEXT    NOT NULL CHECK (dimension IN ('all', 'source', 'language', 'topic')),
    day       INTEGER NOT NULL,                -- days since 1970-01-01
    value     TEXT    NOT NULL,
    negative  INTEGER NOT NULL,
    neutral   INTEGER NOT NULL,
    positive  INTEGER NOT NULL,
    untold    INTEGER NOT NULL,                -- whose mood nobody can tell
    copies    INTEGER NOT NULL,
    PRIMARY KEY (brand_id, dimension, day, value)
) STRICT, WITHOUT ROWID;

-- Hours since 1970 in which something changed that was counted already: there, `tally` does not hold.
CREATE TABLE tally_stale (
    hour INTEGER PRIMARY KEY
) STRICT;

-- Whose days those of `tally` are; without a row, nothing was counted yet.
CREATE TABLE tally_zone (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    zone TEXT    NOT NULL
) STRICT;

CREATE TRIGGER mention_counts AFTER INSERT ON mention BEGIN
    INSERT INTO tally_stale VALUES (NEW.said_at / 3600) ON CONFLICT DO NOTHING;
END;

-- With a mention that goes or comes back, those that carry its text later become the first, or copies.
CREATE TRIGGER mention_counts_otherwise
AFTER UPDATE OF removed_at, set_aside, cluster_id, published_at, first_seen_at, revision_id ON mention
WHEN OLD.removed_at IS NOT NEW.removed_at OR OLD.set_aside IS NOT NEW.set_aside OR OLD.cluster_id <> NEW.cluster_id
    OR OLD.said_at <> NEW.said_at OR OLD.revision_id <> NEW.revision_id
BEGIN
    INSERT INTO tally_stale VALUES (OLD.said_at / 3600) ON CONFLICT DO NOTHING;
    INSERT INTO tally_stale SELECT said_at / 3600 FROM mention
        WHERE (cluster_id = OLD.cluster_id OR cluster_id = NEW.cluster_id) AND id >= NEW.id
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER mention_counts_no_more BEFORE DELETE ON mention BEGIN
    INSERT INTO tally_stale SELECT said_at / 3600 FROM mention WHERE cluster_id = OLD.cluster_id AND id >= OLD.id
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER mention_counts_for_brand AFTER INSERT ON mention_brand BEGIN
    INSERT INTO tally_stale SELECT later.said_at / 3600
        FROM mention AS m JOIN mention AS later ON later.cluster_id = m.cluster_id AND later.id >= m.id
        WHERE m.id = NEW.mention_id
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER mention_counts_for_brand_no_more BEFORE DELETE ON mention_brand BEGIN
    INSERT INTO tally_stale SELECT later.said_at / 3600
        FROM mention AS m JOIN mention AS later ON later.cluster_id = m.cluster_id AND later.id >= m.id
        WHERE m.id = OLD.mention_id
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER analysis_counts AFTER INSERT ON analysis WHEN NEW.current = 1 BEGIN
    INSERT INTO tally_stale SELECT said_at / 3600 FROM mention
        WHERE id = (SELECT mention_id FROM revision WHERE id = NEW.revision_id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER analysis_counts_otherwise AFTER UPDATE OF label, language, topics, current ON analysis BEGIN
    INSERT INTO tally_stale SELECT said_at / 3600 FROM mention
        WHERE id = (SELECT mention_id FROM revision WHERE id = NEW.revision_id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER analysis_counts_no_more AFTER DELETE ON analysis WHEN OLD.current = 1 BEGIN
    INSERT INTO tally_stale SELECT said_at / 3600 FROM mention
        WHERE id = (SELECT mention_id FROM revision WHERE id = OLD.revision_id)
        ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER correction_counts AFTER INSERT ON correction BEGIN
    INSERT INTO tally_stale SELECT said_at / 3600 FROM mention WHERE id = NEW.mention_id ON CONFLICT DO NOTHING;
END;

CREATE TRIGGER correction_counts_no_more AFTER DELETE ON correction BEGIN
    INSERT INTO tally_stale SELECT said_at / 3600 FROM mention WHERE id = OLD.mention_id ON CONFLICT DO NOTHING;
END;
