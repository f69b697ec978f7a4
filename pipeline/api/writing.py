"""How the API changes things: an act is carried out once, in one transaction, and answered with what it made.

    @blueprint.route("/pledges/<uuid:pledge_id>/accept", methods=["POST"])
    @members
    @with_scope(Scope.PLEDGES_WRITE)
    @blueprint.arguments(NoMembers, location="json", required=False)
    @blueprint.response(200, thing_schema(PledgeSchema))
    def accept_pledge(body, pledge_id):
        return carry_out(body, lambda work: actions.accept_pledge(work, pledge_id=pledge_id), shown_after)

Rules, policies and refusals are those of the pages: an endpoint says which action, and how its result is shown.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

import orjson
from flask import Response, current_app, request
from werkzeug.exceptions import BadRequest

from pipeline.accounts.actions import note_danger
from pipeline.accounts.queries.tokens import is_live
from pipeline.db import idempotency
from pipeline.db.idempotency import AlreadyDone
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import SignInNeeded
from pipeline.http.identity import Bearer, TokenRefused, current_bearer
from pipeline.http.preconditions import idempotency_key
from pipeline.http.reading import begin_work
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel.errors import Conflict, NotAllowed, RuleBroken
from pipeline.kernel.words import Words, _

Made = TypeVar("Made")
View = TypeVar("View", bound=Callable[..., Any])


def needs_match(view: View) -> View:
    """Declare that an act needs If-Match: the version that was read. A PATCH always does."""
    view.needs_match = True  # type: ignore[attr-defined]
    return view


def needs_key(view: View) -> View:
    """Declare that an act must come with an Idempotency-Key. Stands under the scope."""
    view.needs_key = True  # type: ignore[attr-defined]
    return view


@contextmanager
def naming(members: Mapping[str, str]) -> Iterator[None]:
    """Name what a refusal is about as the API calls it, where the rules call it otherwise."""
    try:
        yield
    except (RuleBroken, Conflict) as refusal:
        refusal.problems = tuple(
            replace(one, field=members.get(one.field, one.field) if one.field else None) for one in refusal.problems
        )
        raise


def carry_out(
    body: Any,
    act: Callable[[UnitOfWork], Made],
    shown: Callable[[UnitOfWork, Made], dict[str, Any]],
    *,
    status: int = 200,
    unkept: frozenset[str] = frozenset(),
) -> Response:
    """Carry out an act for the token's officer and answer `{"data": shown(work, act(work))}`.

    With an Idempotency-Key (after `@needs_key` it must have one) it is done once: the answer is kept in the same
    transaction, and given again to whoever sends the same. `body` is what was sent, which decides whether it is the
    same. A member `etag` of what is shown becomes the ETag, and `url` the Location of what was made (201).
    Members that are `unkept`, secrets, are answered this once: nothing keeps them, and a replay has null in their
    place. Raises what the act raises; an act that policies refuse is kept as a security event.
    """
    bearer = _bearer()
    if request.method == "DELETE":
        _check_bare()
    key = _key(bearer, body)
    try:
        with begin_work(key) as work:
            _check_live(work, bearer)
            data = shown(work, act(work))
            kept = orjson.dumps({"status": status, "data": data | dict.fromkeys(unkept)})
            if key is not None:
                idempotency.keep_answer(work.session, key, kept.decode())
    except AlreadyDone as done:
        return _answer(orjson.loads(done.answer or b""), is_replayed=True)
    except NotAllowed as refusal:
        _note(refusal, bearer)
        raise
    return _answer(orjson.loads(orjson.dumps({"status": status, "data": data})))


def _check_bare() -> None:
    """What is deleted is in the address, and nothing else is said. Raises BadRequest."""
    if request.query_string or request.get_data():
        raise BadRequest("This takes neither parameters nor a body.")


def _bearer() -> Bearer:
    bearer = current_bearer()
    if bearer is None:
        raise SignInNeeded
    return bearer


def _key(bearer: Bearer, body: Any) -> idempotency.Key | None:
    """The key of the request, scoped to the token's owner and the route, with the fingerprint of what was sent."""
    view = current_app.view_functions[request.endpoint or ""]
    given = idempotency_key(is_required=getattr(view, "needs_key", False))
    if given is None:
        return None
    sent = [body, request.headers.get("If-Match", "")]
    fingerprint = hashlib.sha256(orjson.dumps(sent, option=orjson.OPT_SORT_KEYS, default=str)).hexdigest()
    return idempotency.Key(str(bearer.officer_id), f"{request.method} {request.path}"[:200], given, fingerprint)


def _check_live(work: UnitOfWork, bearer: Bearer) -> None:
    """A token that was revoked while its request was under way does nothing."""
    if not is_live(work, bearer.token_id):
        raise TokenRefused("token.revoked", Words(_("This token was revoked. Make another on your account’s page.")))


def _answer(kept: dict[str, Any], *, is_replayed: bool = False) -> Response:
    data = kept["data"]
    response = Response(orjson.dumps({"data": data}), kept["status"], mimetype="application/json")
    response.headers["Cache-Control"] = KEPT_BY_ONE
    if "etag" in data:
        response.headers["ETag"] = f'"{data["etag"]}"'
    if kept["status"] == 201 and "url" in data:
        response.headers["Location"] = data["url"]
    if is_replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _note(refusal: NotAllowed, bearer: Bearer) -> None:
    """An attempt to do what one may not is remembered, after the work was rolled back."""
    noun = refusal.code.split(".", 1)[0]
    about = {name: str(value) for name, value in (request.view_args or {}).items() if isinstance(value, UUID | str)}
    note_danger(
        f"{noun}.act_refused", officer_id=bearer.officer_id, source=request.remote_addr, code=refusal.code,
        endpoint=request.endpoint, token_id=str(bearer.token_id), **about,
    )  # fmt: skip
