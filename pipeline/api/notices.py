"""What needs the caller, what they were told, what they follow and muted, and how they want to be told."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.artefacts import blueprint as artefacts
from pipeline.api.base import (
    NoParameters,
    Parameters,
    StrictInteger,
    answer,
    answer_list,
    list_schema,
    own_etag,
    page_of,
    thing_schema,
)
from pipeline.api.bodies import Body, Day, Id, NoMembers, Prose, Truth, WholeNumber, Word
from pipeline.api.councils import blueprint as councils
from pipeline.api.own import blueprint
from pipeline.api.search import LICENCE, YEAR
from pipeline.api.search import blueprint as searching
from pipeline.api.writing import carry_out
from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.db.keyset import Place
from pipeline.db.statements import utc_text
from pipeline.db.work import UnitOfWork
from pipeline.http.cursors import make_cursor, read_cursor
from pipeline.http.entry import members, officers, with_scope
from pipeline.http.identity import current_actor
from pipeline.http.language import say_in_english
from pipeline.http.preconditions import idempotency_key
from pipeline.http.reading import begin_read, end_read
from pipeline.http.security import KEPT_BY_ONE
from pipeline.kernel import clock
from pipeline.kernel.clock import uk_date
from pipeline.notifications import actions
from pipeline.notifications.followed import FollowedShown, Why, followed_by
from pipeline.notifications.needs_me import Act, Needed, needs_me
from pipeline.notifications.notice_queries import (
    Group,
    NoticeShown,
    mark_read,
    notices_of,
    own_preferences,
)
from pipeline.notifications.preferences import How, Preferences, QuietHours, Sort
from pipeline.notifications.rules import MUTABLE
from pipeline.notifications.search_words import search_in_words
from pipeline.notifications.searches import Search
from pipeline.notifications.unread import unread_of
from pipeline.projects.models import Follow
from pipeline.projects.rules import NeedKind, ProjectStatus
from pipeline.projects.taking_part import Followed
from pipeline.projects.vocabulary import PHASE_BY_VALUE, PROFESSION_BY_VALUE, THEME_BY_VALUE
from pipeline.search.models import EntryKind

CURSOR = "api-notices"
AN_ID = "0196f0a0-0000-7000-8000-000000000000"


def _open_ended(words: Any) -> dict[str, str]:
    return {"description": "Open-ended; today one of: " + ", ".join(words)}


class NeededSchema(ma.Schema):
    """One thing that only the caller, or the few in their role, can do."""

    act = ma.fields.String(required=True, metadata=_open_ended(Act))
    summary = ma.fields.String(required=True, metadata={"example": "Authorise or refuse: 2.5 days, Talking to tenants"})
    about = ma.fields.String(required=True, metadata={"description": "The title of its project or document"})
    since = ma.fields.Date(required=True)
    due_on = ma.fields.Date(required=True, allow_none=True)
    days_late = ma.fields.Integer(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The page on which it is done"})


class NoticeSchema(ma.Schema):
    """One thing the caller was told."""

    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True, metadata={"description": "Open-ended", "example": "pledge.offered"})
    sort = ma.fields.String(required=True, metadata=_open_ended(Sort))
    summary = ma.fields.String(required=True, metadata={"example": "A council has offered a pledge"})
    about_type = ma.fields.String(required=True, allow_none=True, metadata=_open_ended(MUTABLE))
    about = ma.fields.UUID(required=True, allow_none=True, metadata={"description": "The id of what it is about"})
    title = ma.fields.String(required=True, metadata={"description": "The title of what it is about"})
    made_at = ma.fields.DateTime(required=True)
    is_read = ma.fields.Boolean(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The page it leads to"})


class NoticesReadSchema(ma.Schema):
    """How many notices are left that were not read."""

    unread = ma.fields.Integer(required=True)


class FollowedSchema(ma.Schema):
    """One thing the caller is told of: by their own act, or by the part they have in it."""

    follow = ma.fields.UUID(
        required=True, allow_none=True, metadata={"description": "The id with which it is ended; null for a part"}
    )
    kind = ma.fields.String(required=True, metadata=_open_ended(Followed))
    id = ma.fields.UUID(required=True, metadata={"description": "The id of what is followed"})
    title = ma.fields.String(required=True)
    terms = ma.fields.String(required=True, metadata={"description": "Of a theme or a search"})
    why = ma.fields.String(required=True, metadata=_open_ended(Why))
    is_muted = ma.fields.Boolean(required=True)
    followed_at = ma.fields.DateTime(required=True, allow_none=True)
    url = ma.fields.String(required=True, allow_none=True)


class IsFollowingSchema(ma.Schema):
    """Whether one follows something, and the id with which that is ended."""

    is_following = ma.fields.Boolean(required=True)
    follow = ma.fields.UUID(required=True, allow_none=True)


class MutedSchema(ma.Schema):
    """Whether one is told nothing of something."""

    is_muted = ma.fields.Boolean(required=True)


class MailSchema(ma.Schema):
    """How the caller is told of each kind of news, and between which hours, UK time, not (null: the platform's own)."""

    waiting = ma.fields.String(required=True, metadata=_open_ended(How))
    part = ma.fields.String(required=True, metadata=_open_ended(How))
    documents = ma.fields.String(required=True, metadata=_open_ended(How))
    council = ma.fields.String(required=True, metadata=_open_ended(How))
    following = ma.fields.String(required=True, metadata=_open_ended(How))
    quiet_first = ma.fields.Integer(required=True, allow_none=True)
    quiet_last = ma.fields.Integer(required=True, allow_none=True)


class NoticeParameters(Parameters):
    """Where in the list."""

    limit = StrictInteger(
        load_default=50, validate=ma.validate.Range(1, 100), metadata={"description": "Rows on a page, 1 to 100"}
    )
    cursor = ma.fields.String(
        load_default="", validate=ma.validate.Length(max=1000),
        metadata={"description": "From a link of an earlier page"},
    )  # fmt: skip


class ReadNoticesBody(Body):
    """Of what the notices are read: those about one thing; without it, all."""

    about = Id(metadata={"description": "The id of a project, document or council", "example": AN_ID})


class FollowSearchBody(Body):
    """A search for projects, as the list takes it; one for a theme alone follows the theme."""

    q = Prose(200, load_default="", metadata={"example": "housing repairs"})
    theme = Word(THEME_BY_VALUE, metadata={"example": "housing"})
    status = Word(ProjectStatus, metadata={"example": "open"})
    phase = Word(PHASE_BY_VALUE, metadata={"example": "discovery"})
    need_kind = Word(NeedKind, metadata={"example": "time"})
    profession = Word(PROFESSION_BY_VALUE)
    nation = Word(NATION_BY_VALUE, metadata={"example": "England"})
    region = Word(REGION_BY_VALUE)
    kind = Word(KIND_BY_VALUE)
    council = Prose(80)
    partner = Prose(80)
    open_needs = Truth()
    decision_before = Day()


class FollowEverythingBody(Body):
    """A search of everything public, as `GET /search` takes it."""

    q = Prose(200, load_default="", metadata={"example": "housing repairs"})
    kind = Word(EntryKind, metadata={"example": "lesson"})
    theme = Word(THEME_BY_VALUE, metadata={"example": "housing"})
    phase = Word(PHASE_BY_VALUE, metadata={"example": "discovery"})
    council_kind = Word(KIND_BY_VALUE)
    nation = Word(NATION_BY_VALUE, metadata={"example": "England"})
    region = Word(REGION_BY_VALUE)
    need = Word(NeedKind, metadata={"example": "time"})
    licence = ma.fields.String(validate=ma.validate.Regexp(LICENCE))
    year = ma.fields.String(validate=ma.validate.Regexp(YEAR))


class MuteBody(Body):
    """What to be told nothing of."""

    about_type = Word(MUTABLE, required=True, metadata={"example": "project"})
    about = Id(required=True, metadata={"example": AN_ID})


class MailBody(Body):
    """How to be told of each kind of news; without quiet hours the platform's own hold, the same hour twice is none."""

    waiting = Word(How, required=True, metadata={"example": "at_once"})
    part = Word(How, required=True, metadata={"example": "daily"})
    documents = Word(How, required=True, metadata={"example": "daily"})
    council = Word(How, required=True, metadata={"example": "at_once"})
    following = Word(How, required=True, metadata={"example": "weekly"})
    quiet_first = WholeNumber(23, least=0, metadata={"example": 19})
    quiet_last = WholeNumber(23, least=0, metadata={"example": 8})


MUTED, MAIL, FOLLOWING = thing_schema(MutedSchema), thing_schema(MailSchema), thing_schema(IsFollowingSchema)


@blueprint.route("/me/needs-me")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, list_schema(NeededSchema))
def list_what_needs_me(_asked: dict[str, Any]) -> Response:
    """List what needs the caller, the oldest first: all of it, without pages."""
    reading = begin_read()
    rows = [_needed(one, uk_date(reading.now)) for one in needs_me(reading)]
    return _whole(rows)


@blueprint.route("/me/notices")
@members
@blueprint.arguments(NoticeParameters, location="query")
@blueprint.response(200, list_schema(NoticeSchema))
def list_notices(asked: dict[str, Any]) -> Response:
    """List what the caller was told, those about one thing together, what they may know of still."""
    place = None
    if asked["cursor"]:
        moment, notice_id, is_backwards = read_cursor(asked["cursor"], CURSOR)
        place = Place(datetime.fromisoformat(moment), UUID(notice_id), is_backwards)
    groups, page = notices_of(begin_read(), place, asked["limit"])
    body = page_of(
        [_notice(group, one) for group in groups for one in group.notices], limit=asked["limit"],
        next_cursor=_cursor(page.after), prev_cursor=_cursor(page.before),
    )  # fmt: skip
    return answer_list(body, own_etag(body), cache=KEPT_BY_ONE)


@blueprint.route("/me/notices/read", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(ReadNoticesBody, location="json", required=False)
@blueprint.response(200, thing_schema(NoticesReadSchema))
def read_notices(body: dict[str, Any]) -> Response:
    """Note that the caller has read their notices. Doing it twice changes nothing."""
    # Noting it twice is noting it once, so the key is kept nowhere; but what is sent as one has to be one.
    idempotency_key()
    officer_id = current_actor().officer_id
    if officer_id is not None:
        end_read()
        mark_read(officer_id, clock.now(), body.get("about"))
    return answer({"data": {"unread": unread_of(begin_read())}}, cache=KEPT_BY_ONE)


@blueprint.route("/me/follows")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, list_schema(FollowedSchema))
def list_followed(_asked: dict[str, Any]) -> Response:
    """List what the caller is told of: what they follow, what they have a part in, and what they muted."""
    return _whole([_followed(one) for one in followed_by(begin_read())])


@blueprint.route("/me/follows", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(FollowSearchBody, location="json")
@blueprint.response(200, FOLLOWING)
def follow_search(body: dict[str, Any]) -> Response:
    """Hear of each project posted that a search finds, or that has a theme."""
    words, filters = body["q"], {name: value for name, value in body.items() if name != "q"}
    return carry_out(body, lambda work: actions.follow_search(work, words=words, filters=filters), _follows)


@searching.route("/search/follow", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@searching.arguments(FollowEverythingBody, location="json")
@searching.response(200, FOLLOWING)
def follow_search_of_everything(body: dict[str, Any]) -> Response:
    """Hear of everything new that a search finds: projects, needs, updates, lessons, documents and councils."""
    words, facets = body["q"], {name: value for name, value in body.items() if name != "q"}
    return carry_out(
        body, lambda work: actions.follow_search_of_everything(work, words=words, facets=facets), _follows
    )  # fmt: skip


@blueprint.route("/me/follows/<uuid:follow_id>/end", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, FOLLOWING)
def end_follow(body: dict[str, Any], follow_id: UUID) -> Response:
    """Follow something no longer, whatever it is."""

    def ended(_work: UnitOfWork, _made: None) -> dict[str, Any]:
        return {"is_following": False, "follow": None}

    return carry_out(body, lambda work: actions.end_follow(work, follow_id=follow_id), ended)


@councils.route("/councils/<string:code>/follow", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@councils.arguments(NoMembers, location="json", required=False)
@councils.response(200, FOLLOWING)
def follow_council(body: dict[str, Any], code: str) -> Response:
    """Hear of what a council posts, shares and learns."""
    return carry_out(body, lambda work: actions.follow_council(work, slug=code), _follows)


@artefacts.route("/artefacts/<string:slug>/follow", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@artefacts.arguments(NoMembers, location="json", required=False)
@artefacts.response(200, FOLLOWING)
def follow_artefact(body: dict[str, Any], slug: str) -> Response:
    """Hear of each new version of a document."""
    return carry_out(body, lambda work: actions.follow_document(work, slug=slug), _follows)


@blueprint.route("/me/mutes", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(MuteBody, location="json")
@blueprint.response(200, MUTED)
def mute(body: dict[str, Any]) -> Response:
    """Be told nothing of a project, document or council. What only the caller can do still needs them."""
    asked = {"subject_type": body["about_type"], "subject_id": body["about"]}
    return carry_out(body, lambda work: actions.mute(work, **asked), lambda _work, _made: {"is_muted": True})


@blueprint.route("/me/mutes/end", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(MuteBody, location="json")
@blueprint.response(200, MUTED)
def unmute(body: dict[str, Any]) -> Response:
    """Be told of something again."""
    asked = {"subject_type": body["about_type"], "subject_id": body["about"]}
    return carry_out(body, lambda work: actions.unmute(work, **asked), lambda _work, _made: {"is_muted": False})


@blueprint.route("/me/mail")
@officers
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, MAIL)
def get_mail_preferences(_asked: dict[str, Any]) -> Response:
    """Read how the caller is told of each kind of news."""
    body = {"data": _mail(own_preferences(begin_read()))}
    return answer(body, etag=own_etag(body), cache=KEPT_BY_ONE)


@blueprint.route("/me/mail", methods=["POST"])
@members
@with_scope(Scope.PLEDGES_WRITE)
@blueprint.arguments(MailBody, location="json")
@blueprint.response(200, MAIL)
def choose_mail(body: dict[str, Any]) -> Response:
    """Choose how to be told of each kind of news, and between which hours not."""
    quiet = None
    if "quiet_first" in body and "quiet_last" in body:
        quiet = QuietHours(body["quiet_first"], body["quiet_last"])
    chosen = Preferences({sort: How(body[sort.value]) for sort in Sort}, quiet)
    return carry_out(body, lambda work: actions.choose_mail(work, chosen=chosen), lambda _work, made: _mail(made))


def _follows(_work: UnitOfWork, made: Follow) -> dict[str, Any]:
    return {"is_following": True, "follow": str(made.id)}


def _whole(rows: list[dict[str, Any]]) -> Response:
    body = page_of(rows, limit=max(len(rows), 1), next_cursor=None)
    return answer(body, etag=own_etag(body), cache=KEPT_BY_ONE)


def _cursor(place: Place | None) -> str | None:
    return make_cursor(CURSOR, [place.value.isoformat(), str(place.id), place.is_backwards]) if place else None


def _page_url(path: str) -> str:
    return f"{current_app.config['PUBLIC_URL']}{path}"


def _needed(one: Needed, today: date) -> dict[str, Any]:
    return {
        "act": one.act.value, "summary": say_in_english(one.words), "about": one.about, "since": one.since.isoformat(),
        "due_on": one.due_on.isoformat() if one.due_on else None, "days_late": one.days_late(today),
        "url": _page_url(one.path),
    }  # fmt: skip


def _notice(group: Group, one: NoticeShown) -> dict[str, Any]:
    return {
        "id": str(one.id), "kind": one.kind, "sort": one.sort, "summary": say_in_english(one.words),
        "about_type": group.about_type, "about": str(group.about_id) if group.about_id else None,
        "title": group.thing.title, "made_at": utc_text(one.made_at), "is_read": one.is_read,
        "url": _page_url(one.path or "/account"),
    }  # fmt: skip


def _followed(one: FollowedShown) -> dict[str, Any]:
    search = Search.of_terms(one.terms) if one.kind is Followed.SEARCH else None
    path = search.path if search else one.thing.path
    title = search_in_words(search, "en") if search else one.need or one.thing.title
    return {
        "follow": str(one.follow_id) if one.follow_id else None, "kind": one.kind.value, "id": str(one.subject_id),
        "title": title, "terms": one.terms, "why": one.why.value, "is_muted": one.is_muted,
        "followed_at": utc_text(one.followed_at) if one.followed_at else None,
        "url": _page_url(path) if path else None,
    }  # fmt: skip


def _mail(chosen: Preferences) -> dict[str, Any]:
    quiet = chosen.quiet
    return {
        **{sort.value: how.value for sort, how in chosen.how.items()},
        "quiet_first": quiet.first if quiet else None, "quiet_last": quiet.last if quiet else None,
    }  # fmt: skip
