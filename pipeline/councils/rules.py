"""Rules of the register: the kinds of council, and which of them a rule that counts councils counts."""

from enum import StrEnum


class CouncilKind(StrEnum):
    """The kinds of council on the register."""

    UNITARY = "unitary"
    COUNTY = "county"
    NON_METROPOLITAN_DISTRICT = "non-metropolitan district"
    METROPOLITAN_DISTRICT = "metropolitan district"
    LONDON_BOROUGH = "london borough"
    SUI_GENERIS = "sui generis"
    COMBINED_AUTHORITY = "combined authority"
    STRATEGIC_REGIONAL_AUTHORITY = "strategic regional authority"
    SCOTTISH_UNITARY = "scottish unitary"
    WELSH_UNITARY = "welsh unitary"
    NORTHERN_IRELAND_DISTRICT = "northern ireland district"
    OTHER_BODY = "other body"


def counts_as_council(kind: str) -> bool:
    """Whether a rule that counts councils counts this kind: every kind but other bodies."""
    return kind != CouncilKind.OTHER_BODY
