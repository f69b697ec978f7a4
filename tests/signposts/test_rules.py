"""What a signpost must be, when it is near, and what ships with Pipeline. Pure."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.councils.vocabulary import NATION_BY_VALUE
from pipeline.kernel.actor import Actor, Channel, Role, system
from pipeline.kernel.errors import RuleBroken
from pipeline.kernel.ids import new_id
from pipeline.signposts import policy, register
from pipeline.signposts.messages import sum_words
from pipeline.signposts.rules import SignpostAbout, SignpostTerms, Standing, check_signpost, is_near

pytestmark = pytest.mark.pure

TERMS = SignpostTerms(
    about=SignpostAbout.FUNDING, sentence="From this sum something begins.", source_title="The rules",
    source_url="https://rules.example/part-3", first_on=date(2026, 1, 1), pence=1_000_000,
)  # fmt: skip


def codes_of(terms: SignpostTerms) -> set[str]:
    with pytest.raises(RuleBroken) as refusal:
        check_signpost(terms)
    return {problem.code for problem in refusal.value.problems}


def test_a_signpost_needs_a_sentence_a_source_and_a_first_day() -> None:
    empty = replace(TERMS, sentence="", source_title="", source_url="", first_on=None)

    assert codes_of(empty) == {
        "signpost.sentence_missing", "signpost.source_title_missing", "signpost.source_not_https",
        "signpost.first_on_missing",
    }  # fmt: skip
    check_signpost(TERMS)


@pytest.mark.parametrize(
    "url",
    [
        "http://rules.example/",
        "javascript:alert(1)",
        "https://",
        "https://rules",
        "https://me:secret@rules.example/",
        "https://rules.example/part 3",
        "https://[rules",
    ],
)
def test_a_source_is_a_page_on_the_web_over_https(url: str) -> None:
    assert codes_of(replace(TERMS, source_url=url)) == {"signpost.source_not_https"}


@pytest.mark.parametrize(
    "changed, code",
    [
        ({"half_days": 4}, "signpost.two_sums"),
        ({"pence": None, "half_days": 4}, "signpost.other_unit"),
        ({"about": SignpostAbout.TIME}, "signpost.other_unit"),
        ({"pence": 0}, "signpost.sum_out_of_range"),
        ({"about": SignpostAbout.TIME, "pence": None, "half_days": 0}, "signpost.sum_out_of_range"),
        ({"last_on": date(2025, 12, 31)}, "signpost.dates_in_order"),
        ({"sentence": "x" * 401}, "signpost.too_long"),
    ],
)
def test_a_signpost_has_one_sum_of_what_it_is_about_and_days_in_order(changed: dict[str, object], code: str) -> None:
    assert codes_of(replace(TERMS, **changed)) == {code}  # type: ignore[arg-type]


def test_a_signpost_is_near_from_nine_tenths_of_its_sum_to_the_penny() -> None:
    assert not is_near(TERMS, Standing(pence=899_999))
    assert is_near(TERMS, Standing(pence=900_000))


def test_a_sum_that_includes_vat_is_compared_with_vat_added_to_pledges() -> None:
    with_vat = replace(TERMS, is_with_vat=True)

    assert not is_near(with_vat, Standing(pence=749_999))
    assert is_near(with_vat, Standing(pence=750_000))


def test_days_are_held_against_time_alone_to_the_half_day() -> None:
    terms = replace(TERMS, about=SignpostAbout.TIME, pence=None, half_days=20)

    assert not is_near(terms, Standing(half_days=17, pence=10**9))
    assert is_near(terms, Standing(half_days=18))


def test_a_thing_in_kind_counts_at_its_worth_only_where_a_signpost_is_about_any_pledge() -> None:
    standing = Standing(pence=400_000, worth_pence=500_000, has_in_kind=True)

    assert not is_near(TERMS, standing)
    assert is_near(replace(TERMS, about=SignpostAbout.ANY), standing)


@pytest.mark.parametrize("about", SignpostAbout)
def test_one_without_a_sum_is_near_once_a_pledge_it_is_about_stands(about: SignpostAbout) -> None:
    terms = replace(TERMS, about=about, pence=None)

    assert not is_near(terms, Standing())
    assert is_near(terms, Standing(half_days=1)) == (about is not SignpostAbout.FUNDING)
    assert is_near(terms, Standing(pence=1)) == (about is not SignpostAbout.TIME)
    assert is_near(terms, Standing(has_in_kind=True)) == (about is SignpostAbout.ANY)


@pytest.mark.parametrize(
    "terms, words",
    [
        (TERMS, "£10,000"),
        (replace(TERMS, is_with_vat=True), "£10,000 including VAT"),
        (replace(TERMS, about=SignpostAbout.TIME, pence=None, half_days=5), "2.5 days"),
        (replace(TERMS, pence=None), "None"),
    ],
)
def test_a_sum_reads_as_people_say_it(terms: SignpostTerms, words: str) -> None:
    assert str(sum_words(terms)) == words


def test_coordinators_keep_those_of_nations_and_admins_those_of_their_own_council() -> None:
    own, other = new_id(), new_id()
    admin = Actor(Channel.WEB, new_id(), own, frozenset({Role.MEMBER, Role.COUNCIL_ADMIN}))
    member = Actor(Channel.WEB, new_id(), own, frozenset({Role.MEMBER, Role.AUTHORISER}))
    coordinator = Actor(Channel.WEB, new_id(), None, frozenset({Role.COORDINATOR}))

    assert policy.may_keep_signposts(admin, own)
    assert policy.may_keep_signposts(coordinator, None)
    for actor, council_id in ((admin, None), (admin, other), (member, own), (coordinator, own)):
        assert not policy.may_keep_signposts(actor, council_id)
    assert policy.may_load_signposts(system("flask signposts"))
    assert not policy.may_load_signposts(coordinator)


def test_every_signpost_that_ships_is_right_has_its_own_key_and_is_of_a_nation() -> None:
    shipped = list(register.rows())

    for one in shipped:
        check_signpost(one.terms)
        assert one.nation in NATION_BY_VALUE
        assert one.terms.sentence_cy
        assert one.terms.source_url.startswith(("https://www.legislation.gov.uk/", "https://www.gov."))
    assert len({one.key for one in shipped}) == len(shipped)
    assert {one.nation for one in shipped} == {"England", "Wales", "Scotland", "Northern Ireland"}


def test_a_file_that_is_not_in_our_form_is_refused_by_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "signposts.csv"
    bad.write_text(register.PATH.read_text("utf-8").replace("3000000", "thirty thousand", 1), "utf-8")
    with pytest.raises(ValueError, match=r"signposts\.csv, line 2"):
        list(register.rows(bad))

    bad.write_text("key,sum\n", "utf-8")
    with pytest.raises(ValueError, match="line 1"):
        list(register.rows(bad))
