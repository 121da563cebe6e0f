-- One row a donation, written before any provider is called.
CREATE TABLE donations (
    id                 TEXT    NOT NULL PRIMARY KEY,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    status             TEXT    NOT NULL,
    amount_cents       INTEGER NOT NULL CHECK (amount_cents > 0),
    currency           TEXT    NOT NULL,
    name               TEXT,
    message            TEXT,
    provider           TEXT    NOT NULL,
    provider_intent_id TEXT,
    checkout_url       TEXT,
    review_reason      TEXT,
    tx_hash            TEXT,
    chain_id           INTEGER,
    coin_symbol        TEXT,
    coin_amount        TEXT,
    paid_amount        TEXT,
    fee_amount         TEXT,
    net_amount         TEXT,
    looks              INTEGER NOT NULL DEFAULT 0,
    next_look_at       INTEGER,
    -- An intent belongs to one donation.
    UNIQUE (provider, provider_intent_id)
) STRICT;

CREATE INDEX donations_by_time ON donations (created_at DESC);

-- In the order of the sweep, so that thousands of abandoned checkouts need no
-- sorting at each look; the first part is the very expression it orders by.
CREATE INDEX donations_to_look_at ON donations (
    (status IN ('CREATED', 'FAILED', 'REJECTED', 'UNDERPAID', 'CANCELED', 'TIMEOUT')),
    looks, created_at DESC, id, next_look_at
) WHERE next_look_at IS NOT NULL AND provider_intent_id IS NOT NULL;

-- Money counted: the primary key is what makes counting twice impossible.
CREATE TABLE confirmations (
    donation_id  TEXT    NOT NULL PRIMARY KEY REFERENCES donations (id),
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
    currency     TEXT    NOT NULL,
    confirmed_at INTEGER NOT NULL
) STRICT;

-- Every authentic webhook, for ever. One that belongs to no donation we know
-- waits here for the creator.
CREATE TABLE webhooks (
    provider           TEXT    NOT NULL,
    webhook_id         TEXT    NOT NULL,
    body_sha256        TEXT    NOT NULL,
    donation_id        TEXT REFERENCES donations (id),
    provider_intent_id TEXT    NOT NULL,
    status             TEXT    NOT NULL,
    charged            TEXT    NOT NULL,
    received_at        INTEGER NOT NULL,
    PRIMARY KEY (provider, webhook_id)
) STRICT;

-- Nonces of webhooks, kept longer than any timestamp is accepted.
CREATE TABLE webhook_nonces (
    provider     TEXT    NOT NULL,
    nonce_sha256 TEXT    NOT NULL,
    webhook_id   TEXT    NOT NULL,
    body_sha256  TEXT    NOT NULL,
    seen_at      INTEGER NOT NULL,
    PRIMARY KEY (provider, nonce_sha256)
) STRICT;

CREATE INDEX webhook_nonces_by_time ON webhook_nonces (seen_at);

-- One request, one donation: the answer to a repeat is read from the donation.
CREATE TABLE idempotency_keys (
    key            TEXT    NOT NULL PRIMARY KEY,
    request_sha256 TEXT    NOT NULL,
    donation_id    TEXT    NOT NULL REFERENCES donations (id),
    created_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);

-- One row, rewritten to see whether writing works.
CREATE TABLE write_checks (
    only_row   INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    checked_at INTEGER NOT NULL
) STRICT;

PRAGMA user_version = 1;
