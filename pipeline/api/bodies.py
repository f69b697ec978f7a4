"""Bodies of requests: JSON read strictly, and the fields their schemas are made of.

What no two readers would understand alike is refused, not guessed at: members given twice, NaN and infinities, whole
numbers past 64 bits, halves of surrogate pairs, NUL, and nesting past 32.
"""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from pipeline.kernel.ids import id_from
from pipeline.kernel.text import clean, is_storable

MOST_NESTING = 32
MOST_DIGITS = 20
MOST_ITEMS = 100
"""Things in a body that is an array."""
BIGGEST = 2**63 - 1
MOST_EXACT = 2**53
"""Below it a fraction without a fractional part is exactly the whole number somebody wrote."""
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
"""What a PATCH may say it is (RFC 7396); it means the same there."""

WITHOUT_NUL = "^[^\\x00]*$"
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def strict_body(request: Request, *, is_list: bool = False) -> Any:
    """The JSON object a request carries; an empty one where it carries nothing. With `is_list` an array, which must be
    there. Raises BadRequest (400), or 415."""
    if request.query_string:
        raise BadRequest("This address takes no parameters: say it in the body.")
    raw = raw_body(request)
    if not raw and is_list:
        raise BadRequest("Send a JSON array.")
    if not raw:
        return {}
    if request.mimetype != JSON and (request.mimetype, request.method) != (MERGE_PATCH, "PATCH"):
        raise UnsupportedMediaType()
    body = strict_json(raw)
    if is_list and not (isinstance(body, list) and 1 <= len(body) <= MOST_ITEMS):
        raise BadRequest(f"The body must be a JSON array of 1 to {MOST_ITEMS} things.")
    if not is_list and not isinstance(body, dict):
        raise BadRequest("The body must be a JSON object.")
    return body


def raw_body(request: Request) -> bytes:
    """The bytes a request carries. Raises BadRequest where they are too many."""
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        raise BadRequest("The body is larger than 1 MB.") from None


def strict_json(raw: bytes) -> Any:
    """Read JSON that everybody reads alike. Raises BadRequest, which says what is wrong."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8.") from None
    if _nesting(text) > MOST_NESTING:
        raise BadRequest(f"The body is nested more than {MOST_NESTING} deep.")
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_refuse_constant, parse_int=_whole, parse_float=_fraction
        )
    except json.JSONDecodeError as error:
        raise BadRequest(f"The body is not JSON: line {error.lineno}, column {error.colno}.") from None
    _check_text(value)
    return value


def _nesting(text: str) -> int:
    """How deep a text of JSON is nested; counting ends once it is too deep."""
    depth = deepest = 0
    for match in _BRACKETS.finditer(text):
        first = match[0][0]
        if first in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if deepest > MOST_NESTING:
                break
        elif first != '"':
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _value in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise BadRequest(f"The member {doubled[:40]!r} is given twice.")
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise BadRequest(f"{name} is not a number of JSON.")


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS or not -BIGGEST - 1 <= int(digits) <= BIGGEST:
        raise BadRequest("A whole number is larger than 64 bits hold.")
    return int(digits)


def _fraction(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise BadRequest("A number is larger than anything can be.")
    return value


def _check_text(value: Any) -> None:
    for text in _texts(value):
        if not is_storable(text):
            raise BadRequest("A text holds NUL or half of a surrogate pair.")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


class Body(ma.Schema):
    """What a request carries. A member it does not list, or one that only we write, is refused and named."""

    error_messages = {"unknown": "This is not a member that can be sent here."}  # noqa: RUF012


class NoMembers(Body):
    """An act that needs nothing said: no body, or `{}`."""


class WholeNumber(ma.fields.Integer):
    """A whole number of JSON: no text, no fraction, no truth value. (10.0 is one, as JSON Schema has it.)"""

    def __init__(self, most: int, *, least: int = 0, **settings: Any) -> None:
        super().__init__(strict=True, validate=ma.validate.Range(least, most), **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, float) and value.is_integer() and abs(value) < MOST_EXACT:
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise ma.ValidationError("Give a whole number.")
        return value


class Day(ma.fields.Date):
    """A date as the API writes it: 2027-02-01."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ma.ValidationError("Give a date such as 2027-02-01.")


class Prose(ma.fields.String):
    """A text people wrote, kept clean as forms keep it, of at most so many characters."""

    def __init__(self, most: int, **settings: Any) -> None:
        self.most = most
        settings["metadata"] = {"maxLength": most, "pattern": WITHOUT_NUL} | settings.get("metadata", {})
        super().__init__(**settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise ma.ValidationError("Give a text.")
        text = clean(value)
        if len(text) > self.most:
            raise ma.ValidationError(f"Use {self.most} characters at most.")
        return text


class Id(ma.fields.UUID):
    """An id as the API gives it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        found = id_from(value) if isinstance(value, str) else None
        if found is None:
            raise ma.ValidationError("Give an id as the API gives it.")
        return found


class Truth(ma.fields.Boolean):
    """`true` or `false`, and nothing that stands for them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Word(ma.fields.String):
    """A word of a vocabulary."""

    def __init__(self, words: Iterable[str], **settings: Any) -> None:
        super().__init__(validate=ma.validate.OneOf([str(word) for word in words]), **settings)
