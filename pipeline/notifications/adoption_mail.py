"""How the mails about documents a council uses are written when they leave.

Each writer returns None where what it tells is settled by now, and raises NotFound where its reader may not see it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from pipeline.artefacts.models import Adoption, Artefact, Version
from pipeline.artefacts.queries.seeing import adoption_seen_by
from pipeline.artefacts.rules import VersionStatus
from pipeline.db.work import Reading
from pipeline.kernel.errors import NotFound
from pipeline.notifications import adoption_messages, queries
from pipeline.notifications.adoption_messages import AdoptionTold
from pipeline.notifications.messages import Letter

Payload = dict[str, Any]
Writer = Callable[[Reading, Payload], Letter | None]


def _newer_version(reading: Reading, payload: Payload) -> Letter | None:
    adoption, artefact, version = _about(reading, payload)
    used = reading.session.get_one(Version, adoption.version_id)
    is_news = used.number < version.number and version.status == VersionStatus.PUBLISHED.value
    if adoption.ended_at is not None or not is_news:
        return None
    return adoption_messages.newer_version(_told(reading, adoption, artefact, used.number, version.number))


def _version_withdrawn(reading: Reading, payload: Payload) -> Letter | None:
    adoption, artefact, version = _about(reading, payload)
    if adoption.ended_at is not None or adoption.version_id != version.id:
        return None
    return adoption_messages.version_withdrawn(_told(reading, adoption, artefact, version.number, version.number))


def _about(reading: Reading, payload: Payload) -> tuple[Adoption, Artefact, Version]:
    """The adoption of the reader's council, its document and the version the mail is about. Raises NotFound."""
    adoption, artefact, _project = adoption_seen_by(reading, UUID(payload["adoption_id"]))
    if adoption.council_id != reading.actor.council_id:
        raise NotFound("adoption")
    return adoption, artefact, reading.session.get_one(Version, UUID(payload["version_id"]))


def _told(reading: Reading, adoption: Adoption, artefact: Artefact, used: int, number: int) -> AdoptionTold:
    return AdoptionTold(
        path=f"/documents/{artefact.slug}/versions/{number}", document=artefact.title,
        keeper=queries.council_named(reading.session, artefact.council_id),
        own_council=queries.council_named(reading.session, adoption.council_id), used=used, number=number,
        has_copy=adoption.copy_id is not None,
    )  # fmt: skip


WRITERS: dict[str, Writer] = {
    "adoption.newer_version": _newer_version,
    "adoption.version_withdrawn": _version_withdrawn,
}
"""How each of these kinds of message is written."""
