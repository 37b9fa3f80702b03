"""Public keys in the format of OpenSSH."""

from __future__ import annotations

import base64
import binascii
import hashlib

__all__ = ["fingerprint"]


def fingerprint(public_key: str) -> str:
    """The fingerprint as `ssh-keygen -l` writes it."""
    _, _, rest = public_key.strip().partition(" ")
    encoded = rest.strip().partition(" ")[0]
    try:
        data = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):
        data = encoded.encode()
    return "SHA256:" + base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
