"""`flask officers …` on both databases."""

from pathlib import Path

import pytest
from flask import Flask

from pipeline.accounts.actions import retention
from pipeline.kernel.actor import Role
from tests.factories import Factory

pytestmark = pytest.mark.database


def run(app: Flask, *words: str) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["officers", *words])
    return result.exit_code, result.output


def test_the_first_platform_admin_is_appointed_by_command(app: Flask, make: Factory) -> None:
    make.officer(address="ada@northborough.example")
    assert run(app, "appoint", "nobody@x.example", "--role", "platform-admin")[0] == 1
    code, said = run(app, "appoint", "Ada@Northborough.example", "--role", "platform-admin")
    assert (code, said) == (0, "Ada@Northborough.example is platform-admin now.\n")
    assert run(app, "appoint", "ada@northborough.example", "--role", "platform-admin")[0] == 0
    assert "ada@northborough.example" in run(app, "list")[1]
    assert run(app, "remove", "ada@northborough.example", "--role", "platform-admin")[0] == 0
    assert run(app, "list")[1] == ""


def test_an_unverified_account_is_appointed_to_nothing(app: Flask, make: Factory) -> None:
    make.officer(address="ada@northborough.example", verified_at=None)
    assert run(app, "appoint", "ada@northborough.example", "--role", "coordinator")[0] == 1


def test_roles_in_a_council_need_the_council_and_others_do_not(app: Flask, make: Factory) -> None:
    make.council("Northborough")
    make.officer(address="ada@northborough.example")
    assert run(app, "appoint", "ada@northborough.example", "--role", "authoriser")[0] == 1
    assert run(app, "appoint", "ada@northborough.example", "--role", "coordinator", "--council", "northborough")[0] == 1
    assert run(app, "appoint", "ada@northborough.example", "--role", "authoriser", "--council", "nowhere")[0] == 1


@pytest.mark.parametrize("before", ["no place", "waiting", "member"])
def test_an_authoriser_is_appointed_whatever_place_they_have(app: Flask, make: Factory, before: str) -> None:
    council = make.council("Northborough")
    officer = make.officer(address="ada@northborough.example")
    if before != "no place":
        make.membership(officer, council, is_waiting=before == "waiting")
    for role in ("authoriser", "council-admin", "member"):
        assert run(app, "appoint", "ada@northborough.example", "--role", role, "--council", "northborough")[0] == 0
    said = run(app, "list", "--council", "northborough")[1]
    assert said.split() == ["authoriser,", "council-admin,", "member", "ada@northborough.example"]
    assert run(app, "remove", "ada@northborough.example", "--council", "northborough")[0] == 0
    assert run(app, "list", "--council", "northborough")[1] == ""
    assert run(app, "remove", "ada@northborough.example", "--council", "northborough")[0] == 1


def test_erasures_are_applied_again_after_a_restore(
    app: Flask, make: Factory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = make.officer(None, Role.COORDINATOR)
    monkeypatch.setattr(retention, "ERASURES", tmp_path / "erasures.txt")
    retention.keep_erasure(officer.id, officer.created_at)
    assert run(app, "erase-again") == (0, "1 erased\n")
    assert run(app, "erase-again") == (0, "0 erased\n")


def test_every_command_explains_itself(app: Flask, make: Factory) -> None:
    for words in ((), ("appoint",), ("list",), ("remove",), ("erase-again",)):
        assert run(app, *words, "--help")[0] == 0
