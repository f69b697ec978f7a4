"""Where an address leads that no public project has now: on to the project, to the news that it is gone, nowhere."""

from typing import Any
from uuid import UUID

from flask import Response

from pipeline.api.base import moved_to
from pipeline.db.work import Reading
from pipeline.projects import queries


def lead_on(reading: Reading, slug: str, rest: str = "") -> Response:
    """Lead from a slug a project had before to where it is now, and from there to the `rest` of the address.

    Raises Gone where a public project was deleted, NotFound where nobody may know of one.
    """
    slug_now = queries.project_with_old_slug(reading, slug)
    if slug_now is None:
        raise queries.missing_project(reading, slug)
    return moved_to(f"/projects/{slug_now}{rest}")


def as_id(value: Any) -> UUID:
    """An id from a driver's row."""
    return value if isinstance(value, UUID) else UUID(value)
