-- When each client could ask for checkouts freely again, over all replicas.
-- Unlogged: nothing is lost when a crash empties it, it costs no wait for the
-- disk, and the addresses reach no standby and no archive.
CREATE UNLOGGED TABLE checkout_limits (
    client  TEXT   NOT NULL PRIMARY KEY,
    free_at BIGINT NOT NULL
);
