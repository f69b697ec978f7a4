"""What people write into the cells of a spreadsheet, read: dates, money, days, yes and no, words of our lists.

Each reader returns the value, or raises `Unclear` with what to do. Nothing is guessed where two readings are possible.
"""

import difflib
import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from pipeline.imports.columns import key_of
from pipeline.kernel.effort import half_days_from
from pipeline.kernel.errors import Problem
from pipeline.kernel.label import Label
from pipeline.kernel.money import pence_from
from pipeline.kernel.text import clean, clean_line
from pipeline.kernel.words import MONTHS, Words, _

LONGEST_PART = 200
"""Characters of one thing in a cell that holds several."""

_SHOWN = 60
_GUARD = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
"""The apostrophe that our own files put before what a spreadsheet would run."""

_FORMULA = re.compile(r"[=＝]|[+\-@＋－＠]\s*[A-Za-z_.]{1,30}\(|[+\-@＋－＠][^\n]{0,200}\|[^\n]{0,200}!")
_WORKED_OUT = frozenset(
    {"#REF!", "#NAME?", "#VALUE!", "#N/A", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#####"}
)
"""What a spreadsheet shows where it could not work a cell out, or the column was too narrow to show it."""

WELSH_MONTHS = (
    "ionawr", "chwefror", "mawrth", "ebrill", "mai", "mehefin",
    "gorffennaf", "awst", "medi", "hydref", "tachwedd", "rhagfyr",
)  # fmt: skip
_MONTH_NAMES = tuple((name.lower(), place + 1) for names in (MONTHS, WELSH_MONTHS) for place, name in enumerate(names))
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ]00:00(?::00(?:\.0{1,6})?)?Z?)?", re.ASCII)
_NUMBERS = re.compile(r"([0-9]{1,2})\s?[./-]\s?([0-9]{1,2})\s?[./-]\s?([0-9]{4}|[0-9]{2})(?: 00:00(?::00)?)?", re.ASCII)
_NAMED = re.compile(
    r"(?:\w{2,12},? )?([0-9]{1,2})(?:st|nd|rd|th|af|ain|ydd|fed|eg)?[ -]([A-Za-z]{3,12})\.?,?[ -]([0-9]{4}|[0-9]{2})",
    re.ASCII,
)
_CENTURY = 2000

YES = frozenset({"yes", "y", "true", "1", "x", "ydy", "ydyw", "oes", "ie", "gwir"})
NO = frozenset({"no", "n", "false", "0", "nacydy", "nac", "nacoes", "na", "nage", "anwir"})


class Unclear(Exception):
    """A cell cannot be read; the problem says what to write instead."""

    def __init__(self, code: str, words: Words) -> None:
        self.problem = Problem(code, words)
        super().__init__(str(words))


def text_in(cell: str) -> str:
    """The text of a cell, kept clean. Raises Unclear for a formula, for what a spreadsheet could not work out, and for
    letters that were lost on the way."""
    if (guard := _GUARD.match(cell)) is not None:
        return clean(cell[guard.end() :])
    text = clean(cell)
    if _FORMULA.match(text):
        words = _("It begins like a formula. Save the values of the cells only, or begin with a letter.")
        raise Unclear("import.formula", Words(words))
    if text.upper() in _WORKED_OUT or (text and not text.strip("#") and len(text) > 2):
        words = _("The spreadsheet shows {cell} because it could not show the value. Put it right there.")
        raise Unclear("import.not_worked_out", Words(words, cell=_short(text)))
    if "\ufffd" in text:
        words = _("Letters in it were lost: they show as {cell}. Type them again, and save as CSV UTF-8.")
        raise Unclear("import.letters_lost", Words(words, cell="\ufffd"))
    return text


def date_in(text: str) -> date | None:
    """A date, the day before the month: 27/03/2027, 27.3.2027, 27 March 2027, 27-Mar-27, 2027-03-27."""
    line = clean_line(text)
    if not line:
        return None
    year, month, day = _parts_of_date(line)
    try:
        found = date(year, month, day)
    except ValueError:
        raise _no_date(line) from None
    if not 1900 <= year <= 2200:
        raise _no_date(line)
    return found


def _parts_of_date(line: str) -> tuple[int, int, int]:
    if match := _ISO.fullmatch(line):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _NUMBERS.fullmatch(line):
        return _year(match[3]), int(match[2]), int(match[1])
    if (match := _NAMED.fullmatch(line)) and (month := _month(match[2])):
        return _year(match[3]), month, int(match[1])
    raise _no_date(line)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else _CENTURY + int(digits)


def _month(name: str) -> int | None:
    """The month a name or the beginning of one means, in English or Welsh; None where it means none, or several."""
    found = {number for month, number in _MONTH_NAMES if month.startswith(name.lower())}
    return found.pop() if len(found) == 1 else None


def _no_date(line: str) -> Unclear:
    words = _("“{cell}” is not a date we can read. Write the day first, for example 27 March 2027 or 27/03/2027.")
    return Unclear("import.date_unclear", Words(words, cell=_short(line)))


def number_in(text: str) -> int | None:
    """A whole number."""
    line = clean_line(text).removesuffix(".0")
    if not line:
        return None
    if not (line.isascii() and line.isdigit() and len(line) <= 9):
        words = Words(_("“{cell}” is not a whole number, such as 3."), cell=_short(line))
        raise Unclear("import.number_unclear", words)
    return int(line)


def pence_in(text: str) -> int:
    """Pounds as people write them, as pence."""
    line = clean_line(text).removesuffix("GBP").strip().replace("£ ", "£")
    pence = pence_from(line)
    if pence is None:
        words = Words(_("“{cell}” is not an amount in pounds, such as 2,500 or 2500.50."), cell=_short(line))
        raise Unclear("import.amount_unclear", words)
    return pence


def half_days_in(text: str) -> int:
    """Days as people write them, as half-days."""
    line = re.sub(r"\s?(?:days?|diwrnod(?:au)?|dydd)$", "", clean_line(text), flags=re.IGNORECASE)
    half_days = half_days_from(line)
    if half_days is None:
        words = Words(_("“{cell}” is not a number of whole or half days, such as 10 or 2.5."), cell=_short(line))
        raise Unclear("import.days_unclear", words)
    return half_days


def truth_in(text: str) -> bool:
    """Yes or no; nothing means no."""
    key = key_of(clean_line(text))
    if key in YES:
        return True
    if not key or key in NO:
        return False
    words = Words(_("“{cell}” is neither yes nor no."), cell=_short(clean_line(text)))
    raise Unclear("import.yes_or_no_unclear", words)


def word_in(text: str, labels: tuple[Label, ...], also: Mapping[str, str] | None = None) -> str | None:
    """A word of one of our lists, by its id or its name in English or Welsh; `also` are further names of values.

    Raises Unclear, with the name that comes nearest.
    """
    line = clean_line(text)
    if not line:
        return None
    key = key_of(line)
    found = _names_of(labels).get(key)
    if found is None and also is not None:
        found = next((value for name, value in also.items() if key_of(name) == key), None)
    if found is None:
        raise _unknown_word(line, labels)
    return found


@cache
def _names_of(labels: tuple[Label, ...]) -> dict[str, str]:
    """The value each name means: the ids and the names in both languages."""
    return {key_of(name): label.value for label in labels for name in (label.value, label.en, label.cy)}


def _unknown_word(line: str, labels: tuple[Label, ...]) -> Unclear:
    """What to say of a word that is not in a list: the one that comes nearest, or all where they are few."""
    known = [name for label in labels for name in dict.fromkeys((label.en, label.cy))]
    near = difflib.get_close_matches(line, known, 1, 0.7) if len(line) <= LONGEST_PART else []
    if near:
        words = Words(_("“{cell}” is not in our list. Did you mean {near}?"), cell=_short(line), near=near[0])
    else:
        words = Words(_("“{cell}” is not in our list. Use a name from the list on the page."), cell=_short(line))
    return Unclear("import.word_unknown", words)


def parts_in(text: str) -> list[str]:
    """The parts of a cell that holds several things, with semicolons or lines between them."""
    parts = [clean_line(part) for part in re.split(r"[;|\n]", text)]
    for part in parts:
        if len(part) > LONGEST_PART:
            words = Words(_("“{cell}…” is too long. Put semicolons between the parts."), cell=part[:_SHOWN])
            raise Unclear("import.part_too_long", words)
    return [part for part in parts if part]


def words_in(text: str, labels: tuple[Label, ...]) -> tuple[str, ...]:
    """Words of a list, with semicolons between them; with commas where that is what they mean."""
    names = _names_of(labels)
    found: list[str] = []
    for part in parts_in(text):
        pieces = [part] if key_of(part) in names else [clean_line(piece) for piece in part.split(",")]
        if len(pieces) > 1 and not all(key_of(piece) in names for piece in pieces if piece):
            raise _unknown_word(next(piece for piece in pieces if piece and key_of(piece) not in names), labels)
        for piece in filter(None, pieces):
            if (value := names.get(key_of(piece))) is None:
                raise _unknown_word(piece, labels)
            found.append(value)
    return tuple(dict.fromkeys(found))


_LAST_NUMBER = re.compile(r"[£]?[0-9][0-9.,]*(?:\s?(?:days?|diwrnod(?:au)?|dydd))?$", re.ASCII | re.IGNORECASE)


def named_amounts_in(text: str) -> list[tuple[str, str]]:
    """The parts of a cell such as `Developer: 10; Tester 2.5 days`, each as its name and its amount as written."""
    found = []
    for part in parts_in(text):
        name, colon, amount = part.rpartition(":")
        if not colon:
            last = _LAST_NUMBER.search(part)
            name, amount = (part[: last.start()], last[0]) if last else (part, "")
        found.append((clean_line(name).rstrip(" -–"), clean_line(amount)))
    return found


def _short(text: str) -> str:
    line = clean_line(text)
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
