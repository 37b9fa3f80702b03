"""Files: whose they are, how they are replaced, and how they are locked."""
