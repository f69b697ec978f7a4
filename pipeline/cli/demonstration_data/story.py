"""Tells what is made up as it would have happened: step by step, in order of time, through the same verbs as everybody.

Each step is work of its own, done by the officer whose step it is, with the clock set to its moment. So the event log
reads as if it had happened, sums and counters are right, and no rule is passed by.
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from pipeline.accounts.actions.limiting import set_council_authority, set_limit
from pipeline.accounts.limits import CouncilAuthority, Limit
from pipeline.accounts.models import Membership, Officer
from pipeline.accounts.queries import standing_now
from pipeline.cli.demonstration_data import (
    document_acts,
    talk,  # noqa: F401 (talk adds its verbs)
    webhook_acts,
)
from pipeline.cli.demonstration_data.acts import Place, carry_out
from pipeline.cli.demonstration_data.shapes import (
    MadeUpAct,
    MadeUpCondition,
    MadeUpNeed,
    MadeUpOfficer,
    MadeUpPledge,
    MadeUpProject,
    MadeUpSetting,
    MadeUpUpdate,
    MadeUpWebhook,
    act,
)
from pipeline.db.idempotency import AlreadyDone, Key, claim
from pipeline.db.work import UnitOfWork, unit_of_work
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import ANONYMOUS, Actor, Channel, system
from pipeline.pledges import actions as pledging
from pipeline.pledges.actions.deciding_dates import DECISION_DATES, take_decision
from pipeline.pledges.conditions import Condition, ConditionKind
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Capacity, Offer, PledgeStatus, Spending, financial_year
from pipeline.projects.actions.checking import ask_for_check
from pipeline.projects.actions.continuing import post_again
from pipeline.projects.actions.drafting import change_project, draft_project
from pipeline.projects.actions.joining import ask_officer_to_join
from pipeline.projects.actions.needs import add_need
from pipeline.projects.actions.publishing import publish_project
from pipeline.projects.actions.team import add_colleague
from pipeline.projects.actions.updates import draft_update, publish_update
from pipeline.projects.models import Need, Project, Update
from pipeline.projects.queries import project_seen_by
from pipeline.projects.rules import Mode, NeedKind, NeedTerms, PersonRole, ProjectDetails, ProjectStatus

OPERATOR = system("flask demonstration", Channel.COMMAND)
OWNER = "flask demonstration"
"""Whose steps are claimed, so that each is done once."""

NAMED = "somebody named by e-mail"
WORKING_DAY_BEGINS = time(9, 10)
DAYS_OF_DRAFTING = 4
"""Days between a project's first draft and its publication."""

UNPUBLISHED_DRAFT_DAYS_AGO = 6
WRAP = re.compile(r"(?<=\S)\n(?![ \t]*(?:\n|\||[-*#>] |\d+\. ))[ \t]*")
"""The end of a line that was broken to fit the file it stands in."""


def flowing(text: str) -> str:
    """A text with one line for each paragraph, as people type it: those who edit it see no broken lines."""
    return WRAP.sub(" ", text)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody did, and when. `place` keeps what belongs together in order where moments are the same."""

    moment: datetime
    place: int
    actor: Actor
    do: Callable[[UnitOfWork], object]


@dataclass(slots=True)
class Story:
    """The steps of everything made up, told up to `now`, with the `secret_key` that links and codes are made with.

    Each step is done once: one that an earlier, interrupted telling did is known by its place and passed over.
    """

    now: datetime
    secret_key: str = ""
    places: dict[str, tuple[UUID, UUID | None]] = field(default_factory=dict)
    """Each officer's id and the id of the council they act for, by the officer's key; a coordinator has none."""
    addresses: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    found: dict[tuple[str, ...], UUID] = field(default_factory=dict)
    """The ids of projects, needs and pledges that were looked up once, by their keys."""

    @property
    def today(self) -> date:
        return clock.uk_date(self.now)

    def tell(
        self,
        projects: tuple[MadeUpProject, ...],
        told: Callable[[int, int], None],
        settings: tuple[MadeUpSetting, ...] = (),
        documents: tuple[MadeUpAct, ...] = (),
        titles: Mapping[str, str] | None = None,
        webhooks: tuple[MadeUpWebhook, ...] = (),
    ) -> None:
        """Do every step of these, in order of time. `told` is called with how many of how many are done.

        `documents` are what happens to shared documents and lessons; `titles` says what their keys are called.
        """
        for setting in settings:
            self._plan_setting(setting)
        for number, project in enumerate(projects):
            self._plan_project(project, number, {one.key: one for one in projects})
        desk = document_acts.Desk(self.today, titles or {}, {one.key: one.title for one in projects})
        for place, one in enumerate(documents):
            self._plan_at_desk(desk, one, place)
        for webhook in webhooks:
            self._plan_webhook(webhook)
        ordered = sorted(self.steps, key=lambda step: (step.moment, step.place))
        moment = ordered[0].moment if ordered else self.now
        for done, step in enumerate(ordered, start=1):
            # A second apart at least, so that the log never reads backwards.
            moment = max(min(step.moment, self.now), moment + timedelta(seconds=1))
            with clock.at(moment), suppress(AlreadyDone), unit_of_work(step.actor) as work:
                work.actor = standing_now(work)
                claim(work.session, Key(OWNER, "story", str(step.place), ""), self.now)
                step.do(work)
            told(done, len(ordered))

    def find_people(self, work: UnitOfWork, officers: tuple[MadeUpOfficer, ...]) -> None:
        """Look up who the made-up officers of councils are, and for which council each acts."""
        query = select(Officer.address, Officer.id, Membership.council_id).outerjoin(
            Membership, Membership.officer_id == Officer.id
        )
        places = {address: (officer_id, council_id) for address, officer_id, council_id in work.session.execute(query)}
        self.places = {one.key: places[one.address] for one in officers}
        self.addresses = {one.key: one.address for one in officers}

    # When, and who

    def _moment(self, days_ago: int, hours: float = 0.0) -> datetime:
        """A moment of a day as many days ago, so many hours into its working day."""
        begins = datetime.combine(self.today - timedelta(days=days_ago), WORKING_DAY_BEGINS, clock.UK)
        return begins.astimezone(self.now.tzinfo) + timedelta(hours=hours)

    def _day(self, in_days: int | None) -> date | None:
        return None if in_days is None else self.today + timedelta(days=in_days)

    def _add(self, moment: datetime, who: str | None, do: Callable[[UnitOfWork], object]) -> None:
        """Plan a step of an officer, of somebody without an account (NAMED), or (None) of the clock."""
        self.steps.append(Step(moment, len(self.steps), self._actor(who), do))

    def _actor(self, who: str | None) -> Actor:
        return Actor(Channel.WEB, *self.places[who]) if who and who != NAMED else ANONYMOUS if who else OPERATOR

    # Settings

    def _plan_setting(self, told: MadeUpSetting) -> None:
        _officer_id, council_id = self.places[told.admin]
        assert council_id is not None  # noqa: S101 (an admin is one of a council)

        def change(work: UnitOfWork) -> None:
            if told.officer is None:
                rule_on = self._day(None if told.rule_days_ago is None else -told.rule_days_ago)
                set_council_authority(work, council_id=council_id, authority=CouncilAuthority(standing_rule_on=rule_on))
                return
            officer_id, _council_id = self.places[told.officer]
            query = select(Membership.id).where(
                Membership.officer_id == officer_id, Membership.council_id == council_id
            )
            limit = Limit(half_days=told.half_days, pence=told.pence)
            set_limit(work, membership_id=work.session.scalars(query).one(), council_id=council_id, limit=limit)

        self._add(self._moment(told.days_ago), told.admin, change)

    def _plan_webhook(self, told: MadeUpWebhook) -> None:
        made = self._moment(told.days_ago, 2)
        self._add(made, told.officer, partial(webhook_acts.make, told=told))
        self._add(made + timedelta(seconds=3), None, partial(webhook_acts.verify, told=told))

    # Projects

    def _plan_project(self, told: MadeUpProject, number: int, known: Mapping[str, MadeUpProject]) -> None:
        hours = number % 5 * 0.7
        earlier = known.get(told.continues or "")
        is_draft = told.status == ProjectStatus.DRAFT or told.published_days_ago is None
        days_ago = UNPUBLISHED_DRAFT_DAYS_AGO if is_draft else (told.published_days_ago or 0) + DAYS_OF_DRAFTING
        begun = self._moment(days_ago, hours)
        self._add(begun, told.leads[0], lambda work: self._draft(work, told, earlier))
        for key in (*told.leads[1:], *told.team):
            if self.places[key][1] != self.places[told.leads[0]][1]:
                self._add(begun + timedelta(hours=1), key, self._act(told, act(0, key, "join")))
        if not is_draft:
            self._add(self._moment(told.published_days_ago or 0, hours), told.leads[0], partial(self._publish, told))
        for pledge in told.pledges:
            self._plan_pledge(told, pledge, hours)
        for update in told.updates:
            self._plan_update(told, update, hours)
        for place, one in enumerate(told.acts):
            self._add(self._moment(one.days_ago, 4 + hours + place * 0.1), one.who, self._act(told, one))
        if told.decision_in_days is not None and told.decision_in_days < 0:
            self._add(self._moment(-told.decision_in_days - 1, -9), None, partial(self._decide, told))

    def _draft(self, work: UnitOfWork, told: MadeUpProject, earlier: MadeUpProject | None) -> None:
        """Begin a project, or one that ended anew, and write all of it."""
        if earlier is None:
            project = draft_project(work, title=told.title, is_trial=told.is_trial, language=told.language)
        else:
            project = post_again(work, slug=self._project(work, earlier).address)
        work.session.flush()
        slug = str(project.id)
        change_project(work, slug=slug, version=project.version, details=self._details(told))
        for need in told.needs if earlier is None else ():
            add_need(work, slug=slug, terms=_terms(need))
        for keys, role in ((told.leads[1:], PersonRole.LEAD), (told.team, PersonRole.TEAM)):
            for key in keys:
                officer_id, council_id = self.places[key]
                if council_id == project.council_id:
                    add_colleague(work, slug=slug, officer_id=officer_id, council_id=council_id, role=role)
                else:
                    ask_officer_to_join(work, slug=slug, address=self.addresses[key], role=role)

    def _details(self, told: MadeUpProject) -> ProjectDetails:
        is_past = told.ended_years_ago is not None
        first_in_days = told.decision_in_days if told.first_decision_in_days is None else told.first_decision_in_days
        return ProjectDetails(
            title=told.title, summary=told.summary, problem=written(flowing(told.problem), under=2),
            themes=told.themes, phase=told.phase, mode=Mode(told.mode),
            decision_on=self._day(first_in_days),
            least_councils=told.least_councils,
            is_under_way=told.status == ProjectStatus.GOING_AHEAD and not told.needs, is_past=is_past,
            year_ended=self.today.year - (told.ended_years_ago or 0) if is_past else None,
            outcome=written(flowing(told.outcome if is_past else ""), under=2), language=told.language,
        )  # fmt: skip

    def _publish(self, told: MadeUpProject, work: UnitOfWork) -> None:
        project = self._project(work, told)
        publish_project(work, slug=str(project.id), version=project.version)

    def _decide(self, told: MadeUpProject, work: UnitOfWork) -> None:
        """The decision date has ended: the clock takes the decision."""
        with work.acting_as(system(DECISION_DATES)):
            take_decision(work, project=project_seen_by(work, self._project(work, told).address, lock=True))

    def _project(self, work: UnitOfWork, told: MadeUpProject) -> Project:
        return work.session.get_one(Project, self._project_id(work, told))

    def _project_id(self, work: UnitOfWork, told: MadeUpProject) -> UUID:
        _officer_id, council_id = self.places[told.leads[0]]
        query = select(Project.id).where(Project.council_id == council_id, Project.title == told.title)
        return self._once(work, query, told.key)

    def _once(self, work: UnitOfWork, query: Select[UUID], *keys: str) -> UUID:
        """The one id a query finds, asked for once."""
        if keys not in self.found:
            self.found[keys] = work.session.scalars(query).one()
        return self.found[keys]

    def _act(
        self, told: MadeUpProject, one: MadeUpAct, pledge: MadeUpPledge | None = None
    ) -> Callable[[UnitOfWork], None]:
        """One more thing done to a project or to a pledge of it."""

        def do(work: UnitOfWork) -> None:
            project = self._project(work, told)
            place = Place(
                today=self.today, slug=project.address, project_id=project.id, addresses=self.addresses,
                officers={key: officer_id for key, (officer_id, _council_id) in self.places.items()},
                secret_key=self.secret_key, pledge_id=self._pledge(work, told, pledge) if pledge else None,
            )  # fmt: skip
            carry_out(work, place, one.verb, one.values)

        return do

    # Shared documents and lessons

    def _plan_at_desk(self, desk: document_acts.Desk, told: MadeUpAct, place: int) -> None:
        """A thing that was done to a document or lesson, in the afternoon, a minute after what stands before it."""
        moment = self._moment(told.days_ago, 5) + timedelta(minutes=place)
        self._add(moment, told.who, lambda work: document_acts.carry_out(work, desk, told.verb, told.values))

    # Pledges

    def _plan_pledge(self, told: MadeUpProject, pledge: MadeUpPledge, hours: float) -> None:
        place = hours + len(self.steps) % 7 * 0.1

        def step(do: Callable[[UnitOfWork, UUID], object]) -> Callable[[UnitOfWork], object]:
            return lambda work: do(work, self._pledge(work, told, pledge))

        offered = self._moment(pledge.offered_days_ago, 1 + place)
        self._add(offered, pledge.officer, lambda work: self._offer(work, told, pledge))
        if pledge.named is not None:
            address = f"{pledge.named.key}@{pledge.council}.example"
            naming = act(0, pledge.officer, "name_person", address=address)
            self._add(offered + timedelta(minutes=4), pledge.officer, self._act(told, naming, pledge))
        if pledge.authorised_days_ago is not None:
            self._plan_authorisation(told, pledge, self._moment(pledge.authorised_days_ago, 3 + place))
        if pledge.accepted_days_ago is not None:
            accept = step(lambda work, pledge_id: pledging.accept_pledge(work, pledge_id=pledge_id))
            self._add(self._moment(pledge.accepted_days_ago, 5 + place), pledge.answerer, accept)
        for number, one in enumerate(pledge.acts):
            moment = self._moment(one.days_ago, 6 + place + number * 0.1)
            self._add(moment, one.who, self._act(told, one, pledge))
        self._plan_end(pledge, place, step)

    def _plan_authorisation(self, told: MadeUpProject, pledge: MadeUpPledge, moment: datetime) -> None:
        """How its council agreed: by an authoriser or the person named; its standing rule needs no step."""
        capacity = pledge.capacity
        if pledge.authoriser is not None:
            self._add(
                moment,
                pledge.authoriser,
                lambda work: pledging.authorise_pledge(
                    work, pledge_id=self._pledge(work, told, pledge), capacity=Capacity(capacity)
                ),
            )
        elif pledge.named is not None:
            self._add(moment, NAMED, self._act(told, act(0, NAMED, "ask_for_code"), pledge))
            agreeing = act(0, NAMED, "authorise_as_named", person=pledge.named, capacity=capacity)
            self._add(moment + timedelta(minutes=3), NAMED, self._act(told, agreeing, pledge))

    def _plan_end(
        self, pledge: MadeUpPledge, place: float, step: Callable[..., Callable[[UnitOfWork], object]]
    ) -> None:
        """How a pledge ended by one of the earlier acts, if it did: by whom depends on how."""
        reason = pledge.reason or ""
        ends: dict[str, tuple[str | None, Callable[[UnitOfWork, UUID], object]]] = {
            PledgeStatus.REFUSED: (
                pledge.authoriser, lambda work, one: pledging.refuse_pledge(work, pledge_id=one, reason=reason),
            ),
            PledgeStatus.DECLINED: (
                pledge.answerer, lambda work, one: pledging.decline_pledge(work, pledge_id=one, reason=reason),
            ),
            PledgeStatus.WITHDRAWN: (
                pledge.officer, lambda work, one: pledging.withdraw_pledge(work, pledge_id=one, reason=reason),
            ),
            PledgeStatus.LAPSED: (None, lambda work, one: pledging.lapse_pledge(work, pledge_id=one)),
        }  # fmt: skip
        if pledge.status not in ends or pledge.ended_days_ago is None:
            return
        who, do = ends[pledge.status]
        if pledge.status == PledgeStatus.LAPSED:
            moment = self._moment(-pledge.sign_off_in_days - 1, -9)
        else:
            moment = self._moment(pledge.ended_days_ago, 6 + place)
        self._add(moment, who, step(do))

    def _offer(self, work: UnitOfWork, told: MadeUpProject, pledge: MadeUpPledge) -> None:
        need = self._need(work, told, pledge.need)
        offer = self._terms_of_offer(work, told, pledge, need)
        pledging.offer_pledge(work, need_id=need.id, offer=offer)

    def _terms_of_offer(self, work: UnitOfWork, told: MadeUpProject, pledge: MadeUpPledge, need: Need) -> Offer:
        sign_off_by = self.today + timedelta(days=pledge.sign_off_in_days)
        project = self._project(work, told)
        if project.decision_on is not None and project.status == ProjectStatus.OPEN:
            sign_off_by = min(sign_off_by, project.decision_on)
        stands_until = self._day(pledge.stands_until_in_days)
        if stands_until is not None:
            sign_off_by = min(sign_off_by, stands_until)
        year = financial_year(clock.uk_date(work.now)) if need.kind == NeedKind.FUNDING else None
        return Offer(
            amount=pledge.amount, sign_off_by=sign_off_by, message=pledge.message,
            from_on=self._day(pledge.from_in_days), to_on=self._day(pledge.to_in_days),
            first_financial_year=year, last_financial_year=year,
            spending=Spending(pledge.spending) if pledge.spending else None, worth_pence=pledge.worth_pence,
            conditions=tuple(self._condition(work, told, one) for one in pledge.conditions), stands_until=stands_until,
        )  # fmt: skip

    def _condition(self, work: UnitOfWork, told: MadeUpProject, one: MadeUpCondition) -> Condition:
        return Condition(
            kind=ConditionKind(one.kind), at_least=one.at_least, unit=NeedKind(one.unit) if one.unit else None,
            need_id=self._need_id(work, told, one.need) if one.need else None, of_kind=one.of_kind,
            of_nation=one.of_nation, of_region=one.of_region,
        )  # fmt: skip

    def _need(self, work: UnitOfWork, told: MadeUpProject, key: str) -> Need:
        return work.session.get_one(Need, self._need_id(work, told, key))

    def _need_id(self, work: UnitOfWork, told: MadeUpProject, key: str) -> UUID:
        title = next(need.title for need in told.needs if need.key == key)
        query = select(Need.id).where(Need.project_id == self._project_id(work, told), Need.title == title)
        return self._once(work, query, told.key, key)

    def _pledge(self, work: UnitOfWork, told: MadeUpProject, pledge: MadeUpPledge) -> UUID:
        officer_id, _council_id = self.places[pledge.officer]
        need_id = self._need_id(work, told, pledge.need)
        query = select(Pledge.id).where(
            Pledge.need_id == need_id, Pledge.officer_id == officer_id, Pledge.message == pledge.message
        )
        return self._once(work, query, told.key, pledge.need, pledge.officer, pledge.message)

    # Updates

    def _plan_update(self, told: MadeUpProject, update: MadeUpUpdate, hours: float) -> None:
        days_ago = update.published_days_ago
        begun = self._moment(1 if days_ago is None else days_ago + 1, 2 + hours)
        self._add(begun, update.author, lambda work: self._write(work, told, update))
        if update.checker is not None:
            checker_id, _council_id = self.places[update.checker]

            def ask(work: UnitOfWork) -> None:
                ask_for_check(work, officer_id=checker_id, update_id=self._update(work, told, update).id)

            self._add(begun + timedelta(hours=1), update.author, ask)
        if days_ago is not None:
            lead = update.author if update.author in told.leads else told.leads[0]
            self._add(self._moment(days_ago, 4 + hours), lead, lambda work: self._publish_update(work, told, update))

    def _write(self, work: UnitOfWork, told: MadeUpProject, update: MadeUpUpdate) -> None:
        slug = str(self._project_id(work, told))
        body = written(flowing(update.body))
        draft_update(work, slug=slug, title=update.title, body=body, language=update.language)

    def _publish_update(self, work: UnitOfWork, told: MadeUpProject, update: MadeUpUpdate) -> None:
        known = self._update(work, told, update)
        publish_update(work, update_id=known.id, version=known.version)

    def _update(self, work: UnitOfWork, told: MadeUpProject, update: MadeUpUpdate) -> Update:
        project_id = self._project_id(work, told)
        query = select(Update).where(Update.project_id == project_id, Update.title == update.title)
        return work.session.scalars(query).one()


def _terms(need: MadeUpNeed) -> NeedTerms:
    values: dict[str, Any] = {
        name: getattr(need, name)
        for name in ("title", "target", "is_essential", "is_capped", "profession", "thing", "description")
    }
    return NeedTerms(kind=NeedKind(need.kind), **values)
