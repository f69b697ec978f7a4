"""Parameters that several lists share: moments, vocabularies, orders, a choice of fields."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import marshmallow as ma

from pipeline.api.base import Parameters
from pipeline.kernel.ids import id_from
from pipeline.kernel.text import clean_line

_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
"""Nothing here is older or newer; beyond them not every database keeps moments in order."""
SLUG = "^[a-z0-9][a-z0-9-]{0,79}$"
COUNCIL_CODE = "^[A-Za-z0-9][A-Za-z0-9-]{0,79}$"


class Moment(ma.fields.DateTime):
    """A moment with its time zone, as the API writes it: 2026-11-20T16:05:12Z."""

    def __init__(self, **settings: Any) -> None:
        described = {"format": "date-time", "example": "2026-11-20T16:05:12Z"} | settings.pop("metadata", {})
        super().__init__(metadata=described, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        text = str(value).upper()
        try:
            moment = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
        except ValueError:
            moment = None
        if moment is None:
            raise ma.ValidationError("Give a moment with its time zone, such as 2026-11-20T16:05:12Z.")
        return min(max(moment, EARLIEST), LATEST)


class DayGiven(ma.fields.Date):
    """A date in the one form the API writes: 2026-11-20."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            return date.fromisoformat(str(value) if _DAY.fullmatch(str(value)) else "")
        except ValueError:
            raise ma.ValidationError("Give a date such as 2026-11-20.") from None


class Line(ma.fields.String):
    """Words somebody types: on one line, without white space round them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return clean_line(str(super()._deserialize(value, attr, data, **kwargs)))


class Identifier(ma.fields.UUID):
    """An id in its one canonical form."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> UUID:
        found = id_from(str(value))
        if found is None:
            raise ma.ValidationError("Give an id as the API gives it.")
        return found


class Chosen(ma.fields.String):
    """Some of a list of words, with commas between them."""

    def __init__(self, words: Iterable[str], **settings: Any) -> None:
        self.words = tuple(words)
        one = "(" + "|".join(self.words) + ")"
        settings["metadata"] = {"pattern": f"^{one}(,{one})*$"} | settings.get("metadata", {})
        super().__init__(**settings)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str:
        return ",".join(sorted(value or ()))

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> frozenset[str]:  # type: ignore[override]
        chosen = str(value).split(",")
        if unknown := [word for word in chosen if word not in self.words]:
            raise ma.ValidationError(f"{unknown[0][:40]!r} is not one of: {', '.join(self.words)}.")
        return frozenset(chosen)


def one_word(words: Iterable[str], description: str) -> ma.fields.String:
    """A word of a vocabulary."""
    return ma.fields.String(validate=ma.validate.OneOf(list(words)), metadata={"description": description})


def code_of_council(which: str = "") -> ma.fields.String:
    """A council, by slug or GSS code; one that it had before will do."""
    described = {"description": f"{which}: a council's slug or GSS code".lstrip(": "), "example": "hartlepool"}
    return ma.fields.String(validate=ma.validate.Regexp(COUNCIL_CODE), metadata=described)


def slug_of_project() -> ma.fields.String:
    """A project, by slug or id; one that it had before will do."""
    described = {"description": "A project's slug or id", "example": "shared-repairs-form"}
    return ma.fields.String(validate=ma.validate.Regexp(SLUG), metadata=described)


def slug_of_document(which: str) -> ma.fields.String:
    """A shared document, by slug or id."""
    described = {"description": which, "example": "model-social-media-policy"}
    return ma.fields.String(validate=ma.validate.Regexp(SLUG), metadata=described)


def changed_since(what: str, when: str = "changed") -> Moment:
    """A moment since which something changed."""
    return Moment(metadata={"description": f"{what} that {when} at this moment or later"})


def expand_of(words: Iterable[str]) -> Chosen:
    """Which members of each thing are wanted in full, where lists give them in short or not at all."""
    described = {"description": "Members to give in full, with commas between them"}
    return Chosen(words, load_default=frozenset(), metadata=described)


def order_of(words: Iterable[str]) -> ma.fields.String:
    """The order of a list; the first word is the usual one."""
    allowed = list(words)
    described = {"description": "The order; a minus turns it round. Rows that are equal come in the order of their ids"}
    return ma.fields.String(load_default=allowed[0], validate=ma.validate.OneOf(allowed), metadata=described)


def fields_of(schema: type[ma.Schema]) -> Chosen:
    """Which members of each thing are wanted, where not all are."""
    described = {"description": "Only these members, with commas between them"}
    return Chosen(schema().fields, load_default=None, allow_none=False, data_key="fields", metadata=described)


def thing_parameters(schema: type[ma.Schema]) -> type[ma.Schema]:
    """What can be asked of one thing."""
    return Parameters.from_dict(
        {"wanted": fields_of(schema)}, name=schema.__name__.removesuffix("Schema") + "Parameters"
    )


def only(thing: dict[str, Any], wanted: frozenset[str] | None) -> dict[str, Any]:
    """A thing with the members that were asked for."""
    return thing if wanted is None else {name: value for name, value in thing.items() if name in wanted}
