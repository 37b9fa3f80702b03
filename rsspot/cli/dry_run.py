"""--dry-run: show the requests of a command that changes something, and end it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import NoReturn

    from rsspot.cli.output.terminal import Terminal
    from rsspot.wire.dry_run import DryRunRequest

__all__ = ["DryRuns"]


class DryRuns:
    """The dry run of one command."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._requests: list[DryRunRequest] = []
        self._several = False

    @contextmanager
    def several(self) -> Generator[None]:
        """Allow several writes; without this, the first one ends the dry run."""
        self._several = True
        yield
        if self._terminal.is_dry_run:
            self._end()

    def report(self, request: DryRunRequest) -> None:
        """Record a request; show it and end the command, unless more may follow."""
        self._requests.append(request)
        if not (self._several and request.checked):
            self._end()

    def _end(self) -> NoReturn:
        terminal = self._terminal
        checked = all(request.checked for request in self._requests)
        if terminal.reads_columns or terminal.output == "name":
            from rsspot.cli.output.rendering import dump

            for request in self._requests:
                body = "" if request.body is None else dump("json", request.body)
                terminal.write(f"{request.method} {request.path}\n{body}")
        else:
            terminal.show_one(self._described())
        if not self._requests:
            terminal.note("Dry run: there is nothing to change.")
        elif checked:
            terminal.note("Dry run: the server would accept this. Nothing was changed.")
        else:
            terminal.note("Dry run: nothing was sent, because this server has no dry run.")
        import typer

        raise typer.Exit

    def _described(self) -> list[dict[str, object]]:
        return [
            {"method": item.method, "path": item.path, "body": item.body, "checked": item.checked}
            for item in self._requests
        ]
