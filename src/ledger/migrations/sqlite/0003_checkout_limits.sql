-- Nothing: one process limits its clients in memory. The step is here so that
-- a number means the same in both engines.
PRAGMA user_version = 3;
