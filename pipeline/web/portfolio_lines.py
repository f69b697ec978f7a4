"""The projects of a portfolio as the board, the table and the file show them."""

from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.db.statements import text_of
from pipeline.db.work import Reading
from pipeline.http.language import current_language, gettext, say
from pipeline.kernel.clock import uk_date as day_of
from pipeline.kernel.words import Words, _
from pipeline.measures.in_short import MeasuresInShort, measures_in_short
from pipeline.pledges.messages import amount_words
from pipeline.portfolios import queries
from pipeline.portfolios.rules import AMOUNTS, UNKNOWN, PortfolioRole, is_late
from pipeline.projects.freshness import Freshness
from pipeline.projects.freshness_messages import FRESHNESS_NAMES
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.rules import NeedKind, ProjectStatus
from pipeline.projects.vocabulary import PHASES
from pipeline.web.measures_shown import says_in_short
from pipeline.web.rendering import absolute, label, uk_date

ROLES: dict[str, Words] = {
    PortfolioRole.LEADS.value: Words(_("Leads")),
    PortfolioRole.PARTNER.value: Words(_("Takes part")),
}
STATUSES = {status.value: words for status, words in STATUS_NAMES.items() if status is not ProjectStatus.DRAFT}
RUNS = (ProjectStatus.OPEN, ProjectStatus.GOING_AHEAD)

FILE_COLUMNS = (
    "title", "url", "role", "phase", "status", "freshness", "published_on", "decision_on", "ended_on",
    "last_sign_of_life_on", *AMOUNTS, "people", "documents_to_review", "measures", "measured", "target_due_on",
)  # fmt: skip
"""The columns of the file: as the API calls them. `measured` is the measure that says most, in words."""


def phases_shown() -> list[tuple[str, str]]:
    """The phases in their order with their names; what is not known comes last."""
    return [*((phase.value, label(phase)) for phase in PHASES), (UNKNOWN, gettext(_("Phase not known")))]


def amounts_of(sums: Any) -> dict[str, str]:
    """The amounts of sums, or of a row with their names, in words: days and pounds."""
    return {
        name: ", ".join(
            say(amount_words(kind, amount))
            for kind, unit in ((NeedKind.TIME, "half_days"), (NeedKind.FUNDING, "pence"))
            if (amount := getattr(sums, f"{name}_{unit}"))
        )
        or "0"
        for name in ("pledged", "committed", "delivered")
    }


def lines_of(reading: Reading, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Projects as board and table show them, with the leads who are named and what is measured."""
    ids = [row.project_id for row in rows]
    named = queries.leads_named(reading, ids) if ids else {}
    measured = measures_in_short(reading, ids)
    phases, today = dict(phases_shown()), day_of(reading.now)
    return [
        {
            **_line(row, phases), **amounts_of(row),
            "people": ", ".join([_people(row.people), *named.get(row.project_id, [])]),
            "measures": _measured(measured.get(row.project_id)),
            "late": gettext(_("A target’s day has passed")) if is_late(row.target_due_on, today) else "",
        }
        for row in rows
    ]  # fmt: skip


def _line(row: Any, phases: dict[str, str]) -> dict[str, Any]:
    runs = row.status in RUNS
    is_silent = runs and row.freshness != Freshness.FRESH
    language = row.language if row.language != current_language() else ""
    return {
        "slug": row.slug, "title": row.title, "language": language, "phase": phases[row.phase or UNKNOWN],
        "status": row.status.replace("_", "-"), "status_words": say(STATUSES[row.status]),
        "role": say(ROLES[row.role]), "silent": say(FRESHNESS_NAMES[Freshness(row.freshness)]) if is_silent else "",
        "decision": uk_date(row.decision_on) if row.status == ProjectStatus.OPEN else "",
        "sign_of_life": uk_date(row.last_sign_of_life_at) if runs else "", "reviews": row.reviews,
    }  # fmt: skip


def _people(number: int) -> str:
    return say(Words(_("{n} person"), _("{n} people"), n=number))


def _measured(found: MeasuresInShort | None) -> str:
    return says_in_short(found) if found else ""


def file_rows(reading: Reading, rows: Sequence[Any]) -> Iterable[list[str | int | None]]:
    """The rows of the file, in the order of its columns."""
    measured = measures_in_short(reading, [row.project_id for row in rows])
    for row in rows:
        found = measured.get(row.project_id)
        days = (row.published_at, row.ended_at, row.last_sign_of_life_at)
        published, ended, sign = (text_of(day_of(moment)) if moment else "" for moment in days)
        yield [
            row.title, absolute(f"/projects/{row.slug}"), row.role, row.phase, row.status, row.freshness, published,
            text_of(row.decision_on), ended, sign, *(getattr(row, name) for name in AMOUNTS), row.people, row.reviews,
            found.number if found else 0, _measured(found), text_of(row.target_due_on),
        ]  # fmt: skip
