"""Showing interest in a project, reading it, and the leads' answer."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from pipeline.comments.rules import CommentedOn
from pipeline.db.work import Reading
from pipeline.http.entry import members, officers
from pipeline.http.language import gettext, say
from pipeline.http.reading import begin_read
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import _
from pipeline.projects import actions, interested, policy, queries
from pipeline.projects.actions.interest import check_takes_interest
from pipeline.projects.messages import INTEREST_NAMES, WAITS_NAMES
from pipeline.projects.models import Interest, Project
from pipeline.projects.taking_part import LONGEST_MESSAGE, Answerable, InterestKind, InterestStatus
from pipeline.web.asking import ask
from pipeline.web.comments import comments_panel
from pipeline.web.forms import Choice, OnceForm, Required, Text, YesNo, lazy
from pipeline.web.interests.blueprint import blueprint
from pipeline.web.interests.shown import council_name, project_url, questions_shown, who
from pipeline.web.one_form import PressForm, one_form, text_form
from pipeline.web.rendering import show, uk_date

AnswerForm = text_form("answer", _("Your answer"), LONGEST_MESSAGE)


class InterestForm(OnceForm):
    """Which of the two, a message, and whether the council is named."""

    kind = Choice(
        lazy(_("How does your council stand to it?")),
        choices=tuple((kind.value, lazy(words.sentence)) for kind, words in INTEREST_NAMES.items()),
        validators=[Required(lazy(_("Choose one of the answers")))],
    )
    message = Text(
        lazy(_("A message to the leads")),
        description=lazy(_("For example what you have tried, or what you would like to talk about.")),
        most=LONGEST_MESSAGE,
        render_kw={"rows": 6},
    )
    is_named = YesNo(
        lazy(_("Show my council’s name")),
        description=lazy(_("Everybody sees that your council is interested. Otherwise it only adds to a number.")),
    )


@blueprint.route("/projects/<slug>/interest", methods=["GET", "POST"])
@members
def show_interest(slug: str) -> Response:
    """Say that one's council has the problem too, or is open to a conversation."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    ask(policy.may_show_interest(reading.actor, queries.facts_of(reading, project)))
    check_takes_interest(project)
    asked = request.args.get("kind")
    form: Any = InterestForm(data={"kind": asked} if asked in set(InterestKind) else None)
    title, back = project.title, project_url(project)
    said = _("The leads are told. You can read their answer in your work.")

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Show interest")), "back_url": back, "back_words": title,
            "lead": gettext(_("This promises nothing. The leads of the project are told, and answer.")),
            "reads": gettext(_("The leads of the project will read your message. Nobody else will.")),
            "submits": gettext(_("Tell the leads")),
        }  # fmt: skip

    return one_form(
        form,
        lambda work: actions.show_interest(
            work, slug=slug, kind=InterestKind(form.kind.data), message=form.message.data,
            is_named=bool(form.is_named.data),
        ),
        after=back, said=said, page=page,
    )  # fmt: skip


@blueprint.get("/projects/<slug>/interests")
@members
def list_interests(slug: str) -> Response:
    """For the leads: who is interested, and who asks to join."""
    reading = begin_read()
    project = queries.project_seen_by(reading, slug)
    if not queries.facts_of(reading, project).is_led_by(reading.actor):
        raise NotFound("page")
    lines = [line_for_leads(one) for one in interested.for_the_leads_of(reading, project.id)]
    return show("interests/index.html", title=project.title, back_url=project_url(project), lines=lines)


def line_for_leads(one: interested.Waiting) -> dict[str, str]:
    """Something that waits for the leads, or was answered by them, as a line of a list."""
    is_interest = one.about is Answerable.INTEREST
    name = INTEREST_NAMES[InterestKind(one.kind)] if is_interest else WAITS_NAMES[Answerable.JOIN_REQUEST]
    if one.answered_at:
        when = gettext(_("Answered on %(day)s")) % {"day": uk_date(one.answered_at)}
    elif one.due_on:
        when = gettext(_("Answer by %(day)s")) % {"day": uk_date(one.due_on)}
    else:
        when = gettext(_("Since %(day)s")) % {"day": uk_date(one.asked_at)}
    address = address_of(one.id) if is_interest else url_for("interests.read_join_request", request_id=one.id)
    return {
        "url": address, "title": f"{one.council_name}: {say(name)}", "about": one.project_title, "when": when,
        "is_answered": "yes" if one.answered_at else "",
    }  # fmt: skip


@blueprint.get("/interests/<uuid:interest_id>")
@officers
def read_interest(interest_id: UUID) -> Response:
    """An interest, for the officer who showed it and for the leads: what was written, asked and answered."""
    reading = begin_read()
    interest, project = interested.interest_seen_by(reading, interest_id)
    facts = interested.interest_facts_of(reading, interest, project)
    actor, stands = reading.actor, interest.status == InterestStatus.STANDING
    is_own = bool(policy.may_withdraw_interest(actor, facts))
    may_answer = stands and interest.answered_at is None and bool(policy.may_answer_interest(actor, facts))
    address = url_for("interests.read_interest", interest_id=interest.id)
    acts = [
        (f"{address}/answer", gettext(_("Answer")), may_answer),
        (f"{address}/ask-back", gettext(_("Ask a question")), may_answer),
        (f"{address}/withdraw", gettext(_("Take it back")), is_own and stands),
    ]
    return show(
        "interests/show.html", heading=_heading(reading, interest), project_title=project.title,
        project_url=project_url(project), message=interest.message, shown_on=uk_date(interest.shown_at),
        by=who(reading, interest.officer_id, interest.council_id), answer=interest.answer,
        answered_on=uk_date(interest.answered_at) if interest.answered_at else "",
        state="" if stands else gettext(_("It was taken back.")),
        note=_named_words(interest) if is_own else "",
        questions=questions_shown(reading, interest.id, may_reply=is_own and stands),
        acts=[(url, words) for url, words, may in acts if may],
        **comments_panel(reading, CommentedOn.INTEREST, interest.id),
    )  # fmt: skip


def _named_words(interest: Interest) -> str:
    if interest.is_named:
        return gettext(_("Everybody sees that your council is interested. Your message is for the leads."))
    return gettext(_("Your council is not named: it only adds to a number. Your message is for the leads."))


def _heading(reading: Reading, interest: Interest) -> str:
    return f"{council_name(reading, interest.council_id)}: {say(INTEREST_NAMES[InterestKind(interest.kind)])}"


def _to_answer(reading: Reading, interest_id: UUID) -> tuple[Interest, Project]:
    interest, project = interested.interest_seen_by(reading, interest_id)
    ask(policy.may_answer_interest(reading.actor, interested.interest_facts_of(reading, interest, project)))
    return interest, project


@blueprint.route("/interests/<uuid:interest_id>/answer", methods=["GET", "POST"])
@members
def answer_interest(interest_id: UUID) -> Response:
    """Answer an interest, as a lead."""
    reading = begin_read()
    interest, _project = _to_answer(reading, interest_id)
    form: Any = AnswerForm()
    back, heading, quoted = address_of(interest_id), _heading(reading, interest), interest.message

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Answer")), "lead": heading, "quoted": quoted, "back_url": back, "back_words": heading,
            "reads": gettext(
                _("The officer who showed the interest and the leads will read this. Say how they can reach you.")
            ),
            "submits": gettext(_("Send the answer")),
        }  # fmt: skip

    return one_form(
        form, lambda work: actions.answer_interest(work, interest_id=interest_id, answer=form.answer.data),
        after=back, said=_("Your answer is sent."), page=page,
    )  # fmt: skip


@blueprint.route("/interests/<uuid:interest_id>/withdraw", methods=["GET", "POST"])
@officers
def withdraw_interest(interest_id: UUID) -> Response:
    """Take one's interest back."""
    reading = begin_read()
    interest, project = interested.interest_seen_by(reading, interest_id)
    ask(policy.may_withdraw_interest(reading.actor, interested.interest_facts_of(reading, interest, project)))
    heading, back = _heading(reading, interest), project_url(project)

    def page() -> dict[str, Any]:
        return {
            "heading": gettext(_("Take your interest back")), "lead": heading, "back_url": address_of(interest_id),
            "back_words": heading, "submits": gettext(_("Take it back")), "kind": "warning",
        }  # fmt: skip

    return one_form(
        PressForm(), lambda work: actions.withdraw_interest(work, interest_id=interest_id),
        after=back, said=_("Your interest is taken back."), page=page,
    )  # fmt: skip


def address_of(interest_id: UUID) -> str:
    """The page of an interest."""
    return url_for("interests.read_interest", interest_id=interest_id)
