"""Which other versions hold words of a version: what a coordinator has to know who removes a text for good."""

from typing import NamedTuple

from sqlalchemy import select

from pipeline.artefacts.blocks import blocks_of
from pipeline.artefacts.models import Artefact, Version
from pipeline.artefacts.rules import VersionStatus
from pipeline.councils.models import Council
from pipeline.db.work import Reading

FEWEST_WORDS = 6
"""A shorter paragraph says nothing of its own."""

MOST_LOOKED_AT = 500
"""Versions of one lineage whose texts are read."""


class Holding(NamedTuple):
    """A version that holds paragraphs of another: how many."""

    address: str
    title: str
    number: int
    council: str
    paragraphs: int


def versions_holding(reading: Reading, version: Version) -> list[Holding]:
    """The other versions of the same lineage with paragraphs of this one, the most first. For coordinators."""
    wanted = _paragraphs(version.text)
    if not wanted:
        return []
    root_id = reading.session.get_one(Artefact, version.artefact_id).root_id
    query = (
        select(Version.text, Version.number, Version.title, Artefact.id, Artefact.slug, Council.short_name)
        .join(Artefact, Artefact.id == Version.artefact_id)
        .join(Council, Council.id == Artefact.council_id)
        .where(
            Artefact.root_id == root_id, Version.id != version.id, Version.status != VersionStatus.REMOVED.value
        )
        .order_by(Version.published_at.desc(), Version.id.desc())
        .limit(MOST_LOOKED_AT)
    )  # fmt: skip
    found = [
        Holding(row.slug or str(row.id), row.title, row.number, row.short_name, shared)
        for row in reading.session.execute(query)
        if (shared := len(wanted & _paragraphs(row.text)))
    ]
    return sorted(found, key=lambda one: -one.paragraphs)


def _paragraphs(text: str) -> set[str]:
    return {block.words for block in blocks_of(text) if len(block.words.split()) >= FEWEST_WORDS}
