"""Keep a join token out of everything that is written."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from typing import Any
from urllib.parse import quote, quote_plus

from rsspot.shapes import as_list, is_object

__all__ = ["hide", "hide_in"]

MASK = "[token]"


def hide(text: str, secret: str | None) -> str:
    """Return `text` without `secret`, also where it is escaped, quoted or encoded."""
    if not secret:
        return text
    raw = secret.encode("utf-8", "surrogatepass")
    forms = {
        secret,
        secret.strip(),
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        quote(raw),
        quote(raw, safe=""),
        quote_plus(raw),
        b64encode(raw).decode(),
        b64encode(raw).decode().rstrip("="),
        urlsafe_b64encode(raw).decode().rstrip("="),
        raw.hex(),
    }
    for form in sorted(filter(None, forms), key=len, reverse=True):
        text = text.replace(form, MASK)
    return text


def hide_in(value: Any, secret: str | None) -> Any:
    """Return a JSON value without `secret` in any of its texts, including keys."""
    if isinstance(value, str):
        return hide(value, secret)
    if is_object(value):
        return {hide_in(name, secret): hide_in(item, secret) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [hide_in(item, secret) for item in as_list([*value])]
    return value
