"""Verify that a generated package does what the published document says.

Samples of every argument and every schema are derived from the document before any correction.
Requests are sent through the package and compared with what OpenAPI says is sent; objects go
through `from_dict` and `to_dict` and have to come back equal.
"""
