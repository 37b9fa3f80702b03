"""From results to text: tables, JSON, YAML, progress and plots.

It calls no client and no command.
"""
