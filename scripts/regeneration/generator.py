"""openapi-python-client and the formatter, run so that only their input decides the output."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

from regeneration import naming
from rsspot.api_diff.problem import Problem, one_line

if TYPE_CHECKING:
    from rsspot.api_diff.document import Document

__all__ = ["format_tree", "generate"]

CRASH = "Traceback (most recent call last)"
PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from regeneration import naming; "
    "naming.main(sys.argv[2:])"
)
NO_SPACE = os.strerror(errno.ENOSPC)


def generate(described: Document, package: Path, settings: Path) -> None:
    """Write what the generator makes of a document into the new folder `package`.

    Raises `Problem` with the generator's words for its first warning or error.
    """
    document = package.with_name(f"{package.name}.json")
    document.write_text(json.dumps(described.root, ensure_ascii=True), "utf-8")
    command = [
        *(sys.executable, "-c", PROGRAM, str(Path(naming.__file__).parents[1]), "generate"),
        *("--meta", "none", "--fail-on-warning"),
        *("--path", str(document), "--config", str(settings), "--output-path", str(package)),
    ]
    done = _run(command)
    document.unlink()
    if CRASH in done.stderr:
        raise Problem(
            f"{described.name}: the generator broke down: {one_line(_last_line(done.stderr))}; "
            "correct what it names in the document, or add an overlay action"
        )
    # The generator ends with 0 after some warnings; what it has to say goes to stderr.
    if done.returncode or done.stderr.strip():
        raise Problem(
            f"{described.name}: the generator could not make all of it: {_output_of(done)}; "
            f"{_advice(done)}"
        )


def format_tree(package: Path) -> None:
    """Format a folder with the ruff of this environment, whatever is on PATH or configured."""
    done = _run([str(_ruff()), "format", "--isolated", "--no-cache", str(package)])
    if done.returncode:
        said = one_line(done.stderr.replace(f"{package}{os.sep}", ""), 600)
        raise Problem(
            f"the generated code cannot be formatted: {said}; "
            "correct the part of the document it comes from, or add an overlay action"
        )


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]


def _advice(done: subprocess.CompletedProcess[str]) -> str:
    """Return what to do, with text to paste if a media type is the cause."""
    text = done.stderr or done.stdout
    found = re.search(r"parsing (\w+) (/\S*) within", text)
    kind = re.search(r"Unsupported content type (\S+)", text)
    if found and kind:
        path = found[2].replace("'", "\\'")
        target = f"$.paths['{path}'].{found[1].lower()}.requestBody.content['{kind[1]}']"
        return (
            "go on without it by the overlay action "
            f'{{target: "{target}", x-reason: …, x-loses: [body, media type], remove: true}}'
        )
    return "correct the document, or add an overlay action"


def _output_of(done: subprocess.CompletedProcess[str]) -> str:
    """Return the output of the generator without heading, advice and parts of the document."""
    text = (done.stderr.strip() or done.stdout).partition("If you believe this")[0]
    text = re.sub(r"^\{\n.*?^\}$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^(Warning|Error)\(s\) encountered.*$", "", text, flags=re.MULTILINE)
    # What is wrong with a schema comes last there, after all that follows from it.
    follows, cause, detail = text.partition("Unable to p")
    text = f"{cause}{detail} {follows}" if " schema " in detail[:20] else text
    # The generator writes the `repr` of a status or a name, not its value.
    text = re.sub(r"<openapi_python_client[\w.]* object at 0x[0-9a-f]+>", "(a name)", text)
    return one_line(text, 1200)


def _ruff() -> Path:
    path = Path(sysconfig.get_path("scripts")) / f"ruff{sysconfig.get_config_var('EXE') or ''}"
    if not path.is_file():
        raise Problem(f"{path}: no such file; install the pinned tools (`make install`)")
    return path


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.upper().startswith(("PYTHON", "RUFF", "LC_", "LANG"))
    }
    environment |= {"PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "NO_COLOR": "1", "COLUMNS": "200"}
    environment |= {"TYPER_STANDARD_TRACEBACK": "1"}
    done = subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if NO_SPACE in done.stderr:
        raise OSError(errno.ENOSPC, NO_SPACE)
    return done
