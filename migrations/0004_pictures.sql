-- The picture inside a letter.
ALTER TABLE outbox ADD COLUMN picture BLOB;       -- PNG; NULL: there is none
ALTER TABLE outbox ADD COLUMN picture_text TEXT;  -- what it shows, in a sentence
