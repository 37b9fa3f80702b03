"""Build the request of an operation. Names are checked before any I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from rsspot_api import operations as api

from rsspot.errors import InvalidInput
from rsspot.senders.messages import DEFAULTS, Request
from rsspot.shapes import is_unicode, type_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot_api.operations import Operation

    from rsspot.senders.headers import Headers
    from rsspot.senders.messages import Options

__all__ = ["api", "build", "segment"]

_NOT_IN_A_NAME = re.compile(r"[/\\?#%\x00-\x1f\x7f]")


def segment(argument: str, value: Any) -> str:
    """Return `value` as one path segment. Raises `InvalidInput` if it could change the path."""
    if not isinstance(value, str):
        raise InvalidInput(f"{argument} must be text, not {type_name(value)}", argument=argument)
    if value in {"", ".", ".."} or _NOT_IN_A_NAME.search(value) or not is_unicode(value):
        what = repr(value[:80]) if value else "empty"
        raise InvalidInput(
            f"{argument} is {what}, which is not a name",
            argument=argument,
            hint="A name must not be empty, '.' or '..', or contain / \\ ? # % or controls",
        )
    return quote(value, safe="")


def _unknown(operation: Operation, arguments: Mapping[str, Any]) -> TypeError:
    known = {item.argument for item in (*operation.path_parameters, *operation.query)}
    unknown = sorted(arguments.keys() - known)
    return TypeError(f"{operation.id} has no parameter {', '.join(unknown)}")


def build(
    operation: Operation,
    base: str,
    arguments: Mapping[str, Any],
    *,
    headers: Headers,
    body: Any = None,
    options: Options = DEFAULTS,
) -> Request:
    """Return the request of an operation at `base`. Arguments that are None are omitted."""
    query: dict[str, Any] = {}
    path, expected = operation.path, len(arguments)
    for name, argument, _ in operation.path_parameters:
        expected -= argument in arguments
        path = path.replace("{" + name + "}", segment(argument, arguments.get(argument)))
    for name, argument, _ in operation.query:
        if argument in arguments:
            expected -= 1
            if arguments[argument] is not None:
                query[name] = arguments[argument]
    if expected:
        raise _unknown(operation, arguments)
    form = operation.media_type == "application/x-www-form-urlencoded"
    if body is not None and operation.media_type and not form:
        headers = headers.replace({"Content-Type": operation.media_type})
    return Request(
        operation.method,
        base + path,
        params=query or None,
        headers=headers,
        json=None if form else body,
        data=body if form else None,
        options=options,
    )
