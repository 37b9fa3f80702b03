"""Sign-in: access tokens, where they come from, and the sender that puts them on requests."""
