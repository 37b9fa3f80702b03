"""What every engine promises, over real sockets: nothing sent twice, trust, proxies, threads.

Rules: docs/speed.md.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import certifi
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rsspot import Timeouts, errors
from rsspot.senders import Headers, HttpClientSender, Options, Request, Sender
from rsspot.senders.transport import tls
from rsspot.senders.transport.engines import make_sender
from rsspot.senders.transport.http_client_exchanges import Exchanges

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
ENGINES = ["sync", "http.client", "async", "aiohttp"]
each_engine = pytest.mark.parametrize("engine", ENGINES, indirect=True)


class Recorder:
    """A server whose connections are served by a function of the test's own."""

    def __init__(self, serve: Callable[[socket.socket, Recorder], None]) -> None:
        self.received: list[bytes] = []
        self.connections = 0
        self._serve = serve
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections += 1
                threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(10)
            self._serve(connection, self)

    def read(self, connection: socket.socket) -> bytes:
        """One request with its body, which is noted; nothing when the peer has closed."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return b""
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (
                int(line[15:])
                for line in head.lower().split(b"\r\n")
                if line[:15] == b"content-length:"
            ),
            0,
        )
        while len(body) < length:
            body += connection.recv(65536)
        self.received.append(head + b"\r\n\r\n" + body)
        return self.received[-1]

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@contextmanager
def recorded(serve: Callable[[socket.socket, Recorder], None]) -> Generator[Recorder]:
    server = Recorder(serve)
    try:
        yield server
    finally:
        server.close()


@each_engine
@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
def test_a_request_that_was_taken_whole_and_never_answered_is_not_sent_again(
    engine: Any, method: str
) -> None:
    """Not on a kept connection either, where a library takes the loss for an idle time-out."""

    def serve(connection: socket.socket, server: Recorder) -> None:
        server.read(connection)
        connection.sendall(GOOD)
        server.read(connection)

    with recorded(serve) as server:
        sender = engine.sender()
        url = f"http://127.0.0.1:{server.port}/a"
        assert engine.send(sender, Request("GET", url)).ok
        body = None if method == "GET" else {"a": 1}
        with pytest.raises(errors.ConnectionFailed) as caught:
            engine.send(sender, Request(method, url, json=body))
        assert caught.value.sent
        assert len(server.received) == 2


@each_engine
def test_a_connection_that_is_closed_at_the_moment_of_a_post_carries_it_once_at_most(
    engine: Any,
) -> None:
    """The server closes its idle connections while POSTs are on their way."""

    def serve(connection: socket.socket, server: Recorder) -> None:
        server.read(connection)
        connection.sendall(GOOD)
        time.sleep(len(server.received) % 5 * 0.002)

    with recorded(serve) as server:
        sender = engine.sender()
        url = f"http://127.0.0.1:{server.port}/a"
        outcomes: list[str] = []
        for number in range(40):
            request = Request("POST", url, json={"number": number})
            try:
                engine.send(sender, request)
                outcomes.append("done")
            except errors.ConnectionFailed as error:
                # It cannot be known that the server has not read it.
                outcomes.append("unknown" if error.sent else "not sent")
            time.sleep(number % 7 * 0.001)
        numbers = [each.rpartition(b"\r\n\r\n")[2] for each in server.received]
        assert len(numbers) == len(set(numbers))
        assert outcomes.count("done") <= len(numbers)
        assert "done" in outcomes
        assert "not sent" not in outcomes


@each_engine
def test_an_idle_connection_that_the_server_has_closed_is_not_used(engine: Any) -> None:
    def serve(connection: socket.socket, server: Recorder) -> None:
        server.read(connection)
        connection.sendall(GOOD)

    with recorded(serve) as server:
        sender = engine.sender()
        for _ in range(3):
            assert engine.send(sender, Request("POST", f"http://127.0.0.1:{server.port}/")).ok
            engine.pause(0.05)
        assert server.connections == 3


@each_engine
def test_a_connection_is_kept_and_used_again(engine: Any) -> None:
    def serve(connection: socket.socket, server: Recorder) -> None:
        while server.read(connection):
            connection.sendall(GOOD)

    with recorded(serve) as server:
        sender = engine.sender()
        for _ in range(5):
            assert engine.send(sender, Request("GET", f"http://127.0.0.1:{server.port}/")).ok
        assert server.connections == 1


@each_engine
def test_a_call_that_gets_no_connection_in_time_was_not_sent(engine: Any) -> None:
    begun, over = threading.Event(), threading.Event()

    def serve(connection: socket.socket, server: Recorder) -> None:
        server.read(connection)
        begun.set()
        over.wait(10)
        connection.sendall(GOOD)

    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1)
    hurried = Options(timeouts=Timeouts(pool=0.05, connect=0.05))
    with recorded(serve) as server:
        url = f"http://127.0.0.1:{server.port}/"
        sender = engine.sender(limits=limits, timeout=10)

        def blocked() -> None:
            begun.wait(10)
            with pytest.raises(errors.ConnectionFailed) as caught:
                engine.send(sender, Request("POST", url, options=hurried))
            assert (caught.value.sent, caught.value.timed_out) == (False, True)

        if not sender.is_async:
            first = threading.Thread(target=sender.send, args=(Request("GET", url),))
            first.start()
            blocked()
            over.set()
            first.join(10)
            return

        async def main() -> None:
            holding = asyncio.create_task(sender.send(Request("GET", url)))
            await asyncio.to_thread(begun.wait, 10)
            with pytest.raises(errors.ConnectionFailed) as caught:
                await sender.send(Request("POST", url, options=hurried))
            assert (caught.value.sent, caught.value.timed_out) == (False, True)
            over.set()
            assert (await holding).ok

        engine.run(main())


@each_engine
def test_a_peer_that_takes_nothing_ends_the_call_with_the_write_time_out(engine: Any) -> None:
    over = threading.Event()

    def serve(connection: socket.socket, _server: Recorder) -> None:
        over.wait(20)

    hurried = Options(timeouts=Timeouts(write=0.1, read=15, total=None))
    with recorded(serve) as server:
        url = f"http://127.0.0.1:{server.port}/"
        request = Request("PUT", url, content=b"x" * 20_000_000, options=hurried)
        with pytest.raises(errors.ConnectionFailed, match="accepted no data") as caught:
            engine.send(engine.sender(), request)
        over.set()
    assert (caught.value.sent, caught.value.timed_out) == (True, True)


class Authority:
    """A certificate authority, with files for a server and a client."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, folder.name)])
        self._name = name
        own = self._certificate(name, self._key.public_key(), authority=True)
        self.file = folder / "ca.pem"
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def _certificate(self, name: x509.Name, key: Any, *, authority: bool = False) -> Any:
        now = datetime.now(UTC)
        names = [x509.DNSName("localhost")]
        # Python 3.13 asks for identifiers and usage (RFC 5280, sections 4.2.1.1 to 4.2.1.3).
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        uses = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "encipher_only", "decipher_only"), False,
        )  # fmt: skip
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=authority, crl_sign=authority, **uses
        )
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
            .add_extension(issuer, critical=False)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def issue(self, name: str) -> str:
        """A file with a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._certificate(subject, key.public_key())
        file = self.folder / f"{name}.pem"
        file.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return str(file)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    folder = tmp_path / "one"
    folder.mkdir()
    return Authority(folder)


def secured(authority: Authority, *, asks: bool = False) -> Any:
    """Serves one request after another over TLS; asks for a certificate of the client if so."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue("server"))
    if asks:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(authority.file)

    def serve(connection: socket.socket, server: Recorder) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            while server.read(wrapped):
                wrapped.sendall(GOOD)

    return recorded(serve)


@each_engine
def test_only_the_authority_that_was_given_is_trusted(
    engine: Any, authority: Authority, tmp_path: Path
) -> None:
    folder = tmp_path / "two"
    folder.mkdir()
    other = Authority(folder)
    with secured(authority) as server:
        url = f"https://localhost:{server.port}/"
        for _ in range(2):
            assert engine.send(engine.sender(verify=str(authority.file)), Request("GET", url)).ok
        assert engine.send(engine.sender(verify=False), Request("GET", url)).ok
        for untrusting in ({"verify": str(other.file)}, {}):
            with pytest.raises(
                errors.ConnectionFailed, match=r"cannot be trusted \(.*issuer"
            ) as caught:
                engine.send(engine.sender(**untrusting), Request("POST", url))
            assert not caught.value.sent
            assert "verify_ssl" in str(caught.value)
        with pytest.raises(errors.ConnectionFailed, match="cannot be trusted"):
            # The certificate is for localhost alone.
            engine.send(
                engine.sender(verify=str(authority.file)),
                Request("GET", url.replace("localhost", "127.0.0.1")),
            )


@each_engine
def test_a_folder_of_authorities_is_trusted(
    engine: Any, authority: Authority, tmp_path: Path
) -> None:
    folder = tmp_path / "trusted"
    folder.mkdir()
    context = ssl.create_default_context(cafile=str(authority.file))
    assert context.cert_store_stats()["x509_ca"] == 1
    made = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", str(authority.file)],  # noqa: S607 - any openssl
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    (folder / f"{made.stdout.strip()}.0").write_bytes(authority.file.read_bytes())
    with secured(authority) as server:
        url = f"https://localhost:{server.port}/"
        assert engine.send(engine.sender(verify=str(folder)), Request("GET", url)).ok


@each_engine
def test_a_client_certificate_is_shown(engine: Any, authority: Authority) -> None:
    mine = authority.issue("mine")
    with secured(authority, asks=True) as server:
        url = f"https://localhost:{server.port}/"
        sender = engine.sender(verify=str(authority.file), cert=mine)
        assert engine.send(sender, Request("GET", url)).ok
        with pytest.raises(errors.ConnectionFailed):
            engine.send(engine.sender(verify=str(authority.file)), Request("GET", url))
        with pytest.raises(errors.ConfigError, match="cert does not name a certificate"):
            engine.send(engine.sender(cert="/missing.pem"), Request("GET", url))


def tunnel(connection: socket.socket, server: Recorder) -> None:
    """A proxy that opens a tunnel to the port that is asked for."""
    asked = server.read(connection)
    port = int(asked.split()[1].rpartition(b":")[2])
    with socket.create_connection(("127.0.0.1", port)) as target:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")

        def carry(one: socket.socket, other: socket.socket) -> None:
            with suppress(OSError):
                while data := one.recv(65536):
                    other.sendall(data)
                other.shutdown(socket.SHUT_WR)

        back = threading.Thread(target=carry, args=(target, connection), daemon=True)
        back.start()
        carry(connection, target)
        back.join(10)


@each_engine
@pytest.mark.parametrize("given", ["argument", "environment"])
def test_tls_goes_through_the_tunnel_of_a_proxy_which_sees_no_header(
    engine: Any, authority: Authority, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with secured(authority) as server, recorded(tunnel) as proxy:
        url = f"http://user:pass@127.0.0.1:{proxy.port}"
        options = {"proxy": url} if given == "argument" else {}
        if given == "environment":
            monkeypatch.setenv("HTTPS_PROXY", url)
        sender = engine.sender(verify=str(authority.file), **options)
        request = Request(
            "GET", f"https://localhost:{server.port}/a", headers={"Authorization": "Bearer x"}
        )
        for _ in range(2):
            assert engine.send(sender, request).ok
        assert len(proxy.received) == 1
        asked = proxy.received[0].lower()
        assert asked.startswith(f"connect localhost:{server.port} http/1.1\r\n".encode())
        assert b"proxy-authorization: basic dxnlcjpwyxnz\r\n" in asked
        assert b"bearer" not in asked
        assert all(b"proxy-authorization" not in each.lower() for each in server.received)


@each_engine
@pytest.mark.parametrize("proxied", [False, True])
def test_the_usual_authorities_are_read_once_and_for_the_first_https_request(
    engine: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch, *, proxied: bool
) -> None:
    read: list[str] = []
    create = ssl.create_default_context

    def noted(**options: Any) -> ssl.SSLContext:
        if "cafile" in options:  # when it is imported, aiohttp makes one of its own
            read.append(options["cafile"])
        return create(**options)

    for name in tls.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tls, "_shared", type(tls._shared)())
    monkeypatch.setattr(certifi, "where", lambda: str(authority.file))
    monkeypatch.setattr(ssl, "create_default_context", noted)

    def serve(connection: socket.socket, server: Recorder) -> None:
        if connection.recv(1, socket.MSG_PEEK) == b"C":
            tunnel(connection, server)
        while server.read(connection):
            connection.sendall(GOOD)

    with secured(authority) as server, recorded(serve) as other:
        options = {"proxy": f"http://127.0.0.1:{other.port}"} if proxied else {}
        sender = engine.sender(**options)
        assert engine.send(sender, Request("GET", f"http://localhost:{other.port}/")).ok
        assert not read
        for used in (sender, engine.sender(**options)):
            assert engine.send(used, Request("GET", f"https://localhost:{server.port}/")).ok
        assert len(read) == 1


def socks(connection: socket.socket, server: Recorder) -> None:
    """A SOCKS5 proxy (RFC 1928) with a name and a password (RFC 1929), and a server behind it."""
    _, count = connection.recv(2)
    assert 2 in connection.recv(count)
    connection.sendall(b"\x05\x02")
    _, length = connection.recv(2)
    name = connection.recv(length)
    password = connection.recv(connection.recv(1)[0])
    connection.sendall(b"\x01\x00" if (name, password) == (b"user", b"pass") else b"\x01\x01")
    _, command, _, kind = connection.recv(4)
    assert (command, kind) == (1, 3)  # connect, to a name that the proxy resolves
    host = connection.recv(connection.recv(1)[0])
    port = int.from_bytes(connection.recv(2), "big")
    server.received.append(b"%s:%d" % (host, port))
    connection.sendall(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
    while server.read(connection):
        connection.sendall(GOOD)


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("given", ["proxy", "proxies", "ALL_PROXY", "http_proxy"])
def test_a_socks_proxy_of_an_argument_or_the_environment_is_used_by_what_replaces_each_engine(
    is_async: bool,  # noqa: FBT001 - drawn
    given: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("socksio", reason="httpx needs it for SOCKS")
    for name in ("HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    async def main(proxy: Recorder) -> None:
        url = f"socks5://user:pass@127.0.0.1:{proxy.port}"
        options: dict[str, Any] = {}
        if given == "proxy":
            options = {"proxy": url}
        elif given == "proxies":
            options = {"proxies": {"all://": url}}
        else:
            monkeypatch.setenv(given, url)
        sender: Any = make_sender(options, is_async=is_async)
        request = Request("GET", "http://api.invalid/a", headers={"Authorization": "Bearer x"})
        for _ in range(2):
            response = sender.send(request)
            assert (await response if is_async else response).ok
        closing = sender.close()
        if is_async:
            await closing

    with recorded(socks) as proxy:
        asyncio.run(main(proxy))
        reached, *sent = proxy.received
    assert reached == b"api.invalid:80"
    assert [each.split(b"\r\n")[0] for each in sent] == [b"GET /a HTTP/1.1"] * 2
    assert all(b"proxy-authorization" not in each.lower() for each in sent)


@pytest.mark.parametrize("is_async", [False, True])
def test_what_only_httpx_can_reach_goes_through_httpx(
    is_async: bool,  # noqa: FBT001 - drawn
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "https://127.0.0.1:9")

    async def main() -> None:
        sender: Any = make_sender({}, is_async=is_async)
        request = Request("GET", "http://api.invalid/")
        with pytest.raises(errors.ConnectionFailed) as caught:
            await sender.send(request) if is_async else sender.send(request)
        assert not caught.value.sent
        assert sender._httpx is not None
        closing = sender.close()
        if closing is not None:
            await closing

    asyncio.run(main())


@each_engine
def test_no_field_of_one_request_is_in_another_of_any_thread_task_or_host(engine: Any) -> None:
    """What is remembered of the last request must not be told to another host, or for another."""

    def serve(connection: socket.socket, server: Recorder) -> None:
        while request := server.read(connection):
            fields = dict(
                line.lower().split(b": ", 1) for line in request.strip().split(b"\r\n")[1:]
            )
            names = (b"host", b"x-tenant", b"authorization")
            body = b"|".join(fields.get(name, b"-") for name in names)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)

    with recorded(serve) as one, recorded(serve) as other:
        sender = engine.sender(timeout=30)

        def requests(worker: int) -> Generator[tuple[Request, str]]:
            signed = Headers({"X-Tenant": f"t{worker}", "Authorization": f"token{worker}"})
            bare = Headers({"X-Tenant": f"t{worker}"})
            for number in range(12):
                fields = bare if number % 3 == 2 else signed
                host = f"127.0.0.1:{(one, other)[number % 2].port}"
                token = fields.get("Authorization", "-")
                yield (
                    Request("GET", f"http://{host}/{number}", headers=fields),
                    (f"{host}|t{worker}|{token}"),
                )

        def work(worker: int) -> list[tuple[str, str]]:
            return [(engine.send(sender, each).text, told) for each, told in requests(worker)]

        async def awork(worker: int) -> list[tuple[str, str]]:
            return [((await sender.send(each)).text, told) for each, told in requests(worker)]

        async def main() -> list[list[tuple[str, str]]]:
            return await asyncio.gather(*map(awork, range(8)))

        if sender.is_async:
            done = engine.run(main())
        else:
            with ThreadPoolExecutor(8) as threads:
                done = list(threads.map(work, range(8)))
    assert all(found == told for each in done for found, told in each)
    assert sum(map(len, done)) == 96


def test_many_threads_share_the_connections_of_one_sender() -> None:
    def serve(connection: socket.socket, server: Recorder) -> None:
        while server.read(connection):
            connection.sendall(GOOD)

    with recorded(serve) as server:
        sender = HttpClientSender(limits=httpx.Limits(max_connections=8), timeout=30)
        request = Request("GET", f"http://127.0.0.1:{server.port}/")
        done: list[bool] = []

        def work() -> None:
            done.extend(sender.send(request).ok for _ in range(20))

        threads = [threading.Thread(target=work) for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert done == [True] * 600
        assert server.connections <= 8
        sender.close()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_of_fork_uses_no_connection_of_its_parent() -> None:
    def serve(connection: socket.socket, server: Recorder) -> None:
        while server.read(connection):
            connection.sendall(GOOD)

    with recorded(serve) as server:
        sender = HttpClientSender()
        request = Request("GET", f"http://127.0.0.1:{server.port}/")
        assert sender.send(request).ok
        child = os.fork()
        if child == 0:
            signal.alarm(10)
            os._exit(0 if sender.send(request).ok else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert sender.send(request).ok
        assert server.connections == 2
        sender.close()


INTERRUPTED = """
import asyncio, signal, sys, threading, time, os
from rsspot.senders import Request
from rsspot.senders.transport.engines import make_sender
from rsspot.senders import AsyncSender, SyncSender
name, url = sys.argv[1:]
is_async = "a" in name[:2]
sender = make_sender({}, is_async=is_async) if "." in name or "io" in name else (
    AsyncSender() if is_async else SyncSender())
began = 0.0
def strike():
    global began
    time.sleep(0.3)
    began = time.monotonic()
    os.kill(os.getpid(), signal.SIGINT)
async def main():
    await sender.send(Request("GET", url))
threading.Thread(target=strike, daemon=True).start()
try:
    asyncio.run(main()) if is_async else sender.send(Request("GET", url))
except KeyboardInterrupt:
    print("at once" if time.monotonic() - began < 4 else "when the server has answered")
"""


@pytest.mark.parametrize("name", ENGINES)
def test_a_call_ends_soon_after_ctrl_c(name: str) -> None:
    def serve(connection: socket.socket, server: Recorder) -> None:
        server.read(connection)
        time.sleep(8)

    with recorded(serve) as server:
        done = subprocess.run(
            [sys.executable, "-c", INTERRUPTED, name, f"http://127.0.0.1:{server.port}/"],
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
    assert (done.stdout, done.stderr) == ("at once\n", "")


def test_an_interrupted_call_takes_no_place_in_the_pool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However it ends: a place belongs to the exchange that holds it, and goes with it."""

    def serve(connection: socket.socket, server: Recorder) -> None:
        while server.read(connection):
            connection.sendall(GOOD)

    receive = Exchanges._receive

    def interrupted(self: Any, exchange: Any, route: Any, lease: Any, bounds: Any) -> Any:
        receive(self, exchange, route, lease, bounds)
        raise KeyboardInterrupt

    monkeypatch.setattr(Exchanges, "_receive", interrupted)

    with recorded(serve) as server:
        sender = HttpClientSender(limits=httpx.Limits(max_connections=1), timeout=0.5)
        request = Request("GET", f"http://127.0.0.1:{server.port}/")
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                sender.send(request)
        lease = sender._open()._pool.lease("elsewhere", 0.1)
        del lease  # as when the frame that held it is gone
        with pytest.raises(KeyboardInterrupt):
            sender.send(request)
        sender.close()


@each_engine
def test_interim_responses_are_skipped_and_leave_nothing_for_the_next_request(engine: Any) -> None:
    interim = b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"

    def serve(connection: socket.socket, server: Recorder) -> None:
        for _ in range(2):
            server.read(connection)
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" + interim + GOOD)

    with recorded(serve) as server:
        sender = engine.sender()
        for _ in range(2):
            response = engine.send(sender, Request("GET", f"http://127.0.0.1:{server.port}/a"))
            assert (response.status_code, response.content) == (200, {})
            assert "link" not in response.headers


def test_no_engine_takes_an_argument_that_only_httpx_knows() -> None:
    with pytest.raises(TypeError, match="HttpClientSender does not support the argument"):
        HttpClientSender(event_hooks={})
    with pytest.raises(TypeError, match="does not support the argument nonsense"):
        HttpClientSender(nonsense=1)
    assert isinstance(HttpClientSender(), Sender)
