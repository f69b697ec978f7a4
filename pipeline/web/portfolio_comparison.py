"""A council's portfolio beside those of councils like it: numbers in plain words, in the order of the alphabet."""

from collections.abc import Callable
from typing import Any

from pipeline.councils.models import Council
from pipeline.councils.vocabulary import KIND_BY_VALUE, NATION_BY_VALUE
from pipeline.db.work import Reading
from pipeline.http.language import current_language, gettext, say
from pipeline.kernel.effort import days
from pipeline.kernel.money import pounds
from pipeline.kernel.words import Words, _
from pipeline.portfolios import queries
from pipeline.portfolios.rules import UNKNOWN, Cell, PortfolioRole, together
from pipeline.projects.messages import STATUS_NAMES
from pipeline.projects.rules import ProjectStatus
from pipeline.projects.vocabulary import PHASES
from pipeline.web.rendering import label

Choose = Callable[[Cell], bool]
COMPARED_STATUSES = [status for status in STATUS_NAMES if status is not ProjectStatus.DRAFT]


def comparison_of(reading: Reading, council: Council) -> dict[str, Any]:
    """Tables with a row for the council and for each like it: four statements, however many projects there are."""
    others = queries.similar_councils(reading, council)
    councils = [council, *others]
    cells = queries.cells_of(reading, [one.id for one in councils])
    documents = queries.documents_counted(reading, [one.id for one in councils])
    return {
        "others": len(others),
        "like": say(
            Words(
                _("Kind: {kind}. Nation: {nation}."), kind=_called(KIND_BY_VALUE, council.kind),
                nation=_called(NATION_BY_VALUE, council.nation),
            )
        ),
        "tables": [
            _by_status(councils, cells), _by_phase(councils, cells), _given(councils, cells, documents)
        ],
    }  # fmt: skip


def _called(labels: Any, value: str) -> str:
    known = labels.get(value)
    return known.in_language(current_language()) if known else value


def _leads(cell: Cell) -> bool:
    return cell.role == PortfolioRole.LEADS


def _table(key: str, heading: str, header: list[str], rows: list[tuple[Council, list[str]]]) -> dict[str, Any]:
    return {
        "key": key, "heading": gettext(heading), "header": header,
        "rows": [(council.short_name, council.slug, figures) for council, figures in rows],
    }  # fmt: skip


def _numbers(cells: list[Cell], choices: list[Choose]) -> list[str]:
    return [f"{together(filter(choose, cells)).projects:,}" for choose in choices]


def _by_status(councils: list[Council], cells: dict[Any, list[Cell]]) -> dict[str, Any]:
    """How many it leads and takes part in, and where those it has part in stand."""
    header = [gettext(_("Leads")), gettext(_("Takes part"))]
    header += [say(STATUS_NAMES[status]) for status in COMPARED_STATUSES]
    choices: list[Choose] = [_leads, lambda cell: not _leads(cell)]
    choices += [_with_status(status) for status in COMPARED_STATUSES]
    rows = [(one, _numbers(cells.get(one.id, []), choices)) for one in councils]
    return _table("by-status", _("Projects, by status"), header, rows)


def _with_status(status: ProjectStatus) -> Choose:
    return lambda cell: cell.status == status


def _by_phase(councils: list[Council], cells: dict[Any, list[Cell]]) -> dict[str, Any]:
    phases = [*((phase.value, label(phase)) for phase in PHASES), (UNKNOWN, gettext(_("Phase not known")))]
    choices = [_in_phase(phase) for phase, _name in phases]
    rows = [(one, _numbers(cells.get(one.id, []), choices)) for one in councils]
    return _table("by-phase", _("Projects, by phase"), [name for _phase, name in phases], rows)


def _in_phase(phase: str) -> Choose:
    return lambda cell: (cell.phase or UNKNOWN) == phase


def _given(councils: list[Council], cells: dict[Any, list[Cell]], documents: dict[Any, tuple[int, int]]) -> Any:
    """What it gave to others' projects and its own were given, and the documents it shares and uses."""
    header = [
        _("Days given"), _("Pounds given"), _("Days got"), _("Pounds got"), _("Documents shared"),
        _("Documents adopted"),
    ]  # fmt: skip
    rows = []
    for one in councils:
        own = cells.get(one.id, [])
        got, gave = together(filter(_leads, own)), together(cell for cell in own if not _leads(cell))
        amounts = [
            days(gave.delivered_half_days), pounds(gave.delivered_pence),
            days(got.delivered_half_days), pounds(got.delivered_pence),
        ]  # fmt: skip
        rows.append((one, [*amounts, *(_counted(number) for number in documents.get(one.id, (0, 0)))]))
    return _table("given", _("Given and got, documents"), [gettext(words) for words in header], rows)


def _counted(number: int) -> str:
    return f"{number:,}" if number <= queries.MOST_COUNTED else gettext(_("more than 1,000"))
