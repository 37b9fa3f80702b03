"""Documents in YAML, TOML and JSON: read them strictly, and edit them without other changes.

This package is independent of the content: it serves configuration files and kubeconfigs.

Packages that it imports: `redaction`.
"""

from rsspot.documents.editing import EditRefused, edit
from rsspot.documents.lines import line_finder
from rsspot.documents.reading import Malformed, parse

__all__ = ["EditRefused", "Malformed", "edit", "line_finder", "parse"]
