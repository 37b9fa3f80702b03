"""Flows: what is written once, and runs in sync and in async code."""
