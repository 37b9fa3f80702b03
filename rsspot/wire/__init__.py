"""Call operations, written once, in sync and async; the only layer that knows the generated API."""
