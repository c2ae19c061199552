-- How much each source has said lately is told from the index alone.
DROP INDEX mention_by_arrival;
CREATE INDEX mention_by_arrival ON mention (first_seen_at, backfill, source_id);
