"""Comments on updates, suggestions and requests: read, written, mentioned in, edited and taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for

from pipeline.accounts.messages import AN_OFFICER
from pipeline.comments import actions, policy, queries
from pipeline.comments.models import Comment
from pipeline.comments.policy import CommentFacts
from pipeline.comments.queries import Person
from pipeline.comments.rules import LONGEST_COMMENT, MOST_MENTIONED, CommentedOn, CommentStatus
from pipeline.comments.subjects import Thing, thing_seen_by
from pipeline.db.keyset import Page, Place
from pipeline.db.work import Reading
from pipeline.documents.markdown import written
from pipeline.http.cursors import make_cursor, read_cursor
from pipeline.http.entry import anyone, members, officers
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import NotFound
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.moderation.rules import Reported
from pipeline.projects.rules import PersonRole
from pipeline.web.asking import ANOTHER_ROW, ask, number_in
from pipeline.web.forms import HiddenField, OnceForm, OneOfMany, Text, lazy
from pipeline.web.hidden import hiding_shown
from pipeline.web.one_form import PressForm, one_form
from pipeline.web.people import names_of
from pipeline.web.rendering import revalidated, show, uk_time

blueprint = Blueprint("comments", __name__)

ON_THE_PAGE = 20
"""Comments that stand on the page of what they are about; the rest have pages of their own."""


ROWS = ("mention", *(f"mention_{row}" for row in range(2, MOST_MENTIONED + 1)))


class CommentForm(OnceForm):
    """What one wants to say, and whom it is for: as many rows as have somebody in them, and one more where it was asked
    for."""

    text = Text(
        lazy(_("Your comment")), description=lazy(_("You can use Markdown.")), most=LONGEST_COMMENT,
        render_kw={"rows": 6},
    )  # fmt: skip
    mention = OneOfMany(
        lazy(_("Mention somebody")), description=lazy(_("They are told at once. You can leave this out.")), default=""
    )
    mention_2, mention_3, mention_4, mention_5 = (OneOfMany(default="") for _row in range(2, MOST_MENTIONED + 1))

    def offer_people(self, people: list[tuple[str, str]]) -> None:
        """Offer these people, in the rows that are shown."""
        filled = [row for row, name in enumerate(ROWS, 1) if self[name].data]
        shown = max(filled, default=1) + (request.form.get("step") == ANOTHER_ROW)
        for row, name in enumerate(ROWS, 1):
            if row > shown:
                del self[name]
                continue
            self[name].choices = [("", gettext(_("Nobody"))), *people]
            if row > 1:
                self[name].label.text = gettext(_("Mention person %(n)s")) % {"n": row}

    @property
    def mentioned(self) -> list[UUID]:
        """Everybody who was picked, each once."""
        picked = (id_from(self[name].data or "") for name in ROWS if name in self)
        return list(dict.fromkeys(one for one in picked if one))

    @property
    def has_room(self) -> bool:
        """Whether another person can be mentioned."""
        return ROWS[-1] not in self


class EditForm(OnceForm):
    """What one said, anew."""

    version = HiddenField()
    text = Text(lazy(_("Your comment")), most=LONGEST_COMMENT, render_kw={"rows": 6})


def comments_panel(reading: Reading, kind: CommentedOn, thing_id: UUID) -> dict[str, Any]:
    """What the page of something shows of what was said about it, for `comments/_panel.html`."""
    thing = thing_seen_by(reading, kind, thing_id)
    page = queries.comments_on(reading, thing, limit=ON_THE_PAGE)
    address = url_for("comments.list_comments", kind=kind.value, thing_id=thing_id)
    may_comment = thing.is_open and bool(policy.may_comment(reading.actor))
    return {
        "comments": lines_of(reading, page.rows), "comments_url": address, "has_more_comments": page.after is not None,
        "may_comment": may_comment, "comment_url": f"{address}/new" if may_comment else "",
        "comments_sign_in": thing.is_open and not reading.actor.is_officer,
    }  # fmt: skip


def lines_of(reading: Reading, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Comments as a page shows them."""
    mentioned = queries.mentioned_in(reading, [row.id for row in rows])
    actor = reading.actor
    names = names_of(reading, [row.officer_id for row in rows])
    return [
        {
            "id": row.id, "html": row.html, "by": f"{names[row.officer_id]}, {row.council_short_name}",
            "when": uk_time(row.written_at), "datetime": f"{row.written_at:%Y-%m-%dT%H:%M:%SZ}",
            "is_edited": row.edited_at is not None, "is_hidden": row.status == CommentStatus.HIDDEN.value,
            "may_change": row.officer_id == actor.officer_id and row.status == CommentStatus.PUBLISHED.value,
            "mentions": ", ".join(person_name(one) for one in mentioned.get(row.id, ())),
            "language": row.language if row.language != current_language() else "",
            "write_url": url_for("contact.write_to_officer", officer_id=row.officer_id)
            if row.author_name and actor.council_id is not None and row.officer_id != actor.officer_id else "",
            "may_report": row.status == CommentStatus.PUBLISHED.value,
        }
        for row in rows
    ]  # fmt: skip


ROLES = {PersonRole.LEAD.value: Words(_("A lead")), PersonRole.TEAM.value: Words(_("Somebody of the team"))}


def person_name(one: Person) -> str:
    """Somebody who is or can be mentioned: by name where they chose that or the viewer works with them."""
    return f"{one.name or say(ROLES.get(one.role or '', AN_OFFICER))}, {one.council}"


@blueprint.get("/comments/on/<kind>/<uuid:thing_id>")
@anyone
@revalidated
def list_comments(kind: str, thing_id: UUID) -> Response:
    """All that was said about something, a page at a time, in the order it was said."""
    reading = begin_read()
    thing = thing_seen_by(reading, _kind(kind), thing_id)
    cursor = f"comments {thing.id}"
    page = queries.comments_on(reading, thing, place=_place(cursor))
    may_comment = thing.is_open and bool(policy.may_comment(reading.actor))
    return show(
        "comments/index.html", title=thing.title or thing.project.title, thing_url=_url_of(thing),
        comments=lines_of(reading, page.rows), may_comment=may_comment,
        comment_url=url_for("comments.write", kind=kind, thing_id=thing_id),
        **_pages(page, cursor, kind, thing_id),
    )  # fmt: skip


def _kind(kind: str) -> CommentedOn:
    try:
        return CommentedOn(kind)
    except ValueError:
        raise NotFound("page") from None


def _url_of(thing: Thing) -> str:
    return f"{request.script_root}{thing.path}"


def _place(kind: str) -> Place | None:
    """Where in a list the reader is. Raises BadCursor."""
    cursor = request.args.get("cursor")
    if not cursor:
        return None
    moment, row_id, is_backwards = read_cursor(cursor, kind)
    return Place(datetime.fromisoformat(moment), UUID(row_id), is_backwards)


def _pages(page: Page, cursor: str, kind: str, thing_id: UUID) -> dict[str, str | None]:
    def url(place: Place | None) -> str | None:
        if place is None:
            return None
        made = make_cursor(cursor, [place.value, place.id, place.is_backwards])
        return url_for("comments.list_comments", kind=kind, thing_id=thing_id, cursor=made)

    return {"previous_url": url(page.before), "next_url": url(page.after)}


@blueprint.route("/comments/on/<kind>/<uuid:thing_id>/new", methods=["GET", "POST"])
@members
def write(kind: str, thing_id: UUID) -> Response:
    """Say something about an update, a suggestion, an interest or a request to join."""
    reading = begin_read()
    about = _kind(kind)
    thing = thing_seen_by(reading, about, thing_id)
    ask(policy.may_comment(reading.actor))
    form: Any = CommentForm()
    people = _people(reading, thing)
    form.offer_people(people)
    title, back = thing.title or thing.project.title, _url_of(thing)
    text = written(form.text.data, under=3)

    def page() -> dict[str, Any]:
        reads = (
            _("Everybody reads this, with your council’s name.")
            if thing.is_public
            else _("Only those who can see this read it.")
        )
        return {
            "heading": gettext(_("Write a comment")), "lead": title, "back_url": back, "back_words": title,
            "reads": gettext(reads), "submits": gettext(_("Send the comment")),
            "another": gettext(_("Mention another person")) if form.has_room and len(people) > 1 else "",
        }  # fmt: skip

    return one_form(
        form,
        lambda work: actions.write_comment(
            work, about=about, about_id=thing_id, text=text, mentions=form.mentioned, language=current_language()
        ),
        after=f"{back}#comments", said=_("Your comment is there."), page=page,
    )  # fmt: skip


def _people(reading: Reading, thing: Thing) -> list[tuple[str, str]]:
    return [(str(one.officer_id), person_name(one)) for one in queries.people_to_mention(reading, thing)]


@blueprint.get("/comments/<uuid:comment_id>")
@anyone
def show_comment(comment_id: UUID) -> Response:
    """Leads to where a comment stands among the others; to a page of its own for coordinators, and what is hidden."""
    reading = begin_read()
    comment, thing = queries.comment_seen_by(reading, comment_id)
    if comment.status != CommentStatus.PUBLISHED or reading.actor.has(Role.COORDINATOR):
        return _alone(reading, comment, thing)
    place = Place(comment.written_at, comment.id, is_backwards=True)
    before = queries.comments_on(reading, thing, place=place, limit=ON_THE_PAGE)
    if before.before is None and len(before.rows) < ON_THE_PAGE:
        return redirect(f"{_url_of(thing)}#comment-{comment.id}", 303)  # type: ignore[return-value]
    near = Place(before.rows[-1].written_at, before.rows[-1].id)
    cursor = make_cursor(f"comments {thing.id}", [near.value, near.id, near.is_backwards])
    url = url_for("comments.list_comments", kind=thing.kind.value, thing_id=thing.id, cursor=cursor)
    return redirect(f"{url}#comment-{comment.id}", 303)  # type: ignore[return-value]


def _alone(reading: Reading, comment: Comment, thing: Thing) -> Response:
    """A comment by itself: why it is hidden; for coordinators, what it said before."""
    is_hidden = comment.status == CommentStatus.HIDDEN
    is_coordinator = reading.actor.has(Role.COORDINATOR)
    return show(
        "comments/show.html", title=thing.title or thing.project.title, thing_url=_url_of(thing),
        comments=lines_of(reading, [queries.comment_in_any_state(reading, comment.id)]),
        hiding=hiding_shown(reading, Reported.COMMENT, comment.id, is_hidden=is_hidden),
        is_withdrawn=comment.status == CommentStatus.WITHDRAWN,
        earlier=queries.earlier_texts_of(reading, comment) if is_coordinator else [],
    )  # fmt: skip


@blueprint.route("/comments/<uuid:comment_id>/edit", methods=["GET", "POST"])
@officers
def edit(comment_id: UUID) -> Response:
    """Write one's comment anew. What it said before is kept for coordinators."""
    reading = begin_read()
    comment, thing = queries.comment_seen_by(reading, comment_id)
    ask(policy.may_edit_comment(reading.actor, CommentFacts(comment.officer_id)))
    form: Any = EditForm(comment)
    title, back = thing.title or thing.project.title, _url_of(thing)
    text = written(form.text.data, under=3)

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Edit your comment")), "lead": title, "back_url": back, "back_words": title,
            "reads": gettext(_("The page says that it was edited. What it said before is kept for coordinators.")),
            "submits": gettext(_("Save")),
        }  # fmt: skip

    return one_form(
        form,
        lambda work: actions.edit_comment(work, comment_id=comment_id, version=number_in(form), text=text),
        after=f"{back}#comments", said=_("Saved."), page=page,
    )  # fmt: skip


@blueprint.route("/comments/<uuid:comment_id>/withdraw", methods=["GET", "POST"])
@officers
def withdraw(comment_id: UUID) -> Response:
    """Take one's comment back."""
    reading = begin_read()
    comment, thing = queries.comment_seen_by(reading, comment_id)
    ask(policy.may_withdraw_comment(reading.actor, CommentFacts(comment.officer_id)))
    title, back = thing.title or thing.project.title, _url_of(thing)
    quoted = comment.text

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Take your comment back")), "lead": title, "quoted": quoted, "back_url": back,
            "back_words": title, "submits": gettext(_("Take it back")), "kind": "warning",
        }  # fmt: skip

    return one_form(
        PressForm(), lambda work: actions.withdraw_comment(work, comment_id=comment_id),
        after=f"{back}#comments", said=_("Your comment is taken back."), page=page,
    )  # fmt: skip
