"""How many projects are open in each place and about each theme, by the kept counts of the councils that lead them: a
moment behind, and as quick however many projects there are."""

from collections import Counter
from typing import Any

from sqlalchemy import Select, func, select

from pipeline.councils.models import Council
from pipeline.db.work import Reading
from pipeline.portfolios.models import PortfolioCount
from pipeline.portfolios.rules import NO_THEME, PortfolioRole
from pipeline.projects.rules import ProjectStatus


def _open(*by: Any) -> Select[Any]:
    """The sums of what is open, of councils with what is asked for of them."""
    return (
        select(*by, func.sum(PortfolioCount.projects))
        .join(Council, Council.id == PortfolioCount.council_id)
        .where(
            PortfolioCount.status == ProjectStatus.OPEN.value, PortfolioCount.role == PortfolioRole.LEADS.value,
            PortfolioCount.projects > 0,
        )
        .group_by(*by)
    )  # fmt: skip


def open_in_places(reading: Reading, theme: str | None = None) -> Counter[str]:
    """How many projects are open in each nation and region, by its value: of all themes or of one."""
    query = _open(Council.nation, Council.region).where(PortfolioCount.theme == (theme or NO_THEME))
    found: Counter[str] = Counter()
    for nation, region, number in reading.session.execute(query):
        for place in {nation, region}:
            found[place] += int(number)
    return found


def open_about_themes(reading: Reading, by: str = "", place: str = "") -> Counter[str]:
    """How many projects are open about each theme, everywhere or in a place. `by` is "nation" or "region"."""
    query = _open(PortfolioCount.theme).where(PortfolioCount.theme != NO_THEME)
    if by:
        query = query.where(getattr(Council, by) == place)
    return Counter({theme: int(number) for theme, number in reading.session.execute(query)})
