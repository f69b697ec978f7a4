"""Lays a letter out as an e-mail: a text and an HTML part, in its reader's language, from the office it comes from.

News carries how to get it no more: `List-Unsubscribe` with one click (RFC 8058), and a line that says where to change
which e-mails one gets.
"""

from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from config import ROOT, Settings
from pipeline.accounts.models import Officer
from pipeline.db.work import Reading
from pipeline.kernel.text import clean_line
from pipeline.kernel.translation import catalogue, said_in
from pipeline.kernel.words import Words
from pipeline.notifications.messages import Letter
from pipeline.notifications.preferences import NO_QUIET_HOURS, QuietHours
from pipeline.notifications.unsubscribing import Unsubscribed, unsubscribe_token

FOLDER = ROOT / "templates" / "mail"
MOST_SUBJECT = 150
"""Characters of a subject; what is longer is cut where most mail programs would."""

LONG_HEADERS = SMTP.clone(max_line_length=998)
"""The longest line a mail may have (RFC 5322, section 2.1.1). What was laid out before stays as it is."""

PREFERENCES = "/account/notices"


class NoLongerDue(Exception):
    """The message is not to be sent any more. The words say why, to the operator."""


@dataclass(frozen=True, slots=True)
class Office:
    """Where mail comes from, where its links lead, and when no news is sent."""

    public_url: str
    mail_from: str
    secret_key: str = field(repr=False)
    quiet_hours: QuietHours = NO_QUIET_HOURS

    @classmethod
    def of(cls, settings: Settings) -> "Office":
        """The office of a site with these settings."""
        quiet = QuietHours(*settings.quiet_from_and_until)
        return cls(settings.public_url.rstrip("/"), settings.mail_from, settings.secret_key, quiet)

    @property
    def host(self) -> str:
        return urlsplit(self.public_url).hostname or "localhost"

    def url(self, path: str, language: str) -> str:
        """The address of a page in a language, as it can be sent to somebody."""
        return f"{self.public_url}{'/cy' if language == 'cy' else ''}{path}"


@dataclass(frozen=True, slots=True)
class Desk:
    """What a letter is written with: on behalf of whom it reads, the ids to write from, and the office's secret. It has
    no reader where it goes to the address alone of somebody without an account."""

    reading: Reading
    reader: Officer | None
    payload: dict[str, Any]
    office: Office

    def id(self, name: str) -> UUID:
        return UUID(self.payload[name])


def put_in_envelope(
    letter: Letter,
    address: str,
    language: str,
    message_id: UUID,
    office: Office,
    now: datetime,
    unsubscribed: Unsubscribed | None = None,
) -> EmailMessage:
    """Lay a letter out as an e-mail with a text and an HTML part; of news, `unsubscribed` says who can end it by one
    click, and which. Raises NoLongerDue for an impossible address."""
    email = EmailMessage(policy=SMTP)
    email["From"] = _sender(office.mail_from)
    try:
        email["To"] = Address(addr_spec=address)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise NoLongerDue("its address is not one that can be written to") from error
    said = _said(letter, language, office)
    email["Subject"] = _shortened(said["subject"])
    if letter.reply_to is not None:
        email["Reply-To"] = Address(addr_spec=letter.reply_to)
    email["Date"] = format_datetime(now)
    email["Message-ID"] = f"<{message_id}@{office.host}>"
    email["Auto-Submitted"] = "auto-generated"
    email["X-Auto-Response-Suppress"] = "All"
    if unsubscribed is not None:
        stop = office.url(f"/unsubscribe/{unsubscribe_token(office.secret_key, unsubscribed)}", language)
        email["List-Unsubscribe"] = f"<{stop}>"
        email["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        said |= {"change_url": office.url(PREFERENCES, language), "stop_url": stop}
    layout = _layout(language)
    text = layout.get_template("letter.txt").render(letter=said, language=language)
    html = layout.get_template("letter.html").render(letter=said, language=language)
    email.set_content(text, cte="quoted-printable")
    email.add_alternative(html, subtype="html", cte="quoted-printable")
    # Last, because setting the content clears what is said of it.
    email["Content-Language"] = language
    # An address in a header is not broken and not encoded (RFC 2369, section 2), so its line may be long.
    email.policy = LONG_HEADERS
    return email


def _sender(mail_from: str) -> Address:
    name, address = parseaddr(mail_from)
    return Address(name, addr_spec=address)


def _said(letter: Letter, language: str, office: Office) -> dict[str, Any]:
    """A letter in a language, each part on one line: what somebody typed as a title begins no line of its own."""

    def say(words: Words) -> str:
        return clean_line(said_in(words, language))

    return {
        "subject": say(letter.subject),
        "lines": [say(line) for line in letter.lines],
        "sections": [
            {
                "heading": say(section.heading),
                "items": [
                    {"words": say(one.words), "note": say(one.note) if one.note else "",
                     "url": office.url(one.path, language)}
                    for one in section.items
                ],
            }
            for section in letter.sections
        ],
        "action": say(letter.action),
        "url": office.url(letter.path, language),
        "why": say(letter.why),
        "takes_answers": letter.reply_to is not None,
        "change_url": "",
        "stop_url": "",
    }  # fmt: skip


def _shortened(subject: str) -> str:
    return subject if len(subject) <= MOST_SUBJECT else f"{subject[: MOST_SUBJECT - 1].rstrip()}…"


@lru_cache(maxsize=4)
def _layout(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(["html"]), extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    return environment
