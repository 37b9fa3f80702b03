"""Operations that all kinds of objects have: list, read, create, change, delete."""

from __future__ import annotations

from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    Literal,
    TypeAlias,
    TypeVar,
    cast,
)

from rsspot.errors import (
    ConflictError,
    InvalidInput,
    NotFoundError,
    OutcomeUnknown,
    UnprocessableError,
)
from rsspot.models.quantities import count
from rsspot.models.resource import Resource
from rsspot.resources.waiting import FRESH, Wait, until
from rsspot.shapes import as_object, at, is_mapping
from rsspot.wire.bind import Group, M_co, operation
from rsspot.wire.endpoint import segment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rsspot_api.operations import Operation

    from rsspot.errors import RequestError
    from rsspot.flow.flow import Flow, Stream
    from rsspot.resources.verbs import Verbs
    from rsspot.resources.waiting import Poll, Progress, Seconds
    from rsspot.senders.messages import Options

__all__ = ["IfExists", "Namespaced"]

V = TypeVar("V", bound=Resource[Any])

IfExists: TypeAlias = Literal["error", "return"]
"""What `create` does if the name is taken: raise `ConflictError`, or return the existing one."""

API_VERSION = "ngpc.rxt.io/v1"


class Namespaced(Group[M_co], Generic[M_co, V]):
    """Namespaced objects: they belong to the organization of the client."""

    _kind: type[V]
    _verbs: Verbs
    _noun = "object"
    _fixed: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Arguments that an existing object must match, since they cannot be changed later or cost
    money, each with its place in the spec."""
    _changeable: ClassVar[frozenset[str]] = frozenset()
    """Those of `_fixed` that an update can change."""

    @operation
    def get(self, name: str) -> Flow[V]:
        """Return one of them.

        Args:
            name: Exact name of the object.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object.
        """
        return (yield from self._get(name))

    @operation
    def wait_until_deleted(
        self,
        name: str,
        *,
        timeout: Seconds | None = 1800.0,
        poll: Poll = 5.0,
        on_progress: Progress[V | None] | None = None,
    ) -> Flow[None]:
        """Wait until an object is gone.

        Another object that takes the name meanwhile is not waited for.

        Args:
            name: Exact name of the object. An object that does not exist is gone.
            timeout: Maximum time to wait, in seconds (default: 1800, half an hour), as a
                `timedelta`, or as text such as ``"30m"``. None waits without a limit.
            poll: Time between two checks, in seconds (default: 5), as a `timedelta` or text, or a
                function from the number of checks so far to that time.
            on_progress: Function that is called with each state that differs from the one before
                (default: none).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            WaitTimeout: If the time runs out, with the last state as `last`.
        """
        yield from self._wait_until_deleted(name, Wait(timeout, poll, on_progress))

    def _wait_until_deleted(self, name: str, wait: Wait, *, deleting: bool = False) -> Flow[None]:
        uid = ""

        def look(options: Options) -> Flow[V | None]:
            nonlocal uid
            found = yield from self._find(name, options)
            uid = uid or ("" if found is None else found.uid)
            if found is None or found.uid != uid:
                return None
            if deleting and found.deleted_at is None:
                yield from self._delete(name, missing_ok=True)
            return found

        yield from until(
            look,
            lambda view: view is None,
            wait,
            clock=self._connection.clock,
            timeouts=self._connection.settings.timeouts,
            what=f"Deletion of {self._noun} {name}",
        )

    def _list(self, selection: dict[str, Any], options: Options | None = None) -> Flow[list[V]]:
        arguments = yield from self._connection.namespaced(selection)
        return (
            yield from self._connection.list(
                self._kind, self._verbs.list, arguments, options=options
            )
        )

    def _each(
        self, selection: dict[str, Any], keep: Callable[[V], bool] | None = None
    ) -> Stream[V]:
        count("page_size", selection.get("limit"), 1)
        arguments = yield from self._connection.namespaced(selection)
        yield from self._connection.each(self._kind, self._verbs.list, arguments, keep)

    def _get(self, name: str, options: Options | None = None) -> Flow[V]:
        verb = cast("Operation", self._verbs.get)
        return (yield from self._call(verb, name, options=options))

    def _find(self, name: str, options: Options = FRESH) -> Flow[V | None]:
        try:
            return (yield from self._get(name, options))
        except NotFoundError:
            return None

    def _get_staying(self, name: str, options: Options) -> Flow[V]:
        # A deletion may take long, and the object will not become ready.
        found = yield from self._get(name, options)
        if found.deleted_at is not None:
            raise NotFoundError(f"The {self._noun} {name} is being deleted")
        return found

    def _call(
        self, verb: Operation, name: str, body: Any = None, options: Options | None = None
    ) -> Flow[V]:
        segment("name", name)  # before the namespace is looked up
        arguments = yield from self._connection.namespaced({"name": name})
        data = yield from self._connection.json(verb, arguments, body=body, options=options)
        return self._kind(data)

    def _create(
        self,
        name: str,
        spec: dict[str, Any],
        *,
        if_exists: IfExists,
        labels: dict[str, str] | None = None,
        annotations: dict[str, str] | None = None,
        requested: dict[str, Any] | None = None,
    ) -> Flow[V]:
        # `requested` is the part of the spec without our own defaults.
        wanted = spec if requested is None else requested
        verb = cast("Operation", self._verbs.create)
        arguments = yield from self._connection.namespaced()
        metadata: dict[str, Any] = {"name": name, **arguments}
        if labels:
            metadata["labels"] = labels
        if annotations:
            metadata["annotations"] = annotations
        body = {
            "apiVersion": API_VERSION,
            "kind": self._kind.model,
            "metadata": metadata,
            "spec": spec,
        }
        try:
            return self._kind((yield from self._connection.json(verb, arguments, body=body)))
        except ConflictError as error:
            if if_exists == "error" or error.reason not in {None, "AlreadyExists"}:
                raise
            there = yield from self._get(name, FRESH)
            self._check_same(there, wanted, error)
            return there
        except UnprocessableError as error:  # a server may check the values before the name
            known = None if if_exists == "error" else (yield from self._find(name))
            if known is not None:
                self._check_same(known, wanted, error)
            raise
        except OutcomeUnknown as error:
            error.hint = f"Look for {self._noun} {name} before you create it again"
            error.name = name
            if if_exists == "error":
                raise
            found = yield from self._find(name)
            if found is None:
                raise
            self._check_same(found, wanted, error)
            return found

    def _check_same(self, found: V, requested: dict[str, Any], error: RequestError) -> None:
        """Refuse an object that cannot become the requested one. Raises `ConflictError`."""
        exists = f"The {self._noun} {found.name} exists, and"
        problem, hint = "is being deleted", "Create it when `wait_until_deleted` has returned"
        causes: dict[str, str] = {}
        if found.deleted_at is None:
            there = as_object(found.to_dict().get("spec"))
            for argument, path in self._fixed.items():
                old, new = at(there, path), at(requested, path)
                if new is not None and not self._is_same(argument, old, new):
                    secret = argument in self._kind.secret
                    causes[argument] = (
                        "is another" if secret else f"is {old!r:.80}, not {new!r:.80}"
                    )
            if not causes:
                return
            listed = ", ".join(f"{argument} {text}" for argument, text in causes.items())
            problem = f"differs: {listed}"
            hint = "This cannot be changed: choose another name, or use the existing one"
            if causes.keys() <= self._changeable:
                hint = "Update it, choose another name, or use the existing one"
        raise ConflictError(
            f"{exists} {problem}",
            hint=hint,
            causes=causes,
            status=409,
            reason="AlreadyExists",
            method=error.method,
            url=error.url,
        ) from error

    def _is_same(self, argument: str, there: Any, requested: Any) -> bool:  # noqa: ARG002 - for kinds that look closer
        # A value that the server omits may be its default.
        return there is None or there == requested

    def _update(self, name: str, body: dict[str, Any]) -> Flow[V]:
        return (yield from self._call(cast("Operation", self._verbs.patch), name, body))

    def _replace(self, view: V | dict[str, Any]) -> Flow[V]:
        given = self._document_of(view)
        # The items of a list may lack their kind.
        body = {"apiVersion": API_VERSION, "kind": self._kind.model, **given}
        name = str(as_object(body.get("metadata")).get("name") or "")
        return (yield from self._call(cast("Operation", self._verbs.replace), name, body))

    def _document_of(self, view: V | dict[str, Any]) -> dict[str, Any]:
        given = view.to_dict() if isinstance(view, self._kind) else view
        if not is_mapping(given):
            raise InvalidInput(
                f"A {type(view).__name__} cannot replace a {self._noun}",
                hint=f"Give a {self._kind.__name__}, or the whole object as a mapping",
            )
        return dict(given)

    def _delete(self, name: str, *, missing_ok: bool) -> Flow[None]:
        verb = cast("Operation", self._verbs.delete)
        segment("name", name)  # before the namespace is looked up
        arguments = yield from self._connection.namespaced({"name": name})
        try:
            yield from self._connection.done(verb, arguments)
        except NotFoundError:
            if not missing_ok:
                raise

    def _delete_all(self, confirm: str) -> Flow[None]:
        arguments = yield from self._connection.namespaced()
        if confirm != arguments["namespace"]:
            raise InvalidInput(
                f"This deletes every {self._noun} of the organization",
                argument="confirm",
                hint=f"Pass confirm={arguments['namespace']!r} if that is what you want",
            )
        yield from self._connection.done(cast("Operation", self._verbs.delete_all), arguments)
