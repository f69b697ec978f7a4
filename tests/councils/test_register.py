"""The register of councils that ships with Pipeline is complete and consistent."""

import re
from collections import Counter
from pathlib import Path

import pytest

from pipeline.councils import register
from pipeline.councils.register import CouncilFacts
from pipeline.councils.vocabulary import KIND_BY_VALUE

COUNCILS: list[CouncilFacts] = list(register.rows())
BY_CODE: dict[str, CouncilFacts] = {council.authority_code: council for council in COUNCILS}
PRINCIPAL_KINDS = set(KIND_BY_VALUE) - {"combined authority", "strategic regional authority", "other body"}


def test_the_register_holds_473_councils_of_which_398_exist() -> None:
    assert len(COUNCILS) == 473
    assert sum(council.is_active for council in COUNCILS) == 398


def test_current_councils_are_382_principal_15_combined_and_the_greater_london_authority() -> None:
    current = [council for council in COUNCILS if council.is_active]
    assert sum(council.is_principal for council in current) == 382
    assert sum(council.kind == "combined authority" for council in current) == 15
    assert [c.name for c in current if c.kind == "strategic regional authority"] == ["Greater London Authority"]


@pytest.mark.parametrize("field", ["slug", "authority_code"])
def test_what_names_a_council_names_only_one(field: str) -> None:
    assert [value for value, n in Counter(getattr(c, field) for c in COUNCILS).items() if n > 1] == []


def test_slugs_can_stand_in_an_address() -> None:
    assert [c.slug for c in COUNCILS if not re.fullmatch(r"[a-z]+(-[a-z]+)*", c.slug)] == []


def test_gss_codes_are_well_formed_and_never_used_twice_past_or_present() -> None:
    codes = [code for c in COUNCILS for code in (*filter(None, [c.gss_code]), *c.former_gss_codes)]
    assert [code for code in codes if not re.fullmatch(r"[ENSW]\d{8}", code)] == []
    assert len(codes) == len(set(codes))


def test_every_current_council_has_a_gss_code_of_its_nation() -> None:
    letters = {"England": "E", "Wales": "W", "Scotland": "S", "Northern Ireland": "N"}
    assert [c.slug for c in COUNCILS if c.is_active and (c.gss_code or "")[:1] != letters[c.nation]] == []


def test_successors_are_on_the_register_and_began_no_later_than_the_day_after() -> None:
    for council in COUNCILS:
        for code in council.successors:
            assert code in BY_CODE, council.slug
            began = BY_CODE[code].started_on
            if began and council.last_day:
                assert (began - council.last_day).days <= 1, council.slug


def test_following_successors_always_ends_at_councils_that_exist() -> None:
    def ends(council: CouncilFacts, passed: frozenset[str]) -> bool:
        assert council.slug not in passed, f"{council.slug} succeeds itself"
        if not council.successors:
            return council.is_active
        return all(ends(BY_CODE[code], passed | {council.slug}) for code in council.successors)

    assert [c.slug for c in COUNCILS if not ends(c, frozenset())] == []


def test_a_current_council_has_no_successor_and_no_last_day() -> None:
    assert [c.slug for c in COUNCILS if c.is_active and (c.successors or c.last_day)] == []


def test_an_abolished_council_has_a_successor() -> None:
    assert [c.slug for c in COUNCILS if not c.is_active and not c.successors] == []


def test_county_and_combined_authority_are_on_the_register_and_of_that_kind() -> None:
    for council in COUNCILS:
        if council.county_code:
            assert BY_CODE[council.county_code].kind == "county", council.slug
        if council.combined_authority_code:
            kind = BY_CODE[council.combined_authority_code].kind
            assert kind in ("combined authority", "strategic regional authority"), council.slug


def test_every_principal_welsh_council_has_a_welsh_name() -> None:
    welsh = [council for council in COUNCILS if council.nation == "Wales"]
    assert len(welsh) == 22
    assert [c.slug for c in welsh if not (c.name_cy or "").startswith("Cyngor ")] == []


def test_kind_and_nation_agree_and_only_principal_kinds_are_principal() -> None:
    nations = {
        "scottish unitary": "Scotland",
        "welsh unitary": "Wales",
        "northern ireland district": "Northern Ireland",
    }
    for council in COUNCILS:
        assert council.nation == nations.get(council.kind, "England"), council.slug
        assert council.is_principal == (council.kind in PRINCIPAL_KINDS), council.slug
        assert council.region, council.slug


def test_domains_are_lower_case_and_clean_under_idna() -> None:
    for council in COUNCILS:
        for domain in council.domains:
            assert domain == domain.lower().encode("idna").decode("ascii"), council.slug
            assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain), council.slug


def test_a_domain_always_comes_with_its_basis_and_source() -> None:
    for council in COUNCILS:
        assert (council.domain_basis in (register.OBSERVED, register.INFERRED)) == bool(council.domains), council.slug
        assert bool(council.domain_source) == bool(council.domains), council.slug


def test_a_domain_two_current_councils_share_is_listed_by_both() -> None:
    sharing = Counter(domain for council in COUNCILS for domain in council.deciding_domains)
    assert {domain for domain, n in sharing.items() if n > 1} == {
        "adur-worthing.gov.uk",
        "baberghmidsuffolk.gov.uk",
        "bromsgroveandredditch.gov.uk",
        "lewes-eastbourne.gov.uk",
        "richmondandwandsworth.gov.uk",
        "southnorfolkandbroadland.gov.uk",
    }


def test_only_an_observed_domain_of_a_current_council_decides() -> None:
    for council in COUNCILS:
        decides = council.is_active and council.domain_basis == register.OBSERVED
        assert council.deciding_domains == (council.domains if decides else ()), council.slug
    assert sum(bool(council.deciding_domains) for council in COUNCILS) == 375


def test_no_combined_authority_is_decided_by_a_domain() -> None:
    assert [c.slug for c in COUNCILS if c.kind == "combined authority" and c.deciding_domains] == []


def test_every_current_principal_council_has_a_website() -> None:
    missing = [c.slug for c in COUNCILS if c.is_active and c.is_principal and not c.website]
    assert missing == []
    assert [c.slug for c in COUNCILS if c.website and not re.match(r"https?://[^/\s]+", c.website)] == []


def test_a_file_with_other_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "councils.csv"
    file.write_text("name,code\nSomewhere,SOM\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 1"):
        list(register.rows(file))


def test_a_row_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path) -> None:
    lines = register.PATH.read_text(encoding="utf-8").splitlines()
    file = tmp_path / "councils.csv"
    file.write_text("\n".join([lines[0], lines[1], lines[2].replace(",yes,", ",maybe,")]), encoding="utf-8")
    with pytest.raises(ValueError, match="line 3"):
        list(register.rows(file))
