"""OpenAPI documents, read leniently and compared by meaning (`rsspot api-diff`)."""
