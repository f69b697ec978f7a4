"""Officers by name, for those who work with them."""

from collections.abc import Iterable
from uuid import UUID

from pipeline.accounts.queries import members_of, people_shown
from pipeline.db.work import Reading
from pipeline.http.language import gettext, say
from pipeline.kernel.words import _


def names_of(reading: Reading, officer_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What officers are called on a page of a team: by name to members of their own council, otherwise as everybody
    sees them. The viewer is "You"."""
    wanted = set(officer_ids)
    if not wanted:
        return {}
    actor = reading.actor
    names = {
        officer_id: shown.display_name or say(shown.instead_of_name)
        for officer_id, shown in people_shown(reading, wanted).items()
    }
    if actor.council_id is not None:
        names |= {one.officer_id: one.name for one in members_of(reading, actor.council_id) if one.officer_id in wanted}
    if actor.officer_id in names:
        names[actor.officer_id] = gettext(_("You"))
    return names


def colleague_choices(reading: Reading, leave_out: Iterable[UUID] = ()) -> list[tuple[str, str]]:
    """The members of the council the viewer acts for, by name and job title, for choosing one."""
    actor = reading.actor
    if actor.council_id is None:
        return []
    left_out = {actor.officer_id, *leave_out}
    return [
        (str(one.officer_id), ", ".join(part for part in (one.name, one.job_title) if part))
        for one in members_of(reading, actor.council_id)
        if one.officer_id not in left_out
    ]
