"""Files: check their owners, replace them atomically, and lock them.

Packages that it imports: `flow`, `redaction`.
"""
