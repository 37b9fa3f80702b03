"""Kubeconfigs: how kubectl reaches a cloudspace (fact sheet, section 2.4)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from rsspot.errors import InvalidInput, UnexpectedAnswerError
from rsspot.file_locks import file_lock
from rsspot.files import replace_text
from rsspot.models.shapes import as_object, is_object, objects_in

if TYPE_CHECKING:
    import os
    from typing import Self

__all__ = ["Kubeconfig"]

SECTIONS = ("clusters", "users", "contexts")
PATIENCE = 30.0
"""Seconds to wait for another process that merges into the same file."""


@frozen(repr=False, str=False)
class Kubeconfig:
    """A kubeconfig. It holds a bearer token, so neither repr nor errors show its text."""

    text: str
    """The YAML. Keep it secret."""

    @classmethod
    def from_answer(cls, data: dict[str, Any]) -> Self:
        """From what the API answers."""
        text = as_object(data.get("data")).get("kubeconfig")
        if not isinstance(text, str) or not text.strip():
            raise UnexpectedAnswerError("The answer holds no kubeconfig", status=200)
        return cls(text)

    @classmethod
    def build(cls, *, endpoint: str, token: str, organization: str, cloudspace: str) -> Self:
        """From the endpoint of a cloudspace and a bearer.

        The certificate of the endpoint is not signed by a public authority, so it is not
        checked, as in what the vendor's own tools write.
        """
        name = f"{organization}-{cloudspace}"
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": name,
                    "cluster": {"server": endpoint, "insecure-skip-tls-verify": True},
                }
            ],
            "users": [{"name": f"{name}-user", "user": {"token": token}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": f"{name}-user"}}],
            "current-context": name,
        }
        return cls(_dump(config))

    def __repr__(self) -> str:
        return f"<Kubeconfig of {len(self.text)} characters>"

    __str__ = __repr__

    @property
    def contexts(self) -> tuple[str, ...]:
        """The names of its contexts."""
        return tuple(_named(_load(self.text, "the answer"), "contexts"))

    def to_dict(self) -> dict[str, Any]:
        """The parsed YAML."""
        return _load(self.text, "the answer")

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write it to `path`, in place of what is there, in one step, for its owner only to read.

        Raises `OSError`.
        """
        target = Path(path).expanduser()
        replace_text(target, self.text)
        return target

    def merge(self, path: str | os.PathLike[str], *, use: bool = True) -> Path:
        """Put it into the file at `path`, beside what is there; `use` makes its context current.

        Entries of the same name are replaced; all others stay, with their comments, also when
        several processes merge at once. Raises `InvalidInput` when the file is no kubeconfig, or
        `OSError`, `StateError`, and leaves it as it was.
        """
        target = Path(path).expanduser()
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Not `config.lock`: kubectl takes a file of that name for a lock that is held.
        real = target.resolve()
        lock = real.with_name(f".{real.name}.rsspot-lock")
        with file_lock(str(lock), PATIENCE):
            return self._merge_into(target, use=use)

    def _merge_into(self, target: Path, *, use: bool) -> Path:
        mine = _load(self.text, "the answer")
        try:
            text = target.read_bytes().decode()
        except FileNotFoundError:
            return self.save(target)
        except UnicodeDecodeError:
            raise InvalidInput(f"{target} is not text in UTF-8", argument="path") from None
        theirs = _load(text, str(target))
        for section in SECTIONS:
            _merge(theirs, mine, section)
        if use and mine.get("current-context"):
            theirs["current-context"] = mine["current-context"]
        replace_text(target, _dump(theirs))
        return target


def _yaml() -> Any:
    from ruamel.yaml import YAML

    yaml: Any = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 4096  # a long line of theirs is not folded
    return yaml


def _load(text: str, where: str) -> dict[str, Any]:
    from ruamel.yaml.error import YAMLError

    try:
        loaded = _yaml().load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        # The parser would quote the line, which may hold a token.
        raise InvalidInput(f"{where}{place} is not YAML", argument="path") from None
    if loaded is None:
        return {"apiVersion": "v1", "kind": "Config"}
    if not isinstance(loaded, dict) or not all(
        isinstance(as_object(loaded).get(section) or [], list) for section in SECTIONS
    ):
        raise InvalidInput(f"{where} is not a kubeconfig", argument="path")
    return as_object(loaded)


def _named(config: dict[str, Any], section: str) -> dict[str, dict[str, Any]]:
    items = objects_in(config.get(section))
    return {item["name"]: item for item in items if isinstance(item.get("name"), str)}


def _merge(theirs: dict[str, Any], mine: dict[str, Any], section: str) -> None:
    # Changed in place, for comments hang on what is there.
    items: list[Any] = theirs.get(section) or []
    added = _named(mine, section)
    places = {as_object(item).get("name"): place for place, item in enumerate(items)}
    for name, item in added.items():
        if name in places:
            _become(items[places[name]], item)
        else:
            items.append(item)
    theirs[section] = items


def _become(old: dict[str, Any], new: dict[str, Any]) -> None:
    for key in old.keys() - new.keys():
        del old[key]
    for key, value in new.items():
        if is_object(value) and is_object(old.get(key)):
            _become(old[key], value)
        else:
            old[key] = value


def _dump(config: dict[str, Any]) -> str:
    stream = io.StringIO()
    _yaml().dump(config, stream)
    return stream.getvalue()
