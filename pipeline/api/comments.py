"""Comments on updates, suggestions and requests: what everybody reads, what one may read of the rest, and the acts."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import Response, current_app

from pipeline.accounts.tokens import Scope
from pipeline.api.base import (
    Blueprint,
    ListParameters,
    NoParameters,
    answer,
    list_etag,
    list_schema,
    not_modified,
    own_etag,
    row_etag,
    thing_schema,
)
from pipeline.api.bodies import Body, Id, NoMembers, Prose, Word
from pipeline.api.paging import Asked, answer_page
from pipeline.api.parameters import (
    Identifier,
    changed_since,
    code_of_council,
    fields_of,
    only,
    order_of,
    slug_of_project,
    thing_parameters,
)
from pipeline.api.updates import PersonSchema
from pipeline.api.writing import carry_out, naming
from pipeline.comments import actions, queries
from pipeline.comments.models import Comment
from pipeline.comments.queries import CommentFilters
from pipeline.comments.rules import LONGEST_COMMENT, MOST_MENTIONED, CommentedOn, CommentStatus
from pipeline.comments.subjects import thing_seen_by
from pipeline.db.statements import utc_text
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import written
from pipeline.documents.text import plain_text
from pipeline.http.entry import anyone, members, with_scope
from pipeline.http.preconditions import check_seen
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.kernel.translation import LANGUAGES

blueprint = Blueprint(
    "api_comments", __name__, url_prefix="/api/v1",
    description="What members say about updates, suggestions, and interests and requests to join",
)  # fmt: skip

MOST_IN_CONVERSATION = 100
MEMBERS = {"text": "markdown"}


class CommentAbout(ma.Schema):
    """What a comment is about."""

    type = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(CommentedOn)}
    )
    id = ma.fields.UUID(required=True)


class CommentSchema(ma.Schema):
    """Something a member said."""

    id = ma.fields.UUID(required=True)
    about = ma.fields.Nested(CommentAbout, required=True)
    project = ma.fields.String(required=True, metadata={"description": "The slug of the project it belongs to"})
    status = ma.fields.String(
        required=True, metadata={"description": "Open-ended; today one of: " + ", ".join(CommentStatus)}
    )
    markdown = ma.fields.String(required=True, metadata={"description": "As it was written"})
    html = ma.fields.String(required=True, metadata={"description": "Rendered and made safe to show"})
    text = ma.fields.String(required=True, metadata={"description": "Its words alone"})
    language = ma.fields.String(required=True, metadata={"description": "BCP 47", "example": "en"})
    author = ma.fields.Nested(PersonSchema, required=True)
    written_at = ma.fields.DateTime(required=True)
    edited_at = ma.fields.DateTime(required=True, allow_none=True)
    updated_at = ma.fields.DateTime(required=True)
    url = ma.fields.String(required=True, metadata={"description": "The comment's page"})
    etag = ma.fields.String(required=True, metadata={"example": "1.1.2026-11"})


class ToMentionSchema(ma.Schema):
    """Somebody who can be mentioned. Their name is null unless the caller may know it."""

    officer = ma.fields.UUID(required=True, metadata={"description": "Their id, for `mentions`"})
    display_name = ma.fields.String(required=True, allow_none=True)
    role = ma.fields.String(required=True, allow_none=True, metadata={"description": "Open-ended; lead or team"})
    council = ma.fields.String(required=True, metadata={"description": "Their council's short name"})


class ConversationSchema(ma.Schema):
    """What was said about something, as the caller may read it, and whom they could mention."""

    about = ma.fields.Nested(CommentAbout, required=True)
    is_open = ma.fields.Boolean(required=True, metadata={"description": "Whether anything can be said still"})
    comments = ma.fields.List(
        ma.fields.Nested(CommentSchema), required=True, metadata={"description": "The first hundred, oldest first"}
    )
    has_more = ma.fields.Boolean(required=True)
    people = ma.fields.List(ma.fields.Nested(ToMentionSchema), required=True)


class CommentsParameters(ListParameters):
    """What a list of comments can be narrowed to, and its order."""

    update = Identifier(metadata={"description": "Only those on this update"})
    suggestion = Identifier(metadata={"description": "Only those on this suggestion"})
    project = slug_of_project()
    council = code_of_council("The council it was written for")
    updated_since = changed_since("Comments")
    sort = order_of(queries.ORDERS)
    wanted = fields_of(CommentSchema)


class CommentBody(Body):
    """What to say, and about what. Comments on updates and suggestions are read by everybody."""

    about_type = Word(CommentedOn, required=True, metadata={"example": "update"})
    about_id = Id(required=True, metadata={"example": "0196f0a0-0000-7000-8000-000000000000"})
    markdown = Prose(LONGEST_COMMENT, required=True, metadata={"example": "We would like to try it too."})
    mentions = ma.fields.List(
        Id(), load_default=list, validate=ma.validate.Length(max=MOST_MENTIONED),
        metadata={"description": "People from the conversation's `people`; they are told at once", "example": []},
    )  # fmt: skip
    language = Word(LANGUAGES, load_default="en", metadata={"example": "en"})


class EditCommentBody(Body):
    """The comment, written anew."""

    markdown = Prose(LONGEST_COMMENT, required=True, metadata={"example": "We would like to try it in May."})


COMMENT = thing_schema(CommentSchema)


@blueprint.route("/comments")
@anyone
@blueprint.arguments(CommentsParameters, location="query")
@blueprint.response(200, list_schema(CommentSchema))
def list_comments(parameters: dict[str, Any]) -> Response:
    """List the comments that everybody reads, the latest first."""
    etag = list_etag()
    if unchanged := not_modified(etag):
        return unchanged
    asked = Asked.of("api-comments", parameters)
    filters, reading = CommentFilters(**asked.filters), begin_read()
    page = queries.comments_listed(
        reading, filters, order=queries.ORDERS[asked.sort], limit=asked.limit, place=asked.place
    )
    return answer_page(asked, page, shown, lambda: queries.number_of_comments(reading, filters), etag)


@blueprint.route("/comments/<uuid:comment_id>")
@anyone
@blueprint.arguments(thing_parameters(CommentSchema), location="query")
@blueprint.response(200, COMMENT)
def get_comment(parameters: dict[str, Any], comment_id: UUID) -> Response:
    """Read one comment that everybody reads."""
    row = queries.comment_listed(begin_read(), comment_id)
    etag = row_etag(row.version, row.revision)
    return not_modified(etag) or answer({"data": only(shown(row), parameters["wanted"])}, etag=etag)


@blueprint.route("/conversations/<string:about_type>/<uuid:about_id>")
@members
@blueprint.arguments(NoParameters, location="query")
@blueprint.response(200, thing_schema(ConversationSchema))
def get_conversation(_asked: dict[str, Any], about_type: str, about_id: UUID) -> Response:
    """Read what was said about an update, a suggestion, an interest or a request, and whom one could mention."""
    reading = begin_read()
    if about_type not in set(CommentedOn):
        raise NotFound("comment")
    thing = thing_seen_by(reading, CommentedOn(about_type), about_id)
    page = queries.comments_on(reading, thing, limit=MOST_IN_CONVERSATION)
    people = [
        {"officer": str(one.officer_id), "display_name": one.name, "role": one.role, "council": one.council}
        for one in queries.people_to_mention(reading, thing)
    ]
    body = {
        "data": {
            "about": {"type": about_type, "id": str(about_id)}, "is_open": thing.is_open,
            "comments": [shown(row) for row in page.rows], "has_more": page.after is not None, "people": people,
        }
    }  # fmt: skip
    return answer(body, etag=own_etag(body))


@blueprint.route("/comments", methods=["POST"])
@members
@with_scope(Scope.COMMENTS_WRITE)
@blueprint.arguments(CommentBody, location="json")
@blueprint.response(201, COMMENT)
def write_comment(body: dict[str, Any]) -> Response:
    """Say something about an update, a suggestion, an interest or a request to join, for one's council."""
    text = written(body["markdown"], under=3)

    def write(work: UnitOfWork) -> Comment:
        return actions.write_comment(
            work, about=CommentedOn(body["about_type"]), about_id=body["about_id"], text=text,
            mentions=body["mentions"], language=body["language"],
        )  # fmt: skip

    with naming(MEMBERS):
        return carry_out(body, write, _after, status=201)


@blueprint.route("/comments/<uuid:comment_id>", methods=["PATCH"])
@members
@with_scope(Scope.COMMENTS_WRITE)
@blueprint.arguments(EditCommentBody, location="json")
@blueprint.response(200, COMMENT)
def edit_comment(body: dict[str, Any], comment_id: UUID) -> Response:
    """Write one's comment anew. Needs If-Match. What it said before is kept for coordinators."""
    text = written(body["markdown"], under=3)

    def edit(work: UnitOfWork) -> Comment:
        comment, _thing = queries.comment_seen_by(work, comment_id, lock=True)
        check_seen(comment.version, row_etag(comment.version, comment.revision))
        return actions.edit_comment(work, comment_id=comment_id, version=comment.version, text=text)

    with naming(MEMBERS):
        return carry_out(body, edit, _after)


@blueprint.route("/comments/<uuid:comment_id>/withdraw", methods=["POST"])
@members
@with_scope(Scope.COMMENTS_WRITE)
@blueprint.arguments(NoMembers, location="json", required=False)
@blueprint.response(200, COMMENT)
def withdraw_comment(body: dict[str, Any], comment_id: UUID) -> Response:
    """Take one's comment back."""
    return carry_out(body, lambda work: actions.withdraw_comment(work, comment_id=comment_id), _after)


def _after(work: UnitOfWork, comment: Comment) -> dict[str, Any]:
    work.session.flush()
    return shown(queries.comment_in_any_state(work, comment.id))


def shown(row: Any) -> dict[str, Any]:
    """A comment as the API shows it."""
    council = {"slug": row.council_slug, "name": row.council_name, "gss_code": row.gss_code}
    return {
        "id": str(row.id), "about": {"type": row.about_type, "id": str(row.about_id)},
        "project": row.project_slug or str(row.project_id), "status": row.status, "markdown": row.text,
        "html": row.html, "text": plain_text(row.html), "language": row.language,
        "author": {"display_name": row.author_name, "role": row.author_role or "officer", "council": council},
        "written_at": utc_text(row.written_at), "edited_at": utc_text(row.edited_at),
        "updated_at": utc_text(row.updated_at),
        "url": f"{current_app.config['PUBLIC_URL']}/comments/{row.id}", "etag": row_etag(row.version, row.revision),
    }  # fmt: skip
