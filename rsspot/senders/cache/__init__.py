"""The HTTP cache (RFC 9111): the sender, its rules, and where responses are kept."""
