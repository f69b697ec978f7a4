"""`flask officers …`: who holds which role, for whoever runs the machine."""

import sys
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from pipeline.accounts import actions, queries
from pipeline.accounts.actions.retention import erase_one, kept_erasures
from pipeline.accounts.models import Membership, Officer
from pipeline.accounts.queries import PersonOfCouncil
from pipeline.accounts.rules import GIVEN_ROLES, address_from
from pipeline.db.engine import database
from pipeline.db.work import Reading, unit_of_work
from pipeline.kernel import clock
from pipeline.kernel.actor import PLATFORM_ROLES, Actor, Channel, Role, system
from pipeline.kernel.errors import Conflict, Refusal

OPERATOR: Actor = system("flask officers", Channel.COMMAND)
OF_PLATFORM = sorted(role.value for role in PLATFORM_ROLES)
ROLES = [role.value for role in (*GIVEN_ROLES, Role.MEMBER, *sorted(PLATFORM_ROLES))]


@click.group()
def officers() -> None:
    """Officers and their roles."""


@officers.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True, help="The role to give.")
@click.option("--council", "slug", help="The council it is in, by its slug; not for roles on the whole platform.")
@with_appcontext
def appoint(email: str, role: str, slug: str | None) -> None:
    """Give the officer with address EMAIL a role.

    They sign up themselves first, and confirm their address. The first platform admin is appointed here; platform
    admins then appoint coordinators, and coordinators each council's first admin, on the site. A member of a council
    is let in where they waited, or given a place.
    """
    officer_id = _officer(email)
    wanted = Role(role)
    if (wanted in PLATFORM_ROLES) == bool(slug):
        sys.exit("Give --council for member, authoriser and council-admin, and only for those.")
    try:
        if slug is None:
            _appoint_on_platform(officer_id, wanted)
        else:
            _appoint_in_council(officer_id, slug, wanted)
    except Conflict as nothing_to_do:
        click.echo(str(nothing_to_do.words))
        return
    except Refusal as refusal:
        sys.exit(str(refusal.words))
    click.echo(f"{email} is {role}{f' of {slug}' if slug else ''} now.")


@officers.command("list")
@click.option("--council", "slug", help="The people of one council, by its slug, instead of those of the platform.")
@with_appcontext
def list_officers(slug: str | None) -> None:
    """List coordinators and platform admins, or the people of one council."""
    if slug is None:
        for one in queries.platform_people(_reading()):
            click.echo(f"{one.role.value:<15} {one.address}")
        return
    try:
        people = queries.people_of_council(_reading(), slug)
    except Refusal:
        sys.exit(f"There is no current council {slug!r}.")
    for person in (*people.waiting, *people.members):
        roles = ", ".join(sorted(role.value for role in person.roles)) or "waiting"
        click.echo(f"{roles:<35} {person.address}")


@officers.command()
@click.argument("email")
@click.option("--council", "slug", help="The council to remove them from, by its slug.")
@click.option("--role", type=click.Choice(OF_PLATFORM), help="Or the role on the platform to take away from them.")
@with_appcontext
def remove(email: str, slug: str | None, role: str | None) -> None:
    """Remove the officer with address EMAIL from a council, or take a role on the platform from them."""
    if bool(slug) == bool(role):
        sys.exit("Give either --council or --role.")
    officer_id = _officer(email)
    try:
        if role:
            with unit_of_work(OPERATOR) as work:
                actions.take_platform_role(work, officer_id=officer_id, role=Role(role))
        else:
            person, council_id = _person(officer_id, slug or "")
            with unit_of_work(OPERATOR) as work:
                actions.remove_member(work, membership_id=person.membership_id, council_id=council_id)
    except Refusal as refusal:
        sys.exit(str(refusal.words))
    click.echo(f"{email} is {f'no longer {role}' if role else f'no longer in {slug}'}.")


@officers.command("erase-again")
@with_appcontext
def erase_again() -> None:
    """After restoring a backup: erase again everybody who was erased since, from var/erasures.txt."""
    number = sum(erase_one(officer_id) for officer_id in dict.fromkeys(kept_erasures()))
    click.echo(f"{number} erased")


def _reading() -> Reading:
    return Reading(database.session(), OPERATOR, clock.now())


def _officer(email: str) -> UUID:
    officer_id = queries.officer_by_address(_reading(), address_from(email))
    database.session.rollback()
    if officer_id is None:
        sys.exit(f"Nobody has confirmed an account with the address {email!r}. They sign up first.")
    return officer_id


def _person(officer_id: UUID, slug: str) -> tuple[PersonOfCouncil, UUID]:
    """An officer's place in a council, and the council's id. Raises NotFound for an unknown council."""
    people = queries.people_of_council(_reading(), slug)
    database.session.rollback()
    found = next((one for one in (*people.waiting, *people.members) if one.officer_id == officer_id), None)
    if found is None:
        sys.exit(f"They have no place in {slug}.")
    return found, people.council.id


def _appoint_on_platform(officer_id: UUID, role: Role) -> None:
    with unit_of_work(OPERATOR) as work:
        actions.give_platform_role(work, officer_id=officer_id, role=role)


def _appoint_in_council(officer_id: UUID, slug: str, role: Role) -> None:
    council = queries.people_of_council(_reading(), slug).council
    database.session.rollback()
    with unit_of_work(OPERATOR) as work:
        place = work.session.scalars(
            select(Membership).where(
                Membership.officer_id == officer_id, Membership.council_id == council.id, Membership.ended_at.is_(None)
            )
        ).first()
        if place is None:
            officer = work.session.get_one(Officer, officer_id)
            place = actions.give_place(work, officer=officer, council_id=council.id)
        elif place.started_at is None:
            actions.let_officer_in(work, membership_id=place.id, council_id=council.id)
        elif role is Role.MEMBER:
            click.echo("They are a member already.")
            return
        if role is not Role.MEMBER:
            actions.add_role(work, membership_id=place.id, council_id=council.id, role=role)
