"""Profiles, sign-in, raw calls and the sandbox."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.cli.app import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

PROGRAM = Path(sys.executable).with_name("rsspot")


@pytest.fixture
def signed_in(
    program: Callable[..., Any], reach: SpotSandbox, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A home in which `rsspot login` has been run; its configuration file."""
    monkeypatch.delenv("RSSPOT_REFRESH_TOKEN")
    done = program("login", answer=f"{reach.refresh_token}\n")
    assert (done.status, done.out) == (0, "")
    return Path(program("config", "path").out.strip())


def test_a_login_keeps_a_token_that_works_for_its_owner_only(
    signed_in: Path, program: Callable[..., Any], reach: SpotSandbox
) -> None:
    assert stat.S_IMODE(signed_in.stat().st_mode) == 0o600
    assert stat.S_IMODE(signed_in.parent.stat().st_mode) == 0o700
    assert program("orgs", "-o", "name").status == 0
    for command in (("config", "show"), ("config", "profiles"), ("-v", "orgs")):
        done = program(*command)
        assert done.status == 0
        assert reach.refresh_token not in done.out + done.err


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_token_that_is_typed_is_not_echoed(reach: SpotSandbox) -> None:
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [PROGRAM, "login"], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as running:
        os.close(theirs)
        seen = b""
        while b"Refresh token: " not in seen:
            seen += os.read(ours, 1000)
        os.write(ours, f"{reach.refresh_token}\n".encode())
        with suppress(OSError):  # Linux, when the other side is closed
            while more := os.read(ours, 1000):
                seen += more
    os.close(ours)
    assert running.returncode == 0
    assert b"Signed in to acme" in seen
    assert reach.refresh_token.encode() not in seen


def test_a_token_that_is_refused_is_not_kept(
    program: Callable[..., Any], reach: SpotSandbox, home: Path
) -> None:
    done = program("login", answer="wrong-secret\n")
    assert (done.status, done.out) == (4, "")
    assert "wrong-secret" not in done.err
    assert not list((home / ".config").rglob("*"))
    assert program("login", answer="\n").status == 2


def test_a_login_changes_only_the_token_of_a_profile(
    signed_in: Path, program: Callable[..., Any], reach: SpotSandbox
) -> None:
    signed_in.write_text(
        "# mine\nprofiles:\n  other:\n    region: us-west-sjc-1 # near\n"
        "    refresh_token_file: /nowhere\n  default:\n    org: acme\nactive_profile: default\n",
        "utf-8",
    )
    done = program("login", "--profile", "other", answer=f"{reach.refresh_token}\n")
    assert done.status == 0, done.err
    assert "To change it, run: rsspot config use other" in done.err
    text = signed_in.read_text("utf-8")
    assert "# mine\n" in text
    assert "region: us-west-sjc-1 # near" in text
    assert "refresh_token_file" not in text
    shown = json.loads(program("--profile", "other", "config", "show", "-o", "json").out)
    assert {item["name"]: item["value"] for item in shown}["region"] == "us-west-sjc-1"


def test_logins_at_the_same_time_lose_no_profile(
    signed_in: Path, program: Callable[..., Any], reach: SpotSandbox
) -> None:
    logins = [
        subprocess.Popen(
            [PROGRAM, "login", "--profile", f"p{number}"], stdin=subprocess.PIPE, text=True
        )
        for number in range(4)
    ]
    for login in logins:
        login.communicate(f"{reach.refresh_token}\n")
    assert [login.returncode for login in logins] == [0] * 4
    listed = json.loads(program("config", "profiles", "-o", "json").out)
    assert {item["name"] for item in listed} == {"default", "p0", "p1", "p2", "p3"}


@pytest.mark.parametrize("text", ["profiles:\n", "profiles:\n  default:\n", "# mine\n", ""])
def test_a_login_fills_sections_without_entries(
    signed_in: Path, program: Callable[..., Any], reach: SpotSandbox, text: str
) -> None:
    signed_in.write_text(text, "utf-8")
    done = program("login", answer=f"{reach.refresh_token}\n")
    assert done.status == 0, done.err
    assert program("orgs", "-o", "name").status == 0


def test_a_file_that_cannot_be_changed_is_reported_before_a_token_is_asked_for(
    program: Callable[..., Any], home: Path
) -> None:
    path = home / ".config" / "rsspot" / "config.toml"
    path.parent.mkdir(parents=True)
    text = 'profiles.dev.org = "a"\nprofiles.prod.org = "b"\n'
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    for command in (("login", "--profile", "new"), ("config", "add", "new", "--org", "x")):
        done = program(*command, answer="secret\n")
        assert (done.status, done.out) == (3, "")
        assert "was not changed: profiles.new cannot be written there" in done.err
        assert "Hint: Write profiles.new in an editor" in done.err
        assert path.read_text("utf-8") == text


def test_profiles_are_added_chosen_and_listed(
    signed_in: Path, program: Callable[..., Any], home: Path
) -> None:
    secret = home / "token"
    secret.write_text("t", "utf-8")
    added = ("config", "add", "lab", "--org", "umbrella", "--token-file", str(secret))
    assert program(*added, "--read-only").status == 0
    again = program(*added)
    assert again.status == 3
    assert "There is a profile 'lab' already" in again.err
    assert program("config", "use", "lab").status == 0
    listed = json.loads(program("config", "profiles", "-o", "json").out)
    assert [(item["name"], item["active"], item["token"]) for item in listed] == [
        ("default", False, "in the file"),
        ("lab", True, "in a separate file"),
    ]
    missing = program("--profile", "nope", "orgs")
    assert (missing.status, missing.out) == (3, "")
    assert missing.err.endswith("Hint: Known names: default, lab\n")
    unknown = program("config", "use", "nope")
    assert (unknown.status, unknown.out) == (3, "")
    assert "Known names: default, lab" in unknown.err


def test_settings_show_where_they_come_from_even_without_a_token(
    program: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RSSPOT_REGION", "us-west-sjc-1")
    shown = json.loads(program("--org", "acme", "config", "show", "-o", "json").out)
    found = {item["name"]: (item["value"], item["source"]) for item in shown}
    assert found["org"] == ("acme", "argument")
    assert found["region"] == ("us-west-sjc-1", "environment RSSPOT_REGION")


def test_without_a_token_a_hint_shows_how_to_sign_in(program: Callable[..., Any]) -> None:
    done = program("regions")
    assert (done.status, done.out) == (3, "")
    assert "Hint: Sign in with `rsspot login`" in done.err
    path = program("config", "path")
    assert "`rsspot login` creates it" in path.err
    assert program("config", "profiles", "-o", "json").out == "[]\n"
    used = program("config", "use", "nope")
    assert (used.status, used.err.splitlines()[-1]) == (
        3,
        "Hint: Check the path, or create the file",
    )
    named = program("--profile", "nope", "orgs")
    assert (named.status, named.err.splitlines()[-1]) == (3, "Hint: `rsspot login` creates one")


def test_the_legacy_file_is_migrated_and_never_written(
    program: Callable[..., Any], home: Path
) -> None:
    legacy = home / ".spot_config"
    legacy.write_text("org: acme\nrefreshToken: old-secret\n", "utf-8")
    legacy.chmod(0o600)
    assert program("login", answer="x\n").status == 3
    done = program("config", "migrate")
    assert done.status == 0
    assert "old-secret" not in done.out + done.err
    assert json.loads(program("config", "profiles", "-o", "json").out)[0]["org"] == "acme"


def test_a_file_that_others_can_read_is_reported_in_one_line(
    signed_in: Path, program: Callable[..., Any]
) -> None:
    signed_in.chmod(0o644)
    done = program("orgs", "-o", "name")
    assert done.status == 0
    assert done.err.startswith("Warning: Other users can read")
    assert done.err.count("\n") == 1


def test_a_raw_request_is_signed_and_shows_the_response(rsspot: Callable[..., Any]) -> None:
    regions = rsspot("api", "get", "/apis/ngpc.rxt.io/v1/regions", "--param", "limit=2")
    assert len(json.loads(regions.out)["items"]) == 2
    spaces = "/apis/ngpc.rxt.io/v1/namespaces/{namespace}/cloudspaces"
    body = {
        "apiVersion": "ngpc.rxt.io/v1", "kind": "CloudSpace", "metadata": {"name": "raw"},
        "spec": {
            "region": "us-central-dfw-2", "kubernetesVersion": "1.31.1", "cloud": "default",
            "cni": "calico",
        },
    }  # fmt: skip
    made = rsspot("api", "POST", spaces, "--json", "-", answer=json.dumps(body))
    assert made.status == 0, made.err
    assert rsspot("cloudspaces", "list", "-o", "name").out == "raw\n"
    assert rsspot("api", "delete", spaces).status == 2
    assert rsspot("cloudspaces", "list", "-o", "name").out == "raw\n"
    assert rsspot("api", "DELETE", f"{spaces}/raw", "--yes").status == 0


def test_a_body_that_is_not_json_is_refused_before_it_is_sent(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, home: Path
) -> None:
    (home / "bad").write_bytes(b"\xff")
    cases = (("{", 2, "--json is not JSON"), ("@/nowhere", 1, "/nowhere: No such file"))
    for body, status, text in (*cases, (f"@{home / 'bad'}", 2, "is not text in UTF-8")):
        done = rsspot("api", "POST", "/x", "--json", body)
        assert (done.status, done.out) == (status, "")
        assert text in done.err
    assert rsspot("api", "GET", "https://elsewhere.example/x").status == 2
    assert sandbox.requests == []


def test_a_password_of_a_proxy_is_not_shown(
    program: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RSSPOT_PROXY", "http://me:hidden@proxy.example:3128")
    shown = program("config", "show").out
    assert "RSSPOT_PROXY" in shown
    assert "hidden" not in shown


def test_a_file_that_cannot_be_written_is_not_reported_as_a_bug(
    rsspot: Callable[..., Any], home: Path
) -> None:
    rsspot("cloudspaces", "create", "demo", "--region", "us-central-dfw-2", "--wait")
    done = rsspot("cloudspaces", "kubeconfig", "demo", "--to", "/proc/nowhere/config")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("Error: /proc/nowhere")


def test_a_bug_is_reported_in_two_lines_and_with_debug_in_full(
    rsspot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise LookupError("oops")

    monkeypatch.setattr("rsspot.cli.session.Session.show", broken)
    done = rsspot("regions")
    assert done.status == 1
    assert done.err.splitlines() == [
        "Error: Unexpected LookupError: oops",
        "Hint: This is a bug in rsspot. Please report it with the output of --debug",
    ]
    assert "Traceback" in rsspot("regions", "--debug").err
    assert "Traceback" not in rsspot("regions", "--verbose").err


def test_the_shell_can_complete_names(
    program: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_RSSPOT_COMPLETE", "complete_bash")
    for words, position, completed in (
        ("rsspot pri", "1", ["prices"]),
        ("rsspot pools cr", "2", ["create"]),
    ):
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", position)
        assert program().out.split() == completed


def test_verbose_logs_every_request(program: Callable[..., Any], reach: SpotSandbox) -> None:
    done = program("-v", "regions", "-o", "name")
    assert "GET " in done.err
    assert "/regions 200 in" in done.err


def test_the_sandbox_is_that_of_the_module() -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [PROGRAM, "sandbox", "--port", "0", "--seed", "3"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as running:
        assert running.stdout is not None
        first = running.stdout.readline()
        running.terminate()
    assert first.startswith("The sandbox listens on http://127.0.0.1:")
    for option in ("--help", "--nonsense"):
        ours = subprocess.run(
            [PROGRAM, "sandbox", option], check=False, capture_output=True, text=True
        )
        theirs = subprocess.run(
            [sys.executable, "-m", "rsspot.sandbox", option],
            check=False,
            capture_output=True,
            text=True,
        )
        assert ours.returncode == theirs.returncode
        wanted = theirs.stdout.replace("usage: python -m rsspot.sandbox", "usage: rsspot sandbox")
        assert set(ours.stdout.split()) == set(wanted.split())


def test_every_command_and_option_has_its_help(rsspot: Callable[..., Any]) -> None:
    def walk(*path: str) -> None:
        done = rsspot(*path, "--help", width=200)
        assert done.status == 0, path
        lines = done.out.splitlines()
        listing = ""
        for line in lines:
            if line.endswith(":") and not line.startswith(" "):
                listing = line
            elif listing and line.startswith("  ") and not line.startswith("   "):
                name, _, text = line.strip().partition("  ")
                if listing != "Examples:" and not name.startswith("Exit status"):
                    assert text.strip() or len(name) > 25, (path, line)
                if listing == "Commands:":
                    walk(*path, name)

    for command in COMMANDS:
        if command != "sandbox":
            walk(command)


def test_an_unknown_command_is_refused_and_a_group_alone_shows_its_help(
    rsspot: Callable[..., Any],
) -> None:
    done = rsspot("cloudspace", "list")
    assert done.status == 2
    assert "No such command 'cloudspace'. Did you mean 'cloudspaces'?" in done.err
    for path in ((), ("pools",), ("vms", "keys")):
        alone = rsspot(*path)
        assert alone.status == 2
        assert "Usage: rsspot" in alone.err
