"""Steps that are programs: what they read and print, how they fail, and that nothing outlives them.

Rules: docs/rules.md#programs-as-steps, docs/rules.md#registered-once,
docs/rules.md#join-tokens, docs/rules.md#event-loop.
"""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from rsspot import RegistrationWorkflow
from rsspot.errors import ConfigError, InvalidInput
from rsspot.registration import Summary
from rsspot.registration.programs import ProgramSteps, Stopped
from rsspot.registration.programs.command import split_command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot import RegistrationRecord
    from rsspot.registration import Progress

TEXT = "join-me/with+a=secret"
TOKEN = json.dumps({"id": "t-1", "text": TEXT, "expires_at": "2099-01-01T00:00:00Z"})
NAMES = ("issue_token", "submit", "verify")
ISSUE = f"cat >/dev/null; echo '{TOKEN}'"
in_memory = pytest.mark.parametrize("state_location", [":memory:"])
"""For what a database has no part in."""
QUICK: dict[str, Any] = {"base_delay": 0.01, "max_delay": 0.01, "verify_every": 0.01}


class Inventory:
    """VM cloudspaces as plain JSON."""

    def __init__(self, count: int = 1) -> None:
        machines = {f"s{number}": {"ipAddress": f"10.0.0.{number}"} for number in range(count)}
        where = {"name": "vms", "namespace": "org-a", "uid": "u1"}
        self.spaces = [{"metadata": where, "status": {"assignedServers": machines}}]

    @property
    def inventory(self) -> Any:
        return self

    def list_vmcloudspaces(self) -> list[Any]:
        return self.spaces


@pytest.fixture
def workflow(state_location: str) -> Iterator[RegistrationWorkflow]:
    made = RegistrationWorkflow(state_location, target="omni", owner="w")
    yield made
    made.state.close()


class Run(Protocol):
    def __call__(self, steps: ProgramSteps, count: int = 1, **options: Any) -> Summary: ...


@pytest.fixture(params=["sync", "async"])
def run(request: pytest.FixtureRequest, workflow: RegistrationWorkflow) -> Run:
    """Runs a workflow with programs, in both modes."""

    def call(steps: ProgramSteps, count: int = 1, **options: Any) -> Summary:
        chosen: dict[str, Any] = {**QUICK, "max_attempts": 1, **options}
        if request.param == "sync":
            return workflow.run(Inventory(count), **steps.steps(), **chosen)
        return asyncio.run(workflow.arun(Inventory(count), **steps.asteps(), **chosen))

    return call


def shell(code: str) -> list[str]:
    return ["/bin/sh", "-c", code]


def steps(
    issue: str = ISSUE, submit: str = "cat >/dev/null", verify: str | None = None, **options: Any
) -> ProgramSteps:
    return ProgramSteps(
        issue_token=shell(issue),
        submit=shell(submit),
        verify=None if verify is None else shell(verify),
        **options,
    )


def script(folder: Path, text: str, mode: int = 0o755) -> Path:
    file = folder / "step.sh"
    file.write_text(text)
    file.chmod(mode)
    return file


def only(workflow: RegistrationWorkflow) -> RegistrationRecord:
    (record,) = workflow.list()
    return record


def test_a_program_reads_the_step_and_the_token_on_stdin_and_nowhere_else(
    run: Run, workflow: RegistrationWorkflow, tmp_path: Path
) -> None:
    answers = {"issue_token": TOKEN, "submit": json.dumps({"machine": "m-1", "echo": TEXT})}
    for name in NAMES:
        (tmp_path / f"{name}.out").write_text(answers.get(name, ""))
    file = script(
        tmp_path,
        f"#!/bin/sh\ncd {shlex.quote(str(tmp_path))}\n"
        "cat > $1.json; env > $1.env; ps -ww -o args= $$ > $1.ps; cat $1.out\n",
    )
    issue, submit, verify = ([str(file), name] for name in NAMES)
    programs = ProgramSteps(issue_token=issue, submit=submit, verify=verify)
    assert run(programs) == Summary(registered=1)
    record = only(workflow)
    asked = {name: json.loads((tmp_path / f"{name}.json").read_text()) for name in NAMES}
    for name, step in asked.items():
        assert step["step"] == name
        assert step["version"] == 1
        assert step["idempotency_key"] == record.idempotency_key
        assert step["attempt"] == 1
        assert step["record"]["server"] == "s0"
        assert step["record"]["address"] == "10.0.0.0"
        assert not {"owner", "lease_id"} & step["record"].keys()
        assert TEXT not in (tmp_path / f"{name}.env").read_text()
        assert TEXT not in (tmp_path / f"{name}.ps").read_text()
    assert asked["submit"]["token"] == {
        "id": "t-1",
        "text": TEXT,
        "expires_at": "2099-01-01T00:00:00+00:00",
    }
    assert "token" not in asked["issue_token"]
    assert TEXT not in json.dumps(asked["verify"])
    assert record.payload["machine"] == "m-1"
    assert TEXT not in json.dumps(record.payload)
    assert (record.token_id, str(record.token_expires_at)) == ("t-1", "2099-01-01 00:00:00+00:00")


@in_memory
def test_a_program_may_ignore_what_it_is_told_and_print_nothing(run: Run) -> None:
    assert run(steps(issue=f"exec <&-; echo '{TOKEN}'", submit="true", verify="true"), 5) == (
        Summary(registered=5)
    )


def test_75_of_a_verification_asks_again_and_counts_no_failure(
    run: Run, workflow: RegistrationWorkflow, tmp_path: Path
) -> None:
    verify = (
        f"cd {shlex.quote(str(tmp_path))}; echo x >> asked; [ $(wc -l < asked) -ge 3 ] || exit 75"
    )
    assert run(steps(verify=verify)) == Summary(registered=1)
    assert (tmp_path / "asked").read_text() == "x\n" * 3
    assert only(workflow).attempts == 0
    assert [line.after for line in workflow.ledger.audit(only(workflow).key)].count("failed") == 0


@in_memory
def test_registered_false_asks_again_too(run: Run, workflow: RegistrationWorkflow) -> None:
    assert run(steps(verify="echo '{\"registered\": false}'"), verify_timeout=0.05) == (
        Summary(failed=1)
    )
    assert "did not know the VM" in str(only(workflow).last_error)


FAILURES = [
    ("exit 1", "ProgramFailed: sh exited with status 1"),
    ("echo 'no route to host' >&2; exit 255", "sh exited with status 255: no route to host"),
    ("exit 75", "ProgramFailed: sh asked for another attempt"),
    ("echo busy >&2; exit 75", "ProgramFailed: sh asked for another attempt: busy"),
    ("kill -9 $$", "ProgramFailed: sh was killed by SIGKILL"),
    ("kill -SEGV $$", "ProgramFailed: sh was killed by SIGSEGV"),
    ("no-such-program-at-all", "exited with status 127: "),
    ("echo hello", "did not print JSON: Expecting value in line 1"),
    ("echo '{\"id\": '", "did not print JSON"),
    ("echo '{} {}'", "did not print JSON: Extra data"),
    ("echo '[1]'", "printed JSON that is not an object"),
    ("echo 7", "printed JSON that is not an object"),
    ("printf '\\377'", "printed text that is not UTF-8"),
    ("head -c 200000 /dev/zero | tr '\\0' '['", "did not print JSON: it is too deep"),
    ("yes", "printed more than 1,048,576 bytes"),
    ("yes | head -c 1000000000", "printed more than 1,048,576 bytes"),
    ("exec >&- 2>&-; exit 3", "exited with status 3"),
    ("read answer < /dev/tty", "exited with status"),
]


@in_memory
@pytest.mark.parametrize(
    ("step", "code", "error"),
    [
        (step, code, error)
        for step in ("issue", "submit", "verify")
        for code, error in FAILURES
        if step != "verify" or "another attempt" not in error  # of a verification: not yet
    ],
)
def test_a_program_that_fails_is_an_error_of_its_record(
    step: str, code: str, error: str, run: Run, workflow: RegistrationWorkflow
) -> None:
    assert run(steps(**{step: code})) == Summary(failed=1)
    found = only(workflow).last_error
    assert found is not None
    assert error in found


@in_memory
@pytest.mark.parametrize(
    ("printed", "error"),
    [
        ("", "printed no token"),
        ("{}", "printed no token"),
        ('{"id": "t"}', "without 'text'"),
        ('{"id": 7, "text": "t"}', "without 'id'"),
        ('{"id": "", "text": "t"}', "without 'id'"),
        ('{"id": "t", "text": "s", "expires": "2099-01-01T00:00:00Z"}', "unknown field"),
        ('{"id": "t", "text": "s", "expires_at": "2099-01-01"}', "not a time with a time zone"),
        ('{"id": "t", "text": "s", "expires_at": 7}', "not a time with a time zone"),
        ('{"id": "t", "text": "s", "expires_at": "2020-01-01T00:00:00Z"}', "had expired"),
        ('{"id": "join-with-s3cret", "text": "s3cret"}', "contains its text"),
    ],
)
def test_a_token_that_cannot_be_used_is_refused(
    printed: str, error: str, run: Run, workflow: RegistrationWorkflow
) -> None:
    assert run(steps(issue=f"echo '{printed}'")) == Summary(failed=1)
    found = str(only(workflow).last_error)
    assert error in found
    assert "[secret]" not in found, "the advice has nothing to hide"


@pytest.mark.parametrize("step", NAMES)
def test_65_and_77_are_final_and_others_are_tried_again(
    step: str, run: Run, workflow: RegistrationWorkflow
) -> None:
    name = {"issue_token": "issue"}.get(step, step)
    by_server = (
        (
            'grep -o \'"server": "s.\' | {{ read -r line; case $line in '
            "*s0) echo bad >&2; exit 65;; *s1) echo other >&2; exit 77;; *) exit 70;; esac; }}"
        )
        .replace("{{", "{")
        .replace("}}", "}")
    )
    done = run(steps(**{name: by_server}), 3, max_attempts=2)
    assert done == Summary(failed=2, skipped=1)
    errors = {record.server: record.last_error for record in workflow.list()}
    assert errors["s0"] == "Permanent: sh failed permanently: bad"
    assert errors["s1"] == "other"
    assert {record.server: record.attempts for record in workflow.list()}["s2"] == 2


def test_secrets_on_stderr_are_not_kept(
    run: Run, workflow: RegistrationWorkflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OMNI_SERVICE_ACCOUNT_KEY", "correct-horse-battery")
    told: list[str] = []

    def hear(progress: Progress) -> None:
        told.append(f"{progress.error!r} {progress.error}")

    issue = f"echo '{TOKEN}'; echo 'made {TEXT} with' $OMNI_SERVICE_ACCOUNT_KEY >&2; exit 1"
    run(steps(issue=issue), on_progress=hear)
    error = str(only(workflow).last_error)
    assert error == "ProgramFailed: sh exited with status 1: made [token] with [token]"
    submit = 'sed \'s/.*"text": "\\([^"]*\\)".*/cannot use \\1/\' >&2; exit 1'
    workflow.retry(only(workflow))
    run(steps(submit=submit), on_progress=hear)
    assert only(workflow).last_error == "ProgramFailed: sh exited with status 1: cannot use [token]"
    history = [line.why for line in workflow.ledger.audit(only(workflow).key)]
    for text in (*told, *history):
        assert TEXT not in text
        assert "correct-horse" not in text


@in_memory
@pytest.mark.parametrize(
    "printed",
    [
        f"{TEXT}",
        f'{{"id": "t-1", "text": "{TEXT}"',
        f'{{"token": {{"value": "{TEXT}"}}}}',
        f"export TOKEN='{TEXT}'; join",
        f"token: {TEXT}",
        f"TOKEN={TEXT}",
    ],
)
def test_a_token_that_was_printed_in_another_form_is_not_kept_either(
    printed: str, run: Run, workflow: RegistrationWorkflow
) -> None:
    code = f"echo {shlex.quote(printed)}; echo 'made {TEXT} and lost it' >&2; exit 1"
    run(steps(issue=code))
    error = "ProgramFailed: sh exited with status 1: made [token] and lost it"
    assert only(workflow).last_error == error


@in_memory
def test_the_end_of_a_long_stderr_is_kept_without_colors(
    run: Run, workflow: RegistrationWorkflow
) -> None:
    code = "yes 'once more' | head -n 30000 >&2; printf '\\033[31mrefused\\033[0m\\n' >&2; exit 1"
    run(steps(submit=code))
    error = str(only(workflow).last_error)
    assert error.endswith("once more\nrefused")
    assert len(error) <= 2000


def wait_for(marker: Path) -> None:
    while not marker.exists():
        time.sleep(0.01)


def alive(marker: Path) -> list[str]:
    """The processes that still write to a file: each writes its own name there all the time."""
    before = marker.stat().st_size
    time.sleep(0.1)
    return [] if marker.stat().st_size == before else ["somebody"]


def busy(marker: Path, trap: str = "") -> str:
    """A program that takes long, and so does what it started."""
    # A minute, for the case that nobody stops it.
    loop = f"for i in $(seq 3000); do echo x >> {shlex.quote(str(marker))}; sleep 0.02; done"
    return f"{trap} (trap '' TERM; {loop}) & {loop}"


def test_a_program_that_never_ends_is_stopped_with_what_it_started(
    run: Run, workflow: RegistrationWorkflow, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    assert run(steps(submit=busy(marker), timeout=0.3)) == Summary(failed=1)
    assert "sh did not end within 0.3 s, and was stopped" in str(only(workflow).last_error)
    assert not alive(marker)


@in_memory
def test_what_a_program_leaves_behind_does_not_hold_up_the_run(
    run: Run, workflow: RegistrationWorkflow
) -> None:
    began = time.monotonic()
    assert run(steps(submit='sleep 60 & echo \'{"machine": "m"}\'')) == Summary(registered=1)
    assert time.monotonic() - began < 30
    assert only(workflow).payload["machine"] == "m"


def test_in_async_the_step_timeout_of_the_run_stops_the_program(
    workflow: RegistrationWorkflow, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    calls = steps(submit=busy(marker)).asteps()
    done = asyncio.run(
        workflow.arun(Inventory(), **calls, **QUICK, max_attempts=1, step_timeout=0.3)
    )
    assert done == Summary(failed=1)
    assert not alive(marker)


@in_memory
def test_a_second_cancellation_kills_programs_and_leases_are_given_back(
    workflow: RegistrationWorkflow, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"

    async def main() -> None:
        calls = steps(submit=busy(marker, "trap '' TERM;")).asteps()
        task = asyncio.create_task(workflow.arun(Inventory(), **calls, **QUICK))
        await asyncio.to_thread(wait_for, marker)
        task.cancel()
        await asyncio.sleep(0.1)
        assert not task.done()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert not alive(marker)
    assert only(workflow).owner is None


def test_the_loop_goes_on_while_a_program_runs(workflow: RegistrationWorkflow) -> None:
    async def main() -> tuple[Summary, int]:
        turns = 0
        calls = steps(submit="sleep 0.3").asteps()
        task = asyncio.create_task(workflow.arun(Inventory(), **calls, **QUICK))
        while not task.done():
            await asyncio.sleep(0.01)
            turns += 1
        return task.result(), turns

    done, turns = asyncio.run(main())
    assert done == Summary(registered=1)
    assert turns > 5


def test_closing_kills_what_runs_and_starts_nothing_more(
    workflow: RegistrationWorkflow, tmp_path: Path
) -> None:
    marker = tmp_path / "marker"
    programs = steps(submit=busy(marker, "trap '' TERM;"))

    def close() -> None:
        wait_for(marker)
        programs.close()

    thread = threading.Thread(target=close)
    thread.start()
    with pytest.raises(Stopped, match="sh was stopped"):
        workflow.run(Inventory(), **programs.steps(), **QUICK)
    thread.join()
    assert not alive(marker)
    record = only(workflow)
    assert (record.status, record.attempts, record.owner) == ("token_issued", 0, None)
    with pytest.raises(Stopped, match="sh was not started"):
        workflow.run(Inventory(), **programs.steps(), **QUICK)


@pytest.mark.parametrize(
    ("program", "error"),
    [
        ("", "is empty"),
        ([], "is empty"),
        (["", "x"], "is empty"),
        (["x\0"], "is not text"),
        ([7], "is not text"),
        ("./missing.sh", "does not exist"),
        ("/", "is not a file"),
        ("no-such-program-at-all", "is not on PATH"),
        ("step.sh", r"is not on PATH. Write ./step.sh"),
        ("./step.sh", r"is not executable. Run: chmod \+x ./step.sh"),
    ],
)
@pytest.mark.parametrize("step", NAMES)
def test_a_program_that_cannot_be_started_is_refused_before_anything_happens(
    step: str, program: Any, error: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    script(tmp_path, "#!/bin/sh\n", 0o644)
    if os.geteuid() == 0 and "executable" in error:
        assert not os.access("step.sh", os.X_OK)
    programs: dict[str, Any] = dict.fromkeys(NAMES, "true")
    with pytest.raises(ConfigError, match=error) as refused:
        ProgramSteps(**{**programs, step: program})
    assert f"program of {step}" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "does not name its interpreter"),
        ("echo hi\n", "does not name its interpreter"),
        ("#!/no/such/sh -e\n", "'/no/such/sh', which does not exist"),
        ("#!/bin/sh\r\necho\r\n", "ends as on Windows"),
        ("#!\n", "which does not exist"),
        ("#!/usr/bin/env no-such-python\n", "'no-such-python', which is not on PATH"),
        ("#!/usr/bin/env -S A=1 no-such-python -u\n", "'no-such-python', which is not on PATH"),
        ("#!/usr/bin/env sh\r\n", "ends as on Windows"),
    ],
)
def test_a_script_that_nothing_runs_is_refused(text: str, error: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=error):
        ProgramSteps(issue_token=script(tmp_path, text), submit="true")


def test_a_program_that_vanishes_during_a_run_is_an_error_of_its_record(
    run: Run, workflow: RegistrationWorkflow, tmp_path: Path
) -> None:
    file = script(tmp_path, "#!/bin/sh\n")
    programs = ProgramSteps(issue_token=shell(ISSUE), submit=file)
    file.unlink()
    assert run(programs) == Summary(failed=1)
    assert "could not be started: No such file or directory" in str(only(workflow).last_error)


def test_a_relative_path_is_meant_from_where_the_run_began(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    script(tmp_path, "#!/bin/sh\ncat > /dev/null\n")
    programs = ProgramSteps(issue_token=shell(ISSUE), submit="./step.sh")
    monkeypatch.chdir("/")
    assert run(programs) == Summary(registered=1)


def test_a_command_is_one_file_or_words_as_in_a_shell(tmp_path: Path) -> None:
    spaced = tmp_path / "my step"
    spaced.touch()
    assert split_command(str(spaced)) == str(spaced)
    assert split_command("./x.sh --to 'a b'") == ["./x.sh", "--to", "a b"]
    with pytest.raises(ConfigError, match="No closing quotation"):
        split_command("x 'y")


@pytest.mark.parametrize(
    "options", [{"timeout": 0}, {"timeout": "1"}, {"max_output": 0}, {"max_output": 1.5}]
)
def test_bounds_are_checked(options: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput, match=next(iter(options))):
        ProgramSteps(issue_token=sys.executable, submit="true", **options)


def test_where_exit_statuses_are_lost_programs_are_refused() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        with pytest.raises(ConfigError, match="SIGCHLD is ignored"):
            steps()
    finally:
        signal.signal(signal.SIGCHLD, before)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="nothing lists descriptors")
def test_many_programs_leave_no_descriptor_and_no_process_behind(run: Run) -> None:
    run(steps(submit="exit 1"), 3)
    before = len([*Path("/proc/self/fd").iterdir()])
    run(steps(submit="exit 1"), 30)
    assert (
        len([*Path("/proc/self/fd").iterdir()]) < before + 20
    )  # a pool of connections may have grown
    assert not zombies()


def zombies() -> list[str]:
    """The children of this process that have ended and were not waited for."""
    found: list[str] = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            name, _, rest = file.read_text().rpartition(")")
            state, parent, *_ = rest.split()
            found += [name] if state == "Z" and int(parent) == os.getpid() else []
    return found


def test_a_step_that_is_cancelled_in_time_is_as_it_was(
    workflow: RegistrationWorkflow, tmp_path: Path
) -> None:
    """One cancellation waits for the step, as a run of functions does."""

    async def main() -> None:
        began = tmp_path / "began"
        calls = steps(submit=f"touch {shlex.quote(str(began))}; sleep 0.3").asteps()
        task = asyncio.create_task(workflow.arun(Inventory(3), **calls, **QUICK, concurrency=1))
        await asyncio.to_thread(wait_for, began)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    found = sorted(str(record.status) for record in workflow.list())
    assert found == ["discovered", "discovered", "submitted"]
    assert {record.owner for record in workflow.list()} == {None}


@in_memory
@pytest.mark.parametrize("status", [0, 1, 65, 77])
@pytest.mark.parametrize("step", ["issue", "submit"])
def test_no_frame_of_an_error_shows_the_token(
    step: str, status: int, run: Run, tmp_path: Path
) -> None:
    """Reporters of errors send what the variables of each frame look like."""
    failures: list[BaseException] = []

    def hear(progress: Progress) -> None:
        if progress.error is not None:
            failures.append(progress.error)

    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_text(TOKEN)
    bad.write_text(f"{TOKEN[:-1]}, 7: 8")
    usual = f"cat >/dev/null; cat {good}"
    broken = f"cat >/dev/null; cat {bad}; exit {status}"
    codes = {"issue": usual, "submit": usual, step: broken}
    run(steps(**codes), on_progress=hear)
    assert failures
    for failure in failures:
        traceback = failure.__traceback__
        while traceback is not None:
            for value in traceback.tb_frame.f_locals.values():
                assert TEXT not in repr(value)
            traceback = traceback.tb_next
