"""What a page says of something hidden, to those who may see that it is."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from pipeline.db.work import Reading
from pipeline.kernel.actor import Role
from pipeline.moderation.queries import standing_hiding
from pipeline.moderation.rules import Reported
from pipeline.web.rendering import uk_date


@dataclass(frozen=True, slots=True)
class HidingShown:
    """Why something is hidden, since when, and for coordinators where it is brought back."""

    reason: str
    since: str
    restore_url: str


def hiding_shown(reading: Reading, about: Reported, about_id: UUID, *, is_hidden: bool) -> HidingShown | None:
    """Why something is hidden that the viewer has been found to see; None where it is not."""
    hiding = standing_hiding(reading, about, about_id) if is_hidden else None
    if hiding is None:
        return None
    may_restore = reading.actor.has(Role.COORDINATOR)
    url = url_for("moderation.restore", hiding_id=hiding.id) if may_restore else ""
    return HidingShown(hiding.reason, uk_date(hiding.hidden_at), url)
