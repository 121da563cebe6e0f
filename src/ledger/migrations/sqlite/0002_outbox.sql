-- What is to be told, and to whom: written by the transaction that settles.
CREATE TABLE outbox (
    id              TEXT    NOT NULL PRIMARY KEY,
    donation_id     TEXT    NOT NULL REFERENCES donations (id),
    target          TEXT    NOT NULL,
    occasion        TEXT    NOT NULL,
    queued_at       INTEGER NOT NULL,
    give_up_at      INTEGER NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    -- Null when it was delivered, and when it was given up.
    next_attempt_at INTEGER,
    delivered_at    INTEGER,
    last_error      TEXT,
    -- Each target is told once.
    UNIQUE (donation_id, target, occasion)
) STRICT;

CREATE INDEX outbox_due ON outbox (target, next_attempt_at, queued_at, id)
WHERE next_attempt_at IS NOT NULL;

PRAGMA user_version = 2;
