"""What has to be stated, and is no reason to fail a call."""

from __future__ import annotations

import warnings

__all__ = ["report"]


def report(message: str) -> None:
    """Warn, with a `RuntimeWarning`; where warnings are errors, write it to the log instead."""
    try:
        warnings.warn(message, RuntimeWarning, stacklevel=3)
    except RuntimeWarning:
        import logging

        logging.getLogger("rsspot").warning(message)
