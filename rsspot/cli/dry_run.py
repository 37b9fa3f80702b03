"""--dry-run: show the requests of a command that changes something, and end it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import NoReturn

    from rsspot.cli.session import Session
    from rsspot.wire.dry_run import DryRunRequest

__all__ = ["DryRuns"]


class DryRuns:
    """The dry run of one command."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._requests: list[DryRunRequest] = []
        self._several = False

    @property
    def chosen(self) -> bool:
        """Whether --dry-run was given."""
        return bool(self._session.global_options.get("dry_run"))

    @contextmanager
    def several(self) -> Generator[None]:
        """Allow several writes; without this, the first one ends the dry run."""
        self._several = True
        yield
        if self.chosen:
            self._end()

    def report(self, request: DryRunRequest) -> None:
        """Record a request; show it and end the command, unless more may follow."""
        self._requests.append(request)
        if not (self._several and request.checked):
            self._end()

    def _end(self) -> NoReturn:
        session = self._session
        checked = all(request.checked for request in self._requests)
        if session.reads_columns or session.output == "name":
            from rsspot.cli.output.rendering import dump

            for request in self._requests:
                body = "" if request.body is None else dump("json", request.body)
                session.write(f"{request.method} {request.path}\n{body}")
        else:
            session.show_one(self._described())
        if not self._requests:
            session.note("Dry run: there is nothing to change.")
        elif checked:
            session.note("Dry run: the server would accept this. Nothing was changed.")
        else:
            session.note("Dry run: nothing was sent, because this server has no dry run.")
        import typer

        raise typer.Exit

    def _described(self) -> list[dict[str, object]]:
        return [
            {"method": item.method, "path": item.path, "body": item.body, "checked": item.checked}
            for item in self._requests
        ]
