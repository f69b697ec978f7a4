"""Tells what is made up as it would have happened: step by step, in order of time, through the same verbs as everybody.

Each step is work of its own, done by the officer whose step it is, with the clock set to its moment. So the event log
reads as if it had happened, sums and counters are right, and no rule is passed by.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from pipeline.accounts.models import Membership, Officer
from pipeline.accounts.queries import standing_now
from pipeline.cli.demonstration_data.shapes import MadeUpNeed, MadeUpOfficer, MadeUpPledge, MadeUpProject, MadeUpUpdate
from pipeline.db.work import UnitOfWork, unit_of_work
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import Actor, Channel, system
from pipeline.pledges import actions as pledging
from pipeline.pledges.models import Pledge
from pipeline.pledges.rules import Capacity, Offer, PledgeStatus, Spending, financial_year
from pipeline.projects.actions.checking import ask_for_check
from pipeline.projects.actions.drafting import change_project, draft_project
from pipeline.projects.actions.needs import add_need
from pipeline.projects.actions.publishing import publish_project
from pipeline.projects.actions.team import add_colleague
from pipeline.projects.actions.updates import draft_update, publish_update
from pipeline.projects.models import Check, Need, Project, Update
from pipeline.projects.rules import Mode, NeedKind, NeedTerms, PersonRole, ProjectDetails, ProjectStatus, UpdateStatus

OPERATOR = system("flask demonstration", Channel.COMMAND)
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
    who: str | None
    do: Callable[[UnitOfWork], object]


@dataclass(slots=True)
class Story:
    """The steps of everything made up, told up to `now`.

    What an earlier, interrupted telling did is found again by what it left, and passed over.
    """

    now: datetime
    places: dict[str, tuple[UUID, UUID]] = field(default_factory=dict)
    """Each officer's id and the id of the council they act for, by the officer's key."""
    steps: list[Step] = field(default_factory=list)

    @property
    def today(self) -> date:
        return clock.uk_date(self.now)

    def tell(self, projects: tuple[MadeUpProject, ...], told: Callable[[int, int], None]) -> None:
        """Do every step of these projects, in order of time. `told` is called with how many of how many are done."""
        for number, project in enumerate(projects):
            self._plan_project(project, number)
        ordered = sorted(self.steps, key=lambda step: (step.moment, step.place))
        moment = ordered[0].moment if ordered else self.now
        for done, step in enumerate(ordered, start=1):
            # A second apart at least, so that the log never reads backwards.
            moment = max(min(step.moment, self.now), moment + timedelta(seconds=1))
            actor = OPERATOR if step.who is None else Actor(Channel.WEB, *self.places[step.who])
            with clock.at(moment), unit_of_work(actor) as work:
                work.actor = standing_now(work)
                step.do(work)
            told(done, len(ordered))

    def find_people(self, work: UnitOfWork, officers: tuple[MadeUpOfficer, ...]) -> None:
        """Look up who the made-up officers of councils are, and for which council each acts."""
        query = select(Officer.address, Membership.officer_id, Membership.council_id).join(
            Officer, Officer.id == Membership.officer_id
        )
        places = {address: (officer_id, council_id) for address, officer_id, council_id in work.session.execute(query)}
        self.places = {one.key: places[one.address] for one in officers if one.council}

    # When

    def _moment(self, days_ago: int, hours: float = 0.0) -> datetime:
        """A moment of a day as many days ago, so many hours into its working day."""
        begins = datetime.combine(self.today - timedelta(days=days_ago), WORKING_DAY_BEGINS, clock.UK)
        return begins.astimezone(self.now.tzinfo) + timedelta(hours=hours)

    def _day(self, in_days: int | None) -> date | None:
        return None if in_days is None else self.today + timedelta(days=in_days)

    def _add(self, moment: datetime, who: str | None, do: Callable[[UnitOfWork], object]) -> None:
        self.steps.append(Step(moment, len(self.steps), who, do))

    # Projects

    def _plan_project(self, told: MadeUpProject, number: int) -> None:
        hours = number % 5 * 0.7
        published_days_ago = told.published_days_ago
        is_draft = told.status == ProjectStatus.DRAFT
        if is_draft or published_days_ago is None:
            self._add(
                self._moment(UNPUBLISHED_DRAFT_DAYS_AGO, hours), told.leads[0], lambda work: self._draft(work, told)
            )
        else:
            begun = self._moment(published_days_ago + DAYS_OF_DRAFTING, hours)
            self._add(begun, told.leads[0], lambda work: self._draft(work, told))
            published = self._moment(published_days_ago, hours)
            self._add(published, told.leads[0], lambda work: self._publish(work, told))
        for pledge in told.pledges:
            self._plan_pledge(told, pledge, hours)
        for update in told.updates:
            self._plan_update(told, update, hours)

    def _draft(self, work: UnitOfWork, told: MadeUpProject) -> None:
        """Begin a project and write all of it."""
        if work.session.scalars(self._projects(told)).first() is not None:
            return
        project = draft_project(work, title=told.title, is_trial=told.is_trial, language=told.language)
        work.session.flush()
        slug = str(project.id)
        change_project(work, slug=slug, version=project.version, details=self._details(told))
        for need in told.needs:
            add_need(work, slug=slug, terms=_terms(need))
        people = [(key, PersonRole.LEAD) for key in told.leads[1:]] + [(key, PersonRole.TEAM) for key in told.team]
        for key, role in people:
            officer_id, council_id = self.places[key]
            add_colleague(work, slug=slug, officer_id=officer_id, council_id=council_id, role=role)

    def _details(self, told: MadeUpProject) -> ProjectDetails:
        is_past = told.status == ProjectStatus.FINISHED
        return ProjectDetails(
            title=told.title, summary=told.summary, problem=written(flowing(told.problem), under=2),
            themes=told.themes, phase=told.phase, mode=Mode(told.mode), decision_on=self._day(told.decision_in_days),
            is_under_way=told.status == ProjectStatus.GOING_AHEAD, is_past=is_past,
            year_ended=self.today.year - (told.ended_years_ago or 0) if is_past else None,
            outcome=written(flowing(told.outcome), under=2), language=told.language,
        )  # fmt: skip

    def _publish(self, work: UnitOfWork, told: MadeUpProject) -> None:
        project = self._project(work, told)
        if project.status == ProjectStatus.DRAFT:
            publish_project(work, slug=str(project.id), version=project.version)

    def _project(self, work: UnitOfWork, told: MadeUpProject) -> Project:
        return work.session.scalars(self._projects(told)).one()

    def _projects(self, told: MadeUpProject) -> Select[Any]:
        _officer_id, council_id = self.places[told.leads[0]]
        return select(Project).where(Project.council_id == council_id, Project.title == told.title)

    # Pledges

    def _plan_pledge(self, told: MadeUpProject, pledge: MadeUpPledge, hours: float) -> None:
        place = hours + len(self.steps) % 7 * 0.1

        def act(do: Callable[[UnitOfWork, Pledge], object], at_first: PledgeStatus) -> Callable[[UnitOfWork], None]:
            def step(work: UnitOfWork) -> None:
                known = work.session.scalars(self._pledges(work, told, pledge)).one()
                if known.status == at_first:
                    do(work, known)

            return step

        self._add(
            self._moment(pledge.offered_days_ago, 1 + place),
            pledge.officer,
            lambda work: self._offer(work, told, pledge),
        )
        if pledge.authorised_days_ago is not None:
            authorise = act(
                lambda work, one: pledging.authorise_pledge(work, pledge_id=one.id, capacity=Capacity(pledge.capacity)),
                PledgeStatus.OFFERED,
            )
            self._add(self._moment(pledge.authorised_days_ago, 3 + place), pledge.authoriser, authorise)
        if pledge.accepted_days_ago is not None:
            accept = act(lambda work, one: pledging.accept_pledge(work, pledge_id=one.id), PledgeStatus.AUTHORISED)
            self._add(self._moment(pledge.accepted_days_ago, 5 + place), pledge.answerer, accept)
        self._plan_end(pledge, place, act)

    def _plan_end(self, pledge: MadeUpPledge, place: float, act: Callable[..., Callable[[UnitOfWork], None]]) -> None:
        """How a pledge ended, if it did: by whom depends on how."""
        reason = pledge.reason or ""
        ends: dict[str, tuple[str | None, Callable[[UnitOfWork, Pledge], object]]] = {
            PledgeStatus.REFUSED: (
                pledge.authoriser, lambda work, one: pledging.refuse_pledge(work, pledge_id=one.id, reason=reason),
            ),
            PledgeStatus.DECLINED: (
                pledge.answerer, lambda work, one: pledging.decline_pledge(work, pledge_id=one.id, reason=reason),
            ),
            PledgeStatus.WITHDRAWN: (
                pledge.officer, lambda work, one: pledging.withdraw_pledge(work, pledge_id=one.id, reason=reason),
            ),
            PledgeStatus.LAPSED: (None, lambda work, one: pledging.lapse_pledge(work, pledge_id=one.id)),
        }  # fmt: skip
        if pledge.status not in ends:
            return
        who, do = ends[pledge.status]
        before = PledgeStatus.OFFERED
        if pledge.authorised_days_ago is not None:
            before = PledgeStatus.ACCEPTED if pledge.accepted_days_ago is not None else PledgeStatus.AUTHORISED
        if pledge.status == PledgeStatus.LAPSED:
            moment = self._moment(-pledge.sign_off_in_days - 1, -9)
        else:
            moment = self._moment(pledge.ended_days_ago or 0, 6 + place)
        self._add(moment, who, act(do, before))

    def _offer(self, work: UnitOfWork, told: MadeUpProject, pledge: MadeUpPledge) -> None:
        if work.session.scalars(self._pledges(work, told, pledge)).first() is not None:
            return
        need = self._need(work, told, pledge.need)
        project = self._project(work, told)
        pledging.offer_pledge(work, need_id=need.id, offer=self._terms_of_offer(pledge, NeedKind(need.kind), project))

    def _terms_of_offer(self, pledge: MadeUpPledge, kind: NeedKind, project: Project) -> Offer:
        sign_off_by = self.today + timedelta(days=pledge.sign_off_in_days)
        if project.decision_on is not None:
            sign_off_by = min(sign_off_by, project.decision_on)
        year = financial_year(self.today) if kind is NeedKind.FUNDING else None
        return Offer(
            amount=pledge.amount, sign_off_by=sign_off_by, message=pledge.message,
            from_on=self._day(pledge.from_in_days), to_on=self._day(pledge.to_in_days),
            first_financial_year=year, last_financial_year=year,
            spending=Spending(pledge.spending) if pledge.spending else None, worth_pence=pledge.worth_pence,
        )  # fmt: skip

    def _need(self, work: UnitOfWork, told: MadeUpProject, key: str) -> Need:
        title = next(need.title for need in told.needs if need.key == key)
        project = self._project(work, told)
        return work.session.scalars(select(Need).where(Need.project_id == project.id, Need.title == title)).one()

    def _pledges(self, work: UnitOfWork, told: MadeUpProject, pledge: MadeUpPledge) -> Select[Any]:
        officer_id, _council_id = self.places[pledge.officer]
        need = self._need(work, told, pledge.need)
        return select(Pledge).where(
            Pledge.need_id == need.id, Pledge.officer_id == officer_id, Pledge.message == pledge.message
        )

    # Updates

    def _plan_update(self, told: MadeUpProject, update: MadeUpUpdate, hours: float) -> None:
        days_ago = update.published_days_ago
        begun = self._moment(1 if days_ago is None else days_ago + 1, 2 + hours)
        self._add(begun, update.author, lambda work: self._write(work, told, update))
        if update.checker is not None:
            checker_id, _council_id = self.places[update.checker]

            def ask(work: UnitOfWork) -> None:
                known = work.session.scalars(self._updates(work, told, update)).one()
                asked = select(Check.id).where(Check.subject_id == known.id, Check.officer_id == checker_id)
                if work.session.scalar(asked) is None:
                    ask_for_check(work, officer_id=checker_id, update_id=known.id)

            self._add(begun + timedelta(hours=1), update.author, ask)
        if days_ago is not None:
            lead = update.author if update.author in told.leads else told.leads[0]
            self._add(self._moment(days_ago, 4 + hours), lead, lambda work: self._publish_update(work, told, update))

    def _write(self, work: UnitOfWork, told: MadeUpProject, update: MadeUpUpdate) -> None:
        if work.session.scalars(self._updates(work, told, update)).first() is None:
            slug = str(self._project(work, told).id)
            body = written(flowing(update.body))
            draft_update(work, slug=slug, title=update.title, body=body, language=update.language)

    def _publish_update(self, work: UnitOfWork, told: MadeUpProject, update: MadeUpUpdate) -> None:
        known = work.session.scalars(self._updates(work, told, update)).one()
        if known.status == UpdateStatus.DRAFT:
            publish_update(work, update_id=known.id, version=known.version)

    def _updates(self, work: UnitOfWork, told: MadeUpProject, update: MadeUpUpdate) -> Select[Any]:
        project = self._project(work, told)
        return select(Update).where(Update.project_id == project.id, Update.title == update.title)


def _terms(need: MadeUpNeed) -> NeedTerms:
    values: dict[str, Any] = {
        name: getattr(need, name)
        for name in ("title", "target", "is_essential", "is_capped", "profession", "thing", "description")
    }
    return NeedTerms(kind=NeedKind(need.kind), **values)
