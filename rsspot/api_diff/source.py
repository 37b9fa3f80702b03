"""Bytes of a document from a file or a URL, with the reasons why there are none."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rsspot.api_diff.problem import Problem, squeeze

if TYPE_CHECKING:
    import httpx

__all__ = ["LIMIT", "Source", "read"]

LIMIT = 20_000_000
"""Bytes. The published document has 0.2 million; whatever is far larger is something else."""


class Source(NamedTuple):
    """What was read, and the name that messages give to it."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the bytes as they were read."""
        return hashlib.sha256(self.content).hexdigest()


def read(location: str | Path) -> Source:
    """Read a file, or a URL over http or https.

    Raises `Problem` when there is nothing, or more than `LIMIT` bytes. How long a server may take
    is bounded by the caller (`deadline.within`).
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
    # Only who fetches a URL pays for httpx.
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
        raise Problem(f"{name}: not a URL ({squeeze(str(error))}); check the address") from None
    except httpx.TransportError as error:
        raise Problem(
            f"{name}: cannot be fetched ({squeeze(str(error)) or type(error).__name__}); "
            "check the network and the address, or give a file"
        ) from None
    except (httpx.HTTPError, ValueError, UnicodeError) as error:
        raise Problem(f"{name}: cannot be fetched ({squeeze(str(error))}); give a file") from None


def _body(response: httpx.Response) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > LIMIT:
            break
    return bytes(content)
