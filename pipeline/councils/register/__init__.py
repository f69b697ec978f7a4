"""The register of councils that ships with Pipeline: facts about every principal council of the United Kingdom.

`councils.csv` is the source: it is read and corrected by hand, one row a council, and `SOURCES.md` beside it says where
each column comes from. This module only reads it; what becomes of a row is decided by the import.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.councils.vocabulary import KIND_BY_VALUE

PATH = Path(__file__).with_name("councils.csv")

COLUMNS = (
    "slug",
    "name",
    "name_cy",
    "short_name",
    "kind",
    "nation",
    "region",
    "gss_code",
    "former_gss_codes",
    "authority_code",
    "county_code",
    "combined_authority_code",
    "is_principal",
    "is_active",
    "started_on",
    "started_year",
    "last_day",
    "successors",
    "website",
    "domains",
    "domain_basis",
    "domain_source",
)

OBSERVED = "observed"
INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class CouncilFacts:
    """What the register says of one council. Empty text in the file is `None` here.

    `authority_code` is the short code councils are known by in local government data ("CMD"); `county_code`,
    `combined_authority_code` and `successors` hold such codes. `last_day` is the last day the council existed.
    `started_year` is known for some councils whose day is not.
    """

    slug: str
    name: str
    name_cy: str | None
    short_name: str
    kind: str
    nation: str
    region: str
    gss_code: str | None
    former_gss_codes: tuple[str, ...]
    authority_code: str
    county_code: str | None
    combined_authority_code: str | None
    is_principal: bool
    is_active: bool
    started_on: date | None
    started_year: int | None
    last_day: date | None
    successors: tuple[str, ...]
    website: str | None
    domains: tuple[str, ...]
    domain_basis: str | None
    domain_source: str | None

    @property
    def deciding_domains(self) -> tuple[str, ...]:
        """The e-mail domains that by themselves show an officer to work for this council.

        Only a domain that was seen in use by a council that still exists. A domain that was only guessed from the
        website, that of an abolished council (which may have passed to anybody), and that of a combined authority
        (which shares buildings, systems and addresses with its members) wait for a person to say yes.
        """
        if not self.is_active or self.domain_basis != OBSERVED or self.kind == "combined authority":
            return ()
        return self.domains


def rows(path: Path = PATH) -> Iterator[CouncilFacts]:
    """Every council of the register, abolished ones included, in the order of the file.

    Raises ValueError, naming the line, where the file is not in our form.
    """
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path.name}, line 1: the columns are not those of the register")
        for row in reader:
            try:
                yield _facts(row)
            except (ValueError, TypeError, AttributeError) as problem:
                raise ValueError(f"{path.name}, line {reader.line_num}: {problem}") from problem


def _facts(row: dict[str, str]) -> CouncilFacts:
    """One row of the file as facts."""
    if row["kind"] not in KIND_BY_VALUE:
        raise ValueError(f"{row['kind']!r} is not a kind of council")
    return CouncilFacts(
        slug=row["slug"],
        name=row["name"],
        name_cy=row["name_cy"] or None,
        short_name=row["short_name"],
        kind=row["kind"],
        nation=row["nation"],
        region=row["region"],
        gss_code=row["gss_code"] or None,
        former_gss_codes=_many(row["former_gss_codes"]),
        authority_code=row["authority_code"],
        county_code=row["county_code"] or None,
        combined_authority_code=row["combined_authority_code"] or None,
        is_principal=_yes(row["is_principal"]),
        is_active=_yes(row["is_active"]),
        started_on=_date(row["started_on"]),
        started_year=int(row["started_year"]) if row["started_year"] else None,
        last_day=_date(row["last_day"]),
        successors=_many(row["successors"]),
        website=row["website"] or None,
        domains=_many(row["domains"]),
        domain_basis=row["domain_basis"] or None,
        domain_source=row["domain_source"] or None,
    )


def _many(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _yes(text: str) -> bool:
    if text not in ("yes", "no"):
        raise ValueError(f"{text!r} is neither yes nor no")
    return text == "yes"
