"""Documents in YAML, TOML and JSON: read strictly, and edited so that nothing else changes.

Nothing here knows what a document is for: configuration and kubeconfigs use it alike.
"""

from rsspot.documents.editing import EditRefused, edit
from rsspot.documents.lines import line_finder
from rsspot.documents.reading import Malformed, parse

__all__ = ["EditRefused", "Malformed", "edit", "line_finder", "parse"]
