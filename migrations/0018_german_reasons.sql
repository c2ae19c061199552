-- Why a source cannot be heard, and what to do about it, in German as well. NULL: written down before this was kept.
ALTER TABLE outage ADD COLUMN error_de TEXT;
ALTER TABLE source ADD COLUMN hint_de TEXT;
