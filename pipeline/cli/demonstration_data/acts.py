"""What else happens in the made-up story besides posting, offering, authorising and accepting, each by its own action.

A verb is given the work of its step, where it happens (`Place`) and the values of its act; days are told as in
`shapes.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pipeline.accounts.rules import Address, address_from
from pipeline.cli.demonstration_data.shapes import MadeUpPerson
from pipeline.councils.queries import council_seen_by
from pipeline.db.work import UnitOfWork
from pipeline.documents.markdown import written
from pipeline.introductions.actions import follow_up_introduction, make_introduction
from pipeline.introductions.rules import Outcome
from pipeline.kernel.clock import uk_date
from pipeline.measures.actions import add_measure, change_measure, record_reading
from pipeline.measures.models import Measure
from pipeline.measures.queries import terms_of
from pipeline.measures.rules import Actual, Better, MeasureKind, Point, Unit
from pipeline.measures.rules import Terms as MeasureTerms
from pipeline.pledges import actions as pledging
from pipeline.pledges.authority import NO_GROUNDS, Statement, code_of, request_token
from pipeline.pledges.delivery import Given
from pipeline.pledges.models import AuthorisationCode, AuthorisationRequest, Delivery
from pipeline.pledges.rules import Capacity
from pipeline.projects.actions.following import follow_need, follow_project
from pipeline.projects.actions.interest import answer_interest, show_interest
from pipeline.projects.actions.joining import ask_officer_to_join, ask_to_join, join_team, take_in
from pipeline.projects.models import Interest, JoinRequest, Need, Question
from pipeline.projects.rules import Mode, PersonRole
from pipeline.projects.taking_part import InterestKind
from pipeline.projects.terms import Terms
from pipeline.spare_capacity.actions import list_spare_capacity
from pipeline.spare_capacity.rules import Spare, SpareKind


@dataclass(frozen=True, slots=True)
class Place:
    """Where a verb is done: on the day of the telling, in a project, and to a pledge of it if it is about one.

    `officers` gives the id of each made-up officer by key, `addresses` their address; links and codes are made with
    `secret_key`.
    """

    today: date
    slug: str
    project_id: UUID
    officers: Mapping[str, UUID]
    addresses: Mapping[str, str]
    secret_key: str
    pledge_id: UUID | None = None

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    @property
    def pledge(self) -> UUID:
        """The pledge the act is about. Raises ValueError in an act on a project."""
        if self.pledge_id is None:
            raise ValueError("this verb is for pledges")
        return self.pledge_id


Verb = Callable[..., object]
VERBS: dict[str, Verb] = {}
"""Every verb by its name."""


def verb(do: Verb) -> Verb:
    """Let a function be a verb, under its own name."""
    VERBS[do.__name__] = do
    return do


def carry_out(work: UnitOfWork, place: Place, name: str, values: Mapping[str, Any]) -> None:
    """Do an act. Raises KeyError for a verb that does not exist."""
    VERBS[name](work, place, **values)


# Of a project


@verb
def go_ahead(work: UnitOfWork, place: Place) -> None:
    """A lead gives the go-ahead."""
    pledging.give_go_ahead(work, slug=place.slug)


@verb
def stop(work: UnitOfWork, place: Place, *, reason: str) -> None:
    """A lead stops the project."""
    pledging.stop_project(work, slug=place.slug, reason=reason)


@verb
def finish(work: UnitOfWork, place: Place, *, outcome: str) -> None:
    """A lead says that the work is finished, this year."""
    pledging.finish_project(work, slug=place.slug, year_ended=work.now.year, outcome=written(outcome, under=2))


@verb
def move_date(work: UnitOfWork, place: Place, *, to_in_days: int, reason: str) -> None:
    """A lead moves the decision date, once."""
    pledging.move_date(work, slug=place.slug, decision_on=place.day(-to_in_days), reason=reason)


@verb
def change_terms(work: UnitOfWork, place: Place, *, least_councils: int, reason: str) -> None:
    """A lead changes how many other councils must be in."""
    terms = Terms(mode=Mode.ALL_OR_NOTHING, least_councils=least_councils)
    pledging.change_terms(work, slug=place.slug, terms=terms, reason=reason)


@verb
def hand_over(work: UnitOfWork, place: Place, *, to: str, message: str) -> None:
    """A lead offers the project to another council, by its slug."""
    council_id = council_seen_by(work, to).id
    pledging.offer_hand_over(work, slug=place.slug, council_id=council_id, message=message)


@verb
def measure(
    work: UnitOfWork, place: Place, *, name: str, unit: str, better: str = "more", kind: str = "outcome",
    baseline: tuple[int, int] | None = None, target: tuple[int, int] | None = None,
) -> None:  # fmt: skip
    """A lead says what the project measures; a baseline and a target are a value and a day, told as days ago."""
    terms = MeasureTerms(
        name, MeasureKind(kind), Unit(unit), Better(better), _point(place, baseline), _point(place, target)
    )  # fmt: skip
    add_measure(work, slug=place.slug, terms=terms)


@verb
def move_target(work: UnitOfWork, place: Place, *, name: str, target: tuple[int, int]) -> None:
    """A lead changes the target of a measure."""
    row = _measure(work, place, name)
    terms = replace(terms_of(row), target=_point(place, target))
    change_measure(work, measure_id=row.id, version=row.version, terms=terms)


@verb
def read_measure(work: UnitOfWork, place: Place, *, name: str, value: int, note: str = "") -> None:
    """A lead records what was measured on that day, or an officer what their council has of the work."""
    actual = Actual(value, uk_date(work.now), note)
    record_reading(work, measure_id=_measure(work, place, name).id, actual=actual)


def _measure(work: UnitOfWork, place: Place, name: str) -> Measure:
    query = select(Measure).where(Measure.project_id == place.project_id, Measure.name == name)
    return work.session.scalars(query).one()


def _point(place: Place, point: tuple[int, int] | None) -> Point | None:
    return Point(point[0], place.day(point[1])) if point else None


def _need(work: UnitOfWork, place: Place, title: str) -> Need:
    return work.session.scalars(select(Need).where(Need.project_id == place.project_id, Need.title == title)).one()


# Of those who could help, and of the coordinator


@verb
def list_spare(work: UnitOfWork, place: Place, *, kind: str, amount: int, to_in_days: int, **what: str) -> None:
    """An officer lists what their council could give from that day on."""
    spare = Spare(kind=SpareKind(kind), amount=amount, from_on=uk_date(work.now), to_on=place.day(-to_in_days), **what)
    list_spare_capacity(work, spare=spare)


@verb
def introduce(work: UnitOfWork, place: Place, *, council: str, other: str, need: str, message: str) -> None:
    """The coordinator writes to two councils about each other; they talk by now."""
    made = make_introduction(work, council=council, other=other, message=message, need_id=_need(work, place, need).id)
    work.session.flush()
    follow_up_introduction(work, introduction_id=made.id, outcome=Outcome.TALKING)


# Of those who take an interest


@verb
def follow(work: UnitOfWork, place: Place) -> None:
    """An officer follows the project."""
    follow_project(work, slug=place.slug)


@verb
def follow_room(work: UnitOfWork, place: Place, *, title: str) -> None:
    """An officer waits for room in a need that is full."""
    follow_need(work, need_id=_need(work, place, title).id)


@verb
def take_interest(
    work: UnitOfWork, place: Place, *, message: str, kind: str = "problem_too", is_named: bool = False
) -> None:
    """An officer shows interest."""
    show_interest(work, slug=place.slug, kind=InterestKind(kind), message=message, is_named=is_named)


@verb
def answer(work: UnitOfWork, place: Place, *, officer: str, words: str) -> None:
    """A lead answers an officer's interest."""
    query = select(Interest.id).where(
        Interest.project_id == place.project_id, Interest.officer_id == place.officers[officer]
    )
    answer_interest(work, interest_id=work.session.scalars(query).one(), answer=words)


@verb
def ask_in(work: UnitOfWork, place: Place, *, message: str) -> None:
    """An officer asks to join the team."""
    ask_to_join(work, slug=place.slug, message=message)


@verb
def let_in(work: UnitOfWork, place: Place, *, officer: str, words: str = "") -> None:
    """A lead takes an officer who asked into the team."""
    take_in(work, request_id=_request(work, place, place.officers[officer]), answer=words)


@verb
def invite(work: UnitOfWork, place: Place, *, officer: str, role: str = "team") -> None:
    """A lead asks an officer of another council to join."""
    ask_officer_to_join(work, slug=place.slug, address=place.addresses[officer], role=PersonRole(role))


@verb
def join(work: UnitOfWork, place: Place) -> None:
    """An officer who was asked says yes."""
    officer_id = work.actor.officer_id
    if officer_id is None:
        raise ValueError("only an officer joins")
    join_team(work, request_id=_request(work, place, officer_id))


def _request(work: UnitOfWork, place: Place, officer_id: UUID) -> UUID:
    query = select(JoinRequest.id).where(
        JoinRequest.project_id == place.project_id, JoinRequest.officer_id == officer_id
    )
    return work.session.scalars(query).one()


# Of a pledge: who decides on it


@verb
def name_person(work: UnitOfWork, place: Place, *, address: str) -> None:
    """Whoever offered names somebody by e-mail."""
    pledging.ask_by_mail(work, pledge_id=place.pledge, address=_address(address))


def _address(text: str) -> Address:
    address = address_from(text)
    if address is None:
        raise ValueError(f"{text} is not an address")
    return address


@verb
def ask_for_code(work: UnitOfWork, place: Place) -> None:
    """The person who was named asks for a code."""
    request = _newest_request(work, place)
    pledging.ask_code(work, token=request_token(place.secret_key, request), secret_key=place.secret_key)


@verb
def authorise_as_named(work: UnitOfWork, place: Place, *, person: MadeUpPerson, capacity: str) -> None:
    """The person who was named authorises, with the code that was sent."""
    request = _newest_request(work, place)
    newest = select(AuthorisationCode.id).where(AuthorisationCode.request_id == request)
    code_id = work.session.scalars(newest.order_by(AuthorisationCode.created_at.desc()).limit(1)).one()
    pledging.authorise_by_code(
        work, token=request_token(place.secret_key, request), secret_key=place.secret_key,
        code=code_of(place.secret_key, code_id), capacity=Capacity(capacity), grounds=NO_GROUNDS,
        statement=Statement(name=person.name, job_title=person.job_title, has_authority=True),
    )  # fmt: skip


def _newest_request(work: UnitOfWork, place: Place) -> UUID:
    query = select(AuthorisationRequest.id).where(AuthorisationRequest.pledge_id == place.pledge)
    return work.session.scalars(query.order_by(AuthorisationRequest.asked_at.desc()).limit(1)).one()


@verb
def set_aside(work: UnitOfWork, place: Place, *, reason: str) -> None:
    """An admin sets aside what somebody named by e-mail authorised."""
    pledging.set_aside_authorisation(work, pledge_id=place.pledge, reason=reason)


@verb
def ask_back(work: UnitOfWork, place: Place, *, words: str) -> None:
    """A lead asks the pledging council something."""
    pledging.ask_back_about_pledge(work, pledge_id=place.pledge, text=words)


@verb
def reply(work: UnitOfWork, place: Place, *, words: str) -> None:
    """The pledging council replies."""
    query = select(Question.id).where(Question.subject_id == place.pledge, Question.reply.is_(None))
    pledging.reply_for_council(work, question_id=work.session.scalars(query).one(), text=words)


# Of a pledge: what was given of it


@verb
def deliver(work: UnitOfWork, place: Place, *, amount: int, on_days_ago: int, note: str = "") -> None:
    """Either side records what was given on a day."""
    given = Given(amount=amount, delivered_on=place.day(on_days_ago), note=note)
    pledging.record_delivery(work, pledge_id=place.pledge, given=given)


@verb
def agree(work: UnitOfWork, place: Place) -> None:
    """The other side agrees the last delivery."""
    pledging.agree_delivery(work, delivery_id=_last_delivery(work, place))


@verb
def dispute(work: UnitOfWork, place: Place, *, amount: int, note: str) -> None:
    """The other side gives a lower figure for the last delivery."""
    pledging.dispute_delivery(work, delivery_id=_last_delivery(work, place), amount=amount, note=note)


def _last_delivery(work: UnitOfWork, place: Place) -> UUID:
    query = select(Delivery.id).where(Delivery.pledge_id == place.pledge)
    return work.session.scalars(query.order_by(Delivery.recorded_at.desc(), Delivery.id.desc()).limit(1)).one()


@verb
def miss(work: UnitOfWork, place: Place, *, note: str) -> None:
    """A lead says that the pledge has not come."""
    pledging.say_not_come(work, pledge_id=place.pledge, note=note)


@verb
def break_off(work: UnitOfWork, place: Place, *, reason: str) -> None:
    """The pledging council does not give what is left."""
    pledging.break_pledge(work, pledge_id=place.pledge, reason=reason)


@verb
def release(work: UnitOfWork, place: Place, *, reason: str) -> None:
    """A lead lets the council off what is left."""
    pledging.release_pledge(work, pledge_id=place.pledge, reason=reason)
