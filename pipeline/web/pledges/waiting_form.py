"""The questions about what a pledge waits for: other councils, sums, needs, and until when it stands.

Most offers wait for nothing. So these questions join a form only where they are shown or were answered: a form that is
only sent on costs nothing more for them. Several rows ask for councils, since they may be of several kinds; a button
that posts the form back adds one, and loses nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from wtforms import Field
from wtforms.validators import ValidationError

from pipeline.councils.rules import counts_as_council
from pipeline.councils.vocabulary import KINDS, NATIONS, REGIONS
from pipeline.http.language import current_language, gettext, say
from pipeline.kernel.ids import id_from
from pipeline.kernel.words import Words, _
from pipeline.pledges.condition_rules import MOST_CONDITIONS, field_of
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.waiting_words import IN_PLACES, NeedNamed
from pipeline.projects.rules import NeedKind
from pipeline.web.asking import ANOTHER_ROW
from pipeline.web.forms import Choices, Day, Days, Number, OnceForm, OneOfMany, Pounds, lazy

SUMS = {NeedKind.TIME: "days_in_all", NeedKind.FUNDING: "pounds_in_all"}
ROWS = tuple((f"councils_{number}", f"councils_of_{number}") for number in range(1, MOST_CONDITIONS + 1))
NAMES = (*(name for row in ROWS for name in row), *SUMS.values(), "needs_met", "stands_until")
ANY_COUNCIL = ""


class GroupOfCouncils(OneOfMany):
    """Which councils are asked for: any, those of a kind, or those of a nation or region, as `kind|nation|region`."""

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data.count("|") != 2:
            raise ValidationError(gettext(_("Choose one of the answers")))


class NeedsMet(Choices):
    """Needs of the project, by id. Whether they are is for the rules to say."""

    def pre_validate(self, form: Any) -> None:
        if any(id_from(value) is None for value in self.data):
            raise ValidationError(gettext(_("Choose from the answers")))


def _question(name: str) -> Any:
    if name.startswith("councils_of_"):
        return GroupOfCouncils(lazy(_("Which councils?")))
    if name.startswith("councils_"):
        return Number(lazy(_("At least how many other councils?")), description=lazy(_("A number, for example 2.")))
    return _OTHER_QUESTIONS[name]


_OTHER_QUESTIONS: dict[str, Any] = {
    "days_in_all": Days(
        lazy(_("At least how many days in all?")),
        description=lazy(_("The days that all councils pledge to this project together, yours included.")),
    ),
    "pounds_in_all": Pounds(
        lazy(_("At least how many pounds in all?")),
        description=lazy(_("The funding that all councils pledge to this project together, yours included.")),
    ),
    "needs_met": NeedsMet(
        lazy(_("Which needs must be met?")), description=lazy(_("By all that is pledged to them, yours included."))
    ),
    "stands_until": Day(
        lazy(_("Until when does your pledge stand?")),
        description=lazy(
            _(
                "It ends by itself after this day if it still waits. You may leave this open where the project has a "
                "decision date: a pledge that still waits then ends with it."
            )
        ),
    ),
}


class WaitingForm(OnceForm):
    """A form that may ask what a pledge waits for."""

    def process(self, formdata: Any = None, obj: Any = None, data: Any = None, **more: Any) -> None:
        self._typed = self.meta.wrap_formdata(self, formdata)
        self._begins_with: Mapping[str, Any] = data or {}
        self.rows_shown = 0
        if self._typed and any(any(self._typed.getlist(name)) for name in NAMES):
            self._bind_all()
        super().process(self._typed, obj, data=data, **more)

    def _bind_all(self) -> None:
        is_sent = self._typed is not None
        self.rows_shown = max(1, sum(name in (self._typed if is_sent else self._begins_with) for name, _of in ROWS))
        shown = {name for row in ROWS[: self.rows_shown] for name in row}
        for name in NAMES:
            if name in shown or not name.startswith("councils_"):
                self._bind(name)

    def _bind(self, name: str) -> None:
        self._fields[name] = self.meta.bind_field(self, _question(name), {"name": name, "prefix": self._prefix})

    def ask_what_it_waits_for(self, needs: Mapping[UUID, NeedNamed]) -> None:
        """Make the questions ready to be shown, for a project with these needs."""
        if "needs_met" not in self._fields:
            self._bind_all()
            self._fill(NAMES)
        is_for_another = self._typed is not None and self._typed.get("step") == ANOTHER_ROW
        if is_for_another and self.rows_shown < len(ROWS):
            added = ROWS[self.rows_shown]
            for name in added:
                self._bind(name)
            self._fill(added)
            self.rows_shown += 1
        wanted = {str(need_id): need.title for need_id, need in needs.items() if need.target is not None}
        self._fields["needs_met"].choices = list(wanted.items())
        for _number, of in ROWS[: self.rows_shown]:
            self._fields[of].choices = _groups(self._fields[of].data)
        self._sums_shown = [name for kind, name in SUMS.items() if any(one.kind == kind for one in needs.values())]

    def _fill(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self._fields:
                begins_with = {"data": self._begins_with[name]} if name in self._begins_with else {}
                self._fields[name].process(self._typed, **begins_with)

    @property
    def council_questions(self) -> list[tuple[Field, Field]]:
        """The rows that ask for councils: how many, and which."""
        return [(self._fields[number], self._fields[of]) for number, of in ROWS[: self.rows_shown]]

    @property
    def sum_questions(self) -> list[Field]:
        """The questions for sums of what the project asks for, and of what was asked for all the same."""
        return [self._fields[one] for one in SUMS.values() if one in self._sums_shown or self._fields[one].raw_data]

    @property
    def has_another_row(self) -> bool:
        """Whether one more row can ask for councils."""
        return self.rows_shown < len(ROWS)

    @property
    def is_waiting_shown(self) -> bool:
        """Whether the questions are to stand open: something is answered, or wrong, or was asked for."""
        asked = [self._fields[name] for name in NAMES if name in self._fields]
        return self.rows_shown > 1 or any(field.data or field.errors for field in asked)

    def validate(self, extra_validators: Any = None) -> bool:
        """As any form; and whoever says which councils says how many."""
        is_fine: bool = super().validate(extra_validators)
        for number, of in ROWS[: self.rows_shown]:
            field = self._fields[number]
            if self._fields[of].data and field.data is None and not field.errors:
                field.errors = [gettext(_("Say how many other councils"))]
                is_fine = False
        return is_fine

    def conditions(self) -> tuple[Condition, ...]:
        """What the pledge waits for, as the rules know it."""
        return tuple(condition for _name, condition in self._asked())

    def fields_of_conditions(self) -> dict[str, str]:
        """Which question each condition came from, by what problems call it."""
        asked = self._asked()
        return {"conditions": ROWS[0][0], **{field_of(place): name for place, (name, _one) in enumerate(asked)}}

    def names_of_waiting(self) -> list[str]:
        """The names of the questions that were asked."""
        return [name for name in NAMES if name in self._fields]

    def _asked(self) -> list[tuple[str, Condition]]:
        if "needs_met" not in self._fields:
            return []
        asked = []
        for name, of in ROWS[: self.rows_shown]:
            if self._fields[name].data is not None:
                asked.append((name, _of_councils(self._fields[name].data, self._fields[of].data)))
        for unit, name in SUMS.items():
            if self._fields[name].data is not None:
                in_all = Condition(kind=ConditionKind.TOTAL, at_least=self._fields[name].data, unit=unit)
                asked.append((name, in_all))
        for need_id in self._fields["needs_met"].data or ():
            asked.append(("needs_met", Condition(kind=ConditionKind.NEED, need_id=id_from(need_id))))
        return asked


def _of_councils(number: int, group: str) -> Condition:
    kind, nation, region = (part or None for part in (group or "||").split("|"))
    return Condition(kind=ConditionKind.COUNCILS, at_least=number, of_kind=kind, of_nation=nation, of_region=region)


def values_of_conditions(conditions: Iterable[Condition]) -> dict[str, Any]:
    """What the questions begin with for a pledge that waits for something."""
    values: dict[str, Any] = {}
    rows = iter(ROWS)
    for one in conditions:
        match one.kind:
            case ConditionKind.COUNCILS:
                number, of = next(rows)
                group = "|".join((one.of_kind or "", one.of_nation or "", one.of_region or ""))
                values |= {number: one.at_least, of: "" if group == "||" else group}
            case ConditionKind.TOTAL if one.unit in SUMS:
                # Of two sums of a kind only the larger says anything.
                values[SUMS[one.unit]] = max(one.at_least, values.get(SUMS[one.unit], 0))
            case ConditionKind.NEED:
                values.setdefault("needs_met", []).append(str(one.need_id))
    return values


def _groups(chosen: str) -> list[tuple[str, str]]:
    """Which councils can be asked for. One asked for in another way, a kind within a region, stays a choice."""
    language = current_language()
    kinds = [(f"{one.value}||", one.in_language(language)) for one in KINDS if counts_as_council(one.value)]
    nations = [(f"|{one.value}|", _councils_in(one.value)) for one in NATIONS]
    regions = [(f"||{one.value}", _councils_in(one.value)) for one in REGIONS if one.nation != one.value]
    groups = [(ANY_COUNCIL, gettext(_("Any councils"))), *kinds, *nations, *regions]
    if chosen and chosen not in dict(groups):
        groups.append((chosen, ", ".join(part for part in chosen.split("|") if part)))
    return groups


def _councils_in(place: str) -> str:
    return say(Words(_("Councils {place}"), place=Words(IN_PLACES[place])))
