-- Who may look and change. What opens a door (a session, a token) is kept as a hash only.

CREATE TABLE account (
    id            INTEGER PRIMARY KEY,
    name          TEXT    NOT NULL UNIQUE,         -- a mail address or a handle, in lower case
    shown_name    TEXT    NOT NULL,
    role          TEXT    NOT NULL CHECK (role IN ('reader', 'agent', 'admin')),
    password_hash TEXT,                            -- PHC string; without one, only the identity provider lets them in
    issuer        TEXT,
    subject       TEXT,
    created_at    INTEGER NOT NULL,
    seen_at       INTEGER,
    disabled_at   INTEGER,
    UNIQUE (issuer, subject),
    CHECK ((issuer IS NULL) = (subject IS NULL))
) STRICT;

CREATE TABLE session (
    id         INTEGER PRIMARY KEY,
    token_hash BLOB    NOT NULL UNIQUE,            -- SHA-256
    account_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    seen_at    INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account_id);

CREATE TABLE api_token (
    id           INTEGER PRIMARY KEY,
    token_hash   BLOB    NOT NULL UNIQUE,          -- SHA-256
    prefix       TEXT    NOT NULL,                 -- how it begins, to tell it from others
    name         TEXT    NOT NULL,
    scope        TEXT    NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
    account_id   INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,                          -- NULL: never
    last_used_at INTEGER
) STRICT;
CREATE INDEX api_token_by_account ON api_token (account_id);

-- Log-ins that failed, or are under way: of a name (as a hash, because people type passwords into the wrong field), and from
-- an address.
CREATE TABLE login_attempt (
    id      INTEGER PRIMARY KEY,
    subject TEXT    NOT NULL,
    at      INTEGER NOT NULL
) STRICT;
CREATE INDEX login_attempt_by_subject ON login_attempt (subject, at);

-- Those who are at the identity provider just now. `browser_hash` is of a cookie: nobody comes back in another browser.
CREATE TABLE oidc_login (
    state_hash   BLOB    PRIMARY KEY,
    browser_hash BLOB    NOT NULL,
    nonce        TEXT    NOT NULL,
    verifier     TEXT    NOT NULL,
    back         TEXT    NOT NULL,
    begun_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who did what. Never holds the name of an author, or words of theirs.
CREATE TABLE audit (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    account_id INTEGER REFERENCES account (id) ON DELETE SET NULL,
    who        TEXT    NOT NULL,
    action     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    detail     TEXT    NOT NULL
) STRICT;
