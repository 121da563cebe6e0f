-- What a supporter lets everybody see, 1 or 0, and the language they gave in.
-- Nobody was asked before this step, so nothing of theirs is shown.
ALTER TABLE donations ADD COLUMN show_name    INTEGER NOT NULL DEFAULT 0 CHECK (show_name IN (0, 1));
ALTER TABLE donations ADD COLUMN show_message INTEGER NOT NULL DEFAULT 0 CHECK (show_message IN (0, 1));
ALTER TABLE donations ADD COLUMN show_amount  INTEGER NOT NULL DEFAULT 0 CHECK (show_amount IN (0, 1));
ALTER TABLE donations ADD COLUMN language     TEXT;

PRAGMA user_version = 4;
