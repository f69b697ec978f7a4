"""The site as it runs, beside a mail server that is good, down, hanging, trickling or refusing: the leads are told in
seconds, no page is slower, nothing is lost and nothing goes twice."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from sqlalchemy import func, select, update

from pipeline.db.outbox import OutboxMessage
from pipeline.db.refusals import refusal_of
from pipeline.kernel import clock
from pipeline.kernel.ids import new_id
from pipeline.notifications.models import Notice
from tests.factories import Factory
from tests.notifications.conftest import Place
from tests.notifications.test_killed import arrived, number
from tests.notifications.test_transport import Catcher, free_port, hanging_server, server, silent_server
from tests.support.certificates import Authority
from tests.support.workers import address_of, site, wait_until, worker

pytestmark = [pytest.mark.drill, pytest.mark.database]

SECONDS_TO_TELL = 10.0
ELSEWHERE = "127.0.0.2"
"""An address of this machine that is not among those with which nothing is encrypted."""
MOST_SLOWER = 1.10
TRIES = 3
"""How often a kind of trouble is measured where the machine is busy with something else."""
FETCHES = 120


@dataclass
class Scene:
    """A running site, and the offers that councils make there."""

    place: Place
    make: Factory
    address: str
    folder: Path
    offers: int = 0

    def offer(self) -> None:
        """One more council offers time, through the API."""
        council, today = self.make.council(), clock.today()
        token = self.make.token(self.make.officer(council), council)
        body = {
            "half_days": 2, "sign_off_by": str(today + timedelta(days=20)), "from_on": str(today),
            "to_on": str(today + timedelta(days=60)), "message": "We can help",
        }  # fmt: skip
        answer = httpx.post(
            f"{self.address}/api/v1/needs/{self.place.need.id}/pledges", json=body,
            headers=token | {"Idempotency-Key": str(new_id())},
        )  # fmt: skip
        assert answer.status_code == 201, answer.text
        self.offers += 1

    def working(self, mail_url: str, **settings: str) -> AbstractContextManager[Any]:
        """A worker beside the site."""
        more = {"MAIL_FROM": "Pipeline <noreply@pipeline.example>", "PUBLIC_URL": self.address, **settings}
        return worker(address_of(self.place.app), mail_url, self.folder / "worker.log", dies="unhurried", more=more)

    def notices(self) -> int:
        return number(self.make, Notice, Notice.kind == "pledge.offered")

    def are_told(self) -> bool:
        """Whether there is a notice of each offer for each of the two who lead."""
        return self.notices() == 2 * self.offers

    def unsent(self) -> int:
        return number(self.make, OutboxMessage, OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))

    def let_time_pass(self) -> None:
        """Have what waits for its next try be due."""
        with self.make.session() as session:
            due = update(OutboxMessage).where(OutboxMessage.sent_at.is_(None)).values(next_try_at=clock.now())
            session.execute(due)


@pytest.fixture
def scene(place: Place, make: Factory, tmp_path: Path) -> Iterator[Scene]:
    """The site, running."""
    with site(place.app, free_port(), tmp_path / "site.log") as address:
        yield Scene(place, make, address, tmp_path)


def test_every_lead_has_the_mail_seconds_after_an_offer_from_a_worker_that_trusts_the_servers_certificate(
    scene: Scene,
) -> None:
    authority, catcher = Authority(scene.folder), Catcher()
    controller = Controller(
        catcher, hostname=ELSEWHERE, port=free_port(), tls_context=authority.server_context(ELSEWHERE),
        require_starttls=True,
    )  # fmt: skip
    controller.start()
    leads = {scene.place.lead.address, scene.place.other_lead.address}
    try:
        with scene.working(f"smtp://{ELSEWHERE}:{controller.port}", SSL_CERT_FILE=str(authority.certificate)):
            scene.offer()
            wait_until(lambda: len(catcher.caught) == len(leads), 60)  # the worker itself takes its time to begin
            took = []
            for round_ in range(2, 5):
                began = time.monotonic()
                scene.offer()
                wait_until(lambda: len(catcher.caught) >= len(leads) * round_, SECONDS_TO_TELL)  # noqa: B023
                took.append(time.monotonic() - began)
    finally:
        controller.stop()
    assert Counter(email["To"] for email in arrived(catcher)) == dict.fromkeys(leads, 4)
    print(f"told in at most {max(took):.1f} s")


def test_a_worker_that_does_not_trust_the_server_says_nothing_to_it_and_loses_nothing(scene: Scene) -> None:
    authority, catcher = Authority(scene.folder), Catcher()
    alone = authority.server_context(ELSEWHERE, is_vouched_for=False)
    controller = Controller(catcher, hostname=ELSEWHERE, port=free_port(), tls_context=alone)
    controller.start()
    try:
        with scene.working(f"smtp://{ELSEWHERE}:{controller.port}", SSL_CERT_FILE=str(authority.certificate)):
            scene.offer()
            log = scene.folder / "worker.log"
            wait_until(lambda: "self-signed certificate" in log.read_text(), 60)
    finally:
        controller.stop()
    assert catcher.caught == []
    assert scene.unsent() == 2


class Refusing(Catcher):
    """A server that refuses one address and takes mail for the others."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address == self.address:
            return "550 No such mailbox"
        return await super().handle_RCPT(server, session, envelope, address, options)


def test_an_address_that_is_refused_holds_up_no_other(scene: Scene) -> None:
    refused = scene.place.lead.address
    catcher = Refusing(refused)
    with server(catcher) as port, scene.working(f"smtp://127.0.0.1:{port}"):
        scene.offer()
        wait_until(lambda: scene.are_told() and scene.unsent() == 0, 60)
    assert [email["To"] for email in arrived(catcher)] == [scene.place.other_lead.address]
    with scene.make.session() as session:
        assert refusal_of(session, refused)
        assert session.scalar(select(func.count()).where(OutboxMessage.failed_at.is_not(None))) == 1


TROUBLE: dict[str, Callable[[], AbstractContextManager[int]]] = {
    "down": lambda: nullcontext(free_port()),
    "hanging": silent_server,
    "trickling": lambda: hanging_server(after="ehlo", dribble=b"2"),
    "trickling in a message": lambda: hanging_server(after="rcpt", dribble=b"2"),
    "answering 4xx": lambda: server(Catcher(to_address="451 Later, please")),
    "closing in the middle": lambda: hanging_server(after="To:", closes=True),
}


@contextmanager
def fetching(scene: Scene) -> Iterator[Callable[[], list[float]]]:
    """A browser that goes round some pages while offers are made, and the seconds each page took."""
    slug = scene.place.project.slug
    paths = ("/", "/projects", f"/projects/{slug}", "/projects?q=form", "/api/v1/projects")
    with httpx.Client(base_url=scene.address) as browser:

        def fetch() -> list[float]:
            took = []
            for one in range(FETCHES):
                began = time.perf_counter()
                answer = browser.get(paths[one % len(paths)])
                took.append(time.perf_counter() - began)
                assert answer.status_code == 200
                if one % 60 == 30:
                    scene.offer()
            return took

        yield fetch


def seconds_beside(scene: Scene, mail_url: str, fetch: Callable[[], list[float]]) -> list[float]:
    """What pages take while a worker that sends by a mail server runs. Its listeners go on, whatever the mail does."""
    with scene.working(mail_url):
        scene.offer()
        wait_until(scene.are_told, 60)
        took = fetch()
        wait_until(scene.are_told, SECONDS_TO_TELL)
    return took


def test_a_mail_server_in_trouble_slows_no_page_loses_nothing_and_has_nothing_sent_twice(scene: Scene) -> None:
    catcher, ratios = Catcher(), {}
    with server(catcher) as good, fetching(scene) as fetch:
        fetch()
        for name, trouble in TROUBLE.items():
            found = []
            while not found or (found[-1] > MOST_SLOWER and len(found) < TRIES):
                before = seconds_beside(scene, f"smtp://127.0.0.1:{good}", fetch)
                with trouble() as port:
                    meanwhile = seconds_beside(scene, f"smtp://127.0.0.1:{port}", fetch)
                after = seconds_beside(scene, f"smtp://127.0.0.1:{good}", fetch)
                found.append(median(meanwhile) / median(before + after))
            ratios[name] = found
        with scene.working(f"smtp://127.0.0.1:{good}"):
            until = time.monotonic() + 120
            while scene.unsent() and time.monotonic() < until:
                scene.let_time_pass()
                time.sleep(1)
    print({name: [round(one, 2) for one in found] for name, found in ratios.items()})
    assert scene.unsent() == 0
    assert number(scene.make, OutboxMessage, OutboxMessage.given_up_at.is_not(None)) == 0
    assert scene.are_told()
    mails = arrived(catcher)
    assert len({email["Message-ID"] for email in mails}) == len(mails)
    assert {email["To"] for email in mails} == {scene.place.lead.address, scene.place.other_lead.address}
    assert {name: min(found) for name, found in ratios.items() if min(found) > MOST_SLOWER} == {}
