"""The signposts that ship with Pipeline, one row each, for the councils of a nation.

`signposts.csv` is kept by hand; `SOURCES.md` beside it says where each row comes from and under which licence. This
module only reads it: `flask signposts load` puts up what is not there yet.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.signposts.rules import SignpostAbout, SignpostTerms

PATH = Path(__file__).with_name("signposts.csv")

COLUMNS = (
    "key",
    "nation",
    "about",
    "pence",
    "half_days",
    "is_with_vat",
    "first_on",
    "last_on",
    "sentence",
    "sentence_cy",
    "source_title",
    "source_url",
)


@dataclass(frozen=True, slots=True)
class ShippedSignpost:
    """A signpost of a nation, with the key by which it is known again."""

    key: str
    nation: str
    terms: SignpostTerms


def rows(path: Path = PATH) -> Iterator[ShippedSignpost]:
    """Every signpost of the file, in its order. Raises ValueError, naming the line, where it is not in our form."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{path.name}, line 1: the columns are not those of the signposts")
        for row in reader:
            try:
                yield _shipped(row)
            except (ValueError, TypeError, AttributeError) as problem:
                raise ValueError(f"{path.name}, line {reader.line_num}: {problem}") from problem


def _shipped(row: dict[str, str]) -> ShippedSignpost:
    if row["is_with_vat"] not in ("yes", "no"):
        raise ValueError(f"{row['is_with_vat']!r} is neither yes nor no")
    terms = SignpostTerms(
        about=SignpostAbout(row["about"]), sentence=row["sentence"], sentence_cy=row["sentence_cy"],
        source_title=row["source_title"], source_url=row["source_url"], first_on=date.fromisoformat(row["first_on"]),
        last_on=date.fromisoformat(row["last_on"]) if row["last_on"] else None,
        pence=int(row["pence"]) if row["pence"] else None,
        half_days=int(row["half_days"]) if row["half_days"] else None, is_with_vat=row["is_with_vat"] == "yes",
    )  # fmt: skip
    return ShippedSignpost(row["key"], row["nation"], terms)
