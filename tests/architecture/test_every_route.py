"""Every role × route × method answers as the table of permissions says. On both databases."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from pipeline.http.entry import Entry, entry_of
from pipeline.kernel.actor import Role
from pipeline.kernel.ids import new_id
from tests.factories import Factory
from tests.support.exports import make_exports

pytestmark = pytest.mark.database

MAY_ENTER: dict[str, set[Entry]] = {
    "nobody": {Entry.ANYONE},
    "an officer without a council": {Entry.ANYONE, Entry.OFFICER},
    "a member": {Entry.ANYONE, Entry.OFFICER, Entry.MEMBER},
    "an authoriser": {Entry.ANYONE, Entry.OFFICER, Entry.MEMBER},
    "a council admin": {Entry.ANYONE, Entry.OFFICER, Entry.MEMBER, Entry.COUNCIL_ADMIN},
    "a coordinator": {Entry.ANYONE, Entry.OFFICER, Entry.COORDINATOR},
    "a platform admin": {Entry.ANYONE, Entry.OFFICER, Entry.PLATFORM_ADMIN},
}
ROLES = {
    "an authoriser": Role.AUTHORISER,
    "a council admin": Role.COUNCIL_ADMIN,
    "a coordinator": Role.COORDINATOR,
    "a platform admin": Role.PLATFORM_ADMIN,
}
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

MADE_UP = {
    "AnyConverter": "projects", "IntegerConverter": 7, "UUIDConverter": str(new_id()),
    "UnicodeConverter": "no-such-thing",
}  # fmt: skip
"""What stands for the parameters: things nobody has."""


def become(who: str, make: Factory, client: FlaskClient) -> None:
    """Sign in as one of the people of the table."""
    if who == "nobody":
        return
    in_council = who in ("a member", "an authoriser", "a council admin")
    council = make.council() if in_council else None
    officer = make.officer(council, *([ROLES[who]] if who in ROLES else []))
    make.signed_in(client, officer, council)


def address_of(app: Flask, rule: Rule) -> str:
    """The address of a route, for things that do not exist."""
    values = {name: MADE_UP[type(converter).__name__] for name, converter in rule._converters.items()}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, values, method=sorted(rule.methods or ())[0])


def taken_at(app: Flask, address: str) -> set[str]:
    """The methods taken at an address, by any route."""
    return set(app.url_map.bind("localhost").allowed_methods(address))


@pytest.mark.parametrize("who", MAY_ENTER)
def test_every_route_and_method_answers_as_the_table_says(app: Flask, make: Factory, who: str) -> None:
    client = FlaskClient(app, app.response_class)
    become(who, make, client)
    make_exports(app)
    wrong = []
    for rule in app.url_map.iter_rules():
        with app.app_context():
            entry = entry_of(rule.endpoint)
        address = address_of(app, rule)
        # Cookies mean nothing there: whoever comes with one is nobody. Tokens: tests/api/test_tokens.py.
        is_api = rule.rule.startswith("/api")
        for method in METHODS:
            if method in taken_at(app, address) and method not in (rule.methods or set()):
                continue
            status = client.open(address, method=method).status_code
            is_in = entry in MAY_ENTER["nobody" if is_api else who]
            wanted = wanted_statuses(rule, method, is_in=is_in, is_signed_in=who != "nobody", is_api=is_api)
            if status not in wanted:
                wrong.append(f"{method} {address} answered {status}, not one of {sorted(wanted)}")
    assert wrong == []


def wanted_statuses(rule: Rule, method: str, *, is_in: bool, is_signed_in: bool, is_api: bool) -> set[int]:
    """What may be answered: wrong method, no entry, or what becomes of a thing that does not exist."""
    if method not in (rule.methods or set()):
        return {405}
    if method == "OPTIONS":
        return {200}
    if not is_in and is_api:
        return {401}
    if not is_in:
        return {403} if is_signed_in else {303}
    if method == "POST" and rule.endpoint == "notices.unsubscribe":
        return {404}  # mail programs press it, without a form: the address itself is the proof
    if method == "POST":
        return {400}  # the form's token is missing
    if rule.rule == "/oembed":
        return {400}  # it answers for an address, and none is given
    if not rule.arguments:
        return {200, 302, 303, 308, 403, 404}
    return {404, 410} if "token" not in rule.arguments else {200, 404, 410}
