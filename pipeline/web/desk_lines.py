"""The rows of the coordinator's desk as its pages show them: a title that leads somewhere, a few words, and acts."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import request, url_for

from pipeline.coordination.problems import shown_problem
from pipeline.http.language import current_language, gettext, say
from pipeline.kernel.words import Words, _
from pipeline.pledges.messages import amount_words
from pipeline.projects.messages import WAITS_NAMES
from pipeline.projects.taking_part import Answerable
from pipeline.similarity.messages import why
from pipeline.web.rendering import uk_date, uk_time


class DeskLine(NamedTuple):
    """One row: `url` is where its title leads, "" for nowhere; `act_url` is a button that is pressed, `link` a page."""

    title: str
    about: str
    url: str = ""
    act_url: str = ""
    link: str = ""
    others: tuple[tuple[str, str], ...] = ()
    """More addresses, with their words."""


class DeskWords(NamedTuple):
    """What a list is called, what is in it, and what stands where it is empty."""

    heading: str
    lead: str
    empty: str


WORDS: dict[str, DeskWords] = {
    "offers": DeskWords(
        _("Offers that wait for an authorisation"),
        _("Somebody in the council that offers has to agree to them."),
        _("No offer waits."),
    ),
    "answers": DeskWords(
        _("Answers that are long owed"),
        _("The leads have had five working days or more, and a reminder."),
        _("No answer is long owed."),
    ),
    "join-requests": DeskWords(
        _("Asked to join, and not answered"),
        _("Officers who were asked into a team, and officers whose request the leads have not answered."),
        _("Nobody waits to join a team."),
    ),
    "nearly-there": DeskWords(
        _("Projects one pledge short"),
        _("One more pledge may be enough. Those that decide soonest come first."),
        _("No project is one pledge short."),
    ),
    "needs": DeskWords(
        _("Needs without an offer"),
        _("Nobody has offered anything yet. The oldest come first."),
        _("Every need has an offer."),
    ),
    "quiet": DeskWords(
        _("Quiet projects"),
        _("Their leads have done nothing here for 60 days. The longest silent come first."),
        _("No project is quiet."),
    ),
    "looking-for-lead": DeskWords(
        _("Projects that look for a new lead"),
        _("Their leads have done nothing here for 90 days. The longest silent come first."),
        _("No project looks for a new lead."),
    ),
    "unled": DeskWords(
        _("Going ahead, and nobody leads it"),
        _("Nobody took them over. A coordinator may stop them."),
        _("Every project that goes ahead has a lead."),
    ),
    "reviews": DeskWords(
        _("Documents long past their review date"),
        _("Their leads have had three reminders. The longest overdue come first."),
        _("No document is long past its review date."),
    ),
    "duplicates": DeskWords(
        _("Likely duplicates"),
        _("Open projects of different councils that are much alike. Introduce the councils, or leave them apart."),
        _("No two projects look like the same work."),
    ),
    "councils": DeskWords(
        _("Councils that joined and posted nothing"),
        _("They have a member, and lead no project that everybody can see."),
        _("Every council that joined has posted a project."),
    ),
    "messages": DeskWords(
        _("Mail that could not be delivered"),
        _("We gave these up. Try again once the reason is gone."),
        _("All mail has left."),
    ),
    "failed-events": DeskWords(
        _("Events that could not be seen to"),
        _("Part of Pipeline failed on them ten times. Try again once the reason is gone."),
        _("No event has failed."),
    ),
}


def line_of(name: str, row: Any) -> DeskLine:
    """A row of the list with a name."""
    return MAKERS[name](row)


def _project_url(row: Any) -> str:
    return f"{request.script_root}/projects/{row.project_slug}"


def _said(words: str, **values: Any) -> str:
    return say(Words(words, **values))


def _offer(row: Any) -> DeskLine:
    amount = amount_words(row.kind, row.amount, row.thing or "")
    about = _said(
        _("{council} offers {amount}. Offered on {day}. To be decided by {sign_off_by}."),
        council=row.council_short_name, amount=amount, day=uk_date(row.offered_at),
        sign_off_by=uk_date(row.sign_off_by),
    )  # fmt: skip
    return DeskLine(row.project_title, about, url_for("pledges.show_pledge", pledge_id=row.id))


def _answer(row: Any) -> DeskLine:
    about = _said(
        _("{council}. {about}. It was due on {day}."), council=row.lead_short_name,
        about=WAITS_NAMES[Answerable(row.subject_type)], day=uk_date(row.due_on),
    )  # fmt: skip
    return DeskLine(row.project_title, about, _project_url(row))


def _request(row: Any) -> DeskLine:
    words = (
        _("{council}. An officer was asked to join the team on {day}.")
        if row.is_invitation
        else _("{council}. An officer asked to join the team on {day}.")
    )
    about = _said(words, council=row.lead_short_name, day=uk_date(row.asked_at))
    return DeskLine(row.project_title, about, _project_url(row))


def _nearly_there(row: Any) -> DeskLine:
    about = _said(_("{council}. It decides on {day}."), council=row.lead_short_name, day=uk_date(row.decision_on))
    return DeskLine(row.project_title, about, _project_url(row))


def _need(row: Any) -> DeskLine:
    about = _said(
        _("{council}, “{project}”. It asks for {amount}, since {day}."), council=row.lead_short_name,
        project=row.project_title, amount=amount_words(row.kind, row.target, row.thing or ""),
        day=uk_date(row.created_at),
    )  # fmt: skip
    return DeskLine(row.title, about, _project_url(row), link=url_for("introductions.make", need=row.id))


def _missed(row: Any) -> DeskLine:
    silent_since = uk_date(row.last_sign_of_life_at)
    about = _said(_("{council}. Silent since {day}."), council=row.lead_short_name, day=silent_since)
    return DeskLine(row.project_title, about, _project_url(row))


def _review(row: Any) -> DeskLine:
    about = _said(_("{council}. To be reviewed by {day}."), council=row.lead_short_name, day=uk_date(row.review_on))
    return DeskLine(row.title, about, f"{request.script_root}/documents/{row.slug}")


def _duplicate(row: Any) -> DeskLine:
    reasons = why(
        words=row.reasons["words"], themes=row.reasons["themes"], phase=row.reasons["phase"],
        professions=row.reasons["professions"], language=current_language(),
    )  # fmt: skip
    about = _said(
        _("{council} and {other}, with “{project}”."), council=row.lead_short_name, other=row.other_short_name,
        project=row.other_project_title,
    )  # fmt: skip
    others = (
        (f"{request.script_root}/projects/{row.other_project_slug}", row.other_project_title),
        (url_for("introductions.make", council=row.lead_slug, other=row.other_slug), gettext(_("Introduce them"))),
        (url_for("desk.dismiss_duplicate", similar_id=row.id), gettext(_("Leave them apart"))),
    )
    said = " ".join([about, *(say(words) for words in reasons)])
    return DeskLine(row.project_title, said, _project_url(row), others=others)


def _council(row: Any) -> DeskLine:
    about = _said(_("Since {day}."), day=uk_date(row.joined_at))
    return DeskLine(row.short_name, about, url_for("councils.show_council", slug=row.slug))


def _message(row: Any) -> DeskLine:
    about = _said(
        _("Given up on {moment}. {problem}"), moment=uk_time(row.failed_at), problem=shown_problem(row.problem)
    )
    return DeskLine(row.kind, about, act_url=url_for("desk.try_message_again", message_id=row.id))


def _event(row: Any) -> DeskLine:
    about = _said(
        _("{listener}. Given up on {moment}. {problem}"), listener=row.listener, moment=uk_time(row.given_up_at),
        problem=shown_problem(row.problem),
    )  # fmt: skip
    return DeskLine(row.name, about, act_url=url_for("desk.try_event_again", failed_event_id=row.id))


MAKERS: dict[str, Callable[[Any], DeskLine]] = {
    "offers": _offer, "answers": _answer, "join-requests": _request, "nearly-there": _nearly_there, "needs": _need,
    "quiet": _missed, "looking-for-lead": _missed, "unled": _missed, "reviews": _review, "duplicates": _duplicate,
    "councils": _council, "messages": _message, "failed-events": _event,
}  # fmt: skip


def counted_words(number: int, most: int) -> str:
    """How many rows a list has, as people read it."""
    if number > most:
        return gettext("More than %(n)s") % {"n": f"{most:,}"}
    return f"{number:,}"
