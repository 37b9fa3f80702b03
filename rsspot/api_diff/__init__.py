"""OpenAPI documents, read leniently and compared by meaning (`rsspot api-diff`).

It imports no other package of rsspot.
"""
