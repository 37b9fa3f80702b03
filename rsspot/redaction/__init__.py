"""Remove secrets from commands and other texts before they are stored.

What has a structure is parsed: words of a shell, flags (also `/name:value`, as on Windows),
variables, headers, JSON, URLs. The values of flags, variables and parameters are kept if their
names are on a list, and masked otherwise. For other words this is best effort: a secret is
recognized by the word before it or by what it looks like, and a short one without either is missed.

It imports no other package of rsspot.
"""
