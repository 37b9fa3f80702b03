from __future__ import annotations

import hashlib
import importlib
import subprocess
import sys
from importlib.metadata import version
from typing import Any, cast

import pytest
import rsspot_api
import rsspot_api.models
from regeneration import generator, table
from regeneration.project import OURS
from ruamel.yaml import YAML

from rsspot.api_diff import document


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=OURS.root / "generated",
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("module", ["rsspot_api", "rsspot_api.operations", "rsspot_api.models"])
def test_facts_and_tables_import_nothing_that_costs(module: str) -> None:
    code = (
        f"import sys, {module}\nprint({{'httpx', 'attr', 'attrs', 'dateutil'}} & {{*sys.modules}})"
    )
    assert python(code) == "set()"


def test_a_model_imports_only_what_it_needs() -> None:
    code = "import sys\nfrom rsspot_api.models import Region\n"
    code += "print('rsspot_api.models.region' in sys.modules, 'httpx' in sys.modules)\n"
    code += "print('rsspot_api.models.cloud_space' in sys.modules)"
    assert python(code) == "True False\nFalse"


def test_the_package_says_which_document_it_was_made_of() -> None:
    content = OURS.document.read_bytes()
    assert hashlib.sha256(content).hexdigest() == rsspot_api.DOCUMENT_SHA256
    assert document.load(OURS.document).version == rsspot_api.__version__
    assert version("openapi-python-client") == rsspot_api.GENERATOR_VERSION


@pytest.mark.parametrize("module", ["rsspot_api", "rsspot_api.models"])
def test_lazy_names_are_real_listed_and_kept(module: str) -> None:
    package = importlib.import_module(module)
    names = cast("list[str]", package.__all__)
    assert set(names) <= set(dir(package))
    for name in names:
        assert getattr(package, name) is getattr(package, name)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"'rsspot_api\.models' has no attribute 'Regoin'"):
        getattr(rsspot_api.models, "Regoin")  # noqa: B009 - checkers know that it is not there


def test_the_prefix_of_odd_names_is_the_one_in_the_settings() -> None:
    reader: Any = YAML(typ="safe")
    settings = reader.load(OURS.settings)
    assert settings["field_prefix"] == table.PREFIX
    assert settings["post_hooks"] == [], "the script formats, with the pinned tool"


def test_the_formatter_is_the_one_of_this_environment() -> None:
    assert str(generator._ruff()).startswith(sys.prefix)
