"""Retries: when a request may be sent again, and how long to wait first."""
