"""Encrypt rows, so that only holders of the credential that they belong to can read them.

Sources: HKDF (RFC 5869) with SHA-256; AES-GCM (NIST SP 800-38D) with a 256-bit key and a random
nonce of 96 bits.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from rsspot.errors import ConfigError
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from rsspot.redaction.secret import Secret

__all__ = ["sealed", "unsealed"]

FORM = b"1"
"""The first byte of rows that are encrypted in this way."""
NONCE = 12
COLUMNS = ("value", "expires_at", "obtained_at", "refresh_token")


def sealed(row: dict[str, Any], partition: str, credential: Secret) -> bytes:
    """Return a row as bytes that reveal nothing without the credential.

    partition: where it is stored; it cannot be decrypted in another partition.

    Raises `ConfigError` without the extra `postgres`.
    """
    nonce = os.urandom(NONCE)
    text = json.dumps(row).encode()
    return FORM + nonce + _cipher(credential).encrypt(nonce, text, partition.encode())


def unsealed(data: bytes, partition: str, credential: Secret) -> dict[str, Any] | None:
    """Return a decrypted row; None if it is not encrypted, or with another credential."""
    from cryptography.exceptions import InvalidTag

    cipher = _cipher(credential)
    if data[:1] != FORM:
        return None
    nonce, rest = data[1 : 1 + NONCE], data[1 + NONCE :]
    try:
        row: Any = json.loads(cipher.decrypt(nonce, rest, partition.encode()))
    except (InvalidTag, ValueError):
        return None
    return row if is_object(row) and all(name in row for name in COLUMNS) else None


def _cipher(credential: Secret) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    except ImportError:
        raise ConfigError(
            "Sharing tokens needs the extra `postgres`",
            hint='Install it: pip install "rsspot[postgres]"',
        ) from None
    derive = HKDF(SHA256(), 32, salt=None, info=b"rsspot access token 1")
    return AESGCM(derive.derive(credential.reveal().encode()))
