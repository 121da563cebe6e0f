-- What the provider said it charged, in its own words; what was counted, where
-- the creator counted another amount than was asked; and when.
ALTER TABLE donations ADD COLUMN reported      TEXT;
ALTER TABLE donations ADD COLUMN counted_cents BIGINT CHECK (counted_cents > 0);
ALTER TABLE donations ADD COLUMN confirmed_at  BIGINT;

UPDATE donations
SET confirmed_at = (SELECT confirmed_at FROM confirmations WHERE donation_id = id)
WHERE status = 'CONFIRMED';
