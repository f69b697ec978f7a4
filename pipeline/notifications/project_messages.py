"""What e-mails say of the fate of a project, and what it means for the pledges of their reader."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from pipeline.kernel.words import Words, _, day_words
from pipeline.notifications.messages import Letter
from pipeline.pledges.rules import PledgeStatus
from pipeline.projects.rules import ProjectStatus


@dataclass(frozen=True, slots=True)
class OwnPledge:
    """A pledge: where it stands, how much it is, and towards what."""

    status: PledgeStatus
    amount: Words
    need: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTold:
    """What mails say of a project. `own` are the pledges its reader offered or authorised."""

    path: str
    title: str
    status: ProjectStatus
    is_flexible: bool
    decision_on: date | None
    lead_council: str
    own: tuple[OwnPledge, ...] = ()
    is_lead: bool = False
    nobody_led: bool = False


MEANS: dict[PledgeStatus, str] = {
    PledgeStatus.OFFERED: _(
        "Your council’s offer of {amount} towards “{need}” waits for your council to authorise it."
    ),
    PledgeStatus.AUTHORISED: _("Your council’s pledge of {amount} towards “{need}” stands and waits for an answer."),
    PledgeStatus.ACCEPTED: _("Your council’s pledge of {amount} towards “{need}” is accepted and binds nobody yet."),
    PledgeStatus.COMMITTED: _("Your council’s pledge of {amount} towards “{need}” is committed: it is expected now."),
    PledgeStatus.DELIVERED: _("Your council’s pledge of {amount} towards “{need}” has been delivered."),
    PledgeStatus.LAPSED: _("Your council’s pledge of {amount} towards “{need}” has lapsed with it: it binds nobody."),
    PledgeStatus.RELEASED: _("Your council is let off what is left of its {amount} towards “{need}”."),
}
"""What a project's fate means for a pledge, by where the pledge stands after it."""
UNBOUND = (PledgeStatus.OFFERED, PledgeStatus.AUTHORISED, PledgeStatus.ACCEPTED)


def going_ahead(told: ProjectTold) -> Letter:
    """The project goes ahead."""
    lines = [Words(_("“{project}”, a project of {council}, is going ahead."), **_names(told))]
    waits = any(one.status is PledgeStatus.ACCEPTED for one in told.own)
    more = []
    if waits and told.decision_on is not None:
        more = [Words(_("What still waits for its conditions lapses after {day}."), day=day_words(told.decision_on))]
    return _letter(told, Words(_("Going ahead: {project}"), project=told.title), lines, more)


def lapsed(told: ProjectTold) -> Letter:
    """The decision date ended and not enough was agreed."""
    why = _("By its decision date not enough was agreed for “{project}” of {council}, so it lapsed.")
    if told.nobody_led:
        why = _("Nobody led “{project}” of {council} for five months, so it lapsed.")
    lines = [
        Words(why, **_names(told)),
        Words(_("Nobody is bound by what was pledged to it. Its leads may post it again.")),
    ]
    return _letter(told, Words(_("Not going ahead: {project}"), project=told.title), lines)


def stopped(told: ProjectTold) -> Letter:
    """A lead stopped the project."""
    lines = [
        Words(_("“{project}”, a project of {council}, was stopped. Its page says why."), **_names(told)),
        Words(_("Pledges that were not committed lapse, and councils are let off what is left of the rest.")),
    ]
    return _letter(told, Words(_("Stopped: {project}"), project=told.title), lines)


def finished(told: ProjectTold) -> Letter:
    """The work is finished."""
    lines = [
        Words(_("“{project}”, a project of {council}, is finished. Its page says what came of it."), **_names(told))
    ]
    return _letter(told, Words(_("Finished: {project}"), project=told.title), lines)


def terms_changed(told: ProjectTold) -> Letter:
    """What councils pledged on has changed."""
    lines = [
        Words(_("The leads of “{project}” changed the terms on which councils pledge to it."), project=told.title),
        Words(_("Its page shows what it was, what it is now, and why.")),
    ]
    if not told.is_flexible:
        lines.append(Words(_("For five working days nobody can give the go-ahead, so that everybody can look.")))
    return _letter(told, Words(_("The terms have changed: {project}"), project=told.title), lines, _may_withdraw(told))


def date_moved(told: ProjectTold) -> Letter:
    """The decision date is another."""
    lines = [Words(_("The leads of “{project}” moved its decision date. Its page says why."), project=told.title)]
    if told.decision_on is not None:
        lines.append(Words(_("It is decided by {day} now."), day=day_words(told.decision_on)))
    return _letter(told, Words(_("Another decision date: {project}"), project=told.title), lines, _may_withdraw(told))


def posted_again(told: ProjectTold) -> Letter:
    """A project that had ended is posted again, as a new one."""
    return Letter(
        Words(_("Posted again: {project}"), project=told.title),
        (
            Words(_("A project that had ended is posted again: “{project}” of {council}."), **_names(told)),
            Words(_("What was pledged to the earlier one does not carry over. Pledge again if your council would.")),
        ),
        Words(_("See the project")),
        told.path,
        Words(_("You get this because you pledged to the earlier project or follow it.")),
    )


PROJECT_LETTERS: dict[str, tuple[Callable[[ProjectTold], Letter], tuple[ProjectStatus, ...]]] = {
    "project.going_ahead": (going_ahead, (ProjectStatus.GOING_AHEAD,)),
    "project.lapsed": (lapsed, (ProjectStatus.LAPSED,)),
    "project.stopped": (stopped, (ProjectStatus.STOPPED,)),
    "project.finished": (finished, (ProjectStatus.FINISHED,)),
    "project.terms_changed": (terms_changed, (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)),
    "project.date_moved": (date_moved, (ProjectStatus.OPEN,)),
    "project.posted_again": (posted_again, (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)),
}
"""Each kind of mail, and where the project stands while it still says what is so."""


def date_near(told: ProjectTold, days_left: int, waiting: list[tuple[str, OwnPledge]], unsigned: int) -> Letter:
    """For leads: the decision date is near, and which answers are missing."""
    assert told.decision_on is not None  # noqa: S101 (only projects with a date are near one)
    lines = [
        Words(
            _("“{project}” is decided by {day}: {n} working day is left."),
            _("“{project}” is decided by {day}: {n} working days are left."),
            project=told.title, day=day_words(told.decision_on), n=days_left,
        )
    ]  # fmt: skip
    for council, pledge in waiting:
        words = _("{council}’s {amount} towards “{need}” waits for your answer.")
        lines.append(Words(words, council=council, amount=pledge.amount, need=pledge.need))
    if unsigned:
        lines.append(
            Words(_("{n} offer waits for its own council."), _("{n} offers wait for their own councils."), n=unsigned)
        )
    if not waiting and not unsigned:
        lines.append(Words(_("No answers are missing. Its page says what is.")))
    return Letter(
        Words(_("Decided soon: {project}"), project=told.title),
        tuple(lines),
        Words(_("See what is missing")),
        told.path,
        Words(_("You get this because you lead “{project}”."), project=told.title),
    )


def nobody_leads(told: ProjectTold) -> Letter:
    """For admins of the lead council: the last of its leads works there no longer."""
    return Letter(
        Words(_("Nobody of your council leads a project any more: {project}"), project=told.title),
        (
            Words(_("The last lead of “{project}” who worked for {council} does so no longer."), **_names(told)),
            Words(_("A project has at least one lead of its lead council. You can name one.")),
        ),
        Words(_("Name a lead")),
        f"{told.path}/team",
        Words(_("You get this because you look after the people of {council}."), council=told.lead_council),
    )


def _names(told: ProjectTold) -> dict[str, str]:
    return {"project": told.title, "council": told.lead_council}


def _may_withdraw(told: ProjectTold) -> list[Words]:
    if any(one.status in UNBOUND for one in told.own):
        return [Words(_("Your council may withdraw what is not committed, if it no longer wants to pledge."))]
    return []


def _letter(told: ProjectTold, subject: Words, lines: list[Words], more: list[Words] | None = None) -> Letter:
    means = [Words(MEANS[one.status], amount=one.amount, need=one.need) for one in told.own if one.status in MEANS]
    return Letter(subject, (*lines, *means, *(more or [])), Words(_("See the project")), told.path, _why(told))


def _why(told: ProjectTold) -> Words:
    if told.own:
        return Words(_("You get this because you had a part in a pledge of your council to this project."))
    if told.is_lead:
        return Words(_("You get this because you lead “{project}”."), project=told.title)
    return Words(_("You get this because you follow this project or showed an interest in it."))
