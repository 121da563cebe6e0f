-- What a supporter lets everybody see, 1 or 0, and the language they gave in.
-- Nobody was asked before this step, so nothing of theirs is shown.
ALTER TABLE donations ADD COLUMN show_name    BIGINT NOT NULL DEFAULT 0 CHECK (show_name IN (0, 1));
ALTER TABLE donations ADD COLUMN show_message BIGINT NOT NULL DEFAULT 0 CHECK (show_message IN (0, 1));
ALTER TABLE donations ADD COLUMN show_amount  BIGINT NOT NULL DEFAULT 0 CHECK (show_amount IN (0, 1));
ALTER TABLE donations ADD COLUMN language     TEXT;
