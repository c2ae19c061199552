-- Answers that are published where the review stands.

ALTER TABLE answer ADD COLUMN due_at INTEGER;     -- when it is to be sent; NULL: not now, or it is being sent
ALTER TABLE answer ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE answer ADD COLUMN error_german TEXT;  -- as `error`, which is the English one
CREATE INDEX answer_by_due ON answer (due_at) WHERE due_at IS NOT NULL;

-- What the person has, or is likely to have: when it showed up, else when it was sent or copied.
CREATE VIEW given_answer AS SELECT id, mention_id, template, coalesce(sent_at, seen_at, written_at) AS given_at
    FROM answer WHERE state IN ('copied', 'sent', 'seen');
