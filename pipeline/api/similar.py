"""Work that is alike: what is like a project, lesson or document and why, and how a team says that theirs differs."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.base import Blueprint, NoParameters, answer, own_etag, thing_schema
from pipeline.api.bodies import Body, NoMembers, Prose, Word
from pipeline.api.councils import CouncilReference
from pipeline.api.writing import carry_out
from pipeline.db.statements import utc_text
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import anyone, members, with_scope
from pipeline.http.language import say
from pipeline.http.reading import begin_read
from pipeline.kernel.translation import LANGUAGES
from pipeline.similarity import actions, queries
from pipeline.similarity.messages import why
from pipeline.similarity.models import Difference
from pipeline.similarity.queries import DifferenceShown, Other, Similar
from pipeline.similarity.rules import LONGEST_REASON, DifferenceStatus, Kind
from pipeline.similarity.subjects import FOLDERS, Thing, thing_by_id, thing_seen_by

blueprint = Blueprint("api_similar", __name__, url_prefix="/api/v1", description="Work that is alike")


class OtherSchema(ma.Schema):
    """A project, lesson or document that everybody reads."""

    type = ma.fields.String(required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(Kind)})
    slug = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    status = ma.fields.String(required=True)
    council = ma.fields.Nested(CouncilReference, required=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class SimilarSchema(OtherSchema):
    """Something that is like what was asked about, and why."""

    score = ma.fields.Float(
        required=True, metadata={"description": "How alike, from 0 to 1. How it is reckoned may change"}
    )
    why = ma.fields.String(required=True, metadata={"example": "Both are about housing: damp, mould."})
    words = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "What both are about"})
    themes = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "The themes they share"})


class StatedDifferenceSchema(ma.Schema):
    """How one thing differs from another, as the team of the one says."""

    id = ma.fields.UUID(required=True)
    status = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(DifferenceStatus)}
    )
    said_of = ma.fields.Nested(OtherSchema, required=True, metadata={"description": "What the team says it of"})
    other = ma.fields.Nested(OtherSchema, required=True, metadata={"description": "What it differs from"})
    reason = ma.fields.String(required=True)
    language = ma.fields.String(required=True, metadata={"description": "BCP 47", "example": "en"})
    said_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "Its page"})


class DifferenceNearSchema(ma.Schema):
    """A stated difference, from the side of what was asked about."""

    id = ma.fields.UUID(required=True)
    is_own = ma.fields.Boolean(
        required=True, metadata={"description": "Whether it is said of what was asked about, not of the other"}
    )
    other = ma.fields.Nested(OtherSchema, required=True)
    reason = ma.fields.String(required=True)
    language = ma.fields.String(required=True, metadata={"description": "BCP 47", "example": "en"})
    said_at = ma.fields.DateTime(required=True)


class SimilarWorkSchema(ma.Schema):
    """What is like something, the most alike first, five at most, and how it is said to differ."""

    similar = ma.fields.List(ma.fields.Nested(SimilarSchema), required=True)
    differences = ma.fields.List(ma.fields.Nested(DifferenceNearSchema), required=True)


class StateDifferenceBody(Body):
    """From what it differs, and how. Everybody reads it on both pages once both are public."""

    other_type = Word(Kind, required=True, metadata={"example": "document"})
    other = ma.fields.String(
        required=True, validate=ma.validate.Length(min=1, max=100),
        metadata={"description": "The slug of the other", "example": "damp-and-mould-policy"},
    )  # fmt: skip
    reason = Prose(LONGEST_REASON, required=True, metadata={"example": "Ours is for private tenants too."})
    language = Word(LANGUAGES, load_default="en", metadata={"example": "en"})


class StateDocumentDifferenceBody(StateDifferenceBody):
    """From what a document differs, and how. Everybody reads it on both pages once both are public."""

    other_type = Word(Kind, required=True, metadata={"example": "project"})


SIMILAR, DIFFERENCE = thing_schema(SimilarWorkSchema), thing_schema(StatedDifferenceSchema)


@blueprint.route("/projects/<string:slug>/similar")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, SIMILAR)
def get_similar_to_project(_asked: dict[str, Any], slug: str) -> Response:
    """Read what other councils do, did or published that is like a project; of a draft, only its team."""
    return _similar(Kind.PROJECT, slug)


@blueprint.route("/lessons/<string:slug>/similar")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, SIMILAR)
def get_similar_to_lesson(_asked: dict[str, Any], slug: str) -> Response:
    """Read what is like a lesson; of a draft, only its team."""
    return _similar(Kind.LESSON, slug)


@blueprint.route("/artefacts/<string:slug>/similar")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, SIMILAR)
def get_similar_to_artefact(_asked: dict[str, Any], slug: str) -> Response:
    """Read what is like a shared document; of a draft, only its team."""
    return _similar(Kind.DOCUMENT, slug)


@blueprint.route("/projects/<string:slug>/differences", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(StateDifferenceBody, location="json")
@blueprint.response(201, DIFFERENCE)
def say_how_project_differs(body: dict[str, Any], slug: str) -> Response:
    """Say how a project of one's team differs from another's work. The leads of the other are told."""
    return _say(Kind.PROJECT, slug, body)


@blueprint.route("/lessons/<string:slug>/differences", methods=["POST"])
@members
@with_scope(Scope.LESSONS_WRITE)
@blueprint.arguments(StateDifferenceBody, location="json")
@blueprint.response(201, DIFFERENCE)
def say_how_lesson_differs(body: dict[str, Any], slug: str) -> Response:
    """Say how a lesson of one's team differs from another's work. The leads of the other are told."""
    return _say(Kind.LESSON, slug, body)


@blueprint.route("/artefacts/<string:slug>/differences", methods=["POST"])
@members
@with_scope(Scope.ARTEFACTS_WRITE)
@blueprint.arguments(StateDocumentDifferenceBody, location="json")
@blueprint.response(201, DIFFERENCE)
def say_how_artefact_differs(body: dict[str, Any], slug: str) -> Response:
    """Say how a document of one's team differs from another's work. The leads of the other are told."""
    return _say(Kind.DOCUMENT, slug, body)


@blueprint.route("/differences/<uuid:difference_id>")
@anyone
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, DIFFERENCE)
def get_difference(_asked: dict[str, Any], difference_id: UUID) -> Response:
    """Read how one thing differs from another, as its team says."""
    reading = begin_read()
    difference, ours = queries.difference_seen_by(reading, difference_id)
    body = {"data": _stated(difference, ours, queries.other_of(reading, difference))}
    return answer(body, etag=own_etag(body))


@blueprint.route("/differences/<uuid:difference_id>/withdraw", methods=["POST"])
@members
@with_scope(Scope.PROJECTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, DIFFERENCE)
def withdraw_difference(body: dict[str, Any], difference_id: UUID) -> Response:
    """Take back what one's team said of a difference."""
    return carry_out(body, lambda work: actions.withdraw_difference(work, difference_id=difference_id), _after)


def _similar(kind: Kind, slug: str) -> Response:
    reading = begin_read()
    thing = thing_seen_by(reading, kind, slug)
    found = queries.around_seen_by(reading, thing)
    body = {
        "data": {
            "similar": [_like(one) for one in found.similar],
            "differences": [_near(one) for one in found.differences],
        }
    }
    return answer(body, etag=own_etag(body))


def _say(kind: Kind, slug: str, body: dict[str, Any]) -> Response:
    def say_it(work: UnitOfWork) -> Difference:
        return actions.say_difference(
            work, kind=kind, slug=slug, other_kind=Kind(body["other_type"]), other=body["other"],
            reason=body["reason"], language=body["language"],
        )  # fmt: skip

    return carry_out(body, say_it, _after, status=201)


def _after(work: UnitOfWork, difference: Difference) -> dict[str, Any]:
    work.session.flush()
    ours = thing_by_id(work, Kind(difference.about_type), difference.about_id)
    return _stated(difference, ours, queries.other_of(work, difference))


def _stated(difference: Difference, ours: Thing, theirs: Thing) -> dict[str, Any]:
    return {
        "id": str(difference.id), "status": difference.status, "said_of": _thing(ours), "other": _thing(theirs),
        "reason": difference.reason, "language": difference.language, "said_at": utc_text(difference.said_at),
        "url": f"{current_app.config['PUBLIC_URL']}/differences/{difference.id}",
    }  # fmt: skip


def _thing(thing: Thing) -> dict[str, Any]:
    return {
        "type": thing.kind.value, "slug": thing.address, "title": thing.title, "status": thing.status,
        "council": {"slug": thing.council.slug, "name": thing.council.name, "gss_code": thing.council.gss_code},
        "url": f"{current_app.config['PUBLIC_URL']}{thing.path}",
    }  # fmt: skip


def _other(other: Other) -> dict[str, Any]:
    return {
        "type": other.kind.value, "slug": other.address, "title": other.title, "status": other.status,
        "council": {"slug": other.council_slug, "name": other.council_full_name, "gss_code": other.gss_code},
        "url": f"{current_app.config['PUBLIC_URL']}/{FOLDERS[other.kind]}/{other.address}",
    }  # fmt: skip


def _like(one: Similar) -> dict[str, Any]:
    sentences = why(words=one.words, themes=one.themes, phase=one.phase, professions=one.professions, language="en")
    return _other(one.other) | {
        "score": one.score, "why": " ".join(say(words) for words in sentences), "words": list(one.words),
        "themes": list(one.themes),
    }  # fmt: skip


def _near(one: DifferenceShown) -> dict[str, Any]:
    return {
        "id": str(one.id), "is_own": one.is_own, "other": _other(one.other), "reason": one.reason,
        "language": one.language, "said_at": utc_text(one.said_at),
    }  # fmt: skip
