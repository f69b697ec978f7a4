"""Reading the register as mySociety publishes it: `uk_local_authorities_current.csv` and its sisters.

https://github.com/mysociety/uk_local_authority_names_and_codes, CC BY 4.0. Pure: lines in; facts, or what is wrong with
a line, out.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from pipeline.councils.register import CouncilFacts
from pipeline.councils.rules import CouncilKind
from pipeline.councils.vocabulary import NATION_BY_VALUE, REGION_BY_VALUE
from pipeline.kernel.text import clean_line, is_storable, slug_from

NEEDED = ("local-authority-code", "official-name", "nice-name", "nation", "local-authority-type")

KINDS = {
    "UA": CouncilKind.UNITARY, "CTY": CouncilKind.COUNTY, "NMD": CouncilKind.NON_METROPOLITAN_DISTRICT,
    "MD": CouncilKind.METROPOLITAN_DISTRICT, "LBO": CouncilKind.LONDON_BOROUGH, "CC": CouncilKind.SUI_GENERIS,
    "COMB": CouncilKind.COMBINED_AUTHORITY, "SRA": CouncilKind.STRATEGIC_REGIONAL_AUTHORITY,
    "SCO": CouncilKind.SCOTTISH_UNITARY, "WPA": CouncilKind.WELSH_UNITARY, "NID": CouncilKind.NORTHERN_IRELAND_DISTRICT,
}  # fmt: skip
"""The published codes of kinds, and ours."""

NOT_PRINCIPAL = (CouncilKind.COMBINED_AUTHORITY, CouncilKind.STRATEGIC_REGIONAL_AUTHORITY)
GSS_CODE = re.compile(r"[ENSWK][0-9]{8}", re.ASCII)
AUTHORITY_CODE = re.compile(r"[A-Z0-9-]{2,10}", re.ASCII)
LONGEST_NAME = 120
MISREAD_YEARS = (date(2005, 5, 20), date(2005, 7, 10))
"""Start dates in these weeks of 2005 are years that a spreadsheet took for days (1996 became 18 June 2005)."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A line that could not be used, and why."""

    line: int
    problem: str


def read_published(lines: Iterable[str]) -> Iterator[CouncilFacts | Unusable]:
    """Turn each line of the published form into facts, or say what is wrong with it.

    A value that is not given is None, or empty. Raises ValueError when the file is not in the published form at all.
    """
    reader = csv.DictReader(lines)
    missing = [column for column in NEEDED if column not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(f"the file has no column {', '.join(missing)}: it is not in the published form")
    seen: dict[str, int] = {}
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            yield Unusable(reader.line_num, f"the line cannot be read: {problem}")
            continue
        yield _read_row(row, reader.line_num, seen)


def _read_row(row: dict[str | None, Any], line: int, seen: dict[str, int]) -> CouncilFacts | Unusable:
    try:
        facts = _facts(
            {
                name: clean_line(value or "")
                for name, value in row.items()
                if name is not None and not isinstance(value, list)
            }
        )
    except ValueError as problem:
        return Unusable(line, str(problem))
    if facts.authority_code in seen:
        return Unusable(line, f"{facts.authority_code} was given already, on line {seen[facts.authority_code]}")
    seen[facts.authority_code] = line
    return facts


def _facts(row: dict[str, str]) -> CouncilFacts:
    code, name, short_name = row["local-authority-code"], row["official-name"], row["nice-name"]
    kind = KINDS.get(row["local-authority-type"])
    gss_code = row.get("gss-code") or None
    _check_names(code, name, short_name)
    if kind is None:
        raise ValueError(f"{row['local-authority-type']!r} is not a kind of council we know")
    if row["nation"] not in NATION_BY_VALUE:
        raise ValueError(f"{row['nation']!r} is not a nation of the United Kingdom")
    if gss_code is not None and not GSS_CODE.fullmatch(gss_code):
        raise ValueError(f"{gss_code!r} is not a GSS code")
    return CouncilFacts(
        slug=slug_from(row.get("gov-uk-slug") or short_name),
        name=name,
        name_cy=None,
        short_name=short_name,
        kind=kind.value,
        nation=row["nation"],
        region=_region(row),
        gss_code=gss_code,
        former_gss_codes=tuple(
            part for part in re.split(r"[,; ]+", row.get("former-gss-codes", "")) if GSS_CODE.fullmatch(part)
        ),
        authority_code=code,
        county_code=row.get("county-la") or None,
        combined_authority_code=row.get("combined-authority") or None,
        is_principal=kind not in NOT_PRINCIPAL,
        is_active=_is_current(row.get("current-authority", "True")),
        started_on=_started_on(row.get("start-date", "")),
        started_year=None,
        last_day=_last_day(row.get("end-date", "")),
        successors=tuple(part for part in re.split(r"[,; ]+", row.get("replaced-by", "")) if part),
        website=None,
        domains=(),
        domain_basis=None,
        domain_source=None,
    )


def _check_names(code: str, name: str, short_name: str) -> None:
    if not code:
        raise ValueError("there is no local-authority-code")
    if not AUTHORITY_CODE.fullmatch(code):
        raise ValueError(f"{code!r} is not a local-authority-code")
    if not name or not short_name:
        raise ValueError("there is no name")
    if (
        max(len(name), len(short_name)) > LONGEST_NAME
        or not is_storable(name + short_name)
        or "\ufffd" in name + short_name
    ):
        raise ValueError("the name cannot be kept: it is too long or holds characters that cannot be read")


def _region(row: dict[str, str]) -> str:
    """The region; empty where the published form leaves it out, as it does for some abolished councils."""
    region = row.get("region", "")
    if region and region not in REGION_BY_VALUE:
        raise ValueError(f"{region!r} is not a region")
    return region or ("" if row["nation"] == "England" else row["nation"])


def _is_current(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(f"current-authority is {text!r}, not True or False")
    return text.lower() == "true"


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise ValueError(f"{text!r} is not a date") from None


def _started_on(text: str) -> date | None:
    day = _date(text)
    return None if day is not None and MISREAD_YEARS[0] <= day <= MISREAD_YEARS[1] else day


def _last_day(text: str) -> date | None:
    """The last day. The published form gives for some the first day without the council, always a 1 April."""
    day = _date(text)
    return day - timedelta(days=1) if day is not None and (day.month, day.day) == (4, 1) else day
