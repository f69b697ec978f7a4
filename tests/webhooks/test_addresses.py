"""Which addresses are public, and which a webhook may have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kernel.errors import RuleBroken
from pipeline.webhooks.addresses import BadAddress, is_public, target_of
from pipeline.webhooks.rules import ADDRESS_WORDS, WebhookTerms, check_webhook
from tests.webhooks.hostile import HOSTILE_ADDRESSES, HOSTILE_URLS, PUBLIC_ADDRESSES

pytestmark = pytest.mark.pure


def test_the_tables_are_as_long_as_they_should_be() -> None:
    assert len(set(HOSTILE_ADDRESSES)) >= 60
    assert len(set(HOSTILE_URLS)) >= 60


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_an_address_that_is_not_public_in_every_reading_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_is_called(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is_never_public(address: object) -> None:
    if not address.is_global or address.is_multicast:  # type: ignore[attr-defined]
        assert not is_public(str(address))


@given(st.ip_addresses(v=6))
def test_outside_the_global_part_nothing_is_public(address: object) -> None:
    if not address.is_global or int(address) >> 125 != 1:  # type: ignore[attr-defined, call-overload]
        assert not is_public(str(address))


@pytest.mark.parametrize("url", HOSTILE_URLS, ids=ascii)
def test_a_webhook_cannot_be_made_for_a_hostile_address(url: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_webhook(WebhookTerms(address=url))

    assert [(one.code, one.field) for one in refused.value.problems] == [("webhook.address", "address")]


@pytest.mark.parametrize(
    "typed, url",
    [
        ("https://hooks.example.org", "https://hooks.example.org/"),
        ("HTTPS://Hooks.Example.ORG:443/a?b=c", "https://hooks.example.org/a?b=c"),
        ("https://hooks.example.org/a/../b", "https://hooks.example.org/a/../b"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://www.leeds.gov.uk/?code=a%2Fb", "https://www.leeds.gov.uk/?code=a%2Fb"),
        ("https://a.xn--p1ai/", "https://a.xn--p1ai/"),
    ],
)
def test_an_address_is_kept_in_its_one_form(typed: str, url: str) -> None:
    assert target_of(typed).url == url


@pytest.mark.parametrize(
    "url, host, port",
    [
        ("http://127.0.0.1:9000/x", "127.0.0.1", 9000),
        ("http://localhost/x", "localhost", 80),
        ("http://[::1]:9000/", "::1", 9000),
    ],
)
def test_this_machine_is_called_only_where_the_setting_says_so(url: str, host: str, port: int) -> None:
    target = target_of(url, to_this_machine=True)

    assert (target.host, target.port, target.is_this_machine) == (host, port, True)
    with pytest.raises(BadAddress):
        target_of(url)


@pytest.mark.parametrize("url", [one for one in HOSTILE_URLS if "//127.0.0.1:25" not in one], ids=ascii)
def test_trying_out_opens_nothing_but_this_machine(url: str) -> None:
    with pytest.raises(BadAddress):
        target_of(url, to_this_machine=True)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_an_address_or_a_problem_that_has_words(text: str) -> None:
    try:
        target = target_of(f"https://{text}")
    except BadAddress as error:
        problem = error.problem
        assert problem in ADDRESS_WORDS
    else:
        assert target.url.isascii()
        assert target_of(target.url) == target
