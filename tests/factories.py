"""Builders with defaults that say nothing: a test states only what matters to it.

Rows are put straight into the tables, so counters stay as given: tests of sums go through the actions.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from pipeline.accounts.models import ApiToken, Membership, MembershipRole, Officer, PlatformRole, SignInSession
from pipeline.accounts.rules import address_from, hash_of
from pipeline.accounts.tokens import Scope, hash_of_token, scopes_text
from pipeline.accounts.tokens import new_token as new_api_token
from pipeline.councils.models import Council, CouncilDomain, CouncilFormerCode, CouncilSuccession
from pipeline.db.engine import WRITES, database
from pipeline.db.listeners import FailedEvent
from pipeline.db.log import LoggedEvent
from pipeline.db.outbox import OutboxMessage
from pipeline.http.sessions import new_token
from pipeline.kernel import clock
from pipeline.kernel.actor import COUNCIL_ROLES, Actor, Channel, Role
from pipeline.kernel.ids import new_id
from pipeline.lessons.models import Lesson, LessonTheme
from pipeline.measures.models import Measure, MeasureReading
from pipeline.notifications.models import MailPreference
from pipeline.notifications.preferences import USUAL
from pipeline.pledges.models import Authorisation, Delivery, Pledge
from pipeline.projects.models import (
    Follow,
    Interest,
    JoinRequest,
    Need,
    Project,
    ProjectPerson,
    ProjectTheme,
    Question,
    Update,
)
from pipeline.spare_capacity.models import SpareCapacity
from pipeline.webhooks.models import Webhook, WebhookSecret

PASSWORD_HASH = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$unusable"
_numbers = count(1)


def key_of(address: str) -> str:
    """What tells the person behind an address, whichever way they write it."""
    read = address_from(address)
    assert read is not None, address
    return read.key_at(read.domain)


class Factory:
    """Makes rows of one application, each in its own transaction. Ids are known at once; rows are detached."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that saves what is added when the block ends."""
        with (
            self.app.app_context(),
            Session(database.engine.execution_options(**{WRITES: True}), expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
        # What is put in here tells no event, so pages that are kept until the next one would not show it.
        self.app.extensions["pipeline_kept_pages"].forget()

    def keep(self, *rows: Any) -> None:
        """Save rows, in this order."""
        with self.session() as session:
            for row in rows:
                session.add(row)
                session.flush()

    def council(self, name: str | None = None, *, domains: tuple[str, ...] = (), **values: Any) -> Council:
        """An active English district."""
        number = next(_numbers)
        name = name or f"Council {number}"
        defaults = {
            "id": new_id(), "slug": name.lower().replace(" ", "-"), "name": f"{name} Council", "short_name": name,
            "kind": "non-metropolitan district", "nation": "England", "region": "South West", "is_principal": True,
            "is_active": True, "gss_code": f"E07{900_000 + number}", "authority_code": f"T{number}",
        }  # fmt: skip
        council = Council(**defaults | values)
        self.keep(council, *(CouncilDomain(council_id=council.id, domain=one, is_observed=True) for one in domains))
        return council

    def succession(self, predecessor: Council, successor: Council) -> None:
        """One council follows another."""
        self.keep(CouncilSuccession(predecessor_id=predecessor.id, successor_id=successor.id))

    def former_code(self, council: Council, code: str) -> None:
        """A code or slug the council had before."""
        self.keep(CouncilFormerCode(code=code, council_id=council.id))

    def officer(self, council: Council | None = None, *roles: Role, **values: Any) -> Officer:
        """A verified officer, a member of the council if one is given, with further roles if any are."""
        number = next(_numbers)
        address = values.pop("address", f"officer{number}@council{number}.example")
        defaults = {
            "id": new_id(), "address": address,
            "person_key": key_of(address),
            "password_hash": PASSWORD_HASH, "name": f"Officer Number{number}", "job_title": "Digital officer",
            "created_at": clock.now(), "verified_at": clock.now(),
        }  # fmt: skip
        officer = Officer(**defaults | values)
        self.keep(officer)
        for role in roles:
            if role not in COUNCIL_ROLES:
                self.keep(PlatformRole(id=new_id(), officer_id=officer.id, role=role.value, given_at=clock.now()))
        if council is not None:
            self.membership(officer, council, *(role for role in roles if role in COUNCIL_ROLES))
        return officer

    def membership(self, officer: Officer, council: Council, *roles: Role, is_waiting: bool = False) -> Membership:
        """A place of an officer in a council, given long ago."""
        then = clock.now() - timedelta(days=30)
        membership = Membership(
            id=new_id(),
            officer_id=officer.id,
            council_id=council.id,
            asked_at=then,
            started_at=None if is_waiting else then,
        )
        extra = [role for role in roles if role is not Role.MEMBER]
        self.keep(
            membership,
            *(
                MembershipRole(id=new_id(), membership_id=membership.id, role=role.value, given_at=then)
                for role in extra
            ),
        )
        return membership

    def actor(self, officer: Officer, council: Council | None = None, *roles: Role) -> Actor:
        """The actor an officer is, for a council and in roles."""
        held = {*roles, Role.MEMBER} if council else set(roles)
        return Actor(Channel.WEB, officer.id, council.id if council else None, frozenset(held))

    def project(
        self, council: Council, lead: Officer | None = None, *, themes: tuple[str, ...] = ("housing",), **values: Any
    ) -> Project:
        """A published, open, all-or-nothing project; with status="draft" a draft."""
        number = next(_numbers)
        now = clock.now()
        status = values.get("status", "open")
        is_trial = values.get("is_trial", False)
        defaults = {
            "id": new_id(), "slug": None if status == "draft" else f"project-{number}", "council_id": council.id,
            "title": f"Project {number}", "summary": "A summary.",
            "problem": "A problem.", "problem_html": "<p>A problem.</p>", "phase": "discovery",
            "status": status, "mode": "all_or_nothing", "decision_on": clock.today() + timedelta(days=90),
            "is_public": status != "draft" and not is_trial and not values.get("is_hidden", False),
            "created_at": now, "updated_at": now, "published_at": None if status == "draft" else now, "sources": [],
            "last_sign_of_life_at": None if status == "draft" else now,
        }  # fmt: skip
        project = Project(**defaults | values)
        self.keep(
            project, *(ProjectTheme(project_id=project.id, theme=one, position=i) for i, one in enumerate(themes))
        )
        if lead is not None:
            self.person(project, lead, council, role="lead")
        return project

    def person(self, project: Project, officer: Officer, council: Council, role: str = "team") -> None:
        """Put an officer in a project's team, or among its leads."""
        self.keep(
            ProjectPerson(
                id=new_id(),
                project_id=project.id,
                officer_id=officer.id,
                council_id=council.id,
                role=role,
                started_at=clock.now(),
            )
        )

    def measure(self, project: Project, officer: Officer, **values: Any) -> Measure:
        """Days, of which fewer are better, with neither baseline nor target."""
        now = clock.now()
        defaults = {
            "id": new_id(), "project_id": project.id, "officer_id": officer.id, "name": "Days to answer",
            "kind": "outcome", "unit": "days", "better": "less", "created_at": now, "updated_at": now,
        }  # fmt: skip
        measure = Measure(**defaults | values)
        self.keep(measure)
        return measure

    def reading(self, measure: Measure, officer: Officer, council: Council, **values: Any) -> MeasureReading:
        """Nine half-days, measured today."""
        defaults = {
            "id": new_id(), "measure_id": measure.id, "project_id": measure.project_id, "council_id": council.id,
            "officer_id": officer.id, "value": 9, "read_on": clock.today(), "note": "", "recorded_at": clock.now(),
        }  # fmt: skip
        reading = MeasureReading(**defaults | values)
        self.keep(reading)
        return reading

    def need(self, project: Project, kind: str = "time", **values: Any) -> Need:
        """A welcome, uncapped need of 40 units."""
        number = next(_numbers)
        defaults = {
            "id": new_id(), "project_id": project.id, "position": number, "kind": kind, "title": f"Need {number}",
            "profession": "developer" if kind == "time" else None, "thing": "test group" if kind == "in_kind" else None,
            "target": 40, "is_essential": False, "is_capped": False,
            "created_at": clock.now(), "updated_at": clock.now(),
        }  # fmt: skip
        need = Need(**defaults | values)
        self.keep(need)
        return need

    def pledge(self, need: Need, council: Council, officer: Officer, **values: Any) -> Pledge:
        """An offered pledge of 4 units; later states have the moments they need. Sums are not touched."""
        now, today = clock.now(), clock.today()
        status = values.get("status", "offered")
        committed = status in ("committed", "delivered", "broken", "released")
        authorised = committed or status in ("authorised", "accepted")
        defaults = {
            "id": new_id(), "project_id": need.project_id, "need_id": need.id,
            "council_id": council.id, "officer_id": officer.id,
            "kind": need.kind, "amount": 4, "status": status, "message": "", "sign_off_by": today + timedelta(days=28),
            "from_on": today if need.kind == "time" else None,
            "to_on": today + timedelta(days=60) if need.kind == "time" else None,
            "first_financial_year": 2026 if need.kind == "funding" else None,
            "spending": "revenue" if need.kind == "funding" else None,
            "worth_pence": 100 if need.kind == "in_kind" else None, "offered_at": now, "updated_at": now,
            "authorised_at": now if authorised else None,
            "accepted_at": now if committed or status == "accepted" else None,
            "committed_at": now if committed else None,
            "person_key": officer.person_key, "is_counting": authorised, "is_agreed": committed or status == "accepted",
        }  # fmt: skip
        pledge = Pledge(**defaults | values)
        self.keep(pledge)
        return pledge

    def delivery(self, pledge: Pledge, officer: Officer, council: Council, **values: Any) -> Delivery:
        """A delivery of 2 units, recorded today by a lead and not yet answered. Sums are not touched."""
        now, today = clock.now(), clock.today()
        defaults = {
            "id": new_id(), "pledge_id": pledge.id, "amount": 2, "delivered_on": today, "side": "lead",
            "recorded_by": officer.id, "recorded_for": council.id, "recorded_at": now,
            "answer_due_on": today + timedelta(days=28),
        }  # fmt: skip
        delivery = Delivery(**defaults | values)
        self.keep(delivery)
        return delivery

    def authorisation(self, pledge: Pledge, officer: Officer) -> None:
        """Say who authorised a pledge."""
        self.keep(
            Authorisation(
                id=new_id(), pledge_id=pledge.id, officer_id=officer.id, council_id=pledge.council_id,
                capacity="budget-holder", authorised_at=clock.now(),
            )
        )  # fmt: skip

    def interest(self, project: Project, officer: Officer, council: Council, **values: Any) -> Interest:
        """A standing interest, *we have this problem too*, that names nobody. Counters stay as they are."""
        defaults = {
            "id": new_id(), "project_id": project.id, "officer_id": officer.id, "council_id": council.id,
            "kind": "problem_too", "message": "", "is_named": False, "status": "standing", "shown_at": clock.now(),
        }  # fmt: skip
        interest = Interest(**defaults | values)
        self.keep(interest)
        return interest

    def join_request(self, project: Project, officer: Officer, council: Council, **values: Any) -> JoinRequest:
        """An officer's own request to join the team; with `asked_by` somebody else an invitation."""
        defaults = {
            "id": new_id(), "project_id": project.id, "officer_id": officer.id, "council_id": council.id,
            "asked_by": officer.id, "role": "team", "message": "", "status": "asked", "asked_at": clock.now(),
            "answer": "",
        }  # fmt: skip
        request = JoinRequest(**defaults | values)
        self.keep(request)
        return request

    def question(self, project: Project, about: Any, lead: Officer, **values: Any) -> Question:
        """A question the leads put about a pledge, an interest or a request to join."""
        kinds = {Interest: "interest", JoinRequest: "join_request", Pledge: "pledge"}
        defaults = {
            "id": new_id(), "project_id": project.id, "subject_type": kinds[type(about)], "subject_id": about.id,
            "asked_by": lead.id, "text": "Since when?", "asked_at": clock.now(),
        }  # fmt: skip
        question = Question(**defaults | values)
        self.keep(question)
        return question

    def update(self, project: Project, officer: Officer, council: Council, **values: Any) -> Update:
        """A published update."""
        now = clock.now()
        status = values.get("status", "published")
        defaults = {
            "id": new_id(), "project_id": project.id, "title": "An update",
            "body": "Some news.", "body_html": "<p>Some news.</p>", "status": status,
            "officer_id": officer.id, "council_id": council.id, "created_at": now, "updated_at": now,
            "published_at": None if status == "draft" else now,
        }  # fmt: skip
        update = Update(**defaults | values)
        self.keep(update)
        return update

    def lesson(self, project: Project, officer: Officer, council: Council, **values: Any) -> Lesson:
        """A published lesson about housing; with status="draft" or "withdrawn" one that is not public."""
        now, number = clock.now(), next(_numbers)
        status = values.get("status", "published")
        defaults = {
            "id": new_id(), "slug": None if status == "draft" else f"lesson-{number}", "project_id": project.id,
            "council_id": council.id, "officer_id": officer.id, "title": f"Lesson {number}", "did": "We tried.",
            "did_html": "<p>We tried.</p>", "happened": "It went on.", "happened_html": "<p>It went on.</p>",
            "differently": "Less.", "differently_html": "<p>Less.</p>", "outcome": "worked", "status": status,
            "is_public": status == "published" and project.is_public, "created_at": now, "updated_at": now,
            "published_at": None if status == "draft" else now, "withdrawn_at": now if status == "withdrawn" else None,
        }  # fmt: skip
        lesson = Lesson(**defaults | values)
        self.keep(lesson, LessonTheme(lesson_id=lesson.id, theme="housing", position=0))
        return lesson

    def spare_capacity(self, council: Council, officer: Officer, **values: Any) -> SpareCapacity:
        """Ten half-days of a developer, from today for a year."""
        now, today = clock.now(), clock.today()
        is_time = values.get("kind", "time") == "time"
        defaults = {
            "id": new_id(), "council_id": council.id, "officer_id": officer.id, "kind": "time",
            "profession": "developer" if is_time else None, "thing": None if is_time else "Test group", "amount": 10,
            "from_on": today, "to_on": today + timedelta(days=365), "note": "", "listed_at": now, "changed_at": now,
        }  # fmt: skip
        spare = SpareCapacity(**defaults | values)
        self.keep(spare)
        return spare

    def failed_message(self, officer: Officer, **values: Any) -> OutboxMessage:
        """A message that was given up after its tries."""
        now = clock.now()
        defaults = {
            "id": new_id(), "kind": "account.password_changed", "officer_id": officer.id, "payload": {},
            "dedupe_key": str(new_id()), "created_at": now, "next_try_at": now, "tries": 10, "given_up_at": now,
            "failed_at": now, "last_problem": "the mail server said 550 no",
        }  # fmt: skip
        message = OutboxMessage(**defaults | values)
        self.keep(message)
        return message

    def failed_event(self, **values: Any) -> FailedEvent:
        """An event that the mail listener has given up on."""
        now, number = clock.now(), next(_numbers) + 1_000_000
        event = LoggedEvent(
            sequence=number, id=new_id(), name="pledge.offered", version=1, occurred_at=now, officer_id=None,
            system=None, council_id=None, channel="web", subject_type="pledge", subject_id=new_id(), project_id=None,
            audience="operators", payload={},
        )  # fmt: skip
        defaults = {
            "id": new_id(), "listener": "mail", "sequence": number, "tries": 10, "next_try_at": now,
            "given_up_at": now, "problem": "ValueError: no",
        }  # fmt: skip
        failed = FailedEvent(**defaults | values)
        self.keep(event, failed)
        return failed

    def webhook(self, council: Council, officer: Officer, **values: Any) -> Webhook:
        """A webhook that is active, with a secret, and was told of nothing yet."""
        now = clock.now()
        defaults = {
            "id": new_id(), "council_id": council.id, "officer_id": officer.id, "kinds": [], "status": "active",
            "address": "https://hooks.council.example/", "verified_at": now, "made_at": now, "changed_at": now,
        }  # fmt: skip
        webhook = Webhook(**defaults | values)
        self.keep(webhook, WebhookSecret(id=new_id(), webhook_id=webhook.id, made_at=now))
        return webhook

    def follow(
        self, officer: Officer, subject_type: str, subject_id: UUID, council: Council | None = None, **values: Any
    ) -> Follow:
        """An officer follows something."""
        defaults = {
            "id": new_id(), "officer_id": officer.id, "council_id": council.id if council else None,
            "subject_type": subject_type, "subject_id": subject_id, "followed_at": clock.now(),
        }  # fmt: skip
        follow = Follow(**defaults | values)
        self.keep(follow)
        return follow

    def prefers(self, officer: Officer, **values: Any) -> None:
        """What an officer chose about e-mails; the rest stays as it is for who has chosen nothing."""
        usual = {sort.value: how.value for sort, how in USUAL.items()}
        self.keep(MailPreference(officer_id=officer.id, **usual | values))

    def token(
        self, officer: Officer, council: Council, *scopes: Scope, lasts: timedelta = timedelta(days=90), **values: Any
    ) -> dict[str, str]:
        """The header with which a program shows an officer's token for a council; it has every scope unless some are
        given."""
        now, token = clock.now(), new_api_token()
        defaults = {
            "id": new_id(), "token_hash": hash_of_token(token, self.app.config["SECRET_KEY"]), "last_four": token[-4:],
            "officer_id": officer.id, "council_id": council.id, "name": "A program",
            "scopes": scopes_text(scopes or Scope), "created_at": now - timedelta(days=1), "expires_at": now + lasts,
        }  # fmt: skip
        self.keep(ApiToken(**defaults | values))
        return {"Authorization": f"Bearer {token}"}

    def signed_in(self, client: Any, officer: Officer, council: Council | None = None) -> UUID:
        """Give a client the session of an officer, as after signing in; returns the session's id."""
        token = new_token()
        now = clock.now()
        row = SignInSession(
            id=new_id(), token_hash=hash_of(token), officer_id=officer.id, council_id=council.id if council else None,
            created_at=now, seen_at=now,
        )  # fmt: skip
        self.keep(row)
        client.set_cookie("session", token)
        return row.id
