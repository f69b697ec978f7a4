"""Readings that the draft of an update carries: asked for with its text, one line a measure, of one day."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from pipeline.db.work import Reading
from pipeline.http.language import say
from pipeline.kernel import clock
from pipeline.kernel.errors import Problem, RuleBroken
from pipeline.kernel.words import Words, _
from pipeline.measures.messages import UNIT_NAMES, value_words
from pipeline.measures.models import Measure
from pipeline.measures.queries import ReadingLine, measures_to_read, readings_of_update
from pipeline.measures.rules import Actual, Unit, number_of, unreadable, value_from
from pipeline.web.forms import Day, Line, lazy

Carried = Iterable[tuple[Measure, ReadingLine]]
FIELD = "measured-{id}"


def form_with_readings(
    reading: Reading, form: type[Any], project_id: UUID, values: Any = None, carried: Carried = ()
) -> Any:
    """The form of an update, with a line for each measure of its project that stands; the plain form without any."""
    measures = measures_to_read(reading, project_id)
    if not measures:
        return form(values)
    kept = {measure.id: line for measure, line in carried}
    fields: dict[str, Any] = {
        FIELD.format(id=one.id): Line(f"{one.name} ({say(UNIT_NAMES[Unit(one.unit)])})") for one in measures
    }
    fields["readings_on"] = Day(lazy(_("On which day was it measured?")))
    fields["measured"] = tuple(name for name in fields if name != "readings_on")
    fields["units"] = {FIELD.format(id=one.id): Unit(one.unit) for one in measures}
    made = type(form.__name__, (form,), fields)
    given = {FIELD.format(id=one): number_of(units_of(measures)[one], line.value) for one, line in kept.items()}
    on = next((line.read_on for line in kept.values()), clock.today())
    return made(values, data={**given, "readings_on": on})


def units_of(measures: Iterable[Measure]) -> Mapping[UUID, Unit]:
    """The unit of each measure by its id."""
    return {one.id: Unit(one.unit) for one in measures}


def actuals_in(form: Any) -> dict[UUID, Actual]:
    """What was typed of each measure. Raises RuleBroken where a value cannot be read, or the day is missing."""
    if not hasattr(form, "readings_on"):
        return {}
    typed = {name: form[name].data for name in form.measured if form[name].data}
    values = {name: value_from(form.units[name], text) for name, text in typed.items()}
    problems = [unreadable(form.units[name], name) for name, value in values.items() if value is None]
    if typed and form.readings_on.data is None:
        problems.append(Problem("measure.half_a_point", Words(_("Say on which day it was measured.")), "readings_on"))
    if problems:
        raise RuleBroken(*problems)
    on: date = form.readings_on.data or date.min
    return {UUID(name.removeprefix(FIELD.format(id=""))): Actual(value or 0, on) for name, value in values.items()}


def carried_shown(reading: Reading, update_id: UUID) -> list[str]:
    """What an update carries, a sentence each."""
    return [
        say(Words("{measure}: {value}", measure=measure.name, value=value_words(Unit(measure.unit), line.value)))
        for measure, line in readings_of_update(reading, update_id)
    ]
