"""A council has its website told of what happens: made, verified, looked after, put right, turned off and deleted."""

import threading
from collections.abc import Callable, Iterator

import pytest
from standardwebhooks import Webhook as Verifier

from pipeline.accounts.models import Officer
from pipeline.cli.worker import courier_of
from pipeline.councils.models import Council
from pipeline.db.work import unit_of_work
from pipeline.kernel.actor import Role
from pipeline.kernel.decision import YES
from tests.journeys.conftest import Site, Walker
from tests.webhooks.receivers import Receiver, Taken, receiver, with_status
from tests.webhooks.scene import published

pytestmark = pytest.mark.browser

ADMIN = "admin@northborough.example"
OK = with_status("204 No Content")


@pytest.fixture
def there() -> Iterator[Receiver]:
    """The council's website, on this machine. Tests alone, and who tries webhooks out, let one be called there."""
    with receiver() as found:
        yield found


class Desk:
    """What happens round the page: something public, and the worker's rounds."""

    def __init__(self, site: Site) -> None:
        self.site = site
        make = site.make
        self.council: Council = make.council("Northborough")
        self.officer: Officer = make.officer(
            self.council, Role.COUNCIL_ADMIN, address=ADMIN, password_hash=site.password_hash
        )
        self.project = make.project(self.council, self.officer, title="One repairs form")

    def happen(self) -> None:
        """A project is published, for everybody to see."""
        actor = self.site.make.actor(self.officer, self.council)
        with self.site.app.app_context(), unit_of_work(actor) as work:
            work.require(YES)
            work.record(published(self.project), council_id=self.council.id)

    def carry(self) -> None:
        """What the worker does: hear what happened, and send what is due."""
        self.site.do_waiting_work()
        with self.site.app.app_context():
            while courier_of(self.site.app, threading.Event()).deliver_and_wait():
                pass


def verified(taken: Taken, secret: str) -> object:
    """What a message says, once its signature is checked as the receiver would."""
    return Verifier(secret).verify(taken.body, taken.headers)


def the_secret(admin: Walker) -> str:
    """The secret, copied from the page that shows it once."""
    secret = admin.page.locator("pre code").inner_text().strip()
    assert secret.startswith("whsec_")
    admin.follow("I have copied it")
    assert secret not in admin.page.content()
    return secret


def test_a_webhook_is_made_verified_and_looked_after(
    site: Site, walkers: Callable[[], Walker], there: Receiver
) -> None:
    desk = Desk(site)
    site.do_waiting_work()
    admin = walkers()
    admin.sign_in(ADMIN)
    admin.go("/councils/northborough/settings/webhooks")
    assert admin.sees("You have made none")

    # Made: an address that nobody may call is refused with what was typed, and the secret is shown once.
    admin.press("Make a webhook")
    admin.fill("Where should we send messages?", "http://10.0.0.8/hook")
    admin.fill("What is it for? (optional)", "Our website")
    admin.press("Make the webhook")
    assert admin.sees("The address must begin with https://")
    assert admin.page.get_by_label("What is it for? (optional)").input_value() == "Our website"
    admin.fill("Where should we send messages?", there.url)
    admin.press("Make the webhook")
    secret = the_secret(admin)
    assert admin.sees("Waiting for an answer")

    # Verified: by the answer to the first message, which somebody may ask for again.
    there.answer = with_status("500 Internal Server Error")
    desk.carry()
    desk.happen()
    admin.page.reload()
    assert admin.sees("Answer 500")
    there.answer = OK
    admin.press("Send the first message again")
    desk.carry()
    admin.page.reload()
    admin.look()
    assert admin.sees("Active")
    assert verified(there.taken[-1], secret)["type"] == "webhook.ping"  # type: ignore[index]

    # Told: of what happens from then on, and what became of each message can be seen and put right.
    there.answer = with_status("500 Internal Server Error")
    desk.happen()
    desk.carry()
    admin.page.reload()
    admin.look()
    assert admin.sees("project.published Waiting")
    assert admin.sees("The receiver did not take it.")
    there.answer = OK
    admin.press("Send again")
    assert admin.sees("The message is on its way again.")
    desk.carry()
    admin.page.reload()
    assert admin.sees("project.published Delivered")
    told = there.taken[-1]
    assert verified(told, secret)["type"] == "project.published"  # type: ignore[index]

    # Rotated: for a day both secrets hold.
    admin.follow("Make a new secret")
    admin.press("Make a new secret")
    newer = the_secret(admin)
    assert newer != secret

    # Replayed: everything before it too, each under the id it had.
    number = len(there.taken)
    admin.follow("Send past events again")
    admin.press("Send them again")
    assert admin.sees("2 events are being sent again.")
    desk.carry()
    again = there.taken[number:]
    assert len(again) == 2
    assert told.headers["webhook-id"] in {one.headers["webhook-id"] for one in again}
    assert all(verified(one, key) for one in again for key in (secret, newer))


def test_a_webhook_that_was_turned_off_says_why_and_is_turned_on_again(
    site: Site, walkers: Callable[[], Walker], there: Receiver
) -> None:
    desk = Desk(site)
    site.make.webhook(desk.council, desk.officer, address=there.url, description="Our website")
    site.do_waiting_work()
    there.answer = with_status("410 Gone")
    desk.happen()
    desk.carry()

    admin = walkers()
    admin.sign_in(ADMIN)
    admin.go("/councils/northborough/settings/webhooks")
    assert admin.sees("Our website Turned off")
    assert admin.sees("The receiver answered that it is gone for good (410).")
    admin.follow("Our website")
    assert admin.sees("What it missed can be sent again once it is on.")
    assert admin.page.get_by_role("link", name="Send past events again").count() == 0
    there.answer = OK
    admin.press("Turn on")
    desk.carry()
    admin.page.reload()
    admin.look()
    assert admin.sees("Active")

    admin.follow("Turn off")
    admin.press("Turn it off")
    assert admin.sees("Somebody of your council turned it off.")
    admin.follow("Delete")
    admin.press("Delete it")
    assert admin.sees("You have made none")
