"""What pledges wait for, as the pages of a pledge and of its project say it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for

from pipeline.db.work import Reading
from pipeline.http.language import gettext, say
from pipeline.kernel.words import Words, _
from pipeline.pledges.condition_queries import (
    conditions_measured,
    needs_named,
    pledges_that_wait,
    what_would_follow,
)
from pipeline.pledges.messages import amount_words
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import WAITABLE, PledgeStatus
from pipeline.pledges.waiting_words import (
    A_NEED,
    WaitingPledge,
    condition_words,
    nearness_words,
    would_follow_words,
)

WHERE_IT_STANDS = {
    PledgeStatus.OFFERED: _("Once it is authorised it counts while all of this holds, and waits while it does not."),
    True: _("All of this holds, so the pledge counts."),
    False: _("Until all of this holds the pledge waits: it counts for nothing and binds nobody."),
    None: _("This is what it asked for."),
}
"""What conditions mean for an offer, for a pledge that counts, for one that waits, and for one that is past waiting."""
NOTHING_WAITS: dict[str, Any] = {"waiting": [], "would_follow": []}
"""What the page of a project says where no pledge has conditions."""


@dataclass(frozen=True, slots=True)
class WaitingShown:
    """What a pledge waits for, in words: where that leaves it, how near each condition is, and what would follow."""

    where_it_stands: str
    conditions: list[tuple[str, str]]
    follows: list[str]
    is_counting: bool | None
    """None where the pledge neither counts nor waits: it is not authorised yet, or past waiting."""


def waiting_of_pledge(reading: Reading, pledge: Pledge) -> WaitingShown | None:
    """What a pledge the viewer has been found to see waits for, and what would follow if it were authorised.

    None where it waits for nothing and nothing else of its project does.
    """
    project = pledge.need.project
    status = PledgeStatus(pledge.status)
    is_offered = status is PledgeStatus.OFFERED
    if not pledge.conditions and not (is_offered and project.has_conditions):
        return None
    offers = what_would_follow(reading, project.id, pledge_id=pledge.id) if is_offered else []
    follows = [one for one in offers if one.others or (one.counts_itself and pledge.conditions)]
    if not pledge.conditions and not follows:
        return None
    is_counting = pledge.is_counting if status in WAITABLE else None
    is_measured = is_offered or is_counting is not None
    needs = needs_named(reading, project.id)
    conditions = [
        (say(condition_words(one.condition, needs)), say(nearness_words(one, needs)) if is_measured else "")
        for one in conditions_measured(reading, [pledge.id]).get(pledge.id, ())
    ]
    return WaitingShown(
        gettext(WHERE_IT_STANDS[status if is_offered else is_counting]) if conditions else "",
        conditions,
        [say(would_follow_words(one)) for one in follows],
        is_counting if conditions else None,
    )


@dataclass(frozen=True, slots=True)
class LineOfWaiting:
    """A pledge that waits, in a list: its page, whose it is and of how much, and how near each condition is."""

    url: str
    words: str
    near: list[str]


def waiting_in_project(reading: Reading, project_id: UUID) -> dict[str, Any]:
    """The pledges of a project that wait, and what would follow from offers the viewer may know of."""
    pledges = pledges_that_wait(reading, project_id)
    measured = conditions_measured(reading, [one.id for one in pledges])
    needs = needs_named(reading, project_id)
    lines = [
        LineOfWaiting(
            url_for("pledges.show_pledge", pledge_id=one.id),
            say(_whose(one, needs)),
            [say(nearness_words(each, needs)) for each in measured.get(one.id, ()) if not each.is_met],
        )
        for one in pledges
    ]
    follows = what_would_follow(reading, project_id) if lines else []
    return {
        "waiting": lines,
        "would_follow": [
            (url_for("pledges.show_pledge", pledge_id=one.id), say(would_follow_words(one)))
            for one in follows
            if one.others
        ],
    }


def _whose(pledge: WaitingPledge, needs: Any) -> Words:
    need = needs.get(pledge.need_id, A_NEED)
    amount = amount_words(pledge.kind, pledge.amount, need.thing)
    return Words(_("{council}: {amount}, towards {need}"), council=pledge.council_name, amount=amount, need=need.title)
