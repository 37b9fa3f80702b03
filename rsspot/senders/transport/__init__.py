"""Transport: the senders that talk to the network, over httpx.

It imports modules of `senders`, but no other package in it.
"""
