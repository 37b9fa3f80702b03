"""Taking secrets out of commands and other texts before they are kept.

What has a structure is parsed: words of a shell, flags, variables, headers, JSON, URLs. The values
of flags, variables and parameters are kept when they are on a list, and masked else. For the rest,
words that stand alone, this is best effort: a secret is known there by the word before it or by
its looks, and a short one without either is not known.
"""
