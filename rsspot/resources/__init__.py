"""The operations of the API: one noun in each module, each operation written once.

Packages that it imports: `flow`, `market`, `models`, `senders`, `wire`.
"""
