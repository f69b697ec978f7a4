"""Rules of accounts, without a database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.accounts.rules import (
    FIRST_WAIT,
    PAIR_LIMIT,
    SOURCE_LIMIT,
    address_from,
    attempt_key,
    details_problems,
    device_from,
    link_token,
    network_of,
    next_try_at,
    password_problems,
)

pytestmark = pytest.mark.pure
START = datetime(2026, 11, 20, 9, tzinfo=UTC)

LOCAL = st.from_regex(r"[A-Za-z0-9]{1,8}([.+_-][A-Za-z0-9]{1,8}){0,3}", fullmatch=True)
DOMAIN = st.from_regex(r"[a-z]([a-z0-9]{0,15})(\.[a-z]{2,8}){1,3}", fullmatch=True)


@given(LOCAL, DOMAIN)
def test_an_address_reads_the_same_in_capitals_and_with_space_round_it(local: str, domain: str) -> None:
    plain, shouted = address_from(f"{local}@{domain}"), address_from(f"  {local.upper()}@{domain.upper()} ")
    assert plain == shouted


@given(LOCAL, DOMAIN)
def test_reading_an_address_twice_changes_nothing(local: str, domain: str) -> None:
    once = address_from(f"{local}@{domain}")
    if once is not None:
        assert address_from(once.text) == once
        assert once.text == once.text.lower()


@given(LOCAL, DOMAIN)
def test_dots_and_a_tag_make_no_other_person(local: str, domain: str) -> None:
    plain, tagged = address_from(f"{local}@{domain}"), address_from(f"{local}+pledges@{domain}")
    if plain is not None and tagged is not None:
        assert plain.key_at(domain) == tagged.key_at(domain)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    address = address_from(text)
    if address is not None:
        assert address.text.isascii()
        assert not set(address.text) & set('\r\n\x00 ,;<>"')


@pytest.mark.parametrize(
    "text",
    [
        "", "camden", "@camden.gov.uk", "ada@", "ada@camden", "ada byron@camden.gov.uk", "ada@camden..gov.uk",
        "ada@camden.gov.uk\nBcc: all@x.uk", "ada@camden.gov.uk,bob@x.uk", "<ada@camden.gov.uk>", '"a b"@camden.gov.uk',
        "ada@[127.0.0.1]", "ad\u0430@camden.gov.uk", "a" * 65 + "@camden.gov.uk", "ada@" + "a" * 250 + ".uk",
    ],
)  # fmt: skip
def test_what_no_councils_mail_would_take_is_no_address(text: str) -> None:
    assert address_from(text) is None


def test_a_domain_is_compared_in_its_idna_form() -> None:
    for text in ("ada@caerffili-ŵyl.gov.uk", "ada@CAERFFILI-ŴYL.gov.uk"):
        address = address_from(text)
        assert address is not None
        assert address.domain == "xn--caerffili-yl-c3c.gov.uk" or address.domain.startswith("xn--")


@pytest.mark.parametrize(
    "password, code",
    [
        ("eleven char", "password.too_short"), ("x" * 129, "password.too_long"), ("a" * 16, "password.too_common"),
        ("password1234", "password.too_common"), ("Password2026!", "password.too_common"),
        ("123456789012", "password.too_common"), ("ada.byron@camden.gov.uk", "password.too_common"),
        ("ADA.BYRON2026", "password.too_common"),
    ],
)  # fmt: skip
def test_a_password_that_is_short_long_or_common_is_refused(password: str, code: str) -> None:
    assert [problem.code for problem in password_problems(password, ["ada.byron@camden.gov.uk"])] == [code]


@pytest.mark.parametrize("password", ["gravel lantern otter", "llwybr-derw-afon", "ẅ" * 6 + "abcdef", "otter 7 " * 16])
def test_any_other_password_of_twelve_characters_will_do(password: str) -> None:
    assert password_problems(password, ["ada.byron@camden.gov.uk", "Ada Byron"]) == []


def test_nine_failures_cost_nothing_and_the_tenth_thirty_seconds() -> None:
    failures = [START + timedelta(seconds=one) for one in range(10)]
    assert next_try_at(failures[:9], PAIR_LIMIT) is None
    assert next_try_at(failures, PAIR_LIMIT) == failures[-1] + FIRST_WAIT


def test_each_failure_more_doubles_the_wait_up_to_the_longest() -> None:
    failures = [START + timedelta(seconds=one) for one in range(10)]
    waits = []
    for _more in range(8):
        until = next_try_at(failures, PAIR_LIMIT)
        assert until is not None
        waits.append(until - failures[-1])
        failures.append(until)
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits[-1] == PAIR_LIMIT.longest


def test_ten_failures_spread_over_a_morning_cost_nothing() -> None:
    assert next_try_at([START + timedelta(minutes=10 * one) for one in range(10)], PAIR_LIMIT) is None


def test_an_hour_without_a_failure_ends_the_wait() -> None:
    failures = [*(START + timedelta(seconds=one) for one in range(15)), START + timedelta(hours=2)]
    assert next_try_at(failures, PAIR_LIMIT) is None


def test_a_whole_council_may_fail_ninety_nine_times_from_one_address() -> None:
    failures = [START + timedelta(seconds=one) for one in range(100)]
    assert next_try_at(failures[:99], SOURCE_LIMIT) is None
    assert next_try_at(failures, SOURCE_LIMIT) is not None


@given(st.lists(st.integers(0, 20_000), max_size=60))
def test_no_one_waits_longer_than_the_longest(seconds: list[int]) -> None:
    failures = [START + timedelta(seconds=one) for one in sorted(seconds)]
    until = next_try_at(failures, PAIR_LIMIT)
    assert until is None or until - failures[-1] <= PAIR_LIMIT.longest


def test_what_a_failure_is_counted_under_says_nothing_of_whose_it_was() -> None:
    key = attempt_key("secret", "sign-in", "10.0.0.1", "ada@camden.gov.uk")
    assert "ada" not in key
    assert key != attempt_key("secret", "sign-in", "10.0.0.2", "ada@camden.gov.uk")


def test_an_ipv6_subscriber_counts_as_one() -> None:
    assert network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1")


def test_a_links_token_comes_from_the_secret_and_has_256_bits() -> None:
    token = link_token("secret", UUID(int=1))
    assert len(token) == 43
    assert token == link_token("secret", UUID(int=1)) != link_token("other", UUID(int=1))


def test_a_browser_is_told_in_two_words() -> None:
    text = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"
    assert device_from(text + " Edg/141.0") == "Edge, Windows"
    assert device_from(text) == "Chrome, Windows"
    assert device_from("curl/8.0") == ""


def test_nobodys_name_or_job_title_is_an_e_mail_address() -> None:
    assert details_problems("Siân Jones", "Officer @ the library") == []
    found = details_problems("Siân sian@camden.gov.uk", "sian@camden.gov.uk")
    assert [(one.code, one.field) for one in found] == [
        ("text.holds_address", "name"),
        ("text.holds_address", "job_title"),
    ]
