"""`rsspot webhook listen`: receive notices, and print them or run a program for each."""

import asyncio
import json
import os
import signal
import socket
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Typer

from rsspot.cli.command import RsspotCommand, RsspotGroup, command_group
from rsspot.cli.input import read_text
from rsspot.cli.output.formatting import format_value
from rsspot.cli.session import Session
from rsspot.preemption import PreemptionApp, PreemptionNotice, new_token

webhook: Typer = command_group("Receive notices before servers are taken away.")

TOKEN_VARIABLE = "RSSPOT_WEBHOOK_TOKEN"  # noqa: S105 - the name of a variable
MAX_PROGRAMS = 16
"""Programs that run at the same time; further notices wait."""


@webhook.callback(cls=RsspotGroup)
def _group() -> None:
    """Receive notices before servers are taken away."""  # makes typer keep the only command's name


@webhook.command(cls=RsspotCommand)
def listen(
    ctx: typer.Context,
    program: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[-- PROGRAM [ARGUMENTS]...]",
            help="Program to run for each notice, with the notice as JSON on its stdin.",
        ),
    ] = None,
    *,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", show_default=True, help="Address to listen on.")
    ] = "127.0.0.1",
    port: Annotated[
        int,
        typer.Option(
            metavar="N", show_default=True, help="Port to listen on; 0 for any free port."
        ),
    ] = 8714,
    token_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            help=f"File with the secret of the URL (default: {TOKEN_VARIABLE}, or a new secret).",
        ),
    ] = None,
    count: Annotated[
        int | None, typer.Option(metavar="N", help="Stop after this number of notices.")
    ] = None,
) -> None:
    """Receive notices: print each, or run a program for it.

    Make its URL the webhook of a cloudspace: rsspot cloudspaces update NAME --webhook URL.
    The vendor does not sign notices, so the URL contains a secret. Put the listener behind a proxy
    with TLS if it must be reachable from outside.
    """
    session = Session.of(ctx)
    token = os.environ.get(TOKEN_VARIABLE, "")
    if token_file is not None:
        token = read_text(session, token_file).strip()
    receiver = _Receiver(session, [*(program or ())], count)
    app = PreemptionApp(receiver.receive, token=token or new_token())
    shown = token_file is None and not token
    asyncio.run(receiver.serve(app, host, port, secret=app.path if shown else "/<token>"))


class _Receiver:
    """The server, and what it does with each notice."""

    def __init__(self, session: Session, program: list[str], count: int | None) -> None:
        self.session, self.program, self.left = session, program, count
        self.running: set[asyncio.Task[None]] = set()
        self.turns = asyncio.Semaphore(MAX_PROGRAMS)
        self.server: Any = None

    async def serve(self, app: PreemptionApp, host: str, port: int, *, secret: str) -> None:
        """Serve until interrupted, or until the expected number of notices has arrived."""
        import uvicorn

        from rsspot.cli.notice_connection import NoticeConnection

        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http=NoticeConnection,
            log_level="warning",
            access_log=False,
            lifespan="off",
        )
        self.server = server = uvicorn.Server(config)
        # Its own signal handlers would end the programs that are still running.
        server.capture_signals = nullcontext  # type: ignore[method-assign, assignment]
        with suppress(NotImplementedError):  # on Windows, where an interrupt ends everything
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, self.stop)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family)
        except (OSError, OverflowError) as error:
            self.session.refuse(
                f"Cannot listen on port {port} of {host}: {error}",
                "Choose another one with --port, or --port 0 for a free one",
            )
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listening.getsockname()[1]}"
        self.session.note(f"Listening. The webhook is {address}{secret}")
        await server.serve(sockets=[listening])
        if self.running:
            await asyncio.wait(self.running)

    def stop(self) -> None:
        """Accept no more notices, and let running programs finish."""
        self.server.should_exit = True

    async def receive(self, notice: PreemptionNotice) -> None:
        """Print a notice, or start the program without making the sender wait for it."""
        if self.left is not None:
            self.left -= 1
            if self.left <= 0:
                self.stop()
        if not self.program:
            self._print(notice)
            return
        task = asyncio.create_task(self._run(notice))
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    def _print(self, notice: PreemptionNotice) -> None:
        if self.session.output == "json":
            self.session.write(json.dumps(_fields(notice)) + "\n")
        elif self.session.output == "name":
            self.session.write(f"{format_value(notice.server)}\n")
        else:
            parts = (notice.time, notice.cloudspace, notice.server, notice.address)
            self.session.write("  ".join(map(format_value, parts)) + "\n")

    async def _run(self, notice: PreemptionNotice) -> None:
        async with self.turns:
            try:
                process = await asyncio.create_subprocess_exec(
                    *self.program, stdin=asyncio.subprocess.PIPE
                )
                await process.communicate(json.dumps(_fields(notice)).encode() + b"\n")
            except OSError as error:
                self.session.note(f"{self.program[0]} cannot be run: {error}", "Error")
                return
            if process.returncode:
                self.session.note(
                    f"{self.program[0]} ended with status {process.returncode} "
                    f"for server {notice.server}",
                    "Error",
                )


def _fields(notice: PreemptionNotice) -> dict[str, str | None]:
    return {
        "cloudspace": notice.cloudspace,
        "server": notice.server,
        "address": notice.address,
        "time": None if notice.time is None else notice.time.isoformat(),
    }
