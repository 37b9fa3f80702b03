"""Where the state store is, when it is said by a URL; and what is never shown of one."""

from __future__ import annotations

import builtins
import pickle
from pathlib import Path
from typing import Any

import pytest

from rsspot import SDKConfig, SpotClient, StateStore
from rsspot.config.resolution import resolve
from rsspot.config.state_location import server_location, shown
from rsspot.errors import ConfigError

SECRET = "s3cret-w0rd"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:s3cret-w0rd@h/db",
        "sqlite:///state.db",
        "file:///state.db",
        "https://host/state",
        "redis://h",
        "postgresql+psycopg://u:s3cret-w0rd@h/db",
        "postgresql:/u:s3cret-w0rd@h/db",
        Path("postgresql://u:s3cret-w0rd@h/db"),
        "postgresql://u:s3cret-w0rd%zz@h/db",
        "postgresql://u:s3cret@w0rd/s3cret-w0rd@h/db",
        "postgresql://u:s3cret-w0rd",
        "postgresql://h:s3cret-w0rd/db",
        "postgresql://h/db?unknown=s3cret-w0rd",
        "postgresql://h/db?schema=",
        "postgresql://h/db?schema=pg_catalog",
        "postgresql://h/db?schema=a&schema=b",
        f"postgresql://h/db?schema={'a' * 64}",
        "postgresql://h/db?schema=a%0Ab",
        "postgresql://h/db?schema=a%22b",
        "postgresql://h/db?schema={s}",
        "postgresql://h/db?schema=%25s",
        "postgresql://u:s3cret-w0rd@h/db\0x",
        "postgresql://u:s3cret-w0rd@h/db\udc80",
        "postgresql://u:s3cret-w0rd@h/d\nb",
        "jdbc:postgresql://u:s3cret-w0rd@h/db",
        Path("jdbc:postgresql://u:s3cret-w0rd@h/db"),
        Path("mysql://u:s3cret-w0rd@h/db"),
        "postgresql:u:s3cret-w0rd@h/db",
        '"postgresql://u:s3cret-w0rd@h/db"',
        "psql postgresql://u:s3cret-w0rd@h/db",
        "host=h user=u password=s3cret-w0rd",
        "password = s3cret-w0rd",
        "postgresql://u:1?schema=s3cret-w0rd@h/db",
        "postgresql://u@h/db?schema=s3cret-w0rd%27",
    ],
)
def test_a_url_that_is_not_understood_is_refused_and_makes_no_folder(
    url: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        StateStore(url)
    assert caught.value.hint
    assert SECRET not in f"{caught.value!r} {caught.value} {caught.value.__context__!r}"
    assert list(tmp_path.iterdir()) == []
    assert SECRET not in str(shown(url))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://u:p%40ss@h:5/db?schema=x&sslmode=require", "postgresql://u@h:5/db?schema=x"),
        ("postgres://h1:1,h2:2/db", "postgresql://h1:1,h2:2/db?schema=rsspot"),
        ("POSTGRESQL://h/db", "postgresql://h/db?schema=rsspot"),
        ("postgresql://", "postgresql:///?schema=rsspot"),
        ("postgresql://[::1]:5/db", "postgresql://[::1]:5/db?schema=rsspot"),
        ("postgresql:///?service=fleet", "postgresql:///?service=fleet&schema=rsspot"),
        ("postgresql://u@/db?host=/run/pg", "postgresql://u@/run/pg/db?schema=rsspot"),
    ],
)
def test_what_libpq_knows_is_understood_and_shown_without_secrets(url: str, said: str) -> None:
    found = server_location(url)
    assert found is not None
    assert found.shown == said
    assert "p%40ss" not in repr(found)


@pytest.mark.parametrize(
    "path",
    [
        "state.db",
        "hosts=1.db",
        "postgres.db",
        "/srv/postgresql/a=b.db",
        "C:\\state.db",
        "a:b/c",
        "~/x",
        "/var/a//b",
        ":memory:",
    ],
)
def test_a_path_is_a_path(path: str) -> None:
    assert server_location(path) is None
    assert shown(path) == path


def test_the_password_is_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"postgresql://u:{SECRET}@h/db?sslpassword={SECRET}"
    monkeypatch.setenv("RSSPOT_STATE_PATH", url)
    settings = resolve({"access_token": "abc"}, environ={"RSSPOT_STATE_PATH": url})
    config = SDKConfig(state_path=url)
    store = StateStore(url)
    said = f"{settings!r} {settings.explain()} {config!r} {store!r} {store.path}"
    said += f"{store.registrations._path} {store.database!r}"
    assert SECRET not in said
    assert "postgresql://u@h/db" in settings.explain()
    with SpotClient(access_token="abc") as client:
        assert client.state.path == "postgresql://u@h/db?schema=rsspot"
    with SpotClient(access_token="abc", state=":memory:", config={"state_path": url}) as client:
        assert SECRET not in repr(client.settings)


def test_state_on_postgresql_without_the_extra_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    genuine = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("psycopg"):
            raise ImportError(name)
        return genuine(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError, match=r"needs the extra `postgres`\. Install it: pip install"):
        StateStore("postgresql://h/db")


def test_errors_of_a_url_survive_pickling() -> None:
    with pytest.raises(ConfigError) as caught:
        StateStore("mysql://h")
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own
