"""The demonstration's own pages: being one of the made-up people, and reading the mail that was written.

They exist in demonstration mode only: `pipeline/app.py` registers them there and nowhere else.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Protocol
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, redirect

from config import Settings
from pipeline.accounts import queries
from pipeline.accounts.rules import address_from
from pipeline.db.engine import database
from pipeline.http.entry import anyone
from pipeline.http.language import current_language
from pipeline.kernel.errors import NotFound
from pipeline.notifications.transport import FolderMailer, mailer_from
from pipeline.web.accounts.signing_in import after_sign_in, begin_session
from pipeline.web.rendering import show

MOST_SHOWN = 50

blueprint = Blueprint("demonstration", __name__, url_prefix="/demonstration")


class Person(Protocol):
    """A made-up person somebody can be. `can_be` is the sentence beside the button; without one there is none."""

    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def job_title(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def can_be(self) -> str | None: ...
    @property
    def can_be_cy(self) -> str | None: ...


def prepare_demonstration(app: Flask, people: Sequence[Person]) -> None:
    """Give the application the demonstration's pages, and the people one can be there."""
    settings: Settings = app.config["SETTINGS"]
    if not settings.is_demonstration:
        raise RuntimeError("the demonstration's pages exist in demonstration mode only")
    app.extensions["demonstration"] = {one.key: one for one in people if one.can_be is not None}
    app.register_blueprint(blueprint)


@blueprint.get("")
@anyone
def choose() -> Response:
    """Who one can be here, and a walk along the whole path."""
    people = [
        {"key": one.key, "name": one.name, "job_title": one.job_title, "words": _words(one)}
        for one in _people().values()
    ]
    return show("demonstration/choose.html", people=people)


@blueprint.post("/sign-in/<key>")
@anyone
def sign_in(key: str) -> Response:
    """Sign in as one of the made-up people, without a password."""
    person = _people().get(key)
    address = address_from(person.address) if person else None
    facts = queries.sign_in_facts(database.session(), address) if address else None
    if facts is None:
        raise NotFound("officer")
    begin_session(facts.officer_id)
    return redirect(after_sign_in(facts.officer_id), 303)  # type: ignore[return-value]


def _people() -> dict[str, Person]:
    people: dict[str, Person] = current_app.extensions["demonstration"]
    return people


def _words(person: Person) -> str | None:
    return person.can_be_cy if current_language() == "cy" else person.can_be


@dataclass(frozen=True, slots=True)
class Mail:
    """One message that was written to the folder: its text as paragraphs of lines, links of this site by themselves."""

    id: UUID
    to: str
    subject: str
    sent_at: datetime | None
    paragraphs: list[list[tuple[str, bool]]]


@blueprint.get("/mail")
@anyone
def list_mail() -> Response:
    """The mail this demonstration has written, the newest first. None of it left this machine."""
    paths = sorted(_folder().glob("*.eml"), reverse=True) if _folder().is_dir() else []
    mail = [one for one in map(_read, paths[:MOST_SHOWN]) if one is not None]
    return show("demonstration/mail.html", mail=mail, are_more=len(paths) > MOST_SHOWN, most=MOST_SHOWN)


@blueprint.get("/mail/<uuid:message_id>")
@anyone
def show_mail(message_id: UUID) -> Response:
    """One message, as its reader would read it."""
    one = _read(_folder() / f"{message_id}.eml")
    if one is None:
        raise NotFound("message")
    return show("demonstration/message.html", one=one)


def _folder() -> Path:
    settings: Settings = current_app.config["SETTINGS"]
    mailer = mailer_from(settings.mail_url)
    return mailer.folder if isinstance(mailer, FolderMailer) else settings.var / "mail"


def _read(path: Path) -> Mail | None:
    """A message in the folder; None where there is none, or it is not one of ours."""
    try:
        message_id = UUID(path.stem)
        email = message_from_bytes(path.read_bytes(), policy=policy.default)
    except (OSError, ValueError):
        return None
    body = email.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    date = email["Date"]
    return Mail(
        id=message_id, to=str(email["To"]), subject=str(email["Subject"]),
        sent_at=date.datetime if date is not None else None, paragraphs=_paragraphs(text),
    )  # fmt: skip


def _paragraphs(text: str) -> list[list[tuple[str, bool]]]:
    """The text as paragraphs of lines, each with whether it is the address of a page of this site."""
    own = re.compile(rf"{re.escape(current_app.config['PUBLIC_URL'])}/[\w./-]+", re.ASCII)
    return [
        [(line, own.fullmatch(line) is not None) for line in paragraph.split("\n")]
        for paragraph in re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    ]
