"""Read a document, JSON or YAML, from a file or a URL, within bounds of time and size."""

from __future__ import annotations

import hashlib
import json
import math
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from rsspot.api_diff.problem import Problem, one_line
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from rsspot.shapes import Json

__all__ = [
    "LIMIT",
    "SECONDS",
    "Source",
    "plain",
    "read",
    "within",
]

SECONDS = 50.0
"""Seconds for a whole document: to look up its host, connect, download, decode and check it."""

T = TypeVar("T")


def within(work: Callable[[], T], name: str, seconds: float | None = None) -> T:
    """Return the result of `work`. Raises `Problem` if it takes longer than `seconds` (`SECONDS`).

    It runs in a thread, since nothing else bounds the resolver of names, headers that drip and a
    parser; a thread that is left behind ends with the process.
    """
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            errors.append(error)

    limit = SECONDS if seconds is None else seconds
    thread = threading.Thread(target=run, daemon=True, name="document")
    thread.start()
    thread.join(limit)
    if errors:
        raise errors[0]
    if not results:
        address = one_line(name.partition("?")[0].rpartition("@")[2], 200)
        raise Problem(
            f"{address}: not complete after {limit:.0f} s; save the document and give the file"
        )
    return results[0]


LIMIT = 20_000_000
"""Maximum bytes. The published document has 0.2 million; a far larger one is something else."""


class Source(NamedTuple):
    """The bytes that were read, and the name of their source in messages."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the bytes as they were read."""
        return hashlib.sha256(self.content).hexdigest()


def read(location: str | Path) -> Source:
    """Read a file, or a URL over http or https.

    Raises `Problem` when there is nothing, or more than `LIMIT` bytes. How long a server may take
    is bounded by the caller (`within`).
    """
    text = str(location)
    if not text:
        raise Problem("no document: give a file or a URL (SPEC=… or UPSTREAM=…)")
    if text.lower().startswith(("http://", "https://")):
        source = _download(text)
    elif "://" in text:
        raise Problem(f"{text}: only http:// and https:// can be fetched; or give a file")
    else:
        source = _open(Path(text))
    if len(source.content) > LIMIT:
        raise Problem(
            f"{source.name}: larger than {LIMIT // 1_000_000} MB; give the OpenAPI document itself"
        )
    return source


def _open(path: Path) -> Source:
    if path.is_dir():
        raise Problem(f"{path}: is a directory; give the OpenAPI document inside it")
    if path.exists() and not path.is_file():
        raise Problem(f"{path}: is not a regular file; save the document into one and give that")
    try:
        with path.open("rb") as file:
            return Source(str(path), file.read(LIMIT + 1))
    except FileNotFoundError:
        raise Problem(f"{path}: no such file; check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem(f"{path}: cannot be read ({reason}); check its permissions") from None


def _download(url: str) -> Source:
    # Importing httpx takes a while, and only URLs need it.
    import httpx

    # A query or a user part can be a secret, so neither is repeated in messages.
    name = re.sub(r"//[^/]*@", "//", url.partition("?")[0])
    try:
        name = str(httpx.URL(url).copy_with(query=None, fragment=None, userinfo=b""))
        with httpx.stream("GET", url, follow_redirects=True, timeout=20.0) as response:
            if not response.is_success:
                raise Problem(
                    f"{name}: the server returned {response.status_code}; "
                    "check the address, or save the document and give the file"
                )
            return Source(name, _body(response))
    except httpx.InvalidURL as error:
        raise Problem(f"{name}: not a URL ({one_line(str(error))}); check the address") from None
    except httpx.TransportError as error:
        raise Problem(
            f"{name}: cannot be fetched ({one_line(str(error)) or type(error).__name__}); "
            "check the network and the address, or give a file"
        ) from None
    except (httpx.HTTPError, ValueError, UnicodeError) as error:
        raise Problem(f"{name}: cannot be fetched ({one_line(str(error))}); give a file") from None


def _body(response: httpx.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LIMIT:
            break
    return bytes(content)


NODES = 1_000_000
"""Maximum number of values; more of them come from an alias that was expanded too often."""
DIGITS = 1000
"""Maximum bits of an integer; Python refuses to convert a larger one to text."""


def plain(read: Source) -> Json:
    """Return the object in a JSON or YAML file, converted to JSON types."""
    text = _text(read)
    value = _json(text, read.name) if text[0] in "{[" else _yaml(text, read.name)
    try:
        root = _plain(value, [NODES])
    except _UnusableError as error:
        raise Problem(f"{read.name}: {error}; correct it") from None
    except (RecursionError, OverflowError):
        raise Problem(f"{read.name}: nested without end or too deep; expand its aliases") from None
    if not is_object(root):
        kind = "a list" if is_array(root) else "plain text"
        raise Problem(f"{read.name}: holds {kind}, not an object; give an OpenAPI document")
    return root


def _text(read: Source) -> str:
    content = read.content
    if content.startswith(b"\x1f\x8b"):
        raise Problem(f"{read.name}: is compressed; unpack it first")
    try:
        text = content.decode(
            "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        )
    except UnicodeDecodeError:
        raise Problem(f"{read.name}: is binary, not text; give JSON or YAML in UTF-8") from None
    text = text.strip()
    if not text:
        raise Problem(f"{read.name}: is empty; give an OpenAPI document")
    if "\x00" in text:
        raise Problem(f"{read.name}: is binary, not text; give JSON or YAML in UTF-8")
    if text.startswith("<"):
        raise Problem(
            f"{read.name}: is HTML or XML, not JSON or YAML; "
            "a page about the document? give the address of the document itself"
        )
    return text


def _json(text: str, name: str) -> Any:
    try:
        return json.loads(text, strict=False, object_pairs_hook=_pairs, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise Problem(f"{name}: not JSON at {place} ({error.msg}); correct it there") from None
    except KeyError as error:
        key = one_line(str(error), 100)
        raise Problem(f"{name}: the key {key} is duplicated in one object; keep one") from None
    except ValueError as error:
        raise Problem(f"{name}: not JSON ({one_line(str(error), 120)}); correct it") from None
    except RecursionError:
        raise Problem(f"{name}: nested too deep; is this an OpenAPI document?") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number in JSON")


def _pairs(pairs: list[tuple[str, Any]]) -> Json:
    result: Json = {}
    for key, value in pairs:
        if key in result:
            raise KeyError(key)
        result[key] = value
    return result


def _yaml(text: str, name: str) -> Any:
    from ruamel.yaml import YAML, error
    from ruamel.yaml.constructor import SafeConstructor

    class Constructor(SafeConstructor):
        """Keeps a time as it is written, as JSON would have it."""

    def as_written(_: Any, node: Any) -> str:
        return str(node.value)

    constructor: Any = Constructor
    constructor.add_constructor("tag:yaml.org,2002:timestamp", as_written)
    reader: Any = YAML(typ="safe")
    reader.Constructor = constructor
    try:
        return reader.load(text)
    except error.MarkedYAMLError as caught:
        marked = cast("Any", caught)
        mark = marked.problem_mark or marked.context_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        tab = " (YAML is indented with spaces, not tabs)" if "\t" in _line(text, mark) else ""
        reason = one_line(str(marked.problem or marked.context), 120)
        raise Problem(f"{name}: not YAML{place}: {reason}{tab}; correct it there") from None
    except (error.YAMLError, ValueError, RecursionError) as caught:
        raise Problem(f"{name}: not YAML: {one_line(str(caught), 120)}; correct it") from None


def _line(text: str, mark: Any) -> str:
    lines = text.splitlines()
    number: int = mark.line if mark else len(lines)
    return lines[number] if number < len(lines) else ""


class _UnusableError(Exception):
    """A value that JSON does not have, or that Python cannot write to a file."""


def _plain(value: Any, left: list[int]) -> Any:
    """Return a copy without aliases, whose keys and dates are text."""
    left[0] -= 1
    if left[0] < 0:
        raise OverflowError
    if is_object(value):
        made = {_key(key): _plain(child, left) for key, child in value.items()}
        if len(made) < len(value):
            keys = [_key(key) for key in value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise _UnusableError(f"has the key {one_line(twice, 40)} twice, as text and otherwise")
        return made
    if isinstance(value, tuple | set):
        value = list(cast("set[Any]", value))
    if is_array(value):
        return [_plain(child, left) for child in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value):
            raise _UnusableError(f"holds half a surrogate pair ({one_line(value, 40)})")
        return value
    if isinstance(value, float) and not math.isfinite(value):
        raise _UnusableError("holds a number that is infinite or not a number")
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > DIGITS:
        raise _UnusableError("holds an integer of more than 300 digits")
    if value is None or isinstance(value, bool | int | float):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _key(key: Any) -> str:
    return str(_scalar(key)) if isinstance(key, str) else json.dumps(_plain(key, [100]))
