"""Values that follow a schema: one for each of its branches, the same in every run.

A schema of the API has few branches, and each of them has to be seen: every property, with and
without it, every alternative, every type, every value of an enumeration. A library that draws at
random finds them late, or not at all within a run.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.schemas import alternatives, merged, types_of
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.shapes import Json

__all__ = ["samples"]

LIMIT = 60
"""Maximum number of samples of a schema; the first ones differ the most."""
FORMATS = {
    "date-time": ["2026-01-02T03:04:05+00:00", "2026-01-02T03:04:05.060000+00:00"],
    "date": ["2026-01-02"],
    "time": ["03:04:05Z"],
    "uuid": ["5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"],
    "byte": ["cnNzcG90"],
    "email": ["someone@example.org"],
    "uri": ["https://example.org/a?b=c"],
    "ipv4": ["192.0.2.1"],
    "ipv6": ["2001:db8::1"],
}
ANY = ["anything", 12, {"key": "value"}, ["item"], True]
"""Samples of an empty schema."""


class _EndlessError(Exception):
    """The schema contains itself, and has been followed far enough."""


def samples(root: Json, schema: Any) -> list[Any]:
    """Values of the schema, the fullest first; empty where none can be made."""
    try:
        return list(islice(_Sampler(root).of(schema, "value", ()), LIMIT))
    except _EndlessError:
        return []


class _Sampler:
    def __init__(self, root: Json) -> None:
        self.root = root

    def of(self, schema: Any, label: str, inside: tuple[str, ...]) -> Iterator[Any]:
        """Yield the samples of a schema; `label` makes its texts differ from those of others."""
        if not is_object(schema):
            if schema is False:
                raise _EndlessError
            yield from ANY
            return
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if inside.count(reference) > 1:
                raise _EndlessError
            inside = (*inside, reference)
        whole = merged(self.root, schema)
        if both := whole.pop("x-both", None):
            whole["oneOf"] = [{"allOf": [one, {"oneOf": both[0]}]} for one in alternatives(whole)]
            whole.pop("anyOf", None)
        if choices := alternatives(whole):
            yield from self._alternatives(whole, choices, label, inside)
        else:
            yield from self._plain(whole, label, inside)

    def _alternatives(
        self, whole: Json, choices: list[Json], label: str, inside: tuple[str, ...]
    ) -> Iterator[Any]:
        base = {key: value for key, value in whole.items() if key not in {"oneOf", "anyOf"}}
        made = False
        for choice in choices:
            # The nulls of OpenAPI 3.0 (`nullable`) and 3.1 stand beside the alternatives.
            both = {"allOf": [base, choice]} if types_of(base) or "properties" in base else choice
            try:
                for value in islice(self.of(both, label, inside), LIMIT // len(choices) + 2):
                    made = True
                    yield value
            except _EndlessError:
                continue
        if whole.get("nullable") is True:
            made = True
            yield None
        if not made:
            raise _EndlessError

    def _plain(self, schema: Json, label: str, inside: tuple[str, ...]) -> Iterator[Any]:
        if "const" in schema:
            yield schema["const"]
            return
        if is_array(schema.get("enum")):
            yield from schema["enum"]
            return
        types = types_of(schema)
        if not types:
            yield from ANY
        makers = {
            "object": self._objects,
            "array": self._arrays,
            "string": _texts,
            "integer": _integers,
            "number": _numbers,
            "boolean": _booleans,
            "null": _nulls,
        }
        for kind in types:
            if kind in makers:
                yield from makers[kind](schema, label, inside)

    def _arrays(self, schema: Json, label: str, inside: tuple[str, ...]) -> Iterator[Any]:
        first = schema.get("prefixItems")
        try:
            if is_array(first) and first:
                yield [next(self.of(item, f"{label}{at}", inside)) for at, item in enumerate(first)]
            else:
                items: Any = schema.get("items", True)
                found = list(islice(self.of(items, label, inside), LIMIT // 2))
                # Two at least: a single one looks the same in every style.
                found += list(islice(self.of(items, f"{label}'", inside), 3 - min(len(found), 2)))
                yield found[:1] if schema.get("maxItems") == 1 else found
        except _EndlessError:
            pass
        if not schema.get("minItems"):
            yield []

    def _objects(self, schema: Json, label: str, inside: tuple[str, ...]) -> Iterator[Any]:
        required = [str(name) for name in schema.get("required", ())]
        properties: dict[str, Any] = schema.get("properties", {})
        properties = properties | {name: True for name in required if name not in properties}
        made: dict[str, list[Any]] = {}
        for name, child in properties.items():
            try:
                found = self.of(child, f"{label}.{name}", inside)
                most = 3 if is_object(child) and "$ref" in child else LIMIT // 2
                made[name] = list(islice(found, most))
            except _EndlessError:
                if name in required:
                    raise
        firsts = {name: values[0] for name, values in made.items() if values}
        more = self._additional(schema, label, inside)
        smallest = {name: value for name, value in firsts.items() if name in required}
        yield firsts | (more[0] if more else {})
        if smallest != firsts or more:
            yield smallest
        rest = ([(name, value) for value in values[1:]] for name, values in made.items())
        for name, value in chain.from_iterable(rest):
            yield smallest | {name: value}
        for extra in more[1:]:
            yield smallest | extra

    def _additional(self, schema: Json, label: str, inside: tuple[str, ...]) -> list[Json]:
        """Return members beyond the properties, if they are allowed."""
        child: Any = schema.get("additionalProperties", True)
        if child is False or schema.get("unevaluatedProperties") is False:
            return []
        try:
            found = list(islice(self.of(child, f"{label}.more", inside), 6))
        except _EndlessError:
            return []
        return [{"additionalMember": value} for value in found]


def _texts(schema: Json, label: str, _: tuple[str, ...]) -> Iterator[str]:
    text = f"{label} text"
    least, most = schema.get("minLength"), schema.get("maxLength")
    if isinstance(least, int) and least < LIMIT:
        text = text.ljust(least, "x")
    if isinstance(most, int):
        text = text[: max(most, 0)]
    yield from FORMATS.get(str(schema.get("format")), [text])


def _integers(schema: Json, _: str, __: tuple[str, ...]) -> Iterator[int]:
    least, most = schema.get("minimum", 0), schema.get("maximum")
    start = int(least) if isinstance(least, int | float) else 0
    yield from (start + 3, start + 1) if most is None or most >= start + 3 else (start,)
    if schema.get("format") == "int64" and most is None:
        yield 9_007_199_254_740_993  # more than a double can hold


def _numbers(_: Json, __: str, ___: tuple[str, ...]) -> Iterator[float]:
    yield from (1.5, 2)


def _booleans(_: Json, __: str, ___: tuple[str, ...]) -> Iterator[bool]:
    yield from (True, False)


def _nulls(_: Json, __: str, ___: tuple[str, ...]) -> Iterator[None]:
    yield None
