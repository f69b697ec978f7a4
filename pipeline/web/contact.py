"""Writing to an officer, to the leads of a project or to a council, and answering: nobody's address is shown."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from pipeline.contact import actions, policy, queries
from pipeline.contact.policy import ReaderFacts
from pipeline.contact.rules import LONGEST_MESSAGE
from pipeline.http.entry import members, officers
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.words import Words, _
from pipeline.web.asking import ask
from pipeline.web.one_form import one_form, text_form
from pipeline.web.rendering import uk_time

blueprint = Blueprint("contact", __name__)

MessageForm = text_form("text", _("Your message"), LONGEST_MESSAGE)
SENT = _("Your message is on its way.")


def _page(heading: Words, reads: str, back: str, back_words: str) -> dict[str, Any]:
    return {
        "heading": say(heading), "back_url": back, "back_words": back_words, "reads": gettext(reads),
        "submits": gettext(_("Send the message")),
        "lead": gettext(_("It goes by e-mail. Neither of you sees the other’s address: answers come the same way.")),
    }  # fmt: skip


@blueprint.route("/contact/officers/<uuid:officer_id>", methods=["GET", "POST"])
@members
def write_to_officer(officer_id: UUID) -> Response:
    """Write to an officer who chose to be named."""
    reading = begin_read()
    named = queries.named_officer(reading, officer_id)
    ask(policy.may_write_to_officer(reading.actor, ReaderFacts(named.reader.is_contactable)))
    heading = Words(_("Write to {name}, {council}"), name=named.name, council=named.council)
    form: Any = MessageForm()
    back = url_for("your_work.show_your_work")
    return one_form(
        form, lambda work: actions.write_to_officer(work, officer_id=officer_id, text=form.text.data),
        after=back, said=SENT,
        page=lambda: _page(heading, _("Only this person reads it."), back, gettext(_("Your work"))),
    )  # fmt: skip


@blueprint.route("/contact/projects/<slug>", methods=["GET", "POST"])
@members
def write_to_leads(slug: str) -> Response:
    """Write to the leads of a project."""
    reading = begin_read()
    project, readers = queries.leads_to_write_to(reading, slug)
    ask(policy.may_write_to_officers(reading.actor))
    actions.reached_among(readers)
    heading, title = Words(_("Write to the leads of {project}"), project=project.title), project.title
    back = url_for("projects.show_project", slug=project.slug or project.id)
    form: Any = MessageForm()
    return one_form(
        form, lambda work: actions.write_to_leads(work, slug=slug, text=form.text.data), after=back, said=SENT,
        page=lambda: _page(heading, _("The leads of the project read it."), back, title),
    )  # fmt: skip


@blueprint.route("/contact/councils/<slug>", methods=["GET", "POST"])
@members
def write_to_council(slug: str) -> Response:
    """Write to the admins of a council, or to the coordinators where nobody there takes messages."""
    reading = begin_read()
    council, readers = queries.readers_for_council(reading, slug)
    ask(policy.may_write_to_officers(reading.actor))
    actions.reached_among(readers)
    heading, name = Words(_("Write to {council}"), council=council.name), council.name
    reads = _("Those who look after the council’s people here read it.")
    if readers and readers[0].council_id is None:
        reads = _("Nobody there takes messages yet, so the coordinators read it and answer.")
    back = url_for("councils.show_council", slug=council.slug)
    form: Any = MessageForm()
    return one_form(
        form, lambda work: actions.write_to_council(work, code=slug, text=form.text.data), after=back, said=SENT,
        page=lambda: _page(heading, reads, back, name),
    )  # fmt: skip


@blueprint.route("/contact/messages/<uuid:message_id>", methods=["GET", "POST"])
@officers
def answer(message_id: UUID) -> Response:
    """Answer a message that came by e-mail."""
    reading = begin_read()
    message = queries.message_to(reading, message_id)
    ask(policy.may_answer_message(reading.actor))
    queries.writer_of(reading, message)
    heading = Words(_("Answer a message"))
    when = gettext(_("It came on %(moment)s.")) % {"moment": uk_time(message.sent_at)}
    back = url_for("your_work.show_your_work")
    form: Any = MessageForm()

    def page() -> dict[str, Any]:
        shown = _page(heading, _("Only whoever wrote to you reads it."), back, gettext(_("Your work")))
        return shown | {"lead": f"{when} {shown['lead']}"}

    return one_form(
        form, lambda work: actions.answer_message(work, message_id=message_id, text=form.text.data),
        after=back, said=SENT, page=page,
    )  # fmt: skip
