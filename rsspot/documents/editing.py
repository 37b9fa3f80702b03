"""Edit documents, keep their comments and order, and verify that nothing else changed.

Libraries that keep comments have bugs: a key ends up in another table, changing an alias changes
its target, a value from a merge key cannot be removed. So an edit is made twice, on the document
and on plain data, and the results are compared before anything is written.
"""

from __future__ import annotations

import io
import json
import math
import re
from typing import TYPE_CHECKING, Any

from rsspot.documents.reading import BOM, NAMES, Malformed, parse
from rsspot.shapes import is_object, is_sequence

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["EditRefused", "edit"]


class EditRefused(ValueError):
    """An edit that would change more, or less, than requested. `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def edit(text: str, suffix: str, change: Callable[[Any], None]) -> str:
    """Return `text` with `change` made to it, and nothing else.

    `suffix` is as for `parse`. `change` is called twice, with the top mapping of plain data and
    with one that keeps comments; it changes it in place, and must do the same each time. An empty
    text counts as an empty mapping. A byte order mark and line ends of Windows are kept.

    Raises `Malformed` for a text that cannot be read, `EditRefused` where the new text does not
    hold exactly the changed data (dotted keys of TOML, aliases and merge keys of YAML), and
    whatever `change` raises.
    """
    expected = _plain(_mapping(parse(text, suffix)))
    change(expected)
    expected = _plain(expected)
    editors = {"JSON": _json, "TOML": _toml}
    bare = text.removeprefix(BOM)
    is_windows = "\r\n" in bare
    try:
        new = editors.get(NAMES.get(suffix, "YAML"), _yaml)(bare.replace("\r\n", "\n"), change)
        found = parse(new, suffix)
    except Malformed as error:
        raise EditRefused(f"the new text would be {error}") from None
    except Exception as error:  # noqa: BLE001 - of the libraries, whose texts may quote a secret
        raise EditRefused(f"it cannot be edited ({type(error).__name__})") from None
    if not _is_same(found, expected):
        raise EditRefused("other values would change too")
    new = new.replace("\n", "\r\n") if is_windows else new
    return BOM + new if text.startswith(BOM) else new


def _mapping(data: Any) -> dict[str, Any]:
    if data is None:
        return {}
    if not is_object(data):
        raise EditRefused("it is not a mapping")
    return data


def _plain(value: Any) -> Any:
    """Return a copy without shared objects, which a YAML parser returns for aliases."""
    if is_object(value):
        return {key: _plain(item) for key, item in value.items()}
    if is_sequence(value):
        return [_plain(item) for item in value]
    return value


def _is_same(one: Any, other: Any) -> bool:
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(
            _is_same(value, other[key]) for key, value in one.items()
        )
    if is_sequence(one) and is_sequence(other):
        return len(one) == len(other) and all(map(_is_same, one, other))
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    # Python considers 1, 1.0 and True equal; readers of the file do not.
    return type(one) is type(other) and bool(one == other)


def _json(text: str, change: Callable[[Any], None]) -> str:
    data: Any = json.loads(text) if text.strip() else {}
    change(data)
    indent = re.search(r"\n([ \t]+)\S", text)
    return json.dumps(data, indent=indent[1] if indent else 2, ensure_ascii=False) + "\n"


def _toml(text: str, change: Callable[[Any], None]) -> str:
    import tomlkit

    data = tomlkit.parse(text)
    change(data)
    return tomlkit.dumps(data)


def _yaml(text: str, change: Callable[[Any], None]) -> str:
    from ruamel.yaml import YAML

    editor: Any = YAML(typ="rt")
    editor.preserve_quotes = True
    editor.width = 1_000_000  # long lines are not folded
    data = editor.load(text)
    kept = ""
    if data is None:
        # Comments are attached to keys, and there are none yet.
        data = {}
        kept = "".join(f"{line}\n" for line in text.splitlines() if line.startswith("#"))
    change(data)
    stream = io.StringIO()
    editor.dump(data, stream)
    return kept + stream.getvalue()
