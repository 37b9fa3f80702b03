"""Files: check their owners, replace them atomically, and lock them."""
