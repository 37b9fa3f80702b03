"""Call operations, written once, in sync and async; the only layer that knows the generated API.

Packages that it imports: `config`, `flow`, `models`, `redaction`, `renamed`, `senders`, `state`.
"""
