"""How what happens to projects reads in a sentence. `names` gives the short names of councils by their id."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import Words, _, day_words
from pipeline.projects import freshness_messages
from pipeline.projects.rules import NeedKind, ProjectStatus
from pipeline.projects.taking_part import Answerable, InterestKind

Payload = Mapping[str, Any]
Names = Mapping[str, str]
Changes = Mapping[str, Sequence[Any]]

STATUS_NAMES: dict[ProjectStatus, Words] = {
    ProjectStatus.DRAFT: Words(_("Draft")),
    ProjectStatus.OPEN: Words(_("Open for pledges")),
    ProjectStatus.GOING_AHEAD: Words(_("Going ahead")),
    ProjectStatus.FINISHED: Words(_("Finished")),
    ProjectStatus.STOPPED: Words(_("Stopped")),
    ProjectStatus.LAPSED: Words(_("Lapsed")),
}
NEED_NAMES: dict[NeedKind, Words] = {
    NeedKind.TIME: Words(_("Officer time")),
    NeedKind.FUNDING: Words(_("Funding")),
    NeedKind.IN_KIND: Words(_("Things and places")),
}
MODES = {"all_or_nothing": _("all or nothing"), "flexible": _("flexible")}
A_NEED = Words(_("A need"))
PUBLISHED = {
    ProjectStatus.OPEN: _("Published, and open for pledges."),
    ProjectStatus.GOING_AHEAD: _("Published, going ahead."),
    ProjectStatus.FINISHED: _("Published as a record of finished work."),
}
PHASES = {
    "concept": _("The work is a concept."),
    "discovery": _("The work moved to discovery."),
    "alpha": _("The work moved to alpha."),
    "beta": _("The work moved to beta."),
    "live": _("The work went live."),
    "retired": _("What was built was retired."),
}


INTEREST_NAMES: dict[InterestKind, Words] = {
    InterestKind.PROBLEM_TOO: Words(_("We have this problem too")),
    InterestKind.CONVERSATION: Words(_("Open to a conversation")),
}
WAITS_NAMES: dict[Answerable, Words] = {
    Answerable.PLEDGE: Words(_("A pledge")),
    Answerable.INTEREST: Words(_("An interest")),
    Answerable.JOIN_REQUEST: Words(_("A request to join")),
    Answerable.SUGGESTION: Words(_("A suggestion to a shared document")),
}
"""What can wait for the leads of a project."""


def answers_words(days: int) -> Words:
    """In how many working days the leads of a project usually answer."""
    if days == 0:
        return Words(_("The leads usually answer on the same working day."))
    return Words(
        _("The leads usually answer in {n} working day."), _("The leads usually answer in {n} working days."), n=days
    )


def _published(payload: Payload, _names: Names) -> Words:
    return Words(PUBLISHED[ProjectStatus(payload["changes"]["status"][1])])


def _phase_changed(payload: Payload, _names: Names) -> Words:
    return Words(PHASES[payload["changes"]["phase"][1]])


def _of_council(sentence: str) -> Callable[[Payload, Names], Words]:
    """A sentence about somebody of a council, who is not named."""

    def words(payload: Payload, names: Names) -> Words:
        return Words(sentence, council=names.get(payload["for_council_id"], ""))

    return words


def _always(sentence: str) -> Callable[[Payload, Names], Words]:
    return lambda _payload, _names: Words(sentence)


def _check_answered(payload: Payload, _names: Names) -> Words:
    if payload["answer"] == "fine":
        return Words(_("A colleague checked a draft: it is fine."))
    return Words(_("A colleague checked a draft and asked for changes."))


def terms_words(changes: Changes, need: str = "", kind: str = "", thing: str = "") -> list[Words]:
    """What changed in the terms councils pledge on, old and new; of a need by its title, kind and thing."""
    return [words for name, pair in changes.items() if (words := _term(name, pair, need, kind, thing)) is not None]


def _term(name: str, pair: Sequence[Any], need: str, kind: str, thing: str) -> Words | None:
    old, new = pair
    match name:
        case "mode":
            return Words(_("It was {old}, and is {new} now."), old=Words(MODES[old]), new=Words(MODES[new]))
        case "decision_on":
            return _date_words(old, new)
        case "least_councils":
            return Words(_("At least {new} other councils must be in; it was {old}."), old=old, new=new)
        case "target" if old is None:
            return Words(_("{need} was added as essential."), need=need or A_NEED)
        case "target":
            return Words(
                _("{need} asks for {new}; it was {old}."), need=need or A_NEED, old=_amount(kind, old, thing),
                new=_amount(kind, new, thing),
            )  # fmt: skip
        case "is_essential":
            words = _("{need} is essential now.") if new else _("{need} is no longer essential.")
            return Words(words, need=need or A_NEED)
        case "is_capped":
            words = _("{need} takes no more than it asks for now.") if new else _("{need} takes more than it asks for.")
            return Words(words, need=need or A_NEED)
        case "status":
            return Words(_("{need} was dropped."), need=need or A_NEED)
        case "lead_council_id":
            return Words(_("Another council leads the project now."))
    return None


def _amount(kind: str, number: int, thing: str) -> Words:
    if kind == NeedKind.TIME:
        whole, half = divmod(number, 2)
        return Words(_("{days} day"), _("{days} days"), n=10 if half else whole, days=days(number))
    if kind == NeedKind.FUNDING:
        return Words("{pounds}", pounds=pounds(number))
    return Words("{number} × {thing}", number=f"{number:,}", thing=thing) if thing else Words("{n}", n=f"{number:,}")


def _date_words(old: str | None, new: str | None) -> Words | None:
    if new is None:
        return Words(_("It has no decision date any more."))
    if old is None:
        return Words(_("It is decided by {new}."), new=day_words(date.fromisoformat(new)))
    days_of = {"old": day_words(date.fromisoformat(old)), "new": day_words(date.fromisoformat(new))}
    return Words(_("It is decided by {new}; it was {old}."), **days_of)


def _terms_changed(payload: Payload, names: Names) -> Words:
    need = names.get(payload.get("need_id") or "", "")
    words = Words(_("The leads changed the terms: {need}."), need=need) if need else None
    return words or Words(_("The leads changed the terms on which councils pledge."))


def _lapsed(payload: Payload, _names: Names) -> Words:
    if "freshness" in payload["changes"]:
        return Words(_("The project lapsed: nobody led it any more. Nobody is bound."))
    return Words(_("The project lapsed: not enough was agreed in time. Nobody is bound."))


def _date_moved(payload: Payload, _names: Names) -> Words:
    old, new = (day_words(date.fromisoformat(day)) for day in payload["changes"]["decision_on"])
    return Words(_("The decision date was moved from {old} to {new}."), old=old, new=new)


def _of_need(sentence: str, unnamed: str) -> Callable[[Payload, Names], Words]:
    def words(payload: Payload, names: Names) -> Words:
        need = names.get(payload["need_id"], "")
        return Words(sentence, need=need) if need else Words(unnamed)

    return words


SENTENCES: Mapping[str, Callable[[Payload, Names], Words]] = {
    "project.drafted": _always(_("The draft was begun.")),
    "project.draft_changed": _always(_("The draft was changed.")),
    "project.draft_deleted": _always(_("The draft was deleted.")),
    "project.published": _published,
    "project.documents_home_made": _always(_("A place was made for documents the council shares.")),
    "project.updated": _always(_("The leads edited this page.")),
    "project.phase_changed": _phase_changed,
    "project.terms_changed": _terms_changed,
    "project.date_moved": _date_moved,
    "project.test_passed": _always(_("The go-ahead test passed.")),
    "project.test_failed": _always(_("The go-ahead test did not pass by the decision date.")),
    "project.going_ahead": _always(_("The project is going ahead.")),
    "project.lapsed": _lapsed,
    "project.stopped": _always(_("The project was stopped.")),
    "project.finished": _always(_("The project was finished.")),
    "need.met": _of_need(_("{need} is met by what is agreed."), _("A need is met by what is agreed.")),
    "need.unmet": _of_need(_("{need} is no longer met by what is agreed."), _("A need is no longer met.")),
    "project.deleted": _always(_("The project was deleted.")),
    "need.opened": _always(_("The leads added a need.")),
    "need.changed": _always(_("The leads changed a need.")),
    "need.closed": _always(_("A need was closed: it takes no more pledges.")),
    "need.dropped": _always(_("A need was dropped: it is no longer wanted.")),
    "lead.named": _of_council(_("An officer of {council} became a lead.")),
    "lead.left": _of_council(_("A lead from {council} left.")),
    "team.joined": _of_council(_("An officer of {council} joined the team.")),
    "team.left": _of_council(_("An officer of {council} left the team.")),
    "update.drafted": _always(_("An update was begun.")),
    "update.draft_changed": _always(_("The draft of an update was changed.")),
    "update.draft_deleted": _always(_("The draft of an update was deleted.")),
    "update.published": _always(_("The leads published an update.")),
    "update.edited": _always(_("The leads edited an update.")),
    "update.withdrawn": _always(_("The leads withdrew an update.")),
    "check.asked": _always(_("A colleague was asked to check a draft.")),
    "check.answered": _check_answered,
    **freshness_messages.SENTENCES,
}
"""Every event of projects, in the reader's words."""
