"""The parts of the pages of figures: a chart, or several, above one table; both made from the same rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from pipeline.http.language import gettext, say
from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import MONTHS, _
from pipeline.pledges.messages import amount_words
from pipeline.projects.rules import NeedKind
from pipeline.statistics.measures import Measure
from pipeline.statistics.queries import Figures, Named, Row
from pipeline.web.charts import Chart, Series, bar_chart, line_chart, network, tile_map
from pipeline.web.charts.scale import Number
from pipeline.web.charts.tiles import TILES
from pipeline.web.statistics.asked import words_of

DAYS = (Measure.PLEDGED_HALF_DAYS, Measure.COMMITTED_HALF_DAYS, Measure.DELIVERED_HALF_DAYS)
POUNDS = (Measure.PLEDGED_PENCE, Measure.COMMITTED_PENCE, Measure.DELIVERED_PENCE)
ANSWERS = (Measure.ANSWERED_ON_TIME, Measure.ANSWERED_LATE, Measure.NOT_ANSWERED)
HOW_CURRENT = (Measure.CURRENT, Measure.BEHIND_ONE, Measure.BEHIND_MORE)
MILLION = 1_000_000
MOST_NAMED = 3
"""Pairs of councils that one sentence names."""
GIVEN = (Measure.PROJECTS, Measure.COUNCILS, *DAYS, *POUNDS)
HEADS = {
    Measure.PROJECTS: _("Projects"), Measure.COUNCILS: _("Councils"), Measure.PLEDGED_HALF_DAYS: _("Days pledged"),
    Measure.COMMITTED_HALF_DAYS: _("Days committed"), Measure.DELIVERED_HALF_DAYS: _("Days delivered"),
    Measure.PLEDGED_PENCE: _("Pounds pledged"), Measure.COMMITTED_PENCE: _("Pounds committed"),
    Measure.DELIVERED_PENCE: _("Pounds delivered"), Measure.ANSWERED_ON_TIME: _("On time"),
    Measure.ANSWERED_LATE: _("Late"), Measure.NOT_ANSWERED: _("No answer yet"), Measure.ADOPTIONS: _("In use"),
    Measure.ADAPTED: _("Of these, adapted"), Measure.CURRENT: _("Newest version"),
    Measure.BEHIND_ONE: _("One version behind"), Measure.BEHIND_MORE: _("More behind"),
}  # fmt: skip
"""What people read for a measure."""


Choice = tuple[str, str, bool]
"""Something else that can be drawn: what it is called, its address, and whether it is drawn now."""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page. The first column of the table is what a row is of; `csv` is the file of the same table."""

    id: str
    title: str
    charts: Sequence[Chart]
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    csv: str = ""
    choices: Sequence[Choice] = ()
    worded: int = 1
    """How many of the first columns are words. The others are numbers."""


def has_any(rows: Sequence[Row]) -> bool:
    """Whether there is anything to show: a table of nothing but nothing says less than a sentence."""
    return any(row.figures[measure] for row in rows for measure in GIVEN)


def by_month(rows: Sequence[Row], total: Figures) -> Section:
    """Days and pounds, month by month."""
    rows = _from_the_first(rows, GIVEN)
    labels = [month_in_words(row.of) for row in rows]
    charts = [_lines("days", gettext("Days by month"), _given(total, DAYS), labels, rows, DAYS, _days)]
    if any(row.figures[measure] for row in rows for measure in POUNDS):
        charts.append(
            _lines("pounds", gettext("Pounds by month"), _given(total, POUNDS), labels, rows, POUNDS, _pounds)
        )
    table = [[label, *cells(row.figures, GIVEN)] for label, row in zip(labels, rows, strict=True)]
    return Section("by-month", gettext("By month"), charts, header(gettext("Month"), GIVEN), table, "months")


def by_words(by: str, rows: Sequence[Row]) -> Section:
    """Days and pounds of each theme or kind of council beside each other."""
    titles = {"theme": gettext("By theme"), "kind": gettext("By kind of council")}
    heads = {"theme": gettext("Theme"), "kind": gettext("Kind of council")}
    labels = [words_of(by, row.of) for row in rows]
    charts = _beside(by, titles[by], labels, rows, DAYS)
    charts += _beside(by, titles[by], labels, rows, POUNDS)
    return _table_of(by, titles[by], charts, heads[by], labels, rows)


def by_region(rows: Sequence[Row], measure: Measure, choices: Sequence[Choice] = ()) -> Section:
    """One measure on the map of the regions, and the pounds of each beside each other. One region alone has no map."""
    labels = [words_of("region", row.of) for row in rows]
    charts: list[Chart] = [_map(labels, rows, measure)] if len(rows) > 1 else []
    sums = {one.value: sum(row.figures[one] for row in rows) for one in POUNDS}
    charts += _beside("region", gettext("Pounds by region"), labels, rows, POUNDS, sentence=_given(sums, POUNDS))
    coded = [f"{label} ({TILES[row.of][0]})" for label, row in zip(labels, rows, strict=True)]
    return _table_of(
        "region", gettext("By region"), charts, gettext("Region"), coded, rows, choices if len(rows) > 1 else ()
    )


def _map(labels: Sequence[str], rows: Sequence[Row], measure: Measure) -> Chart:
    title = gettext("%(measure)s by region") % {"measure": name_of(measure)}
    return tile_map(
        "map", title, _most(labels, rows, measure), {row.of: row.figures[measure] for row in rows},
        series=name_of(measure), say=lambda value: in_a_tile(measure, int(value)),
    )  # fmt: skip


def answers(rows: Sequence[Row], total: Figures) -> Section:
    """How soon leads first answered what was pledged, by the month they were asked."""
    sentence = gettext("Pledges answered within three working days: %(n)s. Later: %(late)s. Not yet: %(waiting)s.") % {
        "n": f"{total[Measure.ANSWERED_ON_TIME]:,}", "late": f"{total[Measure.ANSWERED_LATE]:,}",
        "waiting": f"{total[Measure.NOT_ANSWERED]:,}",
    }  # fmt: skip
    return _stacked("answers", gettext("Answers by month"), sentence, rows, ANSWERS)


def documents(rows: Sequence[Row], total: Figures) -> Section:
    """The documents of others that councils use, by the month they began, and how new the version is they use."""
    sentence = gettext("%(n)s of %(all)s documents in use are the newest version.") % {
        "n": f"{total[Measure.CURRENT]:,}", "all": f"{total[Measure.ADOPTIONS]:,}",
    }  # fmt: skip
    more = (Measure.ADOPTIONS, Measure.ADAPTED)
    return _stacked(
        "documents", gettext("Documents by the month they came into use"), sentence, rows, HOW_CURRENT, more
    )


def working_together(
    councils: Sequence[Named], ties: Sequence[tuple[int, int, int]], name: Callable[[Named], str]
) -> Section:
    """Who of the busiest councils works with whom."""
    names = [name(one) for one in councils]
    drawing = network("network", gettext("Who works with whom"), _closest(names, ties), knots=names, ties=ties)
    table = [[f"{one + 1} {names[one]}", f"{other + 1} {names[other]}", f"{number:,}"] for one, other, number in ties]
    titles = (gettext("Council"), gettext("Works with"), gettext("Projects"))
    return Section("together", gettext("The busiest councils"), [drawing], titles, table, "councils", worded=2)


def _closest(names: Sequence[str], ties: Sequence[tuple[int, int, int]]) -> str:
    """Which of the councils work together most: a few pairs by name, more as a number."""
    most = max(number for _one, _other, number in ties)
    pairs = [f"{names[one]} – {names[other]}" for one, other, number in ties if number == most]
    if len(pairs) > MOST_NAMED:
        return gettext("Of these councils, %(pairs)s pairs work together most. Projects of each pair: %(n)s.") % {
            "pairs": f"{len(pairs):,}", "n": f"{most:,}",
        }  # fmt: skip
    return gettext("Of these councils, these work together most: %(names)s. Projects of each pair: %(n)s.") % {
        "names": "; ".join(pairs), "n": f"{most:,}",
    }  # fmt: skip


def name_of(measure: Measure) -> str:
    """What people read for a measure, at the head of its column."""
    return gettext(HEADS[measure])


def header(first: str, measures: Sequence[Measure]) -> list[str]:
    """The head of a table."""
    return [first, *(name_of(one) for one in measures)]


def cells(figures: Figures, measures: Sequence[Measure]) -> list[str]:
    """The figures of a row, as people read them."""
    return [in_words(one, figures[one]) for one in measures]


def in_words(measure: Measure, value: int) -> str:
    """A figure as people read it in a table: days, pounds or a number."""
    if measure in POUNDS:
        return pounds(value)
    return days(value) if measure in DAYS else f"{value:,}"


def in_a_tile(measure: Measure, value: int) -> str:
    """A figure in a few characters: from a million on, pounds are rounded. The table has all of it."""
    if measure not in POUNDS:
        return in_words(measure, value)
    whole = value // 100
    return pounds(whole * 100) if whole < MILLION else f"£{whole / MILLION:,.1f}m"


def month_in_words(month: str) -> str:
    """A month as people write it: November 2026."""
    return f"{gettext(MONTHS[int(month[5:]) - 1])} {month[:4]}"


def _table_of(
    by: str, title: str, charts: Sequence[Chart], head: str, labels: Sequence[str], rows: Sequence[Row],
    choices: Sequence[Choice] = (),
) -> Section:  # fmt: skip
    table = [[label, *cells(row.figures, GIVEN)] for label, row in zip(labels, rows, strict=True)]
    return Section(f"by-{by}", title, charts, header(head, GIVEN), table, f"{by}s", choices)


def _lines(
    name: str, title: str, sentence: str, labels: Sequence[str], rows: Sequence[Row], measures: Sequence[Measure],
    words: Callable[[Number], str],
) -> Chart:  # fmt: skip
    series = [Series(name_of(one), [row.figures[one] for row in rows]) for one in measures]
    return line_chart(name, title, sentence, labels=labels, series=series, say=words)


def _stacked(
    name: str, title: str, sentence: str, rows: Sequence[Row], parts: Sequence[Measure], more: Sequence[Measure] = ()
) -> Section:
    rows = _from_the_first(rows, parts)
    labels = [month_in_words(row.of) for row in rows]
    bars = [(label, [row.figures[one] for one in parts]) for label, row in zip(labels, rows, strict=True)]
    chart = bar_chart(
        f"{name}-chart", title, sentence, parts=[name_of(one) for one in parts], rows=bars, is_stacked=True
    )
    measures = (*more, *parts)
    table = [[label, *cells(row.figures, measures)] for label, row in zip(labels, rows, strict=True)]
    return Section(name, title, [chart], header(gettext("Month"), measures), table, "months")


def _from_the_first(rows: Sequence[Row], measures: Sequence[Measure]) -> list[Row]:
    """Months from the first in which there is any of these figures."""
    return list(dropwhile(lambda row: not any(row.figures[one] for one in measures), rows))


def _given(total: Figures, measures: Sequence[Measure]) -> str:
    kind = NeedKind.TIME if measures is DAYS else NeedKind.FUNDING
    pledged, committed, delivered = (say(amount_words(kind, total[one])) for one in measures)
    return gettext("%(pledged)s pledged, %(committed)s committed, %(delivered)s delivered.") % {
        "pledged": pledged, "committed": committed, "delivered": delivered,
    }  # fmt: skip


def _beside(
    by: str, title: str, labels: Sequence[str], rows: Sequence[Row], measures: Sequence[Measure], *,
    sentence: str = "",
) -> list[Chart]:  # fmt: skip
    """Bars of days or pounds of each row that has any; no chart where none has."""
    bars = [
        (label, [row.figures[one] for one in measures])
        for label, row in zip(labels, rows, strict=True)
        if any(row.figures[one] for one in measures)
    ]
    if not bars:
        return []
    name, words = ("days", _days) if measures is DAYS else ("pounds", _pounds)
    parts, sentence = [name_of(one) for one in measures], sentence or _most(labels, rows, measures[0])
    return [bar_chart(f"{name}-by-{by}", title, sentence, parts=parts, rows=bars, say=words)]


def _most(labels: Sequence[str], rows: Sequence[Row], measure: Measure) -> str:
    """Where there is most of a measure, and how much."""
    amount = max(row.figures[measure] for row in rows)
    is_pledged = measure in (DAYS[0], POUNDS[0])
    if not amount:
        return gettext("Nothing is pledged yet.") if is_pledged else gettext("Nothing is counted yet.")
    names = ", ".join(label for label, row in zip(labels, rows, strict=True) if row.figures[measure] == amount)
    if not is_pledged:
        words = {"measure": name_of(measure), "amount": in_words(measure, amount), "names": names}
        return gettext("%(measure)s: at most %(amount)s (%(names)s).") % words
    kind = NeedKind.TIME if measure in DAYS else NeedKind.FUNDING
    words = {"name": names, "amount": say(amount_words(kind, amount))}
    return gettext("Most is pledged here: %(name)s, %(amount)s.") % words


def _days(value: Number) -> str:
    return days(int(value))


def _pounds(value: Number) -> str:
    return pounds(int(value))
