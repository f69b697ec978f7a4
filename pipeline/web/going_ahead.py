"""What a project's page says of how it is decided: how the go-ahead test stands, how it ended, what terms changed."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import url_for

from pipeline.db.work import Reading
from pipeline.http.language import gettext, say
from pipeline.kernel.errors import NotFound
from pipeline.kernel.words import Words, _
from pipeline.pledges.messages import amount_words
from pipeline.pledges.queries import PledgeShown
from pipeline.projects import policy, queries
from pipeline.projects.messages import terms_words
from pipeline.projects.page import NeedOnPage, ProjectPage
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.rules import Mode, NeedStatus, ProjectStatus

ENDED = (ProjectStatus.LAPSED, ProjectStatus.STOPPED, ProjectStatus.FINISHED)


@dataclass(frozen=True, slots=True)
class GoAheadShown:
    """The go-ahead test of an open project in words: whether it passes, what is missing, what would make it pass."""

    is_passing: bool
    summary: str
    missing: list[str]
    would_pass: list[str]


@dataclass(frozen=True, slots=True)
class TermsShown:
    """A change of terms: when, what it was and is, and why."""

    changed_at: Any
    sentences: list[str]
    reason: str


def how_it_stands(page: ProjectPage, pledges: Iterable[PledgeShown]) -> GoAheadShown | None:
    """How the test of an open, all-or-nothing project stands; None where there is none."""
    if page.status is not ProjectStatus.OPEN or page.mode != Mode.ALL_OR_NOTHING:
        return None
    if page.is_passing:
        summary = gettext(_("It would go ahead now: everything essential is agreed, by enough councils."))
        return GoAheadShown(True, summary, [], [])
    missing = [say(words) for words in _missing(page)]
    would_pass = [say(words) for words in _would_pass(page, pledges)]
    return GoAheadShown(
        False, gettext(_("It would not go ahead yet. What is agreed still lacks:")), missing, would_pass
    )


def _missing(page: ProjectPage) -> Iterable[Words]:
    for need in page.needs:
        lacks = need.target - need.agreed
        if need.is_essential and need.status is not NeedStatus.DROPPED and lacks > 0:
            yield Words(_("{amount} towards {need}"), amount=_amount(need, lacks), need=need.title)
    councils = page.least_councils - page.agreed_councils
    if councils > 0:
        yield Words(_("{n} more council"), _("{n} more councils"), n=councils)


def _would_pass(page: ProjectPage, pledges: Iterable[PledgeShown]) -> Iterable[Words]:
    """What the leads could do now. Only pledges that everybody may know of are named."""
    wanted = set(page.would_pass)
    for pledge in pledges:
        if pledge.id in wanted and not pledge.is_unsigned:
            yield Words(_("If the leads accept {council}’s pledge, it passes."), council=pledge.council_name)
    if not wanted and _is_pledged_enough(page):
        yield Words(_("What is pledged is enough: it passes once the leads have accepted it."))


def _is_pledged_enough(page: ProjectPage) -> bool:
    enough = all(need.pledged >= need.target for need in page.needs if need.is_essential)
    return enough and page.councils >= page.least_councils


def _amount(need: NeedOnPage, number: int) -> Words:
    return amount_words(need.kind, number, need.thing or "")


def waiting_by_need(pledges: Iterable[PledgeShown]) -> Mapping[str, int]:
    """What pledges that are authorised and do not count hold of each need: they wait for others, or stand aside for the
    pledge whose place they are to take and hold only what is more."""
    by_id = {pledge.id: pledge for pledge in pledges}
    found: dict[str, int] = {}
    for pledge in by_id.values():
        if pledge.is_counting or pledge.is_unsigned:
            continue
        replaced = by_id.get(pledge.replaces_id or "")
        holds = max(pledge.amount - replaced.amount, 0) if replaced else pledge.amount
        found[pledge.need_id] = found.get(pledge.need_id, 0) + holds
    return found


def ended_words(page: ProjectPage) -> str | None:
    """What a project that has ended says first; None while it runs, and of past work recorded as such."""
    if page.status not in ENDED or page.ended_at is None:
        return None
    if page.status is ProjectStatus.LAPSED and page.is_waiting:
        return gettext(NOBODY_LED)
    return gettext(ENDINGS[page.status])


NOBODY_LED = _("This project lapsed: nobody led it for five months. Nobody is bound by what was pledged.")
ENDINGS = {
    ProjectStatus.LAPSED: _(
        "This project lapsed: by its decision date not enough was agreed. Nobody is bound by what was pledged."
    ),
    ProjectStatus.STOPPED: _("This project was stopped. What was pledged to it binds nobody any more."),
    ProjectStatus.FINISHED: _("This project is finished. What was committed stays to be recorded as given."),
}


def terms_shown(reading: Reading, page: ProjectPage) -> list[TermsShown]:
    """What councils pledged on before, and why it changed, the newest first. One query, where anything changed."""
    if not page.has_changed_terms:
        return []
    titles = {need.id: need for need in page.needs}
    return [
        TermsShown(
            change.changed_at,
            [say(words) for words in terms_words(change.changes, *_need_of(titles, change.need_id))],
            change.reason,
        )
        for change in queries.terms_changes_of(reading, page.id)
    ]


def _need_of(needs: Mapping[str, NeedOnPage], need_id: Any) -> tuple[str, str, str]:
    need = needs.get(str(need_id))
    return (need.title, need.kind, need.thing or "") if need else ("", "", "")


def related(reading: Reading, page: ProjectPage) -> list[tuple[str, str]]:
    """The project this one posts again, and the one that posts this one again, as (words, address)."""
    lines = []
    if page.continues_id is not None:
        with suppress(NotFound):
            earlier = queries.project_by_id(reading, page.continues_id)
            lines.append((Words(_("It was posted before as {title}."), title=earlier.title), earlier))
    later = queries.continued_in(reading, page.id) if page.ended_at is not None else None
    if later is not None:
        lines.append((Words(_("It was posted again as {title}."), title=later.title), later))
    return [(say(words), url_for("projects.show_project", slug=one.slug or one.id)) for words, one in lines]


def decisions_open(reading: Reading, page: ProjectPage, facts: ProjectFacts) -> list[tuple[str, str]]:
    """What the viewer may decide about the project now, as (address, words)."""
    if page.keeps_documents:
        return []
    actor, status, is_flexible = reading.actor, page.status, page.mode == Mode.FLEXIBLE
    is_open, runs = status is ProjectStatus.OPEN, status in (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)
    leads = bool(policy.may_give_go_ahead(actor, facts))
    may_go_ahead = leads and is_open and not page.is_hidden and (is_flexible or page.is_passing)
    steps = (
        (may_go_ahead, "go_ahead", _("Give the go-ahead")),
        (leads and is_open, "change_terms", _("Change the terms")),
        (leads and is_open and not is_flexible and not page.date_moved_at, "move_date", _("Move the decision date")),
        (leads and runs and (is_flexible or not is_open), "finish", _("Finish the project")),
        (runs and bool(policy.may_stop_project(actor, facts)), "stop", _("Stop the project")),
        (status in ENDED and bool(policy.may_post_again(actor, facts)), "post_again", _("Post it again")),
    )
    return [(url_for(f"decisions.{verb}", slug=page.address), gettext(words)) for may, verb, words in steps if may]
