-- What stars a review had, and when that was seen: two years of them are counted without reading the texts beside them.
CREATE INDEX revision_with_rating ON revision (mention_id, id, seen_at, rating, rating_worst, rating_best)
    WHERE rating IS NOT NULL;

-- Who is called the same elsewhere.
CREATE INDEX author_by_name ON author (name COLLATE NOCASE);
