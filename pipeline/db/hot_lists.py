"""Lists that are read most: page by key, narrowed by many filters, at the same cost on the first page and the last.

A filtered list can be read in two ways: *walk* the index of its order and leave out what does not pass, which is quick
where much passes; or *gather* what passes one filter from that filter's own index and sort it, which is quick where
little does. Before a filtered page is read, each filter's index is counted as far as `FEW`: the rarest decides which
way is taken. Every statement is compiled once for each set of filters, order and way, and then only bound. Lists that
are read less say the same more simply with `keyset.read_page`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import Date, String, Text, TypeEngine

from pipeline.db.base import Id, UtcDateTime
from pipeline.db.keyset import Page, Place
from pipeline.db.statements import Statement

FEW = 1_500
"""A single filter that lets through no more rows than this is gathered from its own index."""
FEW_OF_SEVERAL = 6_000
"""The same where several filters meet: each leaves less, so walking takes longer."""
FEW_TO_COUNT = 20_000
"""The same when rows are only counted, and none has to be sorted."""


class unindexed(ColumnElement[Any]):  # noqa: N801 - it reads as a word of a statement
    """A column that SQLite must not look up in an index here. PostgreSQL knows its tables and decides for itself."""

    inherit_cache = True
    # Of which column it is belongs to what SQLAlchemy knows a statement by.
    _traverse_internals = [  # noqa: RUF012 (SQLAlchemy says of what type it is)
        ("column", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: Any) -> None:
        self.column = column
        self.type = column.type


@compiles(unindexed)
def _as_it_is(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.column, **options)


@compiles(unindexed, "sqlite")
def _with_a_plus(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return "+" + compiler.process(element.column, **options)


class computed(unindexed):  # noqa: N801
    """A column to sort by in memory: neither database may walk its index instead."""

    inherit_cache = True


@compiles(computed)
def _as_computed(element: computed, compiler: SQLCompiler, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"coalesce({column}, {column})"


class listed(ColumnElement[bool]):  # noqa: N801
    """`column` is one of the ids bound to `name` (see `ids_for`): one text, however many ids there are."""

    inherit_cache = True
    # Not Boolean: SQLite, which has none, would be asked whether the condition equals 1, and could not use an index.
    type = Integer()  # type: ignore[assignment]

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.name = name


@compiles(listed, "sqlite")
def _in_json(element: listed, compiler: SQLCompiler, **options: Any) -> str:
    bound = compiler.process(bindparam(element.name, type_=Text()), **options)
    return f"{compiler.process(element.column, **options)} IN (SELECT value FROM json_each({bound}))"  # noqa: S608 - text of ours, not of a request's


@compiles(listed)
def _in_array(element: listed, compiler: SQLCompiler, **options: Any) -> str:
    bound = compiler.process(bindparam(element.name, type_=Text()), **options)
    cast = "uuid[]" if isinstance(element.column.type, Id) else "bigint[]"
    return f"{compiler.process(element.column, **options)} = ANY (CAST({bound} AS {cast}))"


def ids_for(session: Session, ids: Collection[Any]) -> str:
    """Ids (or whole numbers) as `listed` takes them on the session's database."""
    if session.get_bind().dialect.name == "sqlite":
        return orjson.dumps(list(ids), default=str).decode()
    return "{" + ",".join(map(str, ids)) + "}"


@dataclass(frozen=True, slots=True)
class SortKey:
    """One order a list can be in: by a column, then by id. Rows without a value come last, in both directions."""

    column: Any
    is_nullable: bool = False

    def read(self, value: Any) -> Any:
        """A value of the column as a cursor holds it, ready to bind."""
        if value is None or not isinstance(value, str):
            return value
        if isinstance(self.column.type, UtcDateTime):
            return datetime.fromisoformat(value)
        return date.fromisoformat(value) if isinstance(self.column.type, Date) else value


Gather = Callable[[Sequence[ColumnElement[bool]]], Select[Any]]
"""Selects the ids of the rows that pass some conditions, from an index of theirs."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing a list can be narrowed to. Its value is bound under its own name.

    `holds` is asked of each row that is walked past. `gather` selects what passes `within`, from an index; filters that
    have the same `gather` are gathered together. `indexed` says the same as `holds` for the orders in `ordered_by`, in
    which one index answers filter and order together: walking is then always quick. `is_rare` is known to let little
    through: it is gathered without being counted first.
    """

    holds: ColumnElement[bool]
    gather: Gather | None = None
    within: ColumnElement[bool] | None = None
    indexed: ColumnElement[bool] | None = None
    ordered_by: frozenset[str] = frozenset()
    is_rare: bool = False

    def is_indexed_in(self, order: str | None) -> bool:
        """Whether an index answers this filter together with an order; None is no order in particular."""
        return self.indexed is not None and (order is None or order in self.ordered_by)

    def holds_in(self, order: str | None) -> ColumnElement[bool]:
        """The condition as it is put to rows in an order."""
        return self.indexed if self.indexed is not None and self.is_indexed_in(order) else self.holds


Names = tuple[str, ...]
Measured = Mapping[Names, int]
"""How many rows each family of filters lets through, as far as it was counted."""


@dataclass(frozen=True)
class HotList:
    """A list of one table. Its first column is the row's id; each row ends in the value it was sorted by.

    `always` holds for every row that is listed; `orders` and `filters` are all there are.
    """

    id: Any
    columns: tuple[Any, ...]
    source: FromClause
    always: Any
    orders: Mapping[str, SortKey]
    filters: Mapping[str, Filter]
    _pages: dict[Any, Statement] = field(default_factory=dict)
    _probes: dict[Any, Statement] = field(default_factory=dict)
    _counts: dict[Any, Statement] = field(default_factory=dict)

    def page(
        self,
        session: Session,
        asked: Mapping[str, Any],
        *,
        order: str,
        descending: bool,
        limit: int,
        place: Place | None = None,
        measured: Measured | None = None,
    ) -> Page:
        """One page of the rows that pass every filter in `asked`: names with the values to bind."""
        gathered = self._rarest(session, asked, order, measured) if asked else ()
        backwards = place is not None and place.is_backwards
        rows: list[Any] = []
        for part, start in self._parts(order, place, backwards):
            if len(rows) > limit:
                break
            key = (tuple(sorted(asked)), order, descending ^ backwards, part, start is not None, gathered)
            statement = self._pages.get(key) or self._pages.setdefault(key, self._page_statement(*key))
            values = dict(asked, limit=limit + 1 - len(rows))
            if start is not None:
                values["at_id"] = start.id
                if part != "without":
                    values["at_value"] = self.orders[order].read(start.value)
            rows.extend(statement.rows(session, **values))
        return _cut(rows, limit, place, backwards)

    def count(self, session: Session, asked: Mapping[str, Any], most: int, measured: Measured | None = None) -> int:
        """How many rows pass, counted no further than one past `most`."""
        gathered = self._rarest(session, asked, None, measured) if asked else ()
        key = (tuple(sorted(asked)), gathered)
        statement = self._counts.get(key) or self._counts.setdefault(key, self._count_statement(*key))
        found: int = statement.rows(session, **asked, most=most + 1)[0][0]
        return found

    def _parts(self, order: str, place: Place | None, backwards: bool) -> list[tuple[str, Place | None]]:
        """The runs of rows to read, each with where to start: those with a sort value, then those without."""
        if not self.orders[order].is_nullable:
            return [("all", place)]
        if place is None:
            return [("with", None), ("without", None)]
        if place.value is None:
            return [("without", place), ("with", None)] if backwards else [("without", place)]
        return [("with", place)] if backwards else [("with", place), ("without", None)]

    def measure(self, session: Session, asked: Mapping[str, Any], few: int = FEW_TO_COUNT) -> Measured:
        """Count what each family of filters lets through, as far as `few`: once for a page and its count."""
        families = self._families(asked)
        rare = {family: 0 for family in families if self.filters[family[0]].is_rare}
        if rare or not families:
            return rare
        statement = self._probes.get(families) or self._probes.setdefault(families, self._probe_statement(families))
        values = {name: asked[name] for family in families for name in family}
        counts = statement.rows(session, **values, few=few + 1)[0]
        return dict(zip(families, counts, strict=True))

    def _rarest(
        self, session: Session, asked: Mapping[str, Any], order: str | None, measured: Measured | None
    ) -> Names:
        """The filters to gather by, or none to walk. `order` None is a count's, in which any index will do."""
        if all(self.filters[name].is_indexed_in(order) for name in asked):
            return ()
        few = FEW_TO_COUNT if order is None else FEW if len(asked) == 1 else FEW_OF_SEVERAL
        counts = self.measure(session, asked, few) if measured is None else measured
        if not counts:
            return ()
        least, family = min((number, family) for family, number in counts.items())
        return family if least <= few else ()

    def _families(self, asked: Mapping[str, Any]) -> tuple[Names, ...]:
        """The names asked for that can be gathered, those with the same index together."""
        families: dict[Gather, list[str]] = {}
        for name in sorted(asked):
            gather = self.filters[name].gather
            if gather is not None:
                families.setdefault(gather, []).append(name)
        return tuple(tuple(family) for family in families.values())

    def _probe_statement(self, families: tuple[Names, ...]) -> Statement:
        few = bindparam("few", type_=Integer())
        counts = (
            select(func.count()).select_from(self._gathered(family).limit(few).subquery()).scalar_subquery()
            for family in families
        )
        return Statement(select(*counts))

    def _page_statement(
        self, names: Names, order: str, descending: bool, part: str, has_start: bool, gathered: Names
    ) -> Statement:
        column = self.orders[order].column
        query = self._narrowed(select(*self.columns, column), names, order, gathered)
        # Rows without a sort value are in the order of their ids alone.
        keys: list[Any] = [self.id] if part == "without" else [column, self.id]
        if part != "all":
            query = query.where(column.is_(None) if part == "without" else column.is_not(None))
        if has_start:
            query = query.where(_beyond(keys, descending))
        if gathered:
            keys[0] = computed(keys[0])
        query = query.order_by(*((key.desc() for key in keys) if descending else keys))
        return Statement(query.limit(bindparam("limit", type_=Integer())))

    def _count_statement(self, names: Names, gathered: Names) -> Statement:
        query = self._narrowed(select(literal_column("1")), names, None, gathered)
        counted = query.limit(bindparam("most", type_=Integer())).subquery()
        return Statement(select(func.count()).select_from(counted))

    def _narrowed(self, query: Select[Any], names: Names, order: str | None, gathered: Names) -> Select[Any]:
        query = query.select_from(self.source)
        if not gathered:
            return query.where(self.always, *(self.filters[name].holds_in(order) for name in names))
        others = (self.filters[name].holds for name in names if name not in gathered)
        return query.where(self.id.in_(self._gathered(gathered)), unindexed(self.always), *others)

    def _gathered(self, family: Names) -> Select[Any]:
        gather: Any = self.filters[family[0]].gather
        selected: Select[Any] = gather([one for name in family if (one := self.filters[name].within) is not None])
        return selected


def _beyond(keys: list[Any], descending: bool) -> ColumnElement[bool]:
    """The rows beyond the one whose values are bound to `at_value` and `at_id`."""
    names = ("at_value", "at_id")[-len(keys) :]
    start = tuple_(*(bindparam(name, type_=_plain(key.type)) for name, key in zip(names, keys, strict=True)))
    return tuple_(*keys) < start if descending else tuple_(*keys) > start


def _plain(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type a value of a column is bound as: a collation belongs to the column, not to the value."""
    return String() if isinstance(kind, String) else kind


def _cut(rows: list[Any], limit: int, place: Place | None, backwards: bool) -> Page:
    """Cut the row beyond the page off, put the rows in reading order, and say where the pages round it begin."""
    has_more = len(rows) > limit
    rows = rows[:limit]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(rows, None, None)
    has_before = has_more if backwards else place is not None
    has_after = has_more or backwards
    before = Place(rows[0][-1], rows[0][0], True) if has_before else None
    after = Place(rows[-1][-1], rows[-1][0]) if has_after else None
    return Page(rows, before, after)
