"""Faults of the local Spot: what goes wrong, and for which requests."""
