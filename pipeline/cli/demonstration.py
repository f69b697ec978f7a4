"""`flask demonstration …`: fills a demonstration with the real register, real past projects, and made-up work."""

import sys
from datetime import date, datetime, timedelta

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from config import Settings
from pipeline.accounts.actions import add_officer
from pipeline.accounts.models import Officer
from pipeline.accounts.rules import address_from
from pipeline.cli.demonstration_data.events import DemonstrationLoaded
from pipeline.cli.demonstration_data.made_up import (
    COUNCILS,
    DOCUMENT_ACTS,
    OFFICERS,
    PROJECTS,
    SETTINGS,
    SUCCESSORS,
    TITLES,
    WEBHOOKS,
)
from pipeline.cli.demonstration_data.recorded import known_of, recorded_projects
from pipeline.cli.demonstration_data.shapes import MadeUpCouncil
from pipeline.cli.demonstration_data.story import OPERATOR, Story
from pipeline.cli.demonstration_data.told import follow_things, tell_of_it
from pipeline.cli.demonstration_data.webhook_acts import carry_messages
from pipeline.councils import register
from pipeline.councils.actions import import_councils
from pipeline.councils.models import Council
from pipeline.councils.register import OBSERVED, CouncilFacts
from pipeline.db.log import LoggedEvent
from pipeline.db.work import UnitOfWork, unit_of_work
from pipeline.documents.markdown import written
from pipeline.kernel import clock
from pipeline.kernel.actor import Role
from pipeline.kernel.ids import new_id
from pipeline.pledges.silence import age_projects
from pipeline.projects.actions.recorded import PastProject, record_past_project
from pipeline.projects.models import Project
from pipeline.signposts import register as shipped_signposts
from pipeline.signposts.actions import load_signposts
from pipeline.successions.duties import carry_on
from pipeline.webhooks.parcel import Sender

REGISTER_DAYS_AGO = 420
MADE_UP_COUNCILS_DAYS_AGO = 410
SIGNPOSTS_DAYS_AGO = 405
PAST_DAYS_AGO = 400
PEOPLE_DAYS_AGO = 380
"""When the register, the signposts, the past projects and the people came, in days before the loading."""


@click.group()
def demonstration() -> None:
    """A demonstration with made-up councils, people and work. Never in production."""


@demonstration.command("load")
@with_appcontext
def load() -> None:
    """Fill the demonstration. Doing it again changes nothing; if it was interrupted, it goes on where it stopped."""
    _only_outside_production()
    if _is_loaded():
        click.echo("The demonstration is there already.")
        return
    now = clock.now()
    click.echo("Filling the demonstration…")
    with clock.at(now - timedelta(days=REGISTER_DAYS_AGO)), unit_of_work(OPERATOR) as work:
        import_councils(work, facts=register.rows())
    with clock.at(now - timedelta(days=MADE_UP_COUNCILS_DAYS_AGO)), unit_of_work(OPERATOR) as work:
        facts = [facts_of(council, clock.uk_date(now)) for council in (*COUNCILS, *SUCCESSORS)]
        import_councils(work, facts=facts, is_made_up=True)
    with clock.at(now - timedelta(days=SIGNPOSTS_DAYS_AGO)), unit_of_work(OPERATOR) as work:
        load_signposts(work, shipped=shipped_signposts.rows())
    with clock.at(now - timedelta(days=PAST_DAYS_AGO)), unit_of_work(OPERATOR) as work:
        record_past_work(work)
    with clock.at(now - timedelta(days=PEOPLE_DAYS_AGO)), unit_of_work(OPERATOR) as work:
        add_people(work)
    follow_things(now)
    tell_story(now)
    carry_on()
    age_projects()
    tell_of_it(now)
    with unit_of_work(OPERATOR) as work:
        work.record(DemonstrationLoaded(run_id=new_id()))
    click.echo(f"{len(COUNCILS)} made-up councils, {len(OFFICERS)} people and {len(PROJECTS)} projects are there.")


@demonstration.command("people")
@with_appcontext
def people() -> None:
    """Print where to sign in, and as whom. Nobody needs a password: each has a button there."""
    _only_outside_production()
    settings: Settings = current_app.config["SETTINGS"]
    click.echo(f"Choose who to be at {settings.public_url}/demonstration")
    for officer in OFFICERS:
        if officer.can_be is not None:
            click.echo(f"  {officer.address:<40} {officer.can_be}")


def _only_outside_production() -> None:
    if current_app.config["SETTINGS"].pipeline_mode == "production":
        sys.exit(
            "Made-up people never go into production. Set PIPELINE_MODE=demonstration, with a database of its own."
        )


def _is_loaded() -> bool:
    with unit_of_work(OPERATOR) as work:
        loaded = select(LoggedEvent.sequence).where(LoggedEvent.name == DemonstrationLoaded.name).limit(1)
        return work.session.scalar(loaded) is not None


def facts_of(council: MadeUpCouncil, today: date) -> CouncilFacts:
    """A made-up council as the register would have it, with a code of its own that no real council has."""
    return CouncilFacts(
        slug=council.slug, name=council.name, name_cy=council.name_cy, short_name=council.short_name, kind=council.kind,
        nation=council.nation, region=council.region, gss_code=None, former_gss_codes=(),
        authority_code=code_of(council.slug), county_code=None, combined_authority_code=None, is_principal=True,
        is_active=True, started_on=today if council in SUCCESSORS else None, started_year=None,
        last_day=today - timedelta(days=1) if council.followed_by else None,
        successors=(code_of(council.followed_by),) if council.followed_by else (),
        website=None, domains=(council.domain,), domain_basis=OBSERVED, domain_source="made up for the demonstration",
    )  # fmt: skip


def code_of(slug: str) -> str:
    """The code of a made-up council, which no real one has."""
    return f"X-{slug}"[:10].upper()


def record_past_work(work: UnitOfWork) -> None:
    """Record the real past projects that are not recorded yet."""
    ids = {row.authority_code: row.id for row in work.session.execute(select(Council.authority_code, Council.id))}
    known = set(work.session.scalars(select(Project.title).where(Project.is_recorded)))
    for one in recorded_projects():
        if one.title in known:
            continue
        past = PastProject(
            title=one.title, summary=one.summary, lead_id=ids[one.lead],
            partner_ids=frozenset(ids[code] for code in one.partners), theme=one.theme, phase=one.phase,
            known=written("\n\n".join(known_of(one)), under=2), sources=one.sources,
        )  # fmt: skip
        record_past_project(work, past=past)


def add_people(work: UnitOfWork) -> None:
    """Add the made-up officers who are not there yet, with their roles. None of them has a password."""
    made_up = work.session.execute(select(Council.slug, Council.id).where(Council.is_made_up))
    ids = {row.slug: row.id for row in made_up}
    known = set(work.session.scalars(select(Officer.address)))
    for one in OFFICERS:
        address = address_from(one.address)
        if address is None or address.text in known:
            continue
        add_officer(
            work, address=address, name=one.name, job_title=one.job_title, is_named=one.is_named,
            council_id=ids[one.council] if one.council else None, roles=frozenset(Role(role) for role in one.roles),
        )  # fmt: skip


def tell_story(now: datetime) -> None:
    """Have the made-up officers do what they did, with a word now and then to whoever watches."""
    story = Story(now, secret_key=current_app.config["SECRET_KEY"])
    with unit_of_work(OPERATOR) as work:
        story.find_people(work, OFFICERS)

    def told(done: int, of: int) -> None:
        if done % 100 == 0 or done == of:
            click.echo(f"  {done} of {of} steps")

    story.tell(PROJECTS, told, SETTINGS, documents=DOCUMENT_ACTS, titles=TITLES, webhooks=WEBHOOKS)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    sender = Sender(app.config["PUBLIC_URL"], app.config["SECRET_KEY"])
    for webhook in WEBHOOKS:
        carry_messages(webhook, now, sender, app.app_context)
