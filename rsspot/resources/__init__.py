"""The operations of the API: one noun in each module, each operation written once."""
