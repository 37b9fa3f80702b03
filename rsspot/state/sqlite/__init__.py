"""The state store on sqlite. Everything that is specific to sqlite is in this package.

It implements the interface in `state.database`, and knows neither `ledger` nor `postgres`.
"""
