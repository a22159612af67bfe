CREATE TABLE IF NOT EXISTS budget (
    id INTEGER PRIMARY KEY,
    token BLOB NOT NULL UNIQUE,           -- SHA-256 of what the operator gave out
    mailboxes_left INTEGER NOT NULL,
    bytes_left INTEGER NOT NULL,
    expires_at INTEGER                    -- no mailbox is opened after it; those that are open go on
) STRICT;
CREATE TABLE IF NOT EXISTS mailbox (
    id INTEGER PRIMARY KEY,
    name BLOB NOT NULL UNIQUE,
    class INTEGER NOT NULL,
    cap BLOB NOT NULL,
    admin BLOB,
    head INTEGER NOT NULL,
    link BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    budget INTEGER NOT NULL REFERENCES budget (id),
    sealed_at INTEGER,
    expires_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS mailbox_sealed ON mailbox (sealed_at) WHERE sealed_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS mailbox_expires ON mailbox (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS entry (
    mailbox INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    idem BLOB NOT NULL,
    hash BLOB NOT NULL,
    link BLOB NOT NULL,
    day INTEGER NOT NULL,                 -- not the hour
    delete_hash BLOB,
    blob BLOB,                            -- NULL is a tombstone: hash and link stay, the chain still verifies
    PRIMARY KEY (mailbox, seq)
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS entry_idem ON entry (mailbox, idem);
