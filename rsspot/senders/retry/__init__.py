"""Retries: when a request may be sent again, and how long to wait first.

It imports modules of `senders`, but no other package in it.
"""
