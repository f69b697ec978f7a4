"""That a pledge began to count, or waits again, is told to its council, at most once a day."""

from datetime import timedelta
from uuid import UUID

import pytest

from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.pledges import actions
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.rules import Capacity, Offer
from tests.factories import Factory
from tests.notifications.conftest import Place, Post

pytestmark = pytest.mark.database

OFFICER, AUTHORISER = "officer@northborough.example", "authoriser@northborough.example"


class Two:
    """Northborough's pledge waits for another council; Southby's comes and goes."""

    def __init__(self, place: Place, make: Factory) -> None:
        self.place = place
        self.southby = make.council("Southby")
        self.officer = make.officer(self.southby)
        self.decides = make.officer(self.southby, Role.AUTHORISER)
        self.waits = self._offered(
            place.officer, place.northborough, Condition(kind=ConditionKind.COUNCILS, at_least=1)
        )
        self._authorise(self.waits, place.authoriser, place.northborough)

    def _offered(self, officer: object, council: object, *conditions: Condition) -> UUID:
        today = clock.today()
        offer = Offer(
            amount=5, sign_off_by=today + timedelta(days=20), from_on=today, to_on=today + timedelta(days=60),
            conditions=conditions,
        )  # fmt: skip
        with self.place.acting(officer, council) as work:  # type: ignore[arg-type]
            return actions.offer_pledge(work, need_id=self.place.need.id, offer=offer).id

    def _authorise(self, pledge_id: UUID, officer: object, council: object) -> None:
        with self.place.acting(officer, council, Role.AUTHORISER) as work:  # type: ignore[arg-type]
            actions.authorise_pledge(work, pledge_id=pledge_id, capacity=Capacity.BUDGET_HOLDER)

    def come(self) -> UUID:
        pledge_id = self._offered(self.officer, self.southby)
        self._authorise(pledge_id, self.decides, self.southby)
        return pledge_id

    def go(self, pledge_id: UUID) -> None:
        with self.place.acting(self.officer, self.southby) as work:
            actions.withdraw_pledge(work, pledge_id=pledge_id, reason="We cannot.")


@pytest.fixture
def two(place: Place, make: Factory) -> Two:
    return Two(place, make)


def subjects(post: Post, *addresses: str) -> list[str]:
    """What the mail that left now says to these readers of counting and waiting, in the order it left."""
    post.mailer.sent.clear()
    post.hear()
    post.send()
    found = [str(email["Subject"]) for address, email in post.mailer.sent if address in addresses]
    return [one for one in found if "counts now" in one or "waits again" in one]


def test_that_a_pledge_counts_is_told_to_who_offered_and_who_authorised_it(two: Two, post: Post) -> None:
    assert subjects(post, OFFICER, AUTHORISER) == []
    two.come()
    assert len(subjects(post, OFFICER, AUTHORISER)) == 2
    assert len(subjects(post, OFFICER, AUTHORISER)) == 0


def test_a_pledge_that_counts_from_its_authorisation_on_is_not_mailed_about_twice(two: Two, post: Post) -> None:
    two.come()
    post.hear()
    assert {row.officer_id for row in post.outbox() if row.kind == "pledge.counts_or_waits"} == {
        two.place.officer.id,
        two.place.authoriser.id,
    }


def test_what_changes_before_the_mail_leaves_is_told_as_it_is_then(two: Two, post: Post) -> None:
    two.go(two.come())
    assert subjects(post, OFFICER) == ["Your council’s pledge waits again: One housing repairs form"]


def test_a_second_change_on_a_day_is_told_the_next_day(two: Two, post: Post) -> None:
    pledge_id = two.come()
    assert subjects(post, OFFICER) == ["Your council’s pledge counts now: One housing repairs form"]
    two.go(pledge_id)
    pledge_id = two.come()
    two.go(pledge_id)
    assert subjects(post, OFFICER) == []
    with clock.moved(timedelta(days=1)):
        assert subjects(post, OFFICER) == ["Your council’s pledge waits again: One housing repairs form"]
        assert subjects(post, OFFICER) == []


def test_once_the_pledge_has_ended_nothing_is_said_of_its_counting(two: Two, post: Post) -> None:
    two.come()
    with two.place.acting(two.place.officer, two.place.northborough) as work:
        actions.withdraw_pledge(work, pledge_id=two.waits, reason="We cannot.")
    assert subjects(post, OFFICER, AUTHORISER) == []
