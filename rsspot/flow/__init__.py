"""Flows: code that is written once and runs in sync and in async code.

It imports no other package of rsspot.
"""
