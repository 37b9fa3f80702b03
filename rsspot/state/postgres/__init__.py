"""The registration ledger and access tokens on PostgreSQL, for several hosts (extra `postgres`)."""
