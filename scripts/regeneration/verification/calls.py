"""Every operation, sent through the generated package and compared with the document."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from regeneration.verification import contents, expected, styles
from regeneration.verification.losses import Loss, is_part, without_optional
from regeneration.verification.objects import convert
from regeneration.verification.pairs import equal, shown
from regeneration.verification.samples import samples
from rsspot.api_diff.document import pointer, resolve
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from regeneration.verification.expected import Body, Sent
    from rsspot.api_diff.document import OperationNode
    from rsspot.shapes import Json

__all__ = ["Caller", "Target"]

TOKEN = "sample-token"  # noqa: S105 - no secret
RESERVED = "a b/c&d=e?f#g%h+i~é"
"""Text in which everything has to be escaped, for a query or a path."""
STANDARD = frozenset(
    {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length"}
    | {"content-type", "authorization", "cookie", "transfer-encoding"}
)
"""Headers that any request has."""


class Target(NamedTuple):
    """An operation of the generated package: its module, and its arguments by place and name."""

    module: Any
    client: Any
    arguments: Mapping[tuple[str, str], str]


class _CapturedError(Exception):
    def __init__(self, request: httpx.Request) -> None:
        self.request = request


class Caller:
    """The samples of one operation, sent one by one."""

    def __init__(self, root: Json, operation: OperationNode, target: Target) -> None:
        self.root = root
        self.operation = operation
        self.target = target
        self.at = operation.pointer
        builder = target.module._get_kwargs  # noqa: SLF001 - its name
        self.hints: dict[str, Any] = inspect.get_annotations(builder, eval_str=True)
        self.parameters: dict[tuple[str, str], Json] = {
            (str(each.get("in")), str(each.get("name"))): each
            for each in operation.parameters(root)
            if not expected.ignored(each)
        }
        self.firsts: dict[tuple[str, str], Any] = {}
        self.needed: dict[tuple[str, str], Any] = {}
        self.working: Body | None = None
        self.media = expected.bodies(root, operation)
        self.filled = {body.media_type: self._filled(body) for body in self.media}

    def losses(self) -> Iterator[Loss]:
        """Yield what is not sent as the document says."""
        found = list(self._each())
        yield from found
        if not found:
            # Whatever is lost in one of its parts is lost in the whole, too.
            yield from self._whole()

    def _each(self) -> Iterator[Loss]:
        """Send each parameter and each body by itself, with what is required."""
        if unsupported := expected.unsupported_security(self.root, self.operation):
            yield self._operation("sign-in", f"the client cannot send a {unsupported}")
        drawn = {key: self._samples(each) for key, each in self.parameters.items()}
        lost = set[tuple[str, str]]()
        for key, values in drawn.items():
            if key not in self.target.arguments:
                yield self._parameter(key, "no argument takes it")
                lost.add(key)
            elif key[0] in {"header", "cookie"} and not expected.TOKEN.fullmatch(key[1]):
                yield self._parameter(key, f"HTTP allows no {key[0]} of this name")
                lost.add(key)
            elif not values:
                yield self._parameter(key, "OpenAPI defines no form for its values")
                lost.add(key)
        self.firsts = {
            key: values[0] for key, values in drawn.items() if key not in lost and values
        }
        self.needed = needed = {
            key: value
            for key, value in self.firsts.items()
            if key[0] == "path" or self.parameters[key].get("required") is True
        }
        for body in self.media:
            found = list(self._body_losses(body, needed))
            if self.working is None and all(loss.kind == "optional" for loss in found):
                self.working = next(iter(self.filled[body.media_type]), None)
            yield from found
        needed_body = self._needed_body()
        for key, values in drawn.items():
            for value in values if key not in lost else ():
                yield from self._call(needed | {key: value}, needed_body, key)

    def _whole(self) -> Iterator[Loss]:
        """With all that there is, and with only what is required."""
        yield from self._call(self.firsts, self.working, None)
        yield from self._call(self.needed, self._needed_body(), None)

    def _needed_body(self) -> Body | None:
        body = resolve(self.root, self.operation.node.get("requestBody") or {})
        return self.working if body.get("required") else None

    def _body_losses(self, body: Body, needed: Mapping[tuple[str, str], Any]) -> Iterator[Loss]:
        found = self.filled[body.media_type]
        if not found:
            yield self._body(body, "no sample of it can be made")
        for one in found:
            for loss in self._call(needed, one, body):
                fuller = one is not found[0] and is_part(one.value, found[0].value)
                yield without_optional(loss) if fuller else loss
                return

    def _samples(self, parameter: Json) -> list[Any]:
        if content := parameter.get("content"):
            media = next(iter(content.values()))
            return samples(self.root, media.get("schema", True))
        schema: Any = parameter.get("schema", {"type": "string"})
        found = [each for each in samples(self.root, schema) if styles.is_flat(each)]
        found = [each for each in found if styles.is_defined(parameter, each)]
        place = str(parameter.get("in"))
        plain = is_object(schema) and schema.get("type") == "string"
        if (
            found
            and plain
            and place in {"path", "query"}
            and not schema.keys() & {"enum", "const", "format"}
        ):
            found.append(RESERVED)
        return found

    def _filled(self, body: Body) -> list[Body]:
        kind = contents.simple(body.media_type)
        values = samples(self.root, body.schema)
        if kind in {"multipart/form-data", "application/octet-stream"}:
            values = [expected.with_bytes(self.root, body.schema, each) for each in values]
        if kind == "application/octet-stream":
            values = [b"\x00sample", b""]
        if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
            values = [each for each in values if is_object(each) and _is_form(each)]
        return [body._replace(value=each) for each in values]

    def _call(
        self,
        values: Mapping[tuple[str, str], Any],
        body: Body | None,
        about: tuple[str, str] | Body | None,
    ) -> Iterator[Loss]:
        def loss(detail: str) -> Loss:
            if about is not None and not isinstance(about, expected.Body):
                return self._parameter(about, detail)
            if about or body:
                return self._body(about or body, detail)
            return Loss("operation", self.operation.title, "cannot be called", detail, self.at)

        if body is not None and "body" not in self.hints:
            yield self._body(body, f"Unsupported content type {body.media_type}: not generated")
            return
        try:
            arguments = {
                self.target.arguments[key]: convert(value, self.hints[self.target.arguments[key]])
                for key, value in values.items()
            }
            if body is not None:
                arguments["body"] = convert(body.value, self.hints["body"])
            request = self._request(arguments)
        except Exception as error:  # noqa: BLE001 - any failure of the package is a loss
            yield loss(f"{type(error).__name__}: {error}")
            return
        sent = expected.request(self.root, self.operation, dict(values), body)
        yield from self._compare(sent, request, loss)

    def _request(self, arguments: Mapping[str, Any]) -> httpx.Request:
        def capture(request: httpx.Request) -> httpx.Response:
            raise _CapturedError(request)

        transport = httpx.MockTransport(capture)
        base = self.target.client._base_url  # noqa: SLF001 - generated
        headers = (
            {"Authorization": f"Bearer {TOKEN}"} if hasattr(self.target.client, "token") else {}
        )
        with httpx.Client(base_url=base, transport=transport, headers=headers) as http:
            self.target.client.set_httpx_client(http)
            try:
                self.target.module.sync_detailed(client=self.target.client, **arguments)
            except _CapturedError as captured:
                captured.request.read()
                return captured.request
        raise TypeError("sync_detailed sends no request")

    def _compare(self, sent: Sent, request: httpx.Request, loss: Any) -> Iterator[Loss]:
        if request.method != sent.method:
            yield self._operation("method", f"{request.method} is sent")
        found, base = urlsplit(str(request.url)), urlsplit(sent.base)
        if (found.scheme, found.netloc) != (base.scheme, base.netloc):
            there = f"{found.scheme}://{found.netloc}"
            yield self._server(f"{there} is called instead of {sent.base}")
        path = found.path
        if not path.startswith(f"{base.path}/"):
            yield self._server(f"{path} is called, not below {base.path}")
        elif unquote(path.removeprefix(base.path)) != unquote(sent.path):
            yield loss(f"the path {path.removeprefix(base.path)} is sent instead of {sent.path}")
        yield from self._query(sent, found.query)
        yield from self._headers(sent, request)
        yield from self._cookies(sent, request)
        if sent.body is None:
            if content := request.content:
                yield self._operation("request without a body", f"{content[:80]!r} is sent")
        elif reason := contents.difference(sent.body, request):
            yield self._body(sent.body, reason)

    def _query(self, sent: Sent, query: str) -> Iterator[Loss]:
        found = parse_qsl(query, keep_blank_values=True)
        lost = False
        for name, wanted in sent.query.items():
            names = {key for key, _ in wanted}
            there = [pair for pair in found if pair[0] in names]
            if not equal(wanted, there):
                lost = True
                sent_instead = shown(there or found)
                yield self._parameter(
                    ("query", name), f"{sent_instead} is sent instead of {shown(wanted)}"
                )
        if lost:
            return
        known = {key for wanted in sent.query.values() for key, _ in wanted}
        for key, value in found:
            if key not in known and not self._is_default("query", key, value):
                yield self._operation(f"query `{key}`", "is sent and not documented")

    def _headers(self, sent: Sent, request: httpx.Request) -> Iterator[Loss]:
        found = {key: request.headers[key] for key in request.headers}
        for name, wanted in sent.headers.items():
            if not equal([("", wanted)], [("", found.get(name.lower(), ""))]):
                there = found.get(name.lower(), "nothing")
                key = next(
                    key for key in self.parameters if (key[0], key[1].lower()) == ("header", name)
                )
                yield self._parameter(key, f"{there} is sent instead of {wanted}")
        for name in found.keys() - STANDARD - sent.headers.keys():
            if not self._is_default("header", name, found[name]):
                yield self._operation(f"header `{name}`", "is sent and not documented")
        wanted = contents.asked_for(self.root, self.operation)
        if wanted and found.get("accept") != wanted:
            yield self._operation("header `accept`", f"does not ask for {wanted}")
        if sent.secured is not ("authorization" in found):
            yield self._operation("sign-in", "is not as `security` says")

    def _cookies(self, sent: Sent, request: httpx.Request) -> Iterator[Loss]:
        text = request.headers.get("cookie", "")
        found = [part.partition("=")[::2] for part in text.split("; ") if part]
        for name, wanted in sent.cookies.items():
            there = [pair for pair in found if pair[0] in {key for key, _ in wanted}]
            if not equal(wanted, there):
                said = f"{text} is sent instead of {shown(wanted)}"
                yield self._parameter(("cookie", name), said)

    def _is_default(self, place: str, name: str, value: str) -> bool:
        """Return whether it is the default value in the document."""
        for key, parameter in self.parameters.items():
            if (key[0], key[1].lower()) == (place, name.lower()):
                schema: Any = parameter.get("schema", {})
                return styles.text(schema.get("default")) == value
        return False

    def _operation(self, lost: str, detail: str) -> Loss:
        return Loss("operation", self.operation.title, lost, detail, self.at)

    def _server(self, detail: str) -> Loss:
        return Loss("server", self.operation.title, "server", detail, f"{self.at}/servers")

    def _parameter(self, key: tuple[str, str], detail: str) -> Loss:
        place, name = key
        at = f"{self.at}/parameters/{place}/{pointer(name)}"
        return Loss("parameter", self.operation.title, f"{place} parameter `{name}`", detail, at)

    def _body(self, body: Body | None, detail: str) -> Loss:
        kind = body.media_type if body else ""
        at = f"{self.at}/requestBody/content/{pointer(kind)}"
        if len(self.media) < 2:  # noqa: PLR2004 - the only one is the body
            return Loss("body", self.operation.title, f"body {kind}", detail, at)
        return Loss("media type", self.operation.title, f"body {kind}", detail, at)


def _is_form(value: Json) -> bool:
    """Return whether OpenAPI defines the value as a form: no nulls, no nested extra members."""
    more = value.get("additionalMember", "")
    return None not in value.values() and isinstance(more, str)
