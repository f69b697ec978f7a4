"""What mail says, in whose language, and when it says nothing at all."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.accounts.actions import sign_up
from pipeline.accounts.actions.links import MAIL
from pipeline.accounts.models import Membership, MembershipRole, Officer, OneTimeLink
from pipeline.accounts.rules import LinkPurpose, address_from, hash_of, link_token
from pipeline.db.outbox import queue_message
from pipeline.db.work import housekeeping, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS
from pipeline.kernel.ids import new_id
from pipeline.kernel.words import Words
from pipeline.notifications import messages
from pipeline.notifications.envelope import NoLongerDue, Office, put_in_envelope
from pipeline.notifications.mail import LETTERS
from pipeline.notifications.messages import ROLE_GIVEN, Letter, PledgeTold, Side, amount_words
from pipeline.pledges.models import Pledge
from pipeline.projects.models import Project
from tests.factories import Factory
from tests.notifications.conftest import OFFICE, Place, Post

MOMENT = datetime(2026, 11, 21, 14, 5, tzinfo=UTC)
PLEDGE_ID = UUID("01920000-0000-7000-8000-000000000001")


def told(side: Side = Side.LEAD, **values: Any) -> PledgeTold:
    """A pledge as mail tells of it."""
    defaults: dict[str, Any] = {
        "pledge_id": PLEDGE_ID, "project": "One housing repairs form", "lead_council": "Eastmere",
        "need": "Talking to tenants", "council": "Northborough", "amount": amount_words("time", 5, None),
        "sign_off_by": date(2026, 12, 21), "side": side,
    }  # fmt: skip
    return PledgeTold(**defaults | values)


EVERY_LETTER: dict[str, Letter] = {
    "verify": messages.account_verify("token"),
    "address": messages.account_address("token"),
    "reset": messages.account_reset("token"),
    "already here": messages.account_already_here(),
    "password changed": messages.account_password_changed(),
    "address changed": messages.account_address_changed(),
    "token made": messages.account_token_made(),
    "token leaked": messages.account_token_leaked(),
    "waiting, admin": messages.membership_waiting("Eastmere", "eastmere", has_admin=True),
    "waiting, coordinator": messages.membership_waiting("Eastmere", "eastmere", has_admin=False),
    "started": messages.membership_started("Eastmere"),
    **{f"role {role}": messages.role_given(role, "Eastmere") for role in ROLE_GIVEN},
    **{f"{kind}, {side}": write(told(side)) for kind, write in messages.PLEDGE_LETTERS.items() for side in Side},
    "check asked": messages.check_asked(f"/updates/{PLEDGE_ID}"),
    "check answered": messages.check_answered(f"/projects/{PLEDGE_ID}"),
}


def enveloped(letter: Letter, language: str = "en", office: Office = OFFICE) -> Any:
    """A letter as it leaves."""
    return put_in_envelope(letter, "jo@wexcombe.example", language, PLEDGE_ID, office, MOMENT)


def part(email: Any, kind: str) -> str:
    """The text or the HTML of a message."""
    text: str = email.get_body((kind,)).get_content()
    return text.replace("\r\n", "\n")


@pytest.mark.pure
@pytest.mark.parametrize("name", EVERY_LETTER)
def test_every_letter_has_two_parts_that_say_the_same_and_one_link(name: str) -> None:
    letter = EVERY_LETTER[name]
    email = enveloped(letter)
    text, html = part(email, "plain"), part(email, "html")
    for words in (letter.subject, *letter.lines, letter.why):
        assert str(words) in text
    assert text.count("https://") == html.count("https://") == 1
    assert f"https://pipeline.example{letter.path}\n" in text
    assert f'<a href="https://pipeline.example{letter.path}">{letter.action}</a>' in html
    assert "{" not in text
    assert '<html lang="en">' in html
    assert f"<title>{email['Subject']}</title>" in html
    assert "@" not in text


@pytest.mark.database
@pytest.mark.parametrize("name", EVERY_LETTER)
def test_every_letter_leads_to_a_page_that_there_is(app: Flask, name: str) -> None:
    adapter = app.url_map.bind("pipeline.example")
    endpoint, _ = adapter.match(EVERY_LETTER[name].path, method="GET")
    assert endpoint


@pytest.mark.pure
def test_the_envelope_says_that_a_machine_wrote_it() -> None:
    email = enveloped(messages.membership_started("Eastmere"))
    assert email["From"] == "Pipeline <noreply@pipeline.example>"
    assert email["To"] == "jo@wexcombe.example"
    assert email["Message-ID"] == f"<{PLEDGE_ID}@pipeline.example>"
    assert email["Auto-Submitted"] == "auto-generated"
    assert email["Date"] == "Sat, 21 Nov 2026 14:05:00 +0000"
    assert email["Content-Language"] == "en"


@pytest.mark.pure
def test_a_letter_of_a_pledge_reads_as_people_say_it() -> None:
    text = part(enveloped(messages.pledge_asked(told(Side.COUNCIL))), "plain")
    assert text.startswith("An offer waits for your authority: One housing repairs form\n\n")
    assert (
        "A colleague has offered 2.5 days from Northborough to “One housing repairs form”, a project of Eastmere."
        in text
    )
    assert "If nobody has by the end of 21 December 2026, the offer ends by itself." in text


@pytest.mark.pure
@pytest.mark.parametrize(
    "kind, amount, said",
    [
        ("time", 1, "0.5 days"),
        ("time", 2, "1 day"),
        ("time", 3, "1.5 days"),
        ("time", 20, "10 days"),
        ("funding", 150050, "£1,500.50"),
    ],
)
def test_amounts_are_said_in_their_own_unit(kind: str, amount: int, said: str) -> None:
    assert str(amount_words(kind, amount, None)) == said


@pytest.mark.pure
def test_amounts_in_kind_name_the_thing() -> None:
    assert str(amount_words("in_kind", 1200, "room bookings")) == "1,200 room bookings"


@pytest.mark.pure
def test_what_somebody_typed_begins_no_header_and_no_tag() -> None:
    title = "Form\r\nBcc: everybody@council.example\r\n\r\n<script>alert(1)</script> {n} {{ 7 * 7 }} %(n)s"
    email = enveloped(messages.pledge_offered(told(project=title)))
    assert email["Bcc"] is None
    assert email["Subject"].startswith("Northborough has made an offer: Form Bcc: everybody@council.example")
    assert "\n" not in email["Subject"]
    assert "<script>" not in part(email, "html")
    assert "&lt;script&gt;" in part(email, "html")
    assert "{n} {{ 7 * 7 }} %(n)s" in part(email, "plain")
    assert b"\nBcc:" not in email.as_bytes().split(b"\r\n\r\n")[0]


@pytest.mark.pure
@pytest.mark.parametrize("address", ["jo@wexcombe.example\r\nBcc: all@wexcombe.example", "jo", "jo@", "a@b, c@d", ""])
def test_an_address_that_cannot_be_written_to_is_not(address: str) -> None:
    with pytest.raises(NoLongerDue):
        put_in_envelope(EVERY_LETTER["verify"], address, "en", PLEDGE_ID, OFFICE, MOMENT)


@pytest.mark.pure
def test_a_long_subject_is_cut() -> None:
    letter = Letter(Words("word " * 100), (), Words("Go"), "/", Words("Because"))
    assert len(enveloped(letter)["Subject"]) <= 150


@pytest.mark.pure
def test_a_welsh_reader_gets_links_to_welsh_pages() -> None:
    email = enveloped(messages.membership_started("Glan Aur"), "cy")
    assert "https://pipeline.example/cy/your-work" in part(email, "plain")
    assert '<html lang="cy">' in part(email, "html")
    assert email["Content-Language"] == "cy"


@pytest.mark.pure
def test_the_secret_is_in_no_representation() -> None:
    assert "only for tests" not in repr(OFFICE)


# What its reader may see when it leaves


def changed(make: Factory, model: type, row_id: UUID, **values: Any) -> None:
    """Change a row behind everybody's back."""
    with make.session() as session:
        row = session.get_one(model, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def problems(post: Post) -> dict[UUID, str | None]:
    """Why messages were not sent, by their readers."""
    return {row.officer_id: row.last_problem for row in post.outbox() if row.given_up_at is not None}


@pytest.mark.database
def test_a_pledge_hidden_meanwhile_is_mailed_to_nobody_outside(place: Place, post: Post, make: Factory) -> None:
    place.offer()
    post.hear()
    changed(make, Project, place.project.id, is_hidden=True, is_public=False)
    post.send()
    assert {address for address, _ in post.mailer.sent} == {place.lead.address, place.other_lead.address}
    assert problems(post) == {place.authoriser.id: "not sent: its reader may no longer see what it is about"}


@pytest.mark.database
def test_a_lead_who_left_meanwhile_is_not_mailed(place: Place, post: Post, make: Factory) -> None:
    place.offer()
    post.hear()
    with make.session() as session:
        session.query(Membership).filter_by(officer_id=place.lead.id).update({"ended_at": clock.now()})
    post.send()
    assert place.lead.address not in {address for address, _ in post.mailer.sent}


@pytest.mark.database
def test_an_authoriser_who_is_none_any_more_is_not_mailed(place: Place, post: Post, make: Factory) -> None:
    place.offer()
    post.hear()
    with make.session() as session:
        session.query(MembershipRole).update({"ended_at": clock.now()})
    post.send()
    assert place.authoriser.address not in {address for address, _ in post.mailer.sent}


@pytest.mark.database
def test_what_the_next_step_overtook_is_not_mailed(place: Place, post: Post, make: Factory) -> None:
    pledge = place.offer()
    post.hear()
    changed(make, Pledge, pledge.id, status="withdrawn", ended_at=clock.now())
    post.send()
    assert post.mailer.sent == []
    assert set(problems(post).values()) == {"not sent: the pledge is withdrawn by now"}


@pytest.mark.database
def test_an_erased_officer_is_not_mailed(place: Place, post: Post, make: Factory) -> None:
    place.offer()
    post.hear()
    changed(make, Officer, place.lead.id, erased_at=clock.now())
    post.send()
    assert problems(post) == {place.lead.id: "not sent: its reader's account is gone"}


@pytest.mark.database
def test_no_mail_holds_a_message_or_a_name_somebody_wrote(place: Place, post: Post) -> None:
    place.offer()
    mail = post.deliver()
    assert len(mail) == 3
    for email in mail.values():
        assert "Our secret reasons" not in part(email, "plain")
        assert place.officer.name not in part(email, "plain")
        assert place.officer.address not in email.as_string()


@pytest.mark.database
def test_mail_is_in_the_language_of_its_reader(place: Place, post: Post, make: Factory) -> None:
    changed(make, Officer, place.lead.id, language="cy")
    place.offer()
    mail = post.deliver()
    assert mail[place.lead.address]["Content-Language"] == "cy"
    assert mail[place.other_lead.address]["Content-Language"] == "en"


# Links that work once


@pytest.mark.database
def test_the_link_that_is_mailed_is_the_one_that_works(app: Flask, post: Post) -> None:
    address = address_from("new@northborough.example")
    assert address is not None
    with app.app_context(), unit_of_work(ANONYMOUS) as work:
        sign_up(
            work, address=address, name="Buy now at http://spam.example", job_title="Officer", password_hash="!",
            language="en", secret_key=OFFICE.secret_key,
        )  # fmt: skip
    mail = post.deliver()
    text = part(mail["new@northborough.example"], "plain")
    assert "spam" not in text
    token = text.split("/verify/")[1].split()[0]
    with app.app_context(), housekeeping("outbox") as session:
        link = session.scalars(select(OneTimeLink)).one()
    assert link.token_hash == hash_of(token)
    assert token == link_token(OFFICE.secret_key, link.id)


@pytest.mark.database
@pytest.mark.parametrize("fate", [{"used_at": MOMENT}, {"expires_at": MOMENT}])
def test_a_link_that_would_not_work_is_not_mailed(app: Flask, post: Post, make: Factory, fate: dict[str, Any]) -> None:
    officer = make.officer()
    now = clock.now()
    values = {"expires_at": now + timedelta(hours=1)} | fate
    link = OneTimeLink(
        id=new_id(), officer_id=officer.id, purpose=LinkPurpose.RESET.value, token_hash="x", address=officer.address,
        created_at=now, **values,
    )  # fmt: skip
    make.keep(link)
    owe(app, officer, "account.reset", link_id=str(link.id))
    with clock.moved(timedelta(minutes=1)):
        post.send()
    assert post.mailer.sent == []
    assert list(problems(post).values()) == ["not sent: its link has been used, replaced or has expired"]


@pytest.mark.database
def test_a_message_to_another_address_goes_there(app: Flask, post: Post, make: Factory) -> None:
    officer = make.officer()
    owe(app, officer, "account.address_changed", address="old@northborough.example")
    post.send()
    assert [address for address, _ in post.mailer.sent] == ["old@northborough.example"]


ABOUT_ACCOUNTS = (
    "account.already_here",
    "account.password_changed",
    "account.address_changed",
    "account.token_made",
    "account.token_leaked",
)


@pytest.mark.database
@pytest.mark.parametrize("kind", ABOUT_ACCOUNTS)
def test_mail_about_ones_own_account_is_written(app: Flask, post: Post, make: Factory, kind: str) -> None:
    owe(app, make.officer(), kind)
    post.send()
    assert len(post.mailer.sent) == 1


@pytest.mark.pure
def test_every_kind_the_accounts_owe_can_be_written() -> None:
    assert set(MAIL.values()) <= LETTERS.keys()


def owe(app: Flask, officer: Officer, kind: str, *, address: str | None = None, **payload: str) -> None:
    """Owe an officer a message."""
    with app.app_context(), housekeeping("outbox") as session:
        queue_message(session, kind=kind, officer_id=officer.id, payload=payload, now=clock.now(), address=address)
