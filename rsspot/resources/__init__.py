"""The operations of the API, one noun a file, each written once for both colours."""
