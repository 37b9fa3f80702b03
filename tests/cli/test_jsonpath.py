"""-o jsonpath=…: the templates that people know from kubectl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rsspot.cli.output.jsonpath import compile_template
from rsspot.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable

LIST: dict[str, Any] = {
    "items": [
        {"metadata": {"name": "a", "labels": {"x.io/k": "v"}}, "n": 1, "b": True, "z": None},
        {"metadata": {"name": "b"}, "n": 2.5, "l": [1, {"q": "w"}]},
    ]
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{.items[*].metadata.name}", "a b\n"),
        (".items[0].metadata.name", "a\n"),
        ("items[*].n", "1 2.5\n"),
        ("$.items[0]['n', 'b']", "1 true\n"),
        ('{range .items[*]}{.metadata.name}={.n}{"\\n"}{end}', "a=1\nb=2.5\n"),
        ("{range .items[*]}{@.n}{'\\t'}{$.items[0].n} {end}", "1\t1 2.5\t1 \n"),
        (r"{.items[0].metadata.labels.x\.io/k}", "v\n"),
        ('{.items[?(@.metadata.name=="b")].n}', "2.5\n"),
        (r"{.items[?(@.metadata.labels.x\.io/k=='v')].n}", "1\n"),
        ("{.items[?(@.metadata.name=='user@.x')].n}", ""),
        ("{.items[?@.n > 1].metadata.name}", "b\n"),
        ("{..name}", "a b\n"),
        ("{.items[-1:].l}", '[1,{"q":"w"}]\n'),
        ("{.items[0].z}", "null\n"),
        ("{.missing.altogether}", ""),
        ("names: {.items[*].metadata.name}!", "names: a b!\n"),
    ],
)
def test_templates_of_kubectl(template: str, text: str) -> None:
    assert compile_template(template).write(LIST) == text


@pytest.mark.parametrize(
    "template",
    ["", "{}", "{", "}", "a{b", "{.items[}", "{end}", "{range .items[*]}x", "{.items[?(@.n=)]}",
     "{'open}", "{..}", "{.a..}", "{range }x{end}"],
)  # fmt: skip
def test_a_template_that_is_not_valid_is_refused(template: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        compile_template(template)
    assert caught.value.hint == ("Write a path as for kubectl, such as '{.items[*].metadata.name}'")


def test_it_is_refused_before_anything_is_sent(rsspot: Callable[..., Any], sandbox: Any) -> None:
    done = rsspot("regions", "-o", "jsonpath={.items[")
    assert (done.status, done.out) == (2, "")
    assert sandbox.requests == []


def test_lists_have_items_and_one_object_is_itself(rsspot: Callable[..., Any]) -> None:
    names = rsspot("regions", "-o", "jsonpath={.items[*].metadata.name}").out.split()
    assert names == rsspot("regions", "-o", "name").out.split()
    one = rsspot("classes", "gp.vs2.medium-dfw2", "-o", "jsonpath={.spec.region}")
    assert one.out == "us-central-dfw-2\n"
    version = rsspot("api", "GET", "/apis/ngpc.rxt.io/v1/regions", "-o", "jsonpath={.kind}")
    assert version.out == "RegionList\n"
