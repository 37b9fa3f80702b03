"""Generate the typed package from an API document, and verify it against the document."""
