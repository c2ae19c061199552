-- What another model finds in a past that is over is nobody's news. It was told from what had been found then by whether
-- there is a letter of it; but of many findings nobody is written to.
ALTER TABLE finding ADD COLUMN in_hindsight INTEGER NOT NULL DEFAULT 0 CHECK (in_hindsight IN (0, 1));

UPDATE finding SET in_hindsight = 1
WHERE at <= (SELECT quiet_until FROM detector WHERE detector.brand_id = finding.brand_id)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE finding_id = finding.id);
