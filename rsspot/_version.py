"""The version of rsspot; the changelog's newest entry is the same, by test."""

__version__ = "1.0.0"
