"""Convert JSON to the values that the generated package uses, and back."""

from __future__ import annotations

import datetime as dt
import enum
import inspect
import io
import re
import types
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from rsspot.api_diff.schemas import alternatives, merged
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.shapes import Json

__all__ = ["back", "convert", "same", "unheld"]


READERS: dict[Any, Callable[[str], Any]] = {
    dt.datetime: dt.datetime.fromisoformat,
    dt.date: dt.date.fromisoformat,
    UUID: UUID,
}
"""Types of attributes that are text in JSON."""


def back(value: Any) -> Any:
    """Return the JSON of a value: what `to_dict` makes of it."""
    if hasattr(value, "to_dict"):
        return back(value.to_dict())
    if is_object(value):
        return {key: back(each) for key, each in value.items()}
    if is_array(value):
        return [back(each) for each in value]
    if hasattr(value, "payload"):
        content = value.payload.read()
        value.payload.seek(0)
        return content
    return _text(value)


def _text(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same JSON: true is not 1, and 2.0 is 2."""
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if is_array(one) and is_array(other):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def convert(value: Any, hint: Any) -> Any:
    """Return the argument that a builder annotated with `hint` is given for a JSON value.

    Raises `TypeError` where no type of the annotation can hold it.
    """
    origin = get_origin(hint)
    reason = ""
    choices = get_args(hint) if origin in {types.UnionType, Union} else (hint,)
    for choice in choices:
        try:
            made = _one(value, choice)
            # A file has no JSON: what becomes of it is seen on the wire.
            if _has_bytes(value) or same(back(made), value):
                return made
            reason = f"{made!r} is made of it"
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            reason = f"{type(error).__name__}: {error}" if str(error) else reason
    wanted = getattr(hint, "__name__", "") if inspect.isclass(hint) else str(hint)
    wanted = re.sub(r"\b\w+(\.\w+)*\.(?=\w)", "", wanted)
    raise TypeError(f"{reason or f'the argument is {wanted}'} for {value!r}")


def _has_bytes(value: Any) -> bool:
    if is_object(value):
        return any(map(_has_bytes, value.values()))
    return any(map(_has_bytes, value)) if is_array(value) else isinstance(value, bytes)


def _one(value: Any, hint: Any) -> Any:
    if hint is Any:
        return value
    if get_origin(hint) is list and is_array(value):
        (inner,) = get_args(hint)
        return [convert(each, inner) for each in value]
    if get_origin(hint) is Literal and value in get_args(hint):
        return value
    if not inspect.isclass(hint):
        raise TypeError
    return _instance(value, hint)


def _instance(value: Any, kind: Any) -> Any:
    if hasattr(kind, "from_dict") and is_object(value):
        return kind.from_dict(value)
    if issubclass(kind, enum.Enum):
        return kind(value)
    if kind.__name__ == "File" and isinstance(value, bytes):
        return kind(payload=io.BytesIO(value), file_name="sample.bin")
    read = READERS.get(kind)
    if read and isinstance(value, str):
        return read(value)
    if type(value) is kind or (kind is float and type(value) is int):
        return value
    raise TypeError


def unheld(root: Json, schema: Any, value: Any, held: Any) -> Iterator[str]:
    """Yield the documented properties in `value` that `held` has no attribute of its own for."""
    if not is_object(schema):
        return
    if is_array(value) and is_array(held):
        items: Any = merged(root, schema).get("items")
        for one, other in zip(value, held, strict=False):
            yield from unheld(root, items, one, other)
    if is_object(value):
        documented = _documented(root, schema, value)
        names = [name for name in value if name in documented]
        if not names:
            yield from _unheld_further(root, schema, value, held)
        elif hasattr(held, "__attrs_attrs__"):
            yield from _unheld_properties(root, documented, value, held)
        else:
            yield from names


def _unheld_further(root: Json, schema: Json, value: Json, held: Any) -> Iterator[str]:
    """What is not held of the values of a mapping."""
    more = merged(root, schema).get("additionalProperties")
    beyond: Any = getattr(held, "additional_properties", held)
    for name in value.keys() & beyond.keys() if is_object(beyond) and is_object(more) else ():
        yield from unheld(root, more, value[name], beyond[name])


def _unheld_properties(
    root: Json, documented: dict[str, Any], value: Json, held: Any
) -> Iterator[str]:
    free: list[str] = [each.name for each in held.__attrs_attrs__]
    beyond: Any = getattr(held, "additional_properties", {})
    for name in (name for name in value if name in documented):
        found = next((at for at in free if same(back(getattr(held, at)), value[name])), None)
        if found is None or (is_object(beyond) and name in beyond):
            yield name
            continue
        free.remove(found)
        for inner in unheld(root, documented[name], value[name], getattr(held, found)):
            yield f"{name}.{inner}"


def _documented(root: Json, schema: Json, value: Json) -> dict[str, Any]:
    """Return the properties of a schema and of the alternative that fits the value best."""
    whole = merged(root, schema)
    found: dict[str, Any] = dict(whole.get("properties", {}))
    choices = [_documented(root, each, value) for each in alternatives(whole)]
    if choices:
        found |= max(choices, key=lambda each: len(each.keys() & value.keys()))
    return found
