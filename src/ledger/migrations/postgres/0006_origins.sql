-- Where a donation came from: a keyed hash of its client's network, kept for a
-- day, so that each has its share of the looks. 0: not known any more.
ALTER TABLE donations ADD COLUMN origin BIGINT NOT NULL DEFAULT 0;

-- Each in the order of one kind of look, so that none needs sorting.
DROP INDEX donations_to_look_at;
CREATE INDEX donations_due ON donations (provider, next_look_at)
    WHERE next_look_at IS NOT NULL AND provider_intent_id IS NOT NULL;
CREATE INDEX donations_due_by_origin ON donations (
    provider, origin,
    (status IN ('CREATED', 'FAILED', 'REJECTED', 'UNDERPAID', 'CANCELED', 'TIMEOUT')),
    looks, created_at DESC
) WHERE next_look_at IS NOT NULL AND provider_intent_id IS NOT NULL;
