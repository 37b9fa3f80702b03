"""Transport: the senders that talk to the network, over httpx."""
