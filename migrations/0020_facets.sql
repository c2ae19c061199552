-- What people filter by, of each mention, side by side in the order in which they were said: a list is made from here, and only
-- what is shown is fetched from where it stands.
CREATE TABLE facet (
    said_at    INTEGER NOT NULL,
    mention_id INTEGER NOT NULL,
    source_id  INTEGER NOT NULL,
    removed    INTEGER NOT NULL,               -- 1: its source says that it was deleted
    set_aside  TEXT,
    replied    INTEGER NOT NULL,
    brands     TEXT    NOT NULL,               -- ids, a blank before and behind each
    language   TEXT,
    label      INTEGER,                        -- a person's word before the model's
    emotions   TEXT    NOT NULL,               -- JSON: names, as are these
    intents    TEXT    NOT NULL,
    topics     TEXT    NOT NULL,
    stars      INTEGER,                        -- 1 to 5, whatever the scale was
    urgent     INTEGER NOT NULL,
    PRIMARY KEY (said_at, mention_id)
) STRICT, WITHOUT ROWID;

-- Few of very many.
CREATE INDEX facet_urgent ON facet (said_at, mention_id) WHERE urgent = 1;
CREATE INDEX facet_removed ON facet (said_at, mention_id) WHERE removed = 1;
CREATE INDEX facet_set_aside ON facet (set_aside, said_at, mention_id) WHERE set_aside IS NOT NULL;

CREATE VIEW facet_now AS
SELECT m.said_at, m.id AS mention_id, m.source_id, m.removed_at IS NOT NULL AS removed, m.set_aside,
    m.reply_text IS NOT NULL AS replied,
    coalesce((SELECT ' ' || group_concat(brand_id, ' ') || ' ' FROM mention_brand WHERE mention_brand.mention_id = m.id), '')
        AS brands,
    a.language, a.label, coalesce(a.emotions, '[]') AS emotions, coalesce(a.intents, '[]') AS intents,
    coalesce(a.topics, '[]') AS topics,
    cast(round(1 + 4 * (r.rating - r.rating_worst) / nullif(r.rating_best - r.rating_worst, 0)) AS INTEGER) AS stars,
    coalesce(a.urgency >= 0.5, 0) OR EXISTS (SELECT 1 FROM urgent WHERE urgent.mention_id = m.id) AS urgent
FROM mention AS m LEFT JOIN revision AS r ON r.id = m.revision_id LEFT JOIN reading AS a ON a.revision_id = m.revision_id;

INSERT INTO facet SELECT * FROM facet_now;

CREATE TRIGGER facet_of_mention AFTER INSERT ON mention BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now WHERE mention_id = NEW.id;
END;

CREATE TRIGGER facet_of_changed_mention
AFTER UPDATE OF source_id, removed_at, set_aside, reply_text, published_at, first_seen_at, revision_id ON mention
WHEN OLD.source_id <> NEW.source_id OR (OLD.removed_at IS NULL) <> (NEW.removed_at IS NULL)
    OR OLD.set_aside IS NOT NEW.set_aside OR (OLD.reply_text IS NULL) <> (NEW.reply_text IS NULL)
    OR OLD.said_at <> NEW.said_at OR OLD.revision_id <> NEW.revision_id
BEGIN
    DELETE FROM facet WHERE said_at = OLD.said_at AND mention_id = OLD.id;
    INSERT INTO facet SELECT * FROM facet_now WHERE mention_id = NEW.id;
END;

CREATE TRIGGER facet_of_lost_mention AFTER DELETE ON mention BEGIN
    DELETE FROM facet WHERE said_at = OLD.said_at AND mention_id = OLD.id;
END;

CREATE TRIGGER facet_of_revision AFTER INSERT ON revision BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now
        WHERE mention_id = (SELECT id FROM mention WHERE id = NEW.mention_id AND revision_id = NEW.id);
END;

CREATE TRIGGER facet_of_brand AFTER INSERT ON mention_brand BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now WHERE mention_id = NEW.mention_id;
END;

CREATE TRIGGER facet_of_lost_brand AFTER DELETE ON mention_brand BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now WHERE mention_id = OLD.mention_id;
END;

CREATE TRIGGER facet_of_analysis AFTER INSERT ON analysis WHEN NEW.current = 1 BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now
        WHERE mention_id = (SELECT mention_id FROM revision WHERE id = NEW.revision_id);
END;

CREATE TRIGGER facet_of_changed_analysis
AFTER UPDATE OF label, language, emotions, intents, topics, urgency, current ON analysis BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now
        WHERE mention_id = (SELECT mention_id FROM revision WHERE id = NEW.revision_id);
END;

CREATE TRIGGER facet_of_lost_analysis AFTER DELETE ON analysis WHEN OLD.current = 1 BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now
        WHERE mention_id = (SELECT mention_id FROM revision WHERE id = OLD.revision_id);
END;

CREATE TRIGGER facet_of_correction AFTER INSERT ON correction BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now WHERE mention_id = NEW.mention_id;
END;

CREATE TRIGGER facet_of_lost_correction AFTER DELETE ON correction BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now WHERE mention_id = OLD.mention_id;
END;

CREATE TRIGGER facet_of_urgency AFTER INSERT ON urgent BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now WHERE mention_id = NEW.mention_id;
END;

CREATE TRIGGER facet_of_lost_urgency AFTER DELETE ON urgent BEGIN
    INSERT OR REPLACE INTO facet SELECT * FROM facet_now WHERE mention_id = OLD.mention_id;
END;

-- When the mentions of a thousand numbers in a row were said at the earliest and at the latest: who looks for the newest with
-- some words need not look at all of them. It may be wider than what is left of them.
CREATE TABLE said_range (
    block    INTEGER PRIMARY KEY,              -- mention.id / 1000
    earliest INTEGER NOT NULL,
    latest   INTEGER NOT NULL
) STRICT;
CREATE INDEX said_range_by_latest ON said_range (latest, block, earliest);

INSERT INTO said_range SELECT id / 1000, min(said_at), max(said_at) FROM mention GROUP BY 1;

CREATE TRIGGER said_range_of_mention AFTER INSERT ON mention BEGIN
    INSERT INTO said_range VALUES (NEW.id / 1000, NEW.said_at, NEW.said_at)
        ON CONFLICT DO UPDATE SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)
        WHERE excluded.earliest < earliest OR excluded.latest > latest;
END;

CREATE TRIGGER said_range_of_changed_mention AFTER UPDATE OF published_at, first_seen_at ON mention
WHEN OLD.said_at <> NEW.said_at
BEGIN
    INSERT INTO said_range VALUES (NEW.id / 1000, NEW.said_at, NEW.said_at)
        ON CONFLICT DO UPDATE SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)
        WHERE excluded.earliest < earliest OR excluded.latest > latest;
END;
