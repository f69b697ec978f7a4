"""The published form is read line by line; what cannot be used is said, not guessed."""

import pytest

from pipeline.councils.published_form import Unusable, read_published
from pipeline.councils.register import CouncilFacts

pytestmark = pytest.mark.pure

HEAD = (
    "local-authority-code,official-name,nice-name,gss-code,start-date,end-date,replaced-by,nation,region,"
    "local-authority-type,county-la,combined-authority,former-gss-codes,current-authority,gov-uk-slug"
)


def read(*lines: str) -> list[CouncilFacts | Unusable]:
    return list(read_published([HEAD, *lines]))


def one(line: str) -> CouncilFacts:
    (facts,) = read(line)
    assert isinstance(facts, CouncilFacts), facts
    return facts


def test_a_line_becomes_facts() -> None:
    facts = one("ADU,Adur District Council,Adur,E07000223,,,,England,South East,NMD,WSX,,,True,adur")
    assert (facts.authority_code, facts.slug, facts.kind, facts.is_principal) == (
        "ADU",
        "adur",
        "non-metropolitan district",
        True,
    )


def test_a_first_of_april_is_the_day_after_the_last() -> None:
    facts = one(
        "ALL,Allerdale Borough Council,Allerdale,E07000026,,2023-04-01,CBD,England,North West,NMD,,,,False,allerdale"
    )
    assert str(facts.last_day) == "2023-03-31"
    assert facts.successors == ("CBD",)


def test_a_year_that_a_spreadsheet_took_for_a_day_is_no_date() -> None:
    assert (
        one(
            "ABE,Aberdeen City Council,Aberdeen City,S12000033,2005-06-18,,,Scotland,Scotland,SCO,,,,True,aberdeen"
        ).started_on
        is None
    )


@pytest.mark.parametrize(
    "line, said",
    [
        (",No Code Council,No Code,,,,,England,London,LBO,,,,True,x", "no local-authority-code"),
        ("ABC,,Nameless,,,,,England,London,LBO,,,,True,x", "no name"),
        ("ABC,A Council,A,,,,,England,London,XYZ,,,,True,x", "not a kind of council"),
        ("ABC,A Council,A,,,,,Narnia,London,LBO,,,,True,x", "not a nation"),
        ("ABC,A Council,A,E1,,,,England,London,LBO,,,,True,x", "not a GSS code"),
        ("ABC,A Council,A,,yesterday,,,England,London,LBO,,,,True,x", "not a date"),
        ("ABC,A Council,A,,,,,England,Atlantis,LBO,,,,True,x", "not a region"),
        ("ABC,A Council,A,,,,,England,London,LBO,,,,perhaps,x", "not True or False"),
        (f"ABC,{'A' * 200},A,,,,,England,London,LBO,,,,True,x", "too long"),
        ("ABC,A\x00 Council,A\ufffd,,,,,England,London,LBO,,,,True,x", "cannot be"),
    ],
)
def test_a_line_that_cannot_be_used_is_reported(line: str, said: str) -> None:
    (unusable,) = read(line)
    assert isinstance(unusable, Unusable)
    assert unusable.line == 2
    assert said in unusable.problem


def test_the_second_line_with_one_code_is_reported() -> None:
    line = "ADU,Adur District Council,Adur,E07000223,,,,England,South East,NMD,WSX,,,True,adur"
    first, second = read(line, line)
    assert isinstance(first, CouncilFacts)
    assert isinstance(second, Unusable)
    assert "line 2" in second.problem


def test_another_kind_of_file_is_refused_whole() -> None:
    with pytest.raises(ValueError, match="not in the published form"):
        list(read_published(["name,code", "Adur,ADU"]))
