"""Who may enter a route. Every route says so; a test fails for one that does not, and so does the request.

Under /api a token must also have been made for what the route does: its scope.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import current_app, request

from pipeline.accounts.tokens import Scope
from pipeline.http.identity import Bearer, Identity, ScopeMissing, check_token, current_bearer, current_identity
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotAllowed
from pipeline.kernel.words import Words, _

View = TypeVar("View", bound=Callable[..., Any])


class Entry(StrEnum):
    """Who may open a route at all. What they may do there, the policies say."""

    ANYONE = "anyone"
    OFFICER = "officer"
    MEMBER = "member"
    COUNCIL_ADMIN = "council-admin"
    COORDINATOR = "coordinator"
    PLATFORM_ADMIN = "platform-admin"


class SignInNeeded(Exception):
    """The route is for officers and nobody is signed in."""


def may_enter(entry: Entry) -> Callable[[View], View]:
    """Declare who may enter a route. Stands right under the route decorator."""

    def declare(view: View) -> View:
        view.entry = entry  # type: ignore[attr-defined]
        return view

    return declare


anyone = may_enter(Entry.ANYONE)
officers = may_enter(Entry.OFFICER)
members = may_enter(Entry.MEMBER)
council_admins = may_enter(Entry.COUNCIL_ADMIN)
coordinators = may_enter(Entry.COORDINATOR)
platform_admins = may_enter(Entry.PLATFORM_ADMIN)


def with_scope(scope: Scope | None) -> Callable[[View], View]:
    """Declare which scope a token needs for a route under /api; None for any token. Stands under who may enter."""

    def declare(view: View) -> View:
        view.scope = scope  # type: ignore[attr-defined]
        return view

    return declare


def scope_of(endpoint: str) -> Scope | None:
    """Which scope a token needs for an endpoint of the API: what its view declares, and otherwise that of reading."""
    view = current_app.view_functions.get(endpoint)
    scope: Scope | None = getattr(view, "scope", Scope.READ)
    return scope


def entry_of(endpoint: str) -> Entry | None:
    """Who may enter an endpoint, as its view declares."""
    view = current_app.view_functions.get(endpoint)
    entry: Entry | None = getattr(view, "entry", None)
    return entry


def check_entry() -> None:
    """Before every request: let in whom the route lets in. Raises SignInNeeded, TokenRefused or NotAllowed."""
    if request.endpoint is None or request.method == "OPTIONS":
        return
    entry = entry_of(request.endpoint)
    if entry is None:
        raise RuntimeError(f"the route {request.endpoint} does not say who may enter")
    if request.path.startswith("/api/"):
        check_token()
        bearer = current_bearer()
        if bearer is not None:
            _check_scope(request.endpoint, bearer)
        if entry is not Entry.ANYONE:
            _check(entry, bearer)
    elif entry is not Entry.ANYONE:
        _check(entry, current_identity())


def _check_scope(endpoint: str, bearer: Bearer) -> None:
    wanted = scope_of(endpoint)
    if wanted is not None and wanted not in bearer.scopes:
        raise ScopeMissing(wanted)


def _check(entry: Entry, identity: Identity | Bearer | None) -> None:
    if identity is None:
        raise SignInNeeded
    if entry is Entry.MEMBER and identity.council_id is None:
        words = Words(_("This is for officers of a council. Your place in a council is not confirmed yet."))
        raise NotAllowed("entry.not_a_member", words)
    needed = {
        Entry.COUNCIL_ADMIN: Role.COUNCIL_ADMIN,
        Entry.COORDINATOR: Role.COORDINATOR,
        Entry.PLATFORM_ADMIN: Role.PLATFORM_ADMIN,
    }.get(entry)
    if needed is not None and needed not in identity.roles:
        raise NotAllowed("entry.not_your_role", Words(_("Your role does not open this page.")))
