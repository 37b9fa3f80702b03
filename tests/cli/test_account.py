"""whoami, token, doctor, history and cache; public prices without a token."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from rsspot.sandbox import SpotSandbox

MEDIUM = "gp.vs2.medium-dfw2"


def test_whoami_shows_the_organization_and_where_the_token_comes_from(
    program: Callable[..., Any], reach: SpotSandbox
) -> None:
    done = program("whoami", "-o", "json")
    found = json.loads(done.out)
    assert found["organization"] == reach.organization
    assert found["namespace"] == reach.namespace
    assert found["token_from"] == "environment RSSPOT_REFRESH_TOKEN"
    assert found["token_expires"].endswith("+00:00")
    assert reach.refresh_token not in done.out + done.err


def test_token_prints_a_token_that_works(
    program: Callable[..., Any], reach: SpotSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = program("token").out.strip()
    assert json.loads(program("token", "-o", "json").out)["access_token"] == token
    assert program("token", "--refresh").out.strip() != token
    monkeypatch.delenv("RSSPOT_REFRESH_TOKEN")
    monkeypatch.setenv("RSSPOT_ACCESS_TOKEN", token)
    assert reach.organization in program("orgs", "-o", "name").out.split()


def test_the_doctor_finds_nothing_wrong_with_a_good_setup(
    program: Callable[..., Any], reach: SpotSandbox
) -> None:
    done = program("doctor", "-o", "json")
    checks = {item["check"]: item for item in json.loads(done.out)}
    assert done.status == 0
    assert list(checks) == [
        *("versions", "configuration", "state", "proxy", "token", "sign-in", "API", "clock")
    ]
    assert all(item["ok"] for item in checks.values())
    assert reach.refresh_token not in done.out


def test_the_doctor_asks_the_service_and_not_the_cache(
    program: Callable[..., Any], reach: SpotSandbox
) -> None:
    assert program("regions").status == 0
    reach.faults.add("status", status=403, path="/regions")
    done = program("doctor", "-o", "json")
    assert (done.status, json.loads(done.out)[-1]["check"]) == (1, "API")


def test_the_doctor_says_what_to_fix(
    program: Callable[..., Any], reach: SpotSandbox, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def problems() -> dict[str, str]:
        done = program("doctor", "-o", "json")
        assert done.status == 1
        return {item["check"]: item["fix"] for item in json.loads(done.out) if not item["ok"]}

    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@proxy.example:1")
    monkeypatch.setenv("RSSPOT_REFRESH_TOKEN", "wrong")
    assert "refresh token" in problems()["sign-in"]
    assert "secret" not in program("doctor").out
    monkeypatch.delenv("RSSPOT_REFRESH_TOKEN")
    assert "rsspot login" in problems()["token"]
    monkeypatch.setenv("RSSPOT_REFRESH_TOKEN", reach.refresh_token)
    for name in ("BASE_URL", "OAUTH_URL"):
        monkeypatch.setenv(f"RSSPOT_{name}", "http://127.0.0.1:9")
    assert set(problems()) == {"sign-in"}
    state = home / ".local" / "state" / "rsspot" / "state.db"
    state.parent.mkdir(parents=True, exist_ok=True)
    state.unlink(missing_ok=True)
    state.write_bytes(b"")
    config = home / "config.yml"
    config.write_text("profiles: {dev: {regoin: x}}\n", "utf-8")
    monkeypatch.setenv("RSSPOT_CONFIG", str(config))
    assert "configuration" in program("doctor", "--config", str(config)).out


def test_commands_are_kept_without_secrets_and_can_be_listed_and_cleared(
    program: Callable[..., Any], reach: SpotSandbox
) -> None:
    assert program("history", "list", "-o", "json").out == "[]\n"
    program("regions", "-o", "name")
    program("cloudspaces", "get", "nothing")
    secret = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl"
    program("api", "GET", "/apis/x", "--header", f"Authorization=Bearer {secret}")
    kept = program("history", "list", "-o", "name").out.splitlines()
    assert kept[:2] == ["rsspot regions -o name", "rsspot cloudspaces get nothing"]
    assert len(kept) == 3
    assert secret not in kept[2]
    assert program("history", "list", "--search", "REGIONS", "-o", "name").out.count("\n") == 1
    assert program("history", "list", "--limit", "1", "-o", "name").out.count("\n") == 1
    assert program("history", "clear").status == 2
    assert program("history", "clear", "--yes").status == 0
    assert program("history", "list", "-o", "json").out == "[]\n"


def test_the_history_shows_the_file_that_was_applied(
    program: Callable[..., Any],
    reach: SpotSandbox,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    document = "cloudspace: {name: demo, region: us-central-dfw-2}"
    (tmp_path / "demo.yaml").write_text(document, "utf-8")
    assert program("apply", "-f", "demo.yaml", "--yes").status == 0
    assert program("history", "list", "-o", "name").out == "rsspot apply -f demo.yaml --yes\n"


def test_the_history_can_be_turned_off(
    program: Callable[..., Any], reach: SpotSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert program("history", "off").status == 0
    program("regions")
    assert program("history", "list", "-o", "json").out == "[]\n"
    program("history", "on")
    monkeypatch.setenv("RSSPOT_HISTORY", "off")
    program("regions")
    assert program("history", "list", "-o", "json").out == "[]\n"
    monkeypatch.delenv("RSSPOT_HISTORY")
    program("regions")
    assert program("history", "list", "-o", "name").out == "rsspot regions\n"


def test_the_cache_is_counted_and_cleared(program: Callable[..., Any], reach: SpotSandbox) -> None:
    empty = json.loads(program("cache", "stats", "-o", "json").out)
    assert (empty["responses"], empty["bytes"]) == (0, 0)
    program("regions")
    known = json.loads(program("cache", "stats", "-o", "json").out)
    assert known["responses"] >= 1
    assert known["fresh"] >= 1
    assert known["bytes"] > 100
    assert program("cache", "clear").err == "The cache is empty.\n"
    assert json.loads(program("cache", "stats", "-o", "json").out)["responses"] == 0


def test_public_prices_need_no_token(
    program: Callable[..., Any], reach: SpotSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RSSPOT_REFRESH_TOKEN")
    for command in (("prices", "percentiles"), ("prices", "elsewhere"), ("prices",),
                    ("prices", "history", MEDIUM, "--list")):  # fmt: skip
        done = program(*command)
        assert done.status == 0, (command, done.err)
        assert done.out.count("\n") > 5
    assert all("oauth" not in item.path for item in reach.requests)
    done = program("prices", "--max-price", "0.05", "-o", "csv", "--columns", "now", "--no-headers")
    assert all(float(line) <= 0.05 for line in done.out.split())
    for signed in (["regions"], ["prices", "--min-cpu", "4"]):
        done = program(*signed)
        assert done.status == 3
        assert "Sign in with `rsspot login`" in done.err
