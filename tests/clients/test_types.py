"""The types of the Python client say what the description says."""

import inspect
from types import NoneType
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from config import Settings
from pipeline.app import create_app
from pipeline_client import things

NAMES = {NoneType: "null", str: "string", int: "integer", bool: "boolean"}
OWN = {"ProjectInShort"}
"""What only the client has a name for."""
TYPES = {
    name: one
    for name, one in inspect.getmembers(things)
    if is_typeddict(one) and one.__module__ == things.__name__ and name not in OWN
}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the description says of every thing; no database is asked for it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('types')}/never.db"
    app = create_app(Settings.from_environment({"PIPELINE_MODE": "test", "DATABASE_URL": url}))
    described: dict[str, Any] = app.extensions["pipeline_api_description"]["components"]["schemas"]
    return described


def typed(hint: Any) -> set[str]:
    """A type of Python, in the words of OpenAPI."""
    if get_origin(hint) is NotRequired:
        return typed(get_args(hint)[0])
    if get_origin(hint) is list:
        return {f"array of {word}" for word in typed(get_args(hint)[0])}
    if get_origin(hint) is dict:
        return {"object"}
    if get_args(hint):
        return set().union(*(typed(one) for one in get_args(hint)))
    return {NAMES.get(hint) or hint.__name__}


def described(schema: dict[str, Any]) -> set[str]:
    """What the description says of a member, in the same words."""
    if "$ref" in schema:
        return {schema["$ref"].rsplit("/", 1)[1]}
    if "anyOf" in schema:
        return set().union(*(described(one) for one in schema["anyOf"]))
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    items = described(schema["items"]) if "items" in schema else {"anything"}
    return set().union(*({f"array of {one}" for one in items} if kind == "array" else {kind} for kind in kinds))


@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_type_has_the_members_that_are_described_and_their_types(name: str, schemas: dict[str, Any]) -> None:
    hints = get_type_hints(TYPES[name])
    members = schemas[name]["properties"]
    assert {member: typed(hint) for member, hint in hints.items()} == {
        member: described(schema) for member, schema in members.items()
    }


def test_the_types_are_all_that_are_meant() -> None:
    assert len(TYPES) > 20
    assert typed(Union[str, None]) == {"string", "null"}  # noqa: UP007
