-- What was stored is looked up again, so that deletions are seen that nobody tells.

-- When the source last said that it has it: it was shown in a round, or it answered when it was asked for it.
ALTER TABLE mention ADD COLUMN confirmed_at INTEGER NOT NULL DEFAULT 0;
UPDATE mention SET confirmed_at =
    max(first_seen_at, coalesce((SELECT seen_at FROM revision WHERE revision.id = mention.revision_id), 0));

-- When the source was last asked for it, whatever it answered; NULL: never.
ALTER TABLE mention ADD COLUMN asked_at INTEGER;

-- When the next mentions are looked up; NULL: none ever were.
ALTER TABLE source ADD COLUMN recheck_at INTEGER;
