"""Measures as pages show them: in words, as a table, and as a line drawn from the rows of that table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from flask import url_for

from pipeline.db.work import Reading
from pipeline.http.language import gettext, say
from pipeline.kernel.words import Words, _, day_words
from pipeline.measures import policy, queries
from pipeline.measures.in_short import MeasuresInShort
from pipeline.measures.messages import (
    BETTER_NAMES,
    benefit_words,
    change_words,
    outcome_in_short,
    reported_words,
    value_words,
)
from pipeline.measures.models import MeasureChange
from pipeline.measures.policy import MeasureFacts
from pipeline.measures.queries import MeasureLine, ReadingLine
from pipeline.measures.rules import MeasureKind, Terms, Unit, met
from pipeline.measures.rules import Point as Value
from pipeline.projects.joined import councils_that_joined
from pipeline.projects.models import Project
from pipeline.projects.page import ProjectPage
from pipeline.projects.policy import ProjectFacts
from pipeline.projects.queries import facts_of
from pipeline.projects.rules import ProjectStatus
from pipeline.web.charts import LineChart, Series, line_chart
from pipeline.web.charts.lines import Point, along
from pipeline.web.rendering import uk_date

MOST_IN_PANEL = 4


def measures_panel(reading: Reading, page: ProjectPage, facts: ProjectFacts) -> dict[str, Any]:
    """The measures that stand, each in a sentence, for the page of the project: one query."""
    if page.keeps_documents:
        return {"measures": [], "may_set_measures": False}
    standing = [line for line in queries.measures_of(reading, page.id) if line.ended_at is None]
    return {
        "measures": [{"name": line.terms.name, "says": says(line)} for line in standing[:MOST_IN_PANEL]],
        "may_set_measures": bool(policy.may_set_measures(reading.actor, facts)),
    }


def says(line: MeasureLine) -> str:
    """Where a measure stands, in a sentence or two."""
    if line.terms.kind is MeasureKind.BENEFIT:
        return say(_benefit_says(line))
    return " ".join(say(words) for words in _outcome_says(line))


def _outcome_says(line: MeasureLine) -> Iterable[Words]:
    terms, kept = line.terms, line.standing
    if terms.baseline is not None:
        words = _("It began at {value} on {day}.")
        yield Words(words, value=value_words(terms.unit, terms.baseline.value), day=day_words(terms.baseline.on))
    if kept:
        words = _("Measured last on {day}: {value}.")
        yield Words(words, value=value_words(terms.unit, kept[-1].value), day=day_words(kept[-1].read_on))
    else:
        yield Words(_("Nothing has been measured yet."))
    if terms.target is not None:
        is_met = bool(kept) and met(terms, kept[-1].value)
        words = _("That meets the target of {value} by {day}.") if is_met else _("The target is {value} by {day}.")
        yield Words(words, value=value_words(terms.unit, terms.target.value), day=day_words(terms.target.on))


def _benefit_says(line: MeasureLine) -> Words:
    reported = line.reported
    return reported_words(line.terms.unit, len(reported), sum(reported.values()))


def says_shortly(line: MeasureLine) -> str:
    """Where a measure stands, in a few words."""
    if line.terms.kind is MeasureKind.BENEFIT:
        return say(_benefit_says(line))
    last = line.standing[-1] if line.standing else None
    return outcome_shortly(line.terms, Value(last.value, last.read_on) if last else None)


def outcome_shortly(terms: Terms, latest: Value | None) -> str:
    """Where an outcome began, what was read last, and its target: "from 12 days, latest 8 days, target 4 days"."""
    points = [say(words) for words in outcome_in_short(terms, latest)]
    return ", ".join(points) or gettext(_("Nothing has been measured yet."))


def says_in_short(found: MeasuresInShort) -> str:
    """How many measures a project has, and the one that says most."""
    one = found.most
    if one.terms.kind is MeasureKind.BENEFIT:
        said = say(reported_words(one.terms.unit, one.reported, one.together))
    else:
        said = outcome_shortly(one.terms, one.latest)
    number = say(Words(_("{n} measure"), _("{n} measures"), n=found.number))
    return f"{number}. {one.terms.name}: {said}"


def measures_shown(reading: Reading, project: Project, lines: Sequence[MeasureLine]) -> dict[str, Any]:
    """All measures of a project: what stands, and what has ended."""
    is_published = project.status != ProjectStatus.DRAFT
    facts = facts_of(reading, project)
    councils: frozenset[UUID] = frozenset()
    if reading.actor.council_id is not None:
        councils = frozenset(councils_that_joined(reading.session, project) | {project.council_id})
    changes = queries.changes_of(reading, project.id) if lines else {}
    shown = [
        _shown(
            reading, line, MeasureFacts(facts, line.terms.kind, councils), changes.get(line.id, ()), project,
            takes_readings=is_published,
        )
        for line in lines
    ]  # fmt: skip
    return {
        "measures": [one for one in shown if not one["has_ended"]],
        "ended": [one for one in shown if one["has_ended"]],
    }


def _shown(
    reading: Reading, line: MeasureLine, facts: MeasureFacts, changes: Iterable[MeasureChange], project: Project, *,
    takes_readings: bool,
) -> dict[str, Any]:  # fmt: skip
    terms, actor, is_open = line.terms, reading.actor, line.ended_at is None
    is_benefit = terms.kind is MeasureKind.BENEFIT
    may_read = takes_readings and is_open and bool(policy.may_record_reading(actor, facts))
    corrected = {one.corrects_id for one in line.readings if one.corrects_id}

    def row(one: ReadingLine) -> dict[str, Any]:
        may_correct = (
            takes_readings and is_open and one.id not in corrected
            and bool(policy.may_correct_reading(actor, facts, one.council_id))
        )  # fmt: skip
        return {
            "when": uk_date(one.read_on), "council": one.council_name, "note": one.note,
            "value": say((benefit_words if is_benefit else value_words)(terms.unit, one.value)),
            "is_corrected": one.id in corrected, "corrects": one.corrects_id is not None,
            "update_url": url_for("updates.show_update", update_id=one.update_id) if one.update_id else "",
            "correct_url": url_for("measures.correct", reading_id=one.id) if may_correct else "",
        }  # fmt: skip

    return {
        "id": line.id, "name": terms.name, "says": says(line), "is_benefit": is_benefit,
        "better": say(BETTER_NAMES[terms.better]), "has_ended": not is_open,
        "rows": [row(one) for one in line.readings],
        "points": points_of(line), "chart": chart_of(line),
        "changes": [_change(terms.unit, one, project.went_ahead_at) for one in changes],
        "record_url": url_for("measures.record", measure_id=line.id) if may_read else "",
        "may_set": is_open and bool(policy.may_set_measures(actor, facts.project)),
    }  # fmt: skip


def _change(unit: Unit, change: MeasureChange, went_ahead_at: datetime | None) -> dict[str, Any]:
    is_after = went_ahead_at is not None and change.changed_at > went_ahead_at
    return {
        "when": uk_date(change.changed_at), "says": " ".join(say(one) for one in change_words(unit, change.changes)),
        "is_after_go_ahead": is_after,
    }  # fmt: skip


def _days_of(line: MeasureLine) -> Mapping[date, tuple[int | None, int | None]]:
    """The table of an outcome: by day what was measured, the baseline first, and the target by its day."""
    terms = line.terms
    measured = {one.read_on: one.value for one in line.standing}
    if terms.baseline is not None:
        measured.setdefault(terms.baseline.on, terms.baseline.value)
    days = sorted({*measured, *([terms.target.on] if terms.target else ())})
    target = terms.target.value if terms.target else None
    return {day: (measured.get(day), target) for day in days}


def points_of(line: MeasureLine) -> list[dict[str, str]]:
    """The rows of that table in words."""
    if line.terms.kind is MeasureKind.BENEFIT:
        return []
    unit = line.terms.unit
    return [
        {"when": uk_date(day), "measured": _said(unit, value), "target": _said(unit, target)}
        for day, (value, target) in _days_of(line).items()
    ]


def _said(unit: Unit, value: int | None) -> str:
    return "" if value is None else say(value_words(unit, value))


def chart_of(line: MeasureLine) -> LineChart | None:
    """The same rows drawn, from two days on, each as far along as its day is."""
    if line.terms.kind is MeasureKind.BENEFIT:
        return None
    days = _days_of(line)
    if len(days) < 2:
        return None
    terms = line.terms
    series = [Series(gettext("Measured"), [value for value, _target in days.values()])]
    if terms.target is not None:
        series.append(Series(gettext("Target"), [target for _value, target in days.values()]))
    chart = line_chart(
        f"measure-{line.id}", terms.name, says(line), labels=[uk_date(day) for day in days], series=series,
        say=lambda value: say(value_words(terms.unit, int(value))),
    )  # fmt: skip
    return _by_day(chart, list(days))


def _by_day(chart: LineChart, days: list[date]) -> LineChart:
    """Move the points to where their days are: readings do not come at equal distances."""
    span = (days[-1] - days[0]).days
    place = {uk_date(day): along((day - days[0]).days / span) for day in days}

    def moved(point: Point) -> Point:
        return replace(point, x=place[point.label])

    lines = tuple(
        replace(
            one, points=(points := tuple(moved(point) for point in one.points)),
            strokes=tuple(pairwise(points)),
        )
        for one in chart.lines
    )  # fmt: skip
    return replace(chart, lines=lines)
