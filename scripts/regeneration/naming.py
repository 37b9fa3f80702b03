"""Names that the generator's own code uses, and that a document may use too.

The generator takes a property called `cls` for an attribute `cls`, and then reads the object with
it. It has a list of names that get an underscore; these are added to it.
"""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["RESERVED", "identifier", "main"]

RESERVED = frozenset(
    {
        *("cls", "d", "field_dict"),  # variables in the methods of a model
        *("to_dict", "from_dict", "additional_properties"),  # methods and attributes of one
        *("to_multipart", "files", "json"),  # those of a body of several parts
        *("params", "headers", "cookies"),  # variables in the builder of a request
        *("quote", "cast", "errors", "httpx"),  # what its module imports
    }
)


def identifier(name: str, prefix: str, *, keep_case: bool = False) -> str:
    """Return the Python name that the generator gives to something called `name` in a document.

    prefix: what begins it where it would be none. keep_case: whether capitals stay.
    """
    from openapi_python_client.strings import PythonIdentifier

    _reserve()
    return str(PythonIdentifier(name, prefix, skip_snake_case=keep_case))


def main(arguments: list[str]) -> None:
    """Run the generator."""
    from openapi_python_client.cli import app

    _reserve()
    _keep_body_apart()
    app(arguments)


def _keep_body_apart() -> None:
    """Name a parameter called `body` after its place, too: the argument of the body has that name.

    The generator does so for two parameters of one name.
    """
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.schema.untrusted_string import UntrustedString

    check = Endpoint._check_parameters_for_conflicts  # noqa: SLF001 - it has no public one

    def checked(self: Any, *, config: Any, **options: Any) -> Any:
        for place, parameter in self.iter_all_parameters():
            if parameter.python_name == "body":
                parameter.set_python_name(UntrustedString(f"body_{place}"), config=config)
        return check(self, config=config, **options)

    Endpoint._check_parameters_for_conflicts = checked  # type: ignore[method-assign]  # noqa: SLF001


def _reserve() -> None:
    from openapi_python_client import strings

    strings.RESERVED_WORDS.update(RESERVED)


if __name__ == "__main__":
    main(sys.argv[1:])
