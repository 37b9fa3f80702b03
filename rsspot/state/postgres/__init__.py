"""The registration ledger and access tokens on PostgreSQL, for several hosts (extra `postgres`).

It implements the interface in `state.database`, and knows neither `ledger` nor `sqlite`.
"""
