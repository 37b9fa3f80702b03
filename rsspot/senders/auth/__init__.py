"""Sign-in: where access tokens come from, and the sender that adds them to requests."""
