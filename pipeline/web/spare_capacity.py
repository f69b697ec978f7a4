"""Spare capacity: what one's council could give, the needs it fits, and which councils could help a project."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for

from pipeline.db.idempotency import AlreadyDone, keep_answer
from pipeline.db.keyset import Place
from pipeline.db.work import Reading, UnitOfWork
from pipeline.http.cursors import make_cursor, place_from, read_cursor
from pipeline.http.entry import coordinators, members, officers
from pipeline.http.language import current_language, gettext, say
from pipeline.http.reading import begin_read, begin_work, key_of_form
from pipeline.kernel.actor import Role
from pipeline.kernel.errors import Conflict, NotFound, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.projects.queries import project_seen_by
from pipeline.projects.rules import LONGEST_THING
from pipeline.projects.vocabulary import PROFESSIONS
from pipeline.spare_capacity import actions, policy, queries
from pipeline.spare_capacity.messages import spare_words
from pipeline.spare_capacity.queries import NeedFitted, SpareFilters
from pipeline.spare_capacity.rules import MOST_NOTE, Spare, SpareKind
from pipeline.web.asking import ask, number_in, status_of_form
from pipeline.web.forms import (
    AtMost,
    Day,
    Days,
    HiddenField,
    Line,
    Number,
    OnceForm,
    OneOfMany,
    Required,
    Text,
    choices_of,
    lazy,
    problems_onto,
)
from pipeline.web.pledges.showing import content_of
from pipeline.web.rendering import show, uk_date

blueprint = Blueprint("spare_capacity", __name__)
ROWS = 25
CURSOR = "spare-capacity"


class _SpareForm(OnceForm):
    """When it could be given, and a note."""

    version = HiddenField()
    from_on = Day(lazy(_("From when?")), validators=[Required(lazy(_("Say from when")))])
    to_on = Day(lazy(_("Until when?")), validators=[Required(lazy(_("Say until when")))])
    note = Text(
        lazy(_("Anything else? (optional)")),
        description=lazy(_("Officers of all councils will read this. The public will not.")),
        most=MOST_NOTE,
        render_kw={"rows": 3},
    )

    def spare(self) -> Spare:
        """What was typed, as the rules know it."""
        fields = self._fields
        return Spare(
            kind=SpareKind.TIME if "profession" in fields else SpareKind.IN_KIND, amount=fields["amount"].data or 0,
            from_on=self.from_on.data or date.min, to_on=self.to_on.data or date.min, note=self.note.data,
            profession=fields["profession"].data if "profession" in fields else None,
            thing=fields["thing"].data if "thing" in fields else None,
        )  # fmt: skip


class TimeForm(_SpareForm):
    """Days of a profession."""

    profession = OneOfMany(lazy(_("Whose time?")), validators=[Required(lazy(_("Choose a profession from the list")))])
    amount = Days(
        lazy(_("How many days in all?")),
        description=lazy(_("Whole or half days, for example 5 or 2.5.")),
        validators=[Required(lazy(_("Say how many days")))],
    )

    def __init__(self, values: Any = None) -> None:
        super().__init__(values)
        self.profession.choices = [("", gettext(_("Choose a profession"))), *choices_of(PROFESSIONS)]


class ThingForm(_SpareForm):
    """A number of a thing, or a place."""

    thing = Line(
        lazy(_("What could your council give?")),
        description=lazy(_("In the words a project would use, for example: meeting room.")),
        validators=[Required(lazy(_("Say what you could give"))), AtMost(LONGEST_THING)],
    )
    amount = Number(lazy(_("How many?")), validators=[Required(lazy(_("Say how many")))])


FORMS: dict[SpareKind, type[Any]] = {SpareKind.TIME: TimeForm, SpareKind.IN_KIND: ThingForm}


@blueprint.get("/spare-capacity")
@members
def index() -> Response:
    """What one's council could give, with the needs of others that it fits."""
    reading = begin_read()
    rows = queries.listed_by_own_council(reading)
    return show("spare_capacity/index.html", lines=_lines(rows, _needs(reading, rows)))


def _needs(reading: Reading, rows: Any) -> dict[UUID, list[NeedFitted]]:
    """The needs that stand beside lines, and one more where there is more."""
    return queries.needs_fitted(reading, rows, queries.MOST_NEEDS + 1)


@blueprint.get("/spare-capacity/<uuid:spare_capacity_id>/needs")
@officers
def show_needs(spare_capacity_id: UUID) -> Response:
    """All the needs that one line fits, those of the newest projects first."""
    reading = begin_read()
    row = queries.spare_capacity_shown(reading, spare_capacity_id)
    kind, cursor = f"needs {spare_capacity_id}", request.args.get("cursor", "")
    place = place_from(read_cursor(cursor, kind)) if cursor else None
    page = queries.needs_fitted_listed(reading, row, order=queries.NEED_ORDERS["-posted"], limit=ROWS, place=place)

    def address(at: Place | None) -> str | None:
        if at is None:
            return None
        made = make_cursor(kind, [at.value, at.id, at.is_backwards])
        return url_for("spare_capacity.show_needs", spare_capacity_id=spare_capacity_id, cursor=made)

    line = _line(row, [queries.need_of(one) for one in page.rows], most=ROWS)
    is_own = row.council_id == reading.actor.council_id
    return show(
        "spare_capacity/show_needs.html", line=line, may_offer=is_own, previous_url=address(page.before),
        next_url=address(page.after), may_introduce=reading.actor.has(Role.COORDINATOR),
    )  # fmt: skip


@blueprint.get("/coordination/spare-capacity")
@coordinators
def show_matches() -> Response:
    """All spare capacity, what is gone soonest first, with the needs that it fits."""
    reading = begin_read()
    cursor = request.args.get("cursor", "")
    place = place_from(read_cursor(cursor, CURSOR)) if cursor else None
    page = queries.spare_capacity_listed(
        reading, SpareFilters(), order=queries.ORDERS["to_on"], limit=ROWS, place=place
    )

    def address(at: Place | None) -> str | None:
        if at is None:
            return None
        return url_for("spare_capacity.show_matches", cursor=make_cursor(CURSOR, [at.value, at.id, at.is_backwards]))

    return show(
        "spare_capacity/show_matches.html", lines=_lines(page.rows, _needs(reading, page.rows)),
        previous_url=address(page.before), next_url=address(page.after),
    )  # fmt: skip


@blueprint.get("/projects/<slug>/could-help")
@members
def show_helpers(slug: str) -> Response:
    """Which councils could help with what a project needs: its page leads those who lead it here."""
    reading = begin_read()
    project = project_seen_by(reading, slug)
    rows = queries.councils_that_could_help(reading, project.id)
    lines = [{**_line(row, []), "need": row.need_title} for row in rows[: queries.MOST_HELPERS]]
    has_more = len(rows) > queries.MOST_HELPERS
    return show("spare_capacity/show_helpers.html", project=project, lines=lines, has_more=has_more)


@blueprint.route("/spare-capacity/new/<kind>", methods=("GET", "POST"))
@members
def add(kind: str) -> Response:
    """List officer time, or a thing."""
    if kind not in tuple(SpareKind):
        raise NotFound("spare_capacity")
    ask(policy.may_list_spare_capacity(begin_read().actor))
    form = FORMS[SpareKind(kind)]()
    status = status_of_form()
    if form.is_sent():
        done = _carried_out(form, lambda work: actions.list_spare_capacity(work, spare=form.spare()))
        if not isinstance(done, int):
            return _back(_("It is listed. Officers of other councils can see it."))
        status = done
    return show("spare_capacity/add.html", status, form=form, kind=kind)


@blueprint.route("/spare-capacity/<uuid:spare_capacity_id>/change", methods=("GET", "POST"))
@members
def change(spare_capacity_id: UUID) -> Response:
    """Put right what one's council could give."""
    reading = begin_read()
    row = queries.spare_capacity_seen_by(reading, spare_capacity_id)
    ask(policy.may_change_spare_capacity(reading.actor, row.council_id))
    form = FORMS[SpareKind(row.kind)](row)
    status = status_of_form()
    if form.is_sent():
        done = _carried_out(
            form,
            lambda work: actions.change_spare_capacity(
                work, spare_capacity_id=spare_capacity_id, version=number_in(form), spare=form.spare()
            ),
        )
        if not isinstance(done, int):
            return _back(_("It is changed."))
        status = done
    return show("spare_capacity/change.html", status, form=form, spare_capacity_id=spare_capacity_id)


@blueprint.post("/spare-capacity/<uuid:spare_capacity_id>/end")
@members
def end(spare_capacity_id: UUID) -> Response:
    """Say that one's council can no longer give it."""
    with begin_work() as work:
        actions.end_spare_capacity(work, spare_capacity_id=spare_capacity_id)
    return _back(_("It is no longer listed."))


def _carried_out(form: OnceForm, act: Callable[[UnitOfWork], Any]) -> int | None:
    """Do it once; the status of a refusal that now stands on the form, or None when it is done."""
    key = key_of_form(form.idempotency_key.data or "", content_of(form))
    try:
        with begin_work(key) as work:
            act(work)
            keep_answer(work.session, key, url_for("spare_capacity.index"))
    except AlreadyDone:
        return None
    except (RuleBroken, Conflict) as refusal:
        return problems_onto(form, refusal)
    return None


def _back(sentence: str) -> Response:
    flash(gettext(sentence), "success")
    return redirect(url_for("spare_capacity.index"), 303)  # type: ignore[return-value]


def _lines(rows: Any, needs: dict[UUID, list[NeedFitted]]) -> list[dict[str, Any]]:
    return [_line(row, needs.get(row.id, [])) for row in rows]


def _line(row: Any, needs: list[NeedFitted], most: int = queries.MOST_NEEDS) -> dict[str, Any]:
    """A line of spare capacity with the needs it fits, as pages show it."""
    when = say(Words(_("From {first} to {last}."), first=uk_date(row.from_on), last=uk_date(row.to_on)))
    return {
        "id": row.id, "council": row.short_name, "council_slug": row.council_slug, "note": row.note, "when": when,
        "what": say(spare_words(queries.spare_of(row), current_language())),
        "needs": [
            {
                "id": one.id, "title": one.title, "project": one.project_title, "council": one.council,
                "url": f"{request.script_root}/projects/{one.project_address}",
                "offer_url": url_for("pledges.offer", need_id=one.id, spare=row.id),
            }
            for one in needs[:most]
        ],
        "needs_url": url_for("spare_capacity.show_needs", spare_capacity_id=row.id) if len(needs) > most else "",
    }  # fmt: skip
