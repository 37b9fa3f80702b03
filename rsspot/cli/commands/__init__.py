"""The commands, grouped by what they act on.

A command parses its options, calls a client, and leaves what is printed to `cli.output`.
"""
