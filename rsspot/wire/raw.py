"""Makes the generated model of a view when it is asked for."""

from __future__ import annotations

import importlib
from typing import Any

from rsspot.errors import UnexpectedAnswerError

__all__ = ["make_raw"]


def make_raw(model: str, data: dict[str, Any]) -> Any:
    """The generated model called `model` of the JSON object `data`.

    Raises `UnexpectedAnswerError` where the object lacks what the document requires.
    """
    models = importlib.import_module("rsspot_api.models")
    try:
        return getattr(models, model).from_dict(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnexpectedAnswerError(
            f"This object is no {model} as the API is described: {error!r}",
            hint="Its JSON is in `to_dict()`",
        ) from error
