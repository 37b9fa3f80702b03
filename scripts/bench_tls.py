"""A local server behind TLS, trusted together with all usual certificates, for `bench.py`."""

from __future__ import annotations

import asyncio
import os
import ssl
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING

import certifi
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["behind_tls"]

LOOPBACK = "127.0.0.1"


@contextmanager
def behind_tls(port: int) -> Generator[str]:
    """Yield the https URL of a server on this machine; until then, child processes trust it.

    port: of the server, which speaks http.
    """
    before = os.environ.get("SSL_CERT_FILE")
    with tempfile.TemporaryDirectory() as folder:
        server, trusted = Path(folder, "server.pem"), Path(folder, "trusted.pem")
        made = _certificate(server)
        trusted.write_text(Path(certifi.where()).read_text("utf-8") + made, "utf-8")
        program = [sys.executable, __file__, str(port), str(server)]
        proxy = subprocess.Popen(program, stdout=subprocess.PIPE, text=True)
        try:
            if proxy.stdout is None:
                raise RuntimeError("The proxy has no output.")
            os.environ["SSL_CERT_FILE"] = str(trusted)
            yield f"https://{LOOPBACK}:{int(proxy.stdout.readline())}"
        finally:
            proxy.kill()
            proxy.communicate()
            os.environ.pop("SSL_CERT_FILE")
            if before is not None:
                os.environ["SSL_CERT_FILE"] = before


def _certificate(path: Path) -> str:
    """Write a self-signed certificate and its key to a file, and return the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bench")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(LOOPBACK))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.touch(0o600)
    path.write_bytes(made + private)
    return made.decode()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass  # one side is gone, so the other one is closed
    finally:
        writer.close()


async def _serve(port: int, certificate: str) -> None:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        other, onward = await asyncio.open_connection(LOOPBACK, port)
        await asyncio.gather(_pass_on(reader, onward), _pass_on(other, writer))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(connect, LOOPBACK, 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), sys.argv[2]))
