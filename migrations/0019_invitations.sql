-- Links by which people choose their own password: one an account, and of each the hash only.
CREATE TABLE invitation (
    account_id INTEGER PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    token_hash BLOB    NOT NULL UNIQUE,            -- SHA-256
    expires_at INTEGER NOT NULL
) STRICT;

-- Views that whoever saved them lets everybody use.
ALTER TABLE saved_view ADD COLUMN is_shared INTEGER NOT NULL DEFAULT 0 CHECK (is_shared IN (0, 1));
