"""Hooks of MkDocs that generate pages of the site from other files.

The start page is the README, the changelog is CHANGELOG.md, the command line is described by its
own help, the API by openapi/spot.yaml, and the reference by the docstrings of all public names.
"""

from __future__ import annotations

import importlib
import io
import os
import re
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from unittest import mock

import griffe
from mkdocs.structure.files import File
from ruamel.yaml import YAML
from view_fields import fields_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
COPIED = {
    "index.md": "README.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": ".github/CONTRIBUTING.md",
    "security.md": ".github/SECURITY.md",
}
"""Pages of the site, with their source files."""
REFERENCE = {
    "client": ("Clients and configuration", ("rsspot",)),
    "groups": ("Operations by group", ()),
    "models": ("Results", ("rsspot.models",)),
    "market": ("Prices, bids and plans", ("rsspot.market", "rsspot.quantities")),
    "registration": ("Registering VMs", ("rsspot.registration",)),
    "errors": ("Errors", ("rsspot.errors",)),
    "senders": ("Senders", ("rsspot.senders",)),
    "testing": ("Testing", ("rsspot.sandbox", "rsspot.pytest_plugin")),
}
"""Pages of the reference: title, and the modules whose public names they describe."""
METHODS = ("get", "put", "post", "patch", "delete")
LINK = re.compile(r"\[([^\]]*)\]\((?!https?://|mailto:|#)([^)\s#]*)(#[^)\s]*)?\)")
LINK_TEXT = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
FENCE = re.compile(r"^(```.*?^```)$", re.MULTILINE | re.DOTALL)


class Operations(griffe.Extension):
    """Show operations as users call them, with the result and not the flow, and fields of views."""

    def on_class(self, *, cls: griffe.Class, **_: Any) -> None:
        """Add the fields of a view, as openapi/spot.yaml describes them, to its docstring."""
        if cls.docstring is not None and cls.path.startswith("rsspot.models."):
            fields = fields_section(cls.path)
            cls.docstring.value += f"\n\n{fields}" if fields else ""

    def on_function(self, *, func: griffe.Function, **_: Any) -> None:
        """Replace ``Flow[X]`` by X, or by an iterator of X if the flow is a stream."""
        found = re.fullmatch(r"Flow\[(.*)\]|Stream\[(.*)\]", str(func.returns or ""))
        decorators = {str(each.value) for each in func.decorators}
        if found:
            result = (found[1] or found[2]).replace("builtins.", "")
            func.returns = f"Iterator[{result}]" if "stream" in decorators else result
        elif func.path.startswith("rsspot.resources.client_calls.AsyncCalls."):
            sync = func.module["Calls"][func.name.removeprefix("a")]
            is_stream = str(sync.returns).startswith("Iterator[")
            func.parameters, func.docstring = sync.parameters, sync.docstring
            func.returns = f"Async{sync.returns}" if is_stream else sync.returns


def public_names(module: str) -> Iterator[str]:
    """Yield the full name of each public name of a module, where it is defined."""
    found = importlib.import_module(module)
    for name in getattr(found, "__all__", ()):
        item = getattr(found, name)
        home = getattr(item, "__module__", module)
        if name != "__version__":
            yield f"{home if str(home).startswith('rsspot') else module}.{name}"


def group_classes() -> Iterator[str]:
    """Yield the full name of the class of each group of a client."""
    from rsspot.resources.groups import BoundGroup, Groups

    for name, group in vars(Groups).items():
        if isinstance(group, BoundGroup):
            module = f"rsspot.resources.{group.module or name}"
            yield f"{module}.{importlib.import_module(module).__all__[0]}"


def reference(title: str, modules: tuple[str, ...]) -> str:
    """Return a page with every public name of some modules."""
    names = dict.fromkeys(name for module in modules for name in public_names(module))
    if not modules:
        names = dict.fromkeys(group_classes())
    return "\n\n".join([f"# {title}", *(f"::: {name}" for name in names)]) + "\n"


def command_line() -> str:
    """Return a page with the help of every command, as a terminal of 88 columns shows it."""
    from typer.main import get_command

    from rsspot.cli.app import app

    def described(part: Any, words: list[str]) -> Iterator[str]:
        if words:
            yield f"{'#' * min(len(words) + 1, 4)} rsspot {' '.join(words)}"
        yield f"```text\n{_help(words)}\n```"
        if hasattr(part, "list_commands"):
            context = part.context_class(part)
            for name in part.list_commands(context):
                inner = part.get_command(context, name)
                if inner is not None and not inner.hidden:
                    yield from described(inner, [*words, name])

    return "\n\n".join(["# Commands", *described(get_command(app), [])]) + "\n"


def _help(words: list[str]) -> str:
    from rsspot.cli import main

    shown = io.StringIO()
    terminal = {"COLUMNS": "88", "NO_COLOR": "1", "TERM": "dumb"}
    with mock.patch.dict(os.environ, terminal), redirect_stdout(shown), suppress(SystemExit):
        main([*words, "--help"])
    return shown.getvalue().strip()


def operations() -> str:
    """Return a page with every operation of the description, and the evidence for it."""
    document = YAML(typ="safe").load(  # pyright: ignore[reportUnknownMemberType] - it has no stubs
        ROOT / "openapi" / "spot.yaml"
    )
    lines = [
        "# The API",
        "",
        "Every operation of `openapi/spot.yaml`, and what is known of it beyond the vendor's",
        "description ([how evidence is rated](../api-facts.md)).",
    ]
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
                lines += _operation(document, f"{method.upper()} {path}", item[method], parameters)
    for name, item in document.get("webhooks", {}).items():
        for found in item.values():
            lines += _operation(document, f"webhook {name}", found, [])
    return "\n".join(lines) + "\n"


def _operation(
    document: dict[str, Any], request: str, found: dict[str, Any], parameters: list[Any]
) -> Iterator[str]:
    yield f"\n## {found['operationId']}\n\n`{request}`\n"
    yield f"{found.get('summary', '')}\n\n{found.get('description', '')}\n"
    for each in (_resolved(document, item) for item in parameters):
        needed = ", required" if each.get("required") else ""
        yield f"- `{each['name']}` ({each['in']}{needed}): {_one_line(each)}"
    for status, item in found["responses"].items():
        yield f"- {status}: {_one_line(_resolved(document, item))}"
    for each in _listed(found.get("x-evidence")):
        yield f"\nEvidence: strength {each.get('strength')}, source {each.get('source')}"


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, dict) else list(value or ())


def _one_line(item: dict[str, Any]) -> str:
    return " ".join(str(item.get("description", "")).split())


def _resolved(document: dict[str, Any], item: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in item:
        reference = item["$ref"]
        item = document
        for part in reference.removeprefix("#/").split("/"):
            item = item[part]
    return item


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the generated pages."""
    made = {page: (ROOT / source).read_text("utf-8") for page, source in COPIED.items()}
    made["reference/commands.md"] = command_line()
    made["reference/api.md"] = operations()
    for name, (title, modules) in REFERENCE.items():
        made[f"reference/{name}.md"] = reference(title, modules)
    for page, text in made.items():
        files.append(File.generated(config, page, content=text))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """Turn links to pages and pictures into links within the site, and others into paths."""
    source = COPIED.get(page.file.src_uri, f"docs/{page.file.src_uri}")
    depth = "../" * page.file.src_uri.count("/")
    pages = {path: name for name, path in COPIED.items()}

    def replaced(found: re.Match[str]) -> str:
        text, target, anchor = found[1], found[2], found[3] or ""
        path = (ROOT / source).parent.joinpath(target).resolve().relative_to(ROOT).as_posix()
        if path in pages:
            return f"[{text}]({depth}{pages[path]}{anchor})"
        if path.startswith("docs/") and (ROOT / path).is_file():
            return f"[{text}]({depth}{path.removeprefix('docs/')}{anchor})"
        return f"{text} (`{path}`)" if text.strip("`") != path else text

    parts = FENCE.split(markdown.replace("```console\n", "```sh\n"))  # they have no prompts
    return "".join(part if part.startswith("```") else LINK.sub(replaced, part) for part in parts)


def on_nav(nav: Navigation, *, config: MkDocsConfig, files: Files) -> Navigation:
    """Add llms.txt: the title and first sentence of every page, for programs."""
    lines = [f"# {config.site_name}", "", f"> {config.site_description}."]
    section = None
    for page in nav.pages:
        if page.parent is not section:
            section = page.parent
            lines += ["", f"## {'Pages' if section is None else section.title}", ""]
        elif page is nav.pages[0]:
            lines.append("")
        title = cast("Any", page).title
        lines.append(f"- [{title}]({page.file.dest_uri}){_summary(page.file.content_string)}")
    files.append(File.generated(config, "llms.txt", content="\n".join(lines) + "\n"))
    return nav


def _summary(text: str) -> str:
    """Return the first sentence of a page, without its markup, after a colon; or nothing."""
    paragraphs = FENCE.sub("", text).split("\n\n")
    prose = (each.strip() for each in paragraphs if not re.match(r"\s*(#|\||!|<|:::|- |$)", each))
    words = LINK_TEXT.sub(r"\1", " ".join(next(prose, "").split()))
    first = re.split(r"[.:](?= |$)", words)[0]
    return f": {first}." if first else ""
