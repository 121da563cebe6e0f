-- Nothing: the table was Postgres's alone. The step is here so that a number
-- means the same in both engines.
PRAGMA user_version = 5;
