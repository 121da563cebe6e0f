-- What the provider said it charged, in its own words; what was counted, where
-- the creator counted another amount than was asked; and when.
ALTER TABLE donations ADD COLUMN reported      TEXT;
ALTER TABLE donations ADD COLUMN counted_cents INTEGER CHECK (counted_cents > 0);
ALTER TABLE donations ADD COLUMN confirmed_at  INTEGER;

UPDATE donations
SET confirmed_at = (SELECT confirmed_at FROM confirmations WHERE donation_id = id)
WHERE status = 'CONFIRMED';

PRAGMA user_version = 7;
