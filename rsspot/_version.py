"""The version of rsspot; the changelog's newest entry is the same, by test."""

__version__ = "0.1.0"
