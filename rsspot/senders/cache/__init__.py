"""The HTTP cache (RFC 9111): the sender, its rules, and where responses are kept.

It imports modules of `senders`, but no other package in it.
"""
