"""Programs of rsspot 0.3.0 run, or are told what to write instead."""

from __future__ import annotations

import ast
import asyncio
import copy
import inspect
import pickle
import traceback
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest

import rsspot
from rsspot import SpotClient
from rsspot.errors import APIError, ConfigError
from rsspot.models import Cloudspace
from rsspot.renamed.arguments import ARGUMENTS
from rsspot.renamed.attributes import ATTRIBUTES
from rsspot.renamed.names import NAMES
from tests.legacy.statements import STATEMENTS

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

# A checker knows that none of these names exists.
old: Any = rsspot


def outcome(statement: str, names: dict[str, Any]) -> str | None:
    """What a statement raises; None where it runs."""
    code = compile(statement, "program", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    try:
        made = eval(code, names)  # noqa: S307 - our own statements
        if inspect.iscoroutine(made):
            asyncio.run(made)
    except Exception as error:  # noqa: BLE001 - that is what is looked at
        return f"{type(error).__name__}: {error}"
    return None


def test_each_statement_of_an_old_program_runs_or_is_told_the_new_way(
    home: Path, sandbox: SpotSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RSSPOT_BASE_URL", sandbox.url)
    monkeypatch.setenv("RSSPOT_OAUTH_URL", sandbox.url)
    monkeypatch.setenv("RSSPOT_PUBLIC_DATA_URL", sandbox.url)
    monkeypatch.setenv("RSSPOT_REFRESH_TOKEN", sandbox.refresh_token)
    names: dict[str, Any] = {}
    found = [(statement, outcome(statement, names)) for statement, _ in STATEMENTS]
    assert len(STATEMENTS) == 63
    wrong = [
        (statement, said)
        for (statement, said), (_, expected) in zip(found, STATEMENTS, strict=True)
        if (expected is None) != (said is None) or (expected and expected not in str(said))
    ]
    assert wrong == []
    assert sum(said is None for _, said in found) == 22


IMPORTED = ("rsspot.client.", "rsspot.cli.app")
"""Old names that can be imported: the first has a test of its own, the other is a module now."""


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(IMPORTED)])
def test_an_old_name_cannot_be_imported_and_the_error_names_the_new_way(name: str) -> None:
    module, _, last = name.rpartition(".")
    with pytest.raises(ImportError, match=r"is a name of rsspot 0\.3\.0\. ") as caught:
        exec(f"from {module} import {last}", {})  # noqa: S102 - our own statement
    assert NAMES[name] in str(caught.value)


@pytest.mark.parametrize(
    "statement",
    [
        "import rsspot.client.async_client",
        "import rsspot.client.singleton as singleton",
        "from rsspot.client.sync_client import SpotClient",
        "import rsspot.http.transport",
        "import rsspot.generated",
    ],
)
def test_a_module_of_a_package_that_is_a_module_now_names_the_new_way_too(statement: str) -> None:
    with pytest.raises(ImportError, match=r"is a name of rsspot 0\.3\.0\. "):
        exec(statement, {})  # noqa: S102 - our own statement


def test_an_old_name_as_an_attribute_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="Write get_client"):
        old.get_sync_client  # noqa: B018 - it raises
    assert not hasattr(old, "clear_client_cache")
    with pytest.raises(AttributeError, match=r"has no attribute 'nonsense'$"):
        old.nonsense  # noqa: B018 - it raises
    with pytest.raises(ImportError, match="cannot import name 'nonsense'"):
        exec("from rsspot import nonsense", {})  # noqa: S102 - our own statement


def test_the_typer_object_of_the_old_command_line_is_told_what_runs_a_command() -> None:
    from typer.testing import CliRunner

    from rsspot.cli import app

    program: Any = app
    with pytest.raises(AttributeError, match=r"app\..* of rsspot 0\.3\.0\. rsspot\.cli\.main"):
        CliRunner().invoke(program, ["regions", "list"])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("model_dump", "Write attrs.asdict"),
        ("dict", "Write attrs.asdict"),
        ("json", "json.dumps"),
        ("copy", "Write attrs.evolve"),
    ],
)
@pytest.mark.parametrize(
    "kind", ["RetryConfig", "CacheConfig", "ProfileConfig", "Preferences", "SDKConfig"]
)
def test_a_method_of_an_old_configuration_names_the_function_that_replaces_it(
    kind: str, name: str, said: str
) -> None:
    settings = getattr(old, kind)()
    with pytest.raises(AttributeError, match=r"existed in rsspot 0\.3\.0") as caught:
        getattr(settings, name)
    assert said in str(caught.value)
    assert "".join(traceback.format_exception_only(caught.value)).startswith("AttributeError: ")
    copied = copy.deepcopy(settings)
    assert pickle.loads(pickle.dumps(copied)) == settings  # noqa: S301 - our own object
    assert not hasattr(settings, "nonsense")


def test_an_old_option_of_a_configuration_names_the_new_one() -> None:
    with pytest.raises(AttributeError, match=r"Write timeout="):
        old.ProfileConfig().request_timeout_seconds  # noqa: B018 - it raises


def test_a_result_in_brackets_names_its_attribute(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as spot:
        region: Any = spot.regions.list()[0]
        organization: Any = spot.organizations.list()[0]
    space: Any = Cloudspace({"metadata": {"name": "demo"}})
    for item, key, said in (
        (region, "name", "Write .name"),
        (organization, "id", "Write .id"),
        (space, "kubernetesVersion", "Write .kubernetes_version"),
        (space, "metadata", "to_dict() is its JSON"),
    ):
        with pytest.raises(TypeError, match=r"is not subscriptable\. ") as caught:
            item[key]
        assert said in str(caught.value)
        with pytest.raises(TypeError, match="not iterable"):
            iter(item)
        assert not isinstance(item, Iterable)


def test_an_error_has_the_status_and_the_body_under_their_old_names(
    sandbox: SpotSandbox,
) -> None:
    with SpotClient(**sandbox.client_options()) as spot, pytest.raises(APIError) as caught:
        spot.cloudspaces.get("nope")
    error = caught.value
    assert error.status_code == error.status == 404
    assert error.body is not None
    assert '"reason":"NotFound"' in error.body
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own error
    assert (copied.status_code, copied.body) == (404, error.body)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: old.CacheConfig(ttl_defaults={}), "Write ttl="),
        (lambda: old.ProfileConfig(request_timeout_seconds=3), "Write timeout="),
        (lambda: old.ProfileConfig(refreshToken="x"), "Write refresh_token="),
        (lambda: old.ProfileConfig(authUrl="x"), "Write oauth_url="),
        (lambda: old.ProfileConfig(default_region="x"), "Write region="),
        (lambda: old.SDKConfig(activeProfile="x"), "Write active_profile="),
        (lambda: old.Preferences(default_org="x"), "Write org="),
        (lambda: old.SpotClient({"profiles": {}}), "Write config="),
        (lambda: old.AsyncSpotClient({"profiles": {}}), "Write config="),
        (lambda: old.configure({"profiles": {}}), "Write config="),
        (lambda: old.RegistrationCandidate(vm_uid="x"), "Write server="),
        (
            lambda: old.RegistrationWorkflow(":memory:", target="t").mark_submitted(candidate="k"),
            "Write record=",
        ),
        (lambda: old.list_profiles(config_file="x"), "configure(config_path=…)"),
        (
            lambda: old.RegistrationWorkflow(":memory:", target="t").mark_token_issued(
                "k", "t", token_expires_at=1.0
            ),
            "Write expires_at=",
        ),
    ],
)
def test_an_old_argument_is_refused_with_the_new_one(call: Any, said: str) -> None:
    with pytest.raises(TypeError, match=r"of rsspot 0\.3\.0\. ") as caught:
        call()
    assert said in str(caught.value)


def test_a_workflow_without_a_target_is_told_what_it_is() -> None:
    with pytest.raises(TypeError, match=r"0\.3\.0 did not need it.*target=….*omni_cluster"):
        old.RegistrationWorkflow(":memory:")
    with pytest.raises(TypeError, match=r"argument: 'state'$"):
        old.RegistrationWorkflow(target="t")


def test_a_list_of_another_organization_names_the_client_that_has_it(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as spot:
        cloudspaces: Any = spot.cloudspaces
        with pytest.raises(TypeError, match=r"SpotClient\(org=…\)"):
            cloudspaces.list("acme")


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("kubernetesVersion", "kubernetes_version"),
        ("HAControlPlane", "ha_control_plane"),
        ("creationTimestamp", "created_at"),
    ],
)
def test_the_name_of_a_field_in_json_leads_to_the_attribute(name: str, attribute: str) -> None:
    with pytest.raises(AttributeError, match=rf"{name}'\. Write \.{attribute}$"):
        getattr(Cloudspace({"metadata": {"name": "demo"}}), name)


def test_the_version_of_an_old_configuration_is_recognized_in_code() -> None:
    with pytest.raises(ConfigError, match=r"or leave it out: rsspot 0\.3\.0 wrote"):
        old.SDKConfig(version="2")


def test_a_list_is_a_list_in_all_else(sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as spot:
        found = spot.regions.list()
    assert isinstance(found, list)
    assert found == [*found]
    assert repr(found) == repr([*found])
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own list


def test_the_table_has_a_sentence_for_each_name() -> None:
    sentences = [*NAMES.values()]
    for rows in (*ARGUMENTS.values(), *ATTRIBUTES.values()):
        sentences += rows.values()
    assert [text for text in sentences if not text or text.endswith(".")] == []
