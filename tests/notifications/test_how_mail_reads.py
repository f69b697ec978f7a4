"""How every kind of mail reads: as text, in both languages, and in a real browser at both widths."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from pipeline.kernel import translation
from pipeline.notifications.envelope import put_in_envelope
from pipeline.notifications.kinds import KINDS
from pipeline.notifications.mail import LETTERS
from pipeline.notifications.messages import Letter
from pipeline.notifications.unsubscribing import Unsubscribed
from tests.notifications.conftest import OFFICE
from tests.notifications.letters import kinds_of, letters_about
from tests.notifications.test_mail import MOMENT, PLEDGE_ID
from tests.support.look import WIDTHS, axe_says, too_wide

USUAL = letters_about("One housing repairs form", "Eastmere", "We do this, too.\n\nShall we talk?")
HARD = letters_about(
    "Tom & Jo’s “<b>R&amp;D</b>” " + "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2,
    "Bournemouth, Christchurch and Poole & the Isle of Wight",
    "Look at https://www.example.org/" + "a-very-long-address/" * 12 + "\n\n<script>alert(1)</script> {n} %(n)s",
)
READER = UUID("01920000-0000-7000-8000-000000000002")
LANGUAGES = ("en", "cy")
PLACE_ALONE = re.compile(r"(\{\w+\}|%\(\w+\)s|\W)*")


def sent(letter: Letter, language: str) -> EmailMessage:
    """A letter as its reader's mail program has it, with everything that can stand at its foot."""
    ends = Unsubscribed(READER, "part")
    email = put_in_envelope(letter, "jo@wexcombe.example", language, PLEDGE_ID, OFFICE, MOMENT, ends)
    return message_from_bytes(email.as_bytes(), policy=policy.default)  # type: ignore[arg-type]


def part(email: EmailMessage, kind: str) -> str:
    found = email.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


@pytest.mark.pure
def test_every_kind_of_mail_is_looked_at() -> None:
    assert (KINDS.keys() | LETTERS.keys()) - kinds_of(USUAL) == set()


@pytest.mark.pure
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", USUAL)
def test_the_text_reads_well(name: str, language: str) -> None:
    for letter in (USUAL[name], HARD[name]):
        email = sent(letter, language)
        text, html = part(email, "plain"), part(email, "html")
        is_written_by_people = name.startswith(("contact.", "introduction.", "difference."))
        assert email["Content-Language"] == language
        assert f'<html lang="{language}">' in html
        assert text.startswith(str(email["Subject"]).removesuffix("…"))
        links = [line.strip() for line in text.splitlines() if line.strip().startswith("https://")]
        assert set(links) == {unescape(link) for link in re.findall(r'href="([^"]*)"', html)}
        assert all(re.fullmatch(r"https://pipeline\.example/\S+", link) for link in links)
        assert all(("/cy/" in link) == (language == "cy") for link in links)
        assert not re.search(
            r"&#?\w+;|<[a-z/]", text.replace("<b>R&amp;D</b>", "").replace("<script>alert(1)</script>", "")
        )
        assert is_written_by_people or not re.search(r"\{\w*\}|%\(", text)
        assert not re.search(r"[^\S\n]\n", text)
        assert "\n\n\n\n" not in text
        assert text.endswith("\n")


@pytest.mark.pure
def test_no_sentence_of_a_welsh_mail_is_left_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking: set[str] = set()

    def note(_self: object, message: str, *_more: object) -> str:
        if not PLACE_ALONE.fullmatch(message):
            lacking.add(message)
        return message

    monkeypatch.setattr(translation._Lacking, "gettext", note)
    monkeypatch.setattr(translation._Lacking, "ngettext", note)
    for letter in USUAL.values():
        sent(letter, "cy")
    assert lacking == set()


@pytest.mark.browser
def test_every_kind_of_mail_opens_without_a_fault_and_without_scrolling_sideways(chromium: Browser) -> None:
    said: dict[str, list[str]] = {}
    page = chromium.new_page()
    try:
        for number, (name, letter) in enumerate(HARD.items()):
            page.set_content(part(sent(letter, LANGUAGES[number % 2]), "html"))
            said[name] = [*axe_says(page), *too_wide(page, WIDTHS)]
    finally:
        page.close()
    assert {name: some for name, some in said.items() if some} == {}
