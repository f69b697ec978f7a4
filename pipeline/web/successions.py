"""What a council that ended still has, where several follow it: its admins and coordinators say which has what."""

from typing import Any

from flask import Blueprint, Response, url_for
from wtforms import Field

from pipeline.councils.queries import council_seen_by
from pipeline.councils.succession import successors_of
from pipeline.db.work import UnitOfWork
from pipeline.http.entry import officers
from pipeline.http.language import gettext
from pipeline.http.reading import begin_read
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.successions import policy
from pipeline.successions.actions import assign
from pipeline.successions.queries import Waiting, waiting_of
from pipeline.successions.rules import Assignment, Thing
from pipeline.web.asking import ask
from pipeline.web.forms import OnceForm, OneOfMany
from pipeline.web.one_form import one_form
from pipeline.web.rendering import show

blueprint = Blueprint("successions", __name__)

THING_NAMES = {
    Thing.MEMBERSHIP: Words(_("An officer")),
    Thing.PROJECT: Words(_("A project")),
    Thing.PLEDGE: Words(_("A pledge")),
    Thing.ADOPTION: Words(_("A document in use")),
}


@blueprint.route("/councils/<slug>/reorganisation", methods=["GET", "POST"])
@officers
def assign_things(slug: str) -> Response:
    """A list of what waits, with a choice each. What is not chosen yet goes on waiting."""
    reading = begin_read()
    council = council_seen_by(reading, slug)
    ask(policy.may_assign(reading.actor, council.id))
    council_id, name, back = council.id, council.short_name, url_for("councils.show_council", slug=council.slug)
    waiting = waiting_of(reading, council_id)
    if not waiting:
        return show("successions/nothing.html", council=council)
    form: Any = _form(waiting)()
    successors = [(str(one.id), one.short_name) for one in successors_of(reading, council_id)]
    choices = [("", gettext(_("Not yet"))), *successors]
    for one in waiting:
        field = form[_name(one)]
        field.choices, field.label.text = choices, f"{gettext(THING_NAMES[one.thing].sentence)}: {one.title}"

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("What %(council)s had")) % {"council": name}, "back_url": back, "back_words": name,
            "lead": gettext(
                _("Several councils follow it. Say which has what. Until then projects and pledges wait, and after 60"
                  " days pledges that are not committed lapse.")
            ),
            "submits": gettext(_("Save what is chosen")),
        }  # fmt: skip

    def carry_out(work: UnitOfWork) -> None:
        chosen = [(one, id_from(form[_name(one)].data or "")) for one in waiting]
        assignments = [Assignment(one.thing, one.id, council) for one, council in chosen if council is not None]
        assign(work, council_id=council_id, assignments=assignments)

    after = url_for("successions.assign_things", slug=council.slug)
    return one_form(form, carry_out, after=after, said=_("What you chose is saved."), page=page)


def _form(waiting: list[Waiting]) -> type[OnceForm]:
    """A form with a choice for each thing."""
    fields: dict[str, Field] = {_name(one): OneOfMany("") for one in waiting}
    return type("AssignForm", (OnceForm,), {"__doc__": "A choice for each thing.", **fields})


def _name(one: Waiting) -> str:
    return f"{one.thing.value}-{one.id}"
