"""Names that the generator's own code uses, and that a document may use too.

The generator takes a property called `cls` for an attribute `cls`, and then reads the object with
it. It has a list of names that get an underscore; these are added to it.
"""

from __future__ import annotations

import sys

__all__ = ["RESERVED", "identifier", "main"]

RESERVED = frozenset(
    {
        *("cls", "d", "field_dict"),  # variables in the methods of a model
        *("to_dict", "from_dict", "additional_properties"),  # methods and attributes of one
        *("params", "headers", "cookies"),  # variables in the builder of a request
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
    app(arguments)


def _reserve() -> None:
    from openapi_python_client import strings

    strings.RESERVED_WORDS.update(RESERVED)


if __name__ == "__main__":
    main(sys.argv[1:])
