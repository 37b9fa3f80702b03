"""Views: what users hold in their hands."""
