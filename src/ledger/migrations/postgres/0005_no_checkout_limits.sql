-- Each replica counts its own clients in memory, and keeps no address.
DROP TABLE checkout_limits;
