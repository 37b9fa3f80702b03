"""Sign-in: where access tokens come from, and the sender that adds them to requests.

It imports modules of `senders`, but no other package in it.
"""
